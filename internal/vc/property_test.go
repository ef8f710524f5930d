// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// anyChassis returns a random one, every third of them without a problem.
func anyChassis(r *rand.Rand) Chassis {
	pick := func(n int) bool { return r.IntN(n) == 0 }
	c := whole()
	for i := range c.Members {
		if pick(4) {
			c.Members[i].Serial = []string{"", "YY1", "YY2"}[r.IntN(3)]
		}
	}
	c.Members = c.Members[:1+r.IntN(3)]
	c.Settings = Settings{Keys: []KeysCommand{{}, good, other}[r.IntN(3)]}
	c.Settings.SCP = !c.Settings.Keys.IsUnset() && pick(2)
	if pick(2) {
		c.Settings.Record = whole().KeysMade()
		if pick(2) {
			c.Settings.Record = c.Settings.Record.ProvedFor(whole().Members)
		}
	}
	c.StatedFIPS = []*bool{nil, nil, &yes, &no}[r.IntN(4)]
	if pick(3) {
		c.Trial = &Trial{Mark: Mark{Module: []string{"", ModuleKeysCommand, ModuleSCPSync}[r.IntN(3)], Phase: PhaseTrial}}
		if c.Trial.Mark.Module == "" {
			c.Trial.Mark = Mark{}
		}
	}
	if pick(3) {
		return c
	}
	for _, spoil := range []func(*Chassis){
		func(c *Chassis) {
			c.Members[r.IntN(len(c.Members))].Role = []Role{Primary, Backup, UnknownRole, NoRole}[r.IntN(4)]
		},
		func(c *Chassis) {
			c.Members[r.IntN(len(c.Members))].Status = []string{"NotPrsnt", "", "Inactive"}[r.IntN(3)]
		},
		func(c *Chassis) { c.Members[r.IntN(len(c.Members))].FIPS = []*bool{nil, &yes, &no}[r.IntN(3)] },
		func(c *Chassis) {
			c.Members[r.IntN(len(c.Members))].Version = []string{"", "24.4R1", "25.4R1"}[r.IntN(3)]
		},
		func(c *Chassis) { c.Members = append(c.Members, c.Members[0]) },
		func(c *Chassis) { c.Members[0].Local = false },
		func(c *Chassis) { c.HistoryKnown = false },
		func(c *Chassis) { c.FIPSLevel = 1 },
	} {
		if pick(6) {
			spoil(&c)
		}
	}
	return c
}

// planners returns every plan that a module could ask for.
func planners(r *rand.Rand, c Chassis) map[string]func(Chassis) (Plan, error) {
	keysWish := KeysCommandWish{Keys: good, Absent: r.IntN(3) == 0, Replace: r.IntN(2) == 0, OnMember: r.IntN(3) == 0}
	sshWish := InternalSSHWish{Rekey: []Rekey{RekeyIfMissing, RekeyNever}[r.IntN(2)], UseRecord: true, Commit: true}
	scpWish := SCPWish{Enabled: r.IntN(3) > 0, ReleaseCheck: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		scpWish.Prepared = c.KeysMade()
	}
	return map[string]func(Chassis) (Plan, error){
		ModuleKeysCommand: func(c Chassis) (Plan, error) { return PlanKeysCommand(c, keysWish) },
		ModuleInternalSSH: func(c Chassis) (Plan, error) { return PlanInternalSSH(c, sshWish) },
		ModuleSCPSync:     func(c Chassis) (Plan, error) { return PlanSCP(c, scpWish) },
	}
}

// carriedOut is the chassis after a plan.
func carriedOut(c Chassis, p Plan) Chassis {
	c.Settings = p.After
	if p.HasCommits() {
		c.Trial = nil
	}
	return c
}

// What a plan does is done once: the same wish on the result is nothing to do.
func TestAPlanThatWasCarriedOutIsEmpty(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	carried := 0
	for range 20_000 {
		c := anyChassis(r)
		for module, plan := range planners(r, c) {
			p, err := plan(c)
			if err != nil {
				continue
			}
			if !p.IsEmpty() {
				carried++
			}
			after := carriedOut(c, p)
			if again, err := plan(after); err != nil || !again.IsEmpty() || again.HasChanges() {
				t.Fatalf("%s: %+v\nled to %+v\nand again to %+v, %v", module, c, p, again, err)
			}
		}
	}
	if carried < 1000 {
		t.Errorf("only %d plans had something to do: the property says little", carried)
	}
}

