// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// pageView is what the page shows, in words.
type pageView struct {
	Newest  stamped
	Members int
	Lead    []string
	Cards   []card
	Groups  []group
	Bad     []Bad
	Chassis []chassisView
}

// card is the count of a state, and its part of the bar, in thousandths.
type card struct {
	State       outcome.State
	Word, Means string
	N           int
	X, Width    float64
}

type group struct {
	State       outcome.State
	Word, Means string
	Items       []item
}

type item struct {
	No      int
	Host    string
	State   outcome.State
	Reasons []string
}

type chassisView struct {
	No                   int
	Record               outcome.Record
	State                outcome.State
	Word, Transport, Why string
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

func stampedAt(t time.Time) stamped {
	if t.IsZero() {
		return stamped{}
	}
	return stamped{t.Format(time.RFC3339), humanTime(t)}
}

func (f Fleet) pageOf() pageView {
	p := pageView{Newest: stampedAt(f.Newest()), Bad: f.Bad, Cards: f.cardsOf(), Lead: f.leadTexts()}
	for i, r := range f.Records {
		c := viewChassis(i+1, r, f.Newest())
		p.Chassis = append(p.Chassis, c)
		p.Members += len(c.Members)
	}
	p.Groups = groupProblems(p.Chassis)
	return p
}

func (f Fleet) cardsOf() []card {
	var out []card
	x := 0.0
	for _, s := range outcome.States() {
		c := card{State: s, Word: stateWord(s), Means: stateMeaning(s), N: f.Count(s), X: x}
		if n := f.failedInPlaintext(); s == outcome.Plaintext && n > 0 {
			c.Word += fmt.Sprintf("; %d more failed", n)
		}
		if len(f.Records) > 0 {
			c.Width = float64(1000*c.N) / float64(len(f.Records))
		}
		x += c.Width
		out = append(out, c)
	}
	return out
}

// failedInPlaintext counts what stands under another state and is in plaintext
// all the same.
func (f Fleet) failedInPlaintext() (n int) {
	for _, r := range f.Records {
		if t, _ := r.Transport(); t == outcome.RCP && r.Judge() == outcome.Failed {
			n++
		}
	}
	return n
}

// leadTexts says in sentences what the cards cannot: a failed run tells nothing of the transport.
func (f Fleet) leadTexts() []string {
	transports, changed, would, failed := map[outcome.Transport]int{}, 0, 0, 0
	for _, r := range f.Records {
		t, _ := r.Transport()
		transports[t]++
		switch {
		case r.HasFailed():
			failed++
		case r.HasWritten():
			changed++
		case len(r.Would) > 0:
			would++
		}
	}
	n := len(f.Records)
	return []string{
		fmt.Sprintf("Configuration travels over SCP on %d of %d chassis, in plaintext (RCP) on %d; not known: %d.",
			transports[outcome.SCP], n, transports[outcome.RCP], transports[outcome.Unknown]),
		fmt.Sprintf("Last runs: %d changed the chassis, %d would change it (check mode), %d changed nothing, %d failed.",
			changed, would, n-changed-would-failed, failed),
	}
}

// groupProblems puts the problems first. A chassis whose run failed in plaintext
// stands in both groups: nobody shall miss it in either.
func groupProblems(all []chassisView) []group {
	var out []group
	for _, s := range []outcome.State{outcome.Failed, outcome.Plaintext, outcome.Unclear, outcome.Incomplete} {
		g := group{State: s, Word: stateWord(s), Means: stateMeaning(s)}
		for _, c := range all {
			switch {
			case c.State == s:
				g.Items = append(g.Items, item{c.No, c.Record.Host, c.State, c.Reasons})
			case s == outcome.Plaintext && c.Transport == transportWord(outcome.RCP):
				g.Items = append(g.Items, item{c.No, c.Record.Host, c.State, []string{"its run failed, see above"}})
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func viewChassis(no int, r outcome.Record, newest time.Time) chassisView {
	t, why := r.Transport()
	c := chassisView{
		No: no, Record: r, State: r.Judge(), Word: stateWord(r.Judge()), Transport: transportWord(t), Why: why,
		InSync: yesOrNo(r.Sync.InSync), FIPS: onOff(r.Found.FIPS), Wanted: map[string]string{"present": "SCP", "absent": "RCP"}[r.Wanted],
		Run: wordsForRun(r), Written: stampedAt(r.Finished), Ring: drawRing(r), Reasons: r.Reasons(),
	}
	if r.Check {
		c.Check = "check mode"
	}
	if age := newest.Sub(r.Finished); age >= 24*time.Hour {
		c.Old = fmt.Sprintf("%d h older than the newest", int(age.Hours()))
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

func stateWord(s outcome.State) string {
	return map[outcome.State]string{outcome.Failed: "Failed", outcome.Plaintext: "RCP, plaintext", outcome.Unclear: "Unknown", outcome.Incomplete: "Incomplete",
		outcome.ByFIPS: "SCP by FIPS", outcome.Encrypted: "SCP"}[s]
}

func stateMeaning(s outcome.State) string {
	return map[outcome.State]string{
		outcome.Failed:     "The last run failed. What it says is the reason.",
		outcome.Plaintext:  "Configuration, with the secrets in it, travels between the members in clear.",
		outcome.Unclear:    "The record does not say how configuration travels.",
		outcome.Incomplete: "Over SCP, but something is missing.",
		outcome.ByFIPS:     "Over SCP, because of the FIPS mode; nothing is missing.",
		outcome.Encrypted:  "Over SCP, by configuration; nothing is missing.",
	}[s]
}
