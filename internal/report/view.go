// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// pageView is what the page shows, in words.
type pageView struct {
	Newest  stamped
	Members int
	Lead    []string
	Axes    []axis
	Groups  []group
	Bad     []Bad
	Missing []string
	Sites   bool // the inventory has groups
	Chassis []chassisView
}

// axis is one way to count the chassis, and to choose from them.
type axis struct {
	Name, Legend string
	Cards        []card
}

// card is the count of one value of an axis, and its part of the bar, in thousandths.
type card struct {
	Value    string
	Color    outcome.State
	Icon     outcome.State
	Word     string
	N        int
	X, Width float64
}

type group struct {
	Next        Next
	Word, Means string
	Items       []item
}

type item struct {
	chassisView
	Reasons []string
}

type chassisView struct {
	No                   int
	Record               outcome.Record
	Via                  outcome.Transport
	Last                 Run
	Next                 Next
	Transport, Why       string
	Groups               string // of the inventory
	Proved               stamped
	Age                  string
	Kept                 int
	InSync, FIPS, Wanted string
	Run                  string
	Written              stamped
	Check, Old           string // tags: written in check mode, and long ago
	Ring                 ring
	Reasons              []string
	Members              []memberView
}

type memberView struct {
	ID                           int
	Role, Serial, Model, Version string
	Marks                        []memberMark
}

// memberMark is one fact about a member.
type memberMark struct {
	Text string
	Bad  bool
}

type stamped struct{ Machine, Human string }

// day is the date alone.
func (s stamped) day() string {
	day, _, _ := strings.Cut(s.Human, " ")
	return day
}

func stampedAt(t time.Time) stamped {
	if t.IsZero() {
		return stamped{}
	}
	return stamped{t.Format(time.RFC3339), phrase.Stamp(t)}
}

func (f Fleet) pageOf() pageView {
	p := pageView{Newest: stampedAt(f.Newest()), Bad: f.Bad, Missing: f.Missing, Axes: f.axes(), Lead: []string{f.headline()}, Sites: len(f.Groups) > 0}
	for i, r := range f.Records {
		c := f.viewChassis(i+1, r)
		p.Chassis = append(p.Chassis, c)
		p.Members += len(c.Members)
	}
	p.Groups = groupByNext(p.Chassis)
	return p
}

// axes counts the chassis by transport, and by run. Each is a count over all records.
func (f Fleet) axes() []axis {
	transport, run := axis{Name: "transport", Legend: "By transport"}, axis{Name: "run", Legend: "By last run"}
	for _, t := range Transports() {
		transport.Cards = append(transport.Cards, card{Value: "t-" + string(t), Color: transportState(t), Icon: transportState(t), Word: transportWord(t), N: f.CountTransport(t)})
	}
	for _, r := range Runs() {
		run.Cards = append(run.Cards, card{Value: "r-" + string(r), Color: runColor(r), Icon: runIcon(r), Word: runWord(r), N: f.CountRun(r)})
	}
	for _, a := range []axis{transport, run} {
		x := 0.0
		for i := range a.Cards {
			a.Cards[i].X, a.Cards[i].Width = x, float64(1000*a.Cards[i].N)/float64(max(1, len(f.Records)))
			x += a.Cards[i].Width
		}
	}
	return []axis{transport, run}
}