// Nothing is written through a session, or to a chassis, that forbids it.
func TestAPlanWithACommitHasNoProblem(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		c := anyChassis(r)
		for module, plan := range planners(r, c) {
			p, err := plan(c)
			if err != nil || p.IsEmpty() {
				continue
			}
			problems := append(c.problemsBut(notInTheWay(module, c, p)...), c.sessionProblems()...)
			onMember := module == ModuleKeysCommand && len(c.TrialProblems()) == 0 && len(c.Unread) == 0
			if len(problems) > 0 && !onMember {
				t.Fatalf("%s: %+v\nplans %+v\nin spite of %v", module, c, p, problems)
			}
			if p.After.SCP && !p.Before.SCP && (p.After.Keys.IsUnset() || len(c.Unprepared(p.After.Record)) > 0) {
				t.Fatalf("%s: SCP is enabled before its keys: %+v", module, p)
			}
			if p.After.SCP && p.After.Keys.IsUnset() {
				t.Fatalf("%s: SCP loses its keys command: %+v", module, p)
			}
		}
	}
}

// notInTheWay are the codes that forbid neither making keys for a member that
// lacks them, nor the way back.
func notInTheWay(module string, c Chassis, p Plan) []string {
	t, _ := c.Transport()
	switch {
	case module == ModuleInternalSSH && t == SCP:
		return []string{"member_inactive"}
	case module == ModuleSCPSync && !p.After.SCP && c.FIPS() != FIPSOn, module == ModuleKeysCommand && p.After.Keys.IsUnset():
		return []string{"member_inactive", "member_not_present", "mixed_versions", "duplicate_serial"}
	}
	return nil
}

// The steps of the procedure, carried out in their order, leave none pending.
func TestThePendingStepsLeadToTheWantedState(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	finished := 0
	for range 20_000 {
		c := anyChassis(r)
		want := Want{Keys: &good, SCP: &yes}
		if len(c.Problems()) > 0 || len(c.sessionProblems()) > 0 || len(c.ReleaseProblems()) > 0 || c.Trial.IsOurs() {
			continue
		}
		if wish := (KeysCommandWish{}); c.Settings.Keys != good && len(c.usedKeysCommandProblems(wish)) > 0 {
			continue // SCP is disabled first
		}
		for _, step := range c.PendingSteps(want) {
			p, err := carry(c, step)
			if err != nil {
				t.Fatalf("%s on %+v: %v", step, c, err)
			}
			c = carriedOut(c, p)
		}
		if left := c.PendingSteps(want); len(left) > 0 {
			t.Fatalf("%v is left of %+v", left, c)
		}
		if transport, reason := c.Transport(); transport != SCP {
			t.Fatalf("%s because %s", transport, reason)
		}
		finished++
	}
	if finished < 1000 {
		t.Errorf("only %d chassis could be changed: the property says little", finished)
	}
}

func carry(c Chassis, s Step) (Plan, error) {
	switch s {
	case StepKeysCommand:
		return PlanKeysCommand(c, KeysCommandWish{Keys: good, Replace: true})
	case StepInternalSSH:
		return PlanInternalSSH(c, InternalSSHWish{Rekey: RekeyIfMissing, UseRecord: true, Commit: true})
	}
	return PlanSCP(c, SCPWish{Enabled: true, ReleaseCheck: true})
}

// Plans and problems come out the same however often they are asked for, and
// asking changes nothing.
func TestAskingChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		c := anyChassis(r)
		text, members := c.Settings.Text(), slices.Clone(c.Members)
		for module, plan := range planners(r, c) {
			first, err := plan(c)
			second, again := plan(c)
			if codes(err) != codes(again) || planOf(first) != planOf(second) {
				t.Fatalf("%s: %+v %v, then %+v %v", module, first, err, second, again)
			}
		}
		if c.Settings.Text() != text || !slices.Equal(c.Members, members) {
			t.Fatalf("was changed: %+v", c)
		}
	}
}
