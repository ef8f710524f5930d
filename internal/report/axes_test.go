// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/outcome/recordtest"
)

// generated is every combination of transport, run, age and proof that a record can have.
func generated(t *testing.T) Fleet {
	t.Helper()
	yes, no := true, false
	newest := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	var f Fleet
	for i, scp := range []*bool{&yes, &no, nil} {
		for _, run := range Runs() {
			for _, age := range []int{0, 3, 30} {
				for _, proved := range []bool{false, true} {
					host := fmt.Sprintf("sw-%d-%s-%d-%v", i, run, age, proved)
					r := outcome.Record{Schema: 2, File: host + ".json", Host: host, Wanted: outcome.Present, Outcome: outcome.Compliant, Finished: newest.AddDate(0, 0, -age),
						Found: outcome.Found{FIPS: &no, SCP: scp}, Members: []outcome.Member{{ID: 0, Status: "Prsnt"}}}
					switch run {
					case RunFailed:
						r.Outcome, r.Failures = outcome.DidFail, []outcome.Failure{{Message: "lost"}}
					case RunLeft:
						r.NotDone = []string{outcome.StepKeys}
					case RunWould:
						r.Check, r.Would = true, []string{outcome.StepKeys}
					case RunChanged:
						r.Did = []string{outcome.StepKeys}
					}
					f.Records = append(f.Records, r)
					if proved {
						earlier := r
						earlier.Finished, earlier.Check, earlier.Outcome, earlier.Failures = r.Finished.Add(-time.Hour), false, outcome.Compliant, nil
						earlier.Sync = outcome.Sync{InSync: &yes, Transport: outcome.SCP}
						f.Records = append(f.Records, earlier)
					}
				}
			}
		}
	}
	f.keepNewest()
	return f
}

// count counts records by what the test itself says of them.
func count(f Fleet, fits func(outcome.Record) bool) (n int) {
	for _, r := range f.Records {
		if fits(r) {
			n++
		}
	}
	return n
}

// Every number on the page is a count over the records, and no number of one axis
// depends on the other.
func TestEveryNumberIsACount(t *testing.T) {
	f := generated(t)
	if len(f.Records) != 3*5*3*2 {
		t.Fatalf("%d records", len(f.Records))
	}
	elements, words := tree(t, f)
	shown := map[string]int{}
	for _, m := range regexp.MustCompile(`<input type="radio" name="\w+" value="([\w-]*)"[^>]*/><b>(\d+)</b>`).FindAllStringSubmatch(page1(t, f), -1) {
		shown[m[1]], _ = strconv.Atoi(m[2])
	}
	for _, transport := range Transports() {
		want := count(f, func(r outcome.Record) bool { got, _ := r.Transport(); return got == transport })
		if shown["t-"+string(transport)] != want || want == 0 {
			t.Errorf("%s: want %d, shown %d", transport, want, shown["t-"+string(transport)])
		}
	}
	for _, run := range Runs() {
		want := count(f, func(r outcome.Record) bool { return strings.Contains(r.Host, "-"+string(run)+"-") })
		// A chassis that is read and lacks nothing by the run may still lack something: none here.
		if shown["r-"+string(run)] != want {
			t.Errorf("%s: want %d, shown %d", run, want, shown["r-"+string(run)])
		}
	}
	for _, value := range []string{"t-rcp", "r-failed"} {
		rows := strings.Count(elements, " tr class=c "+value) + strings.Count(elements, " "+value+" data-c")
		if rows < shown[value] {
			t.Errorf("%s: %d rows, %d counted", value, rows, shown[value])
		}
	}
	proved := count(f, func(r outcome.Record) bool {
		return strings.HasPrefix(r.Host, "sw-0-") && strings.HasSuffix(r.Host, "-true") && !strings.Contains(r.Host, "-30-") && !r.Check
	})
	checked := count(f, func(r outcome.Record) bool {
		return strings.HasPrefix(r.Host, "sw-0-would-") && strings.HasSuffix(r.Host, "-true") && !strings.Contains(r.Host, "-30-")
	})
	if want := fmt.Sprintf("%d of 90 proved over SCP within 7 days; 30 last read more than 7 days before the newest record.", proved+checked); !strings.Contains(words, want) {
		t.Errorf("want %q in %.300q", want, words)
	}
	var all int
	for _, g := range groupByNext(f.pageOf().Chassis) {
		all += len(g.Items)
		if !strings.Contains(words, g.Word) {
			t.Errorf("the page lacks the group %s", g.Word)
		}
	}
	shownIn := map[string]int{}
	for _, m := range regexp.MustCompile(`<h3 id="g-(\w+)">.*?<span class="n">(\d+)</span></h3>`).FindAllStringSubmatch(page1(t, f), -1) {
		shownIn[m[1]], _ = strconv.Atoi(m[2])
	}
	for next, fits := range map[Next]func(run string, scp byte) bool{
		NextFix:    func(run string, _ byte) bool { return run == "failed" },
		NextMove:   func(run string, scp byte) bool { return run != "failed" && scp == '1' },
		NextRead:   func(run string, scp byte) bool { return run != "failed" && scp == '2' },
		NextFinish: func(run string, scp byte) bool { return (run == "left" || run == "would") && scp == '0' },
	} {
		want := count(f, func(r outcome.Record) bool { return fits(strings.Split(r.Host, "-")[2], r.Host[len("sw-")]) })
		if shownIn[string(next)] != want || want == 0 {
			t.Errorf("group %s: want %d, shown %d", next, want, shownIn[string(next)])
		}
	}
	if fine := count(f, func(r outcome.Record) bool { return nextOf(r) == NextNothing }); all+fine != 90 {
		t.Errorf("%d chassis are in a group and %d in none, of 90", all, fine)
	}
}

