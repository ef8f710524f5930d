// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// row is a chassis in the formats for programs and spreadsheets.
type row struct {
	Host      string            `json:"host"`
	Groups    []string          `json:"groups"`
	Transport outcome.Transport `json:"transport"` // "": it has no record
	Run       Run               `json:"last_run"`
	Next      string            `json:"next"`
	Wanted    string            `json:"wanted"`
	Check     bool              `json:"check_mode"`
	InSync    *bool             `json:"in_sync"`
	FIPS      *bool             `json:"fips"`
	Members   int               `json:"members"`
	Read      string            `json:"read"`   // when the record was made
	Proved    string            `json:"proved"` // when SCP was proved last
	Reasons   []string          `json:"reasons"`
}

// columns are those of csv and md, in the order of values.
var columns = []string{"host", "groups", "transport", "last_run", "next", "wanted", "check_mode", "in_sync", "fips", "members", "read", "proved", "reasons"}

func (r row) values() []string {
	return []string{r.Host, strings.Join(r.Groups, " "), string(r.Transport), string(r.Run), r.Next, r.Wanted, strconv.FormatBool(r.Check), yesOrNo(r.InSync), yesOrNo(r.FIPS),
		strconv.Itoa(r.Members), r.Read, r.Proved, strings.Join(r.Reasons, "; ")}
}

// rows lists the chassis in the order of the page, and then those without a record.
func (f Fleet) rows() []row {
	out := []row{}
	for _, r := range f.Records {
		t, _ := r.Transport()
		out = append(out, row{r.Host, nonNil(f.Groups[r.Host]), t, runOf(r), nextWord(nextOf(r)), r.Wanted, r.Check, r.Sync.InSync, r.Found.FIPS, len(r.Members),
			timeText(r.Finished), timeText(f.Proofs[r.Host]), nonNil(r.Reasons())})
	}
	for _, host := range f.Missing {
		out = append(out, row{Host: host, Groups: nonNil(f.Groups[host]), Next: "Read it for the first time", Reasons: []string{}})
	}
	return out
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// Write writes the fleet as html, csv, json or md.
func (f Fleet) Write(w io.Writer, format string) error {
	switch format {
	case "html":
		return f.HTML(w)
	case "csv":
		return f.writeCSV(w)
	case "json":
		return f.writeJSON(w)
	case "md":
		return f.writeMarkdown(w)
	}
	return fmt.Errorf("--format %s: want html, csv, json or md", format)
}

// writeCSV writes a table. A cell that a spreadsheet would take for a formula is
// marked as text.
func (f Fleet) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write(columns) // Flush keeps the error
	for _, r := range f.rows() {
		cells := r.values()
		for i, cell := range cells {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				cells[i] = "'" + cell
			}
		}
		_ = out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

func (f Fleet) writeJSON(w io.Writer) error {
	transports, runs := map[outcome.Transport]int{}, map[Run]int{}
	for _, t := range Transports() {
		transports[t] = f.CountTransport(t)
	}
	for _, r := range Runs() {
		runs[r] = f.CountRun(r)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(struct {
		Headline   string                    `json:"headline"`
		Transports map[outcome.Transport]int `json:"by_transport"`
		Runs       map[Run]int               `json:"by_last_run"`
		Missing    int                       `json:"never_read"`
		Chassis    []row                     `json:"chassis"`
		Bad        []Bad                     `json:"files_that_do_not_count"`
	}{f.headline(), transports, runs, len(f.Missing), f.rows(), append([]Bad{}, f.Bad...)})
}

func (f Fleet) writeMarkdown(w io.Writer) error {
	escape := strings.NewReplacer("|", "\\|", "<", "&lt;", "&", "&amp;", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[")
	lines := []string{f.headline(), "", "| " + strings.Join(columns, " | ") + " |", strings.Repeat("|---", len(columns)) + "|"}
	for _, r := range f.rows() {
		cells := r.values()
		for i := range cells {
			cells[i] = escape.Replace(cells[i])
		}
		lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}