// groupByNext groups the chassis of which somebody has to do something.
func groupByNext(all []chassisView) []group {
	var out []group
	for _, n := range Nexts() {
		g := group{Next: n, Word: nextWord(n), Means: nextMeaning(n)}
		for _, c := range all {
			if c.Next == n && n != NextNothing {
				g.Items = append(g.Items, item{c, c.Reasons})
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func (f Fleet) viewChassis(no int, r outcome.Record) chassisView {
	t, why := r.Transport()
	c := chassisView{
		No: no, Record: r, Via: t, Last: runOf(r), Next: nextOf(r), Transport: transportWord(t), Why: why, Kept: f.Kept[r.Host],
		Groups: strings.Join(f.Groups[r.Host], ", "), Proved: stampedAt(f.Proofs[r.Host]), Age: ageWords(f.Newest().Sub(r.Finished)),
		InSync: yesOrNo(r.Sync.InSync), FIPS: onOff(r.Found.FIPS), Wanted: map[string]string{"present": "SCP", "absent": "RCP"}[r.Wanted],
		Run: wordsForRun(r), Written: stampedAt(r.Finished), Ring: drawRing(r), Reasons: r.Reasons(),
	}
	if r.Check {
		c.Check = "check mode"
	}
	if f.Newest().Sub(r.Finished) > freshTime {
		c.Old = "old"
	}
	for _, m := range r.Members {
		c.Members = append(c.Members, viewMember(m, r.NeedsKeys()))
	}
	return c
}

func viewMember(m outcome.Member, needsKeys bool) memberView {
	sync := map[string]string{"yes": "in sync", "no": "not in sync", "unknown": "sync unknown"}[yesOrNo(m.Sync)]
	keys := map[string]string{"yes": "keys recorded", "no": "no keys recorded", "unknown": "keys unknown"}[yesOrNo(m.Prepared)]
	status := map[string]string{"Prsnt": "present", "NotPrsnt": "not present", "": "status unknown"}[m.Status]
	if status == "" {
		status = m.Status
	}
	v := memberView{ID: m.ID, Role: m.Role, Serial: orUnknown(m.Serial), Model: orUnknown(m.Model), Version: orUnknown(m.Version)}
	if v.Role == "" && !m.IsAbsent() {
		v.Role = "role unknown"
	}
	v.Marks = []memberMark{{status, m.IsAbsent()}, {keys, needsKeys && yesOrNo(m.Prepared) == "no"}, {sync, yesOrNo(m.Sync) == "no"}}
	if m.Commit != "" {
		v.Marks = append(v.Marks, memberMark{"commit " + m.Commit, m.Commit == "failed"})
	}
	if m.Transport != outcome.Unknown {
		v.Marks = append(v.Marks, memberMark{transportWord(m.Transport), m.Transport == outcome.RCP})
	}
	if m.FIPS != nil && *m.FIPS {
		v.Marks = append(v.Marks, memberMark{"FIPS " + onOff(m.FIPS), false})
	}
	return v
}

// wordsForRun says in a few words what the run did.
func wordsForRun(r outcome.Record) string {
	did, would := shortenSteps(r.Did), shortenSteps(r.Would)
	switch {
	case r.HasFailed() && did != "":
		return "failed, after it changed " + did
	case r.HasFailed():
		return "failed"
	case did != "":
		return "changed " + did
	case would != "":
		return "would change " + would
	}
	return "nothing changed"
}

// shortenSteps makes "steps 1, 2" of the names of steps 1 and 2.
func shortenSteps(steps []string) string {
	var words []string
	for _, step := range steps {
		number, _, _ := strings.Cut(outcome.StepWords(step), " (")
		words = append(words, number)
	}
	all := strings.Join(words, ", ")
	if len(words) > 1 && strings.Count(all, "step ") == len(words) && !slices.ContainsFunc(words, func(s string) bool { return !strings.HasPrefix(s, "step ") }) {
		return "steps " + strings.ReplaceAll(all, "step ", "")
	}
	return all
}

func yesOrNo(yes *bool) string {
	switch {
	case yes == nil:
		return "unknown"
	case *yes:
		return "yes"
	}
	return "no"
}

func onOff(on *bool) string {
	return map[string]string{"yes": "on", "no": "off", "unknown": "unknown"}[yesOrNo(on)]
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// ageWords is how much older a record is than the newest, less than an hour not counted.
func ageWords(age time.Duration) string {
	if age < time.Hour {
		return "current"
	}
	return phrase.Age(age) + " older than the newest"
}