// A later audit does not take a proof away; a return to plaintext does.
func TestAProofIsKept(t *testing.T) {
	load := func(later string) Fleet {
		dir := t.TempDir()
		put(t, dir, "sw1.proved.json", recordtest.With(t, "2026-03-01", "2026-02-28", `"in_sync": "unknown", "transport": "unknown"`, `"in_sync": true, "transport": "scp"`))
		put(t, dir, "sw1.json", later)
		f, err := Load(dir)
		if err != nil || len(f.Records) != 1 || len(f.Bad) != 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		return f
	}
	f := load(recordtest.Good)
	if f.headline() != "1 of 1 proved over SCP within 7 days." || f.Records[0].File != "sw1.json" || f.Proofs["sw1"].Day() != 28 {
		t.Errorf("%s, %+v", f.headline(), f)
	}
	if got := load(recordtest.With(t, `"scp_active": true`, `"scp_active": false`)).headline(); got != "0 of 1 proved over SCP within 7 days." {
		t.Error(got)
	}
	if got := load(recordtest.With(t, "2026-03-01", "2026-03-09")).headline(); got != "0 of 1 proved over SCP within 7 days." {
		t.Error(got)
	}
}

const inventory = `{"_meta": {"hostvars": {"sw1": {}, "sw10": {}}}, "all": {"children": ["berlin"]}, "berlin": {"hosts": ["sw1", "sw9"]}}`

func TestChassisWithoutARecord(t *testing.T) {
	r, err := outcome.Parse([]byte(recordtest.Good))
	if err != nil {
		t.Fatal(err)
	}
	f := Fleet{Records: []outcome.Record{r}}
	f.keepNewest()
	if err := f.addInventory([]byte(inventory)); err != nil || !slices.Equal(f.Missing, []string{"sw9", "sw10"}) {
		t.Fatalf("%v, %v", f.Missing, err)
	}
	_, words := tree(t, f)
	for _, want := range []string{"0 of 3 proved over SCP within 7 days; 2 never read.", "sw10", "berlin"} {
		if !strings.Contains(words, want) {
			t.Errorf("want %q", want)
		}
	}
	if err := f.addInventory([]byte("[]")); err == nil || !strings.Contains(err.Error(), "want the output of ansible-inventory --list") {
		t.Error(err)
	}
}

