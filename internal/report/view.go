// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
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
	State       State
	Word, Means string
	N           int
	X, Width    float64
}

type group struct {
	State       State
	Word, Means string
	Items       []item
}

type item struct {
	No      int
	Host    string
	State   State
	Reasons []string
}

type chassisView struct {
	No                   int
	Record               Record
	State                State
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
	for _, s := range States() {
		c := card{State: s, Word: stateWord(s), Means: stateMeaning(s), N: f.Count(s), X: x}
		if n := f.failedInPlaintext(); s == Plaintext && n > 0 {
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
		if t, _ := r.Transport(); t == RCP && r.State() == Failed {
			n++
		}
	}
	return n
}

// leadTexts says in sentences what the cards cannot: a failed run tells nothing of the transport.
func (f Fleet) leadTexts() []string {
	transports, changed, would, failed := map[Transport]int{}, 0, 0, 0
	for _, r := range f.Records {
		t, _ := r.Transport()
		transports[t]++
		switch {
		case r.hasFailed():
			failed++
		case r.hasWritten():
			changed++
		case len(r.Changed) > 0:
			would++
		}
	}
	n := len(f.Records)
	return []string{
		fmt.Sprintf("Configuration travels over SCP on %d of %d chassis, in plaintext (RCP) on %d; not known: %d.",
			transports[SCP], n, transports[RCP], transports[Unknown]),
		fmt.Sprintf("Last runs: %d changed the chassis, %d would change it (check mode), %d changed nothing, %d failed.",
			changed, would, n-changed-would-failed, failed),
	}
}

// groupProblems puts the problems first. A chassis whose run failed in plaintext
// stands in both groups: nobody shall miss it in either.
func groupProblems(all []chassisView) []group {
	var out []group
	for _, s := range []State{Failed, Plaintext, Unclear, Incomplete} {
		g := group{State: s, Word: stateWord(s), Means: stateMeaning(s)}
		for _, c := range all {
			switch {
			case c.State == s:
				g.Items = append(g.Items, item{c.No, c.Record.Host, c.State, c.Reasons})
			case s == Plaintext && c.Transport == transportWord(RCP):
				g.Items = append(g.Items, item{c.No, c.Record.Host, c.State, []string{"its run failed, see above"}})
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	return out
}

func viewChassis(no int, r Record, newest time.Time) chassisView {
	t, why := r.Transport()
	c := chassisView{
		No: no, Record: r, State: r.State(), Word: stateWord(r.State()), Transport: transportWord(t), Why: why,
		InSync: yesOrNo(r.InSync), FIPS: onOff(r.Found.FIPS), Wanted: map[string]string{"present": "SCP", "absent": "RCP"}[r.Wanted],
		Run: r.runWords(), Written: stampedAt(r.Finished), Ring: drawRing(r), Reasons: r.reasonsOf(),
	}
	if r.Check {
		c.Check = "check mode"
	}
	if age := newest.Sub(r.Finished); age >= 24*time.Hour {
		c.Old = fmt.Sprintf("%d h older than the newest", int(age.Hours()))
	}
	for _, m := range r.Members {
		c.Members = append(c.Members, viewMember(m, r.needsKeys()))
	}
	return c
}

func viewMember(m Member, needsKeys bool) memberView {
	sync := map[string]string{"yes": "in sync", "no": "not in sync", "unknown": "sync unknown"}[yesOrNo(m.Sync)]
	keys := map[string]string{"yes": "keys recorded", "no": "no keys recorded", "unknown": "keys unknown"}[yesOrNo(m.Prepared)]
	status := map[string]string{"Prsnt": "present", "NotPrsnt": "not present", "": "status unknown"}[m.Status]
	if status == "" {
		status = m.Status
	}
	v := memberView{ID: m.ID, Role: m.Role, Serial: orUnknown(m.Serial), Model: orUnknown(m.Model), Version: orUnknown(m.Version)}
	if v.Role == "" && !m.isAbsent() {
		v.Role = "role unknown"
	}
	v.Marks = []memberMark{{status, m.isAbsent()}, {keys, needsKeys && yesOrNo(m.Prepared) == "no"}, {sync, yesOrNo(m.Sync) == "no"}}
	if m.Commit != "" {
		v.Marks = append(v.Marks, memberMark{"commit " + m.Commit, m.Commit == "failed"})
	}
	if m.Transport != Unknown {
		v.Marks = append(v.Marks, memberMark{transportWord(m.Transport), m.Transport == RCP})
	}
	if m.FIPS != nil && *m.FIPS {
		v.Marks = append(v.Marks, memberMark{"FIPS " + onOff(m.FIPS), false})
	}
	return v
}

// reasonsOf lists what a reader of the problems has to know.
func (r Record) reasonsOf() []string {
	t, why := r.Transport()
	var out []string
	if t == Unknown {
		out = append(out, "transport not known: "+why)
	}
	if t == RCP && r.hasFailed() {
		out = append(out, "in plaintext (RCP), "+why)
	}
	if t == RCP && r.Wanted == "absent" {
		out = append(out, "as wanted: scp_config_sync_state is absent")
	}
	// Why a run was refused stands in the problems, and comes first.
	return uniqueTexts(slices.Concat(r.Failed, r.Problems, out, r.Missing()))
}

func uniqueTexts(texts []string) []string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// runWords says in a few words what the run did.
func (r Record) runWords() string {
	var steps []string
	for _, c := range r.Changed {
		step, _, _ := strings.Cut(c, ",")
		steps = append(steps, step)
	}
	did := shortenSteps(steps)
	switch {
	case r.hasFailed() && did != "" && !r.Check:
		return "failed, after it changed " + did
	case r.hasFailed():
		return "failed"
	case did == "":
		return "nothing changed"
	case r.Check:
		return "would change " + did
	}
	return "changed " + did
}

// shortenSteps makes "steps 1, 2" of "step 1" and "step 2".
func shortenSteps(steps []string) string {
	all := strings.Join(steps, ", ")
	if len(steps) > 1 && strings.Count(all, "step ") == len(steps) && !slices.ContainsFunc(steps, func(s string) bool { return !strings.HasPrefix(s, "step ") }) {
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

func stateWord(s State) string {
	return map[State]string{Failed: "Failed", Plaintext: "RCP, plaintext", Unclear: "Unknown", Incomplete: "Incomplete",
		ByFIPS: "SCP by FIPS", Encrypted: "SCP"}[s]
}

func stateMeaning(s State) string {
	return map[State]string{
		Failed:     "The last run failed. What it says is the reason.",
		Plaintext:  "Configuration, with the secrets in it, travels between the members in clear.",
		Unclear:    "The record does not say how configuration travels.",
		Incomplete: "Over SCP, but something is missing.",
		ByFIPS:     "Over SCP, because of the FIPS mode; nothing is missing.",
		Encrypted:  "Over SCP, by configuration; nothing is missing.",
	}[s]
}
