// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// page is what the page shows, in words.
type page struct {
	Newest  stamped
	Members int
	Lead    []string
	Cards   []card
	Groups  []group
	Bad     []Bad
	Chassis []chassis
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

type chassis struct {
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
	Members              []member
}

type member struct {
	ID                           int
	Role, Serial, Model, Version string
	Marks                        []mark
}

// mark is one fact about a member.
type mark struct {
	Text string
	Bad  bool
}

type stamped struct{ Machine, Human string }

func stampedAt(t time.Time) stamped {
	if t.IsZero() {
		return stamped{}
	}
	return stamped{t.Format(time.RFC3339), stamp(t)}
}

func (f Fleet) page() page {
	p := page{Newest: stampedAt(f.Newest()), Bad: f.Bad, Cards: f.cards(), Lead: f.lead()}
	for i, r := range f.Records {
		c := view(i+1, r, f.Newest())
		p.Chassis = append(p.Chassis, c)
		p.Members += len(c.Members)
	}
	p.Groups = groups(p.Chassis)
	return p
}

func (f Fleet) cards() []card {
	var out []card
	x := 0.0
	for _, s := range States() {
		c := card{State: s, Word: word(s), Means: means(s), N: f.Count(s), X: x}
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

// lead says in sentences what the cards cannot: a failed run tells nothing of the transport.
func (f Fleet) lead() []string {
	transports, changed, would, failed := map[Transport]int{}, 0, 0, 0
	for _, r := range f.Records {
		t, _ := r.Transport()
		transports[t]++
		switch {
		case r.failed():
			failed++
		case r.wrote():
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

// groups puts the problems first. A chassis whose run failed in plaintext
// stands in both groups: nobody shall miss it in either.
func groups(all []chassis) []group {
	var out []group
	for _, s := range []State{Failed, Plaintext, Unclear, Incomplete} {
		g := group{State: s, Word: word(s), Means: means(s)}
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

func view(no int, r Record, newest time.Time) chassis {
	t, why := r.Transport()
	c := chassis{
		No: no, Record: r, State: r.State(), Word: word(r.State()), Transport: transportWord(t), Why: why,
		InSync: answer(r.InSync), FIPS: onOff(r.Found.FIPS), Wanted: map[string]string{"present": "SCP", "absent": "RCP"}[r.Wanted],
		Run: r.run(), Written: stampedAt(r.Finished), Ring: draw(r), Reasons: r.reasons(),
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

func viewMember(m Member, needsKeys bool) member {
	sync := map[string]string{"yes": "in sync", "no": "not in sync", "unknown": "sync unknown"}[answer(m.Sync)]
	keys := map[string]string{"yes": "keys recorded", "no": "no keys recorded", "unknown": "keys unknown"}[answer(m.Prepared)]
	status := map[string]string{"Prsnt": "present", "NotPrsnt": "not present", "": "status unknown"}[m.Status]
	if status == "" {
		status = m.Status
	}
	v := member{ID: m.ID, Role: m.Role, Serial: orUnknown(m.Serial), Model: orUnknown(m.Model), Version: orUnknown(m.Version)}
	if v.Role == "" && !m.absent() {
		v.Role = "role unknown"
	}
	v.Marks = []mark{{status, m.absent()}, {keys, needsKeys && answer(m.Prepared) == "no"}, {sync, answer(m.Sync) == "no"}}
	if m.Commit != "" {
		v.Marks = append(v.Marks, mark{"commit " + m.Commit, m.Commit == "failed"})
	}
	if m.Transport != Unknown {
		v.Marks = append(v.Marks, mark{transportWord(m.Transport), m.Transport == RCP})
	}
	if m.FIPS != nil && *m.FIPS {
		v.Marks = append(v.Marks, mark{"FIPS " + onOff(m.FIPS), false})
	}
	return v
}

// reasons lists what a reader of the problems has to know.
func (r Record) reasons() []string {
	t, why := r.Transport()
	var out []string
	if t == Unknown {
		out = append(out, "transport not known: "+why)
	}
	if t == RCP && r.failed() {
		out = append(out, "in plaintext (RCP), "+why)
	}
	if t == RCP && r.Wanted == "absent" {
		out = append(out, "as wanted: scp_config_sync_state is absent")
	}
	// Why a run was refused stands in the problems, and comes first.
	return unique(slices.Concat(r.Failed, r.Problems, out, r.Missing()))
}

func unique(texts []string) []string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// run says in a few words what the run did.
func (r Record) run() string {
	var steps []string
	for _, c := range r.Changed {
		step, _, _ := strings.Cut(c, ",")
		steps = append(steps, step)
	}
	did := shortened(steps)
	switch {
	case r.failed() && did != "" && !r.Check:
		return "failed, after it changed " + did
	case r.failed():
		return "failed"
	case did == "":
		return "nothing changed"
	case r.Check:
		return "would change " + did
	}
	return "changed " + did
}

// shortened makes "steps 1, 2" of "step 1" and "step 2".
func shortened(steps []string) string {
	all := strings.Join(steps, ", ")
	if len(steps) > 1 && strings.Count(all, "step ") == len(steps) && !slices.ContainsFunc(steps, func(s string) bool { return !strings.HasPrefix(s, "step ") }) {
		return "steps " + strings.ReplaceAll(all, "step ", "")
	}
	return all
}

func answer(yes *bool) string {
	switch {
	case yes == nil:
		return "unknown"
	case *yes:
		return "yes"
	}
	return "no"
}

func onOff(on *bool) string {
	return map[string]string{"yes": "on", "no": "off", "unknown": "unknown"}[answer(on)]
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func word(s State) string {
	return map[State]string{Failed: "Failed", Plaintext: "RCP, plaintext", Unclear: "Unknown", Incomplete: "Incomplete",
		ByFIPS: "SCP by FIPS", Encrypted: "SCP"}[s]
}

func means(s State) string {
	return map[State]string{
		Failed:     "The last run failed. What it says is the reason.",
		Plaintext:  "Configuration, with the secrets in it, travels between the members in clear.",
		Unclear:    "The record does not say how configuration travels.",
		Incomplete: "Over SCP, but something is missing.",
		ByFIPS:     "Over SCP, because of the FIPS mode; nothing is missing.",
		Encrypted:  "Over SCP, by configuration; nothing is missing.",
	}[s]
}