func TestFormats(t *testing.T) {
	f := generated(t)
	f.Missing = []string{"=cmd()|x"}
	var out bytes.Buffer
	if err := f.Write(&out, "csv"); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(lines) != 92 || lines[91][0] != "'=cmd()|x" {
		t.Errorf("%d lines, %v, %q", len(lines), err, lines[len(lines)-1])
	}
	out.Reset()
	if err := f.Write(&out, "json"); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		By      map[string]int `json:"by_transport"`
		Chassis []row          `json:"chassis"`
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil || len(doc.Chassis) != 91 || doc.By["rcp"]+doc.By["scp"]+doc.By["unknown"] != 90 {
		t.Errorf("%v, %d chassis, %v", err, len(doc.Chassis), doc.By)
	}
	out.Reset()
	if err := f.Write(&out, "md"); err != nil || strings.Count(out.String(), "\n") != 95 || !strings.Contains(out.String(), `=cmd()\|x`) {
		t.Errorf("%v, %d lines", err, strings.Count(out.String(), "\n"))
	}
	if err := f.Write(&out, "pdf"); err == nil {
		t.Error("pdf")
	}
}

// What AWX keeps of a job: as the API has it, or the artifacts alone.
func TestArtifacts(t *testing.T) {
	const stats = `{"host": "sw1", "wanted": "present", "check_mode": false, "outcome": "changed", "did": ["scp_sync"], "fips": false, "transport": "scp", "in_sync": true, "members": 2}`
	const failed = `{"host": "sw2", "wanted": "present", "check_mode": false, "outcome": "failed", "fips": null, "transport": "unknown", "failures": [{"code": "unreachable"}],
		"reasons": ["no answer", "odd"]}`
	dir := t.TempDir()
	put(t, dir, "job.json", `{"id": 7, "finished": "2026-03-01T10:00:00Z", "artifacts": {"other": 1, "`+statsPrefix+`sw1": `+stats+`, "`+statsPrefix+`sw2": `+failed+`}}`)
	put(t, dir, "bare.json", `{"`+statsPrefix+`sw3": `+strings.Replace(stats, "sw1", "sw3", 1)+`, "`+statsPrefix+`x": 3}`)
	f, err := Load(dir)
	if err != nil || len(f.Records) != 3 || len(f.Bad) != 1 {
		t.Fatalf("%v, %d records, %+v", err, len(f.Records), f.Bad)
	}
	if f.CountTransport(outcome.SCP) != 2 || f.CountRun(RunFailed) != 1 || f.CountRun(RunChanged) != 2 {
		t.Error(f.summaryLine())
	}
	for _, r := range f.Records {
		if r.Host == "sw2" && (len(r.Failures) != 1 || r.Failures[0].Message != "no answer" || len(r.Problems) != 1) {
			t.Errorf("%+v", r)
		}
	}
}

// Five thousand chassis make a page that a browser opens.
func TestSizeOfALargeFleet(t *testing.T) {
	var f Fleet
	many := 5000
	if testing.Short() {
		many = 2 * mostDetails
	}
	for i := range many {
		r, err := outcome.Parse([]byte(recordtest.With(t, "sw1", fmt.Sprintf("access-%d.example.com", i))))
		if err != nil {
			t.Fatal(err)
		}
		f.Records = append(f.Records, r)
	}
	page := page1(t, f)
	if len(page) > 8_000_000 || strings.Count(page, "<article") != mostDetails || strings.Count(page, "<tr class=\"c ") != many {
		t.Errorf("%d bytes, %d articles", len(page), strings.Count(page, "<article"))
	}
}
