// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"fmt"
	"slices"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// mostProofs is how many commits are made for nothing but to see whom they reach,
// besides the one that makes the change.
const mostProofs = 1

// isProofPending says that it is still to be shown, or recorded, that a commit
// reached every member. A record that was sent and not answered is not written as
// far as this run knows.
func (r *changeRun) isProofPending() bool {
	if !r.plan.Proves() || len(r.sent) == 0 {
		return r.plan.Proves()
	}
	last := r.sent[len(r.sent)-1]
	return last.Phase != vc.PhaseRecord || last.Answer != vc.Accepted
}

// recordProof records that the members have keys, when a commit over SCP was seen
// to reach all of them. It is called when such a commit has come in.
func (r *changeRun) recordProof(ctx context.Context) error {
	if !r.isProofPending() {
		return nil
	}
	for !r.isProved() {
		if r.explainWords(ctx); r.isProved() {
			break
		}
		if err := r.proveOnceMore(ctx); err != nil {
			return err
		}
	}
	if err := r.commitStage(ctx, stage{step: "record", phase: vc.PhaseRecord, to: r.plan.After}); err != nil {
		return err
	}
	return r.readBack(ctx)
}

// isProved says that a commit was seen to reach every member. It stays seen,
// whatever becomes of the record of it.
func (r *changeRun) isProved() bool {
	r.proved = r.proved || r.reply.reach(r.planned) == vc.ReachAll
	return r.proved
}

// explainWords asks for a commit check where words that nobody can explain are all that
// stands against a proof: what the device says of the check too it says of the
// configuration. The lock is held and the change committed, so there is no trial that a
// check would confirm.
func (r *changeRun) explainWords(ctx context.Context) {
	if len(r.reply.unclear) == 0 || r.hasAsked {
		return
	}
	r.hasAsked = true
	_ = r.timeStep("commit check", func() error {
		result, err := r.dev.Commit(ctx, junos.CommitOptions{Check: true})
		if err == nil {
			r.takeUnclear(result.Messages, stage{check: true})
		}
		return err
	})
	r.reply.unclear = slices.DeleteFunc(r.reply.unclear, func(text string) bool { return slices.Contains(r.explained, text) })
}

// proveOnceMore makes one commit more, of nothing: the reply to the one before was
// lost, or silent about a member.
func (r *changeRun) proveOnceMore(ctx context.Context) error {
	if r.proofs == mostProofs {
		return &unprovedKeysError{who: r.reply.unseenIDs(r.planned)}
	}
	if r.reply.isBusy() && !sleepFor(ctx, memberLockPause) {
		return ctx.Err()
	}
	r.proofs++
	if err := r.commitStage(ctx, stage{step: "commit again", phase: vc.PhaseProve, to: r.plan.Confirmed}); err != nil {
		return err
	}
	return r.readBack(ctx)
}

// unprovedKeysError is a commit over SCP of which the device does not say whom it
// reached.
type unprovedKeysError struct{ who []int }

func (u *unprovedKeysError) Error() string {
	if len(u.who) == 0 {
		return "the keys are not proved yet: the device does not report which members the commit reached"
	}
	return fmt.Sprintf("the keys are not proved yet: the device does not report whether the commit reached %s", vc.Named(u.who))
}

// Code names the kind of the error for programs.
func (u *unprovedKeysError) Code() string { return "unproved_keys" }

// Hint says what to do.
func (u *unprovedKeysError) Hint() string {
	return "check show virtual-chassis and show system commit, then run again: that proves the keys without making new ones"
}
