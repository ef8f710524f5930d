// SPDX-License-Identifier: GPL-3.0-or-later

// Package change makes one safe change of a Virtual Chassis' configuration.
//
// It locks the candidate, reads and plans again under the lock, and carries the
// stages of the plan out: it withdraws what the record claims, has keys made,
// commits for trial, proves by a new login that the door still opens, confirms,
// and records what the confirmation was seen to prove. It is crash-only:
// whenever it stops, the lock dies with the session, the device takes an
// unconfirmed trial back by itself, and the record claims too little. What
// became of a change package vc judges; this one only acts. It knows nothing of
// the steps of the procedure; plans are package vc's.
package change

import (
	"context"
	"errors"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/progress"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Change is one change. Dial, Replan and Mark are required.
type Change struct {
	Seen         junos.State                                            // what the caller has read on the session; zero: everything is read
	Dial         func(context.Context) (*junos.Device, error)           // a new login, after a loss
	Prove        func(context.Context) (*junos.Device, error)           // a new login, for proofs; nil: Dial
	Replan       func(vc.Chassis) (vc.Plan, error)                      // asked again under the lock
	Mark         vc.Mark                                                // of the commit logs; its Phase is set here
	Prepare      func(context.Context, *junos.Device, vc.Chassis) error // of a plan that asks for it, under the lock, for the chassis that it was made for
	PrepareLimit time.Duration                                          // how long that may take
	TrialMinutes junos.Minutes                                          // 0: no trial
	LockWait     time.Duration                                          // how long to wait for the lock
	MakeRoom     func(context.Context)                                  // before a trial, until its proof is sure to be admitted; nil: it is
	LoginPause   time.Duration                                          // for which a login may have to wait for the limits of the device
	Grace        time.Duration                                          // how long after its time a rollback may be under way
	Progress     *progress.Log                                          // takes what is being done; nil: nobody asked
}

// Member is what the last commit said of one member, which was that switch then.
type Member struct {
	ID     int
	Serial string
	Commit string // "ok", "failed", "unknown"
}

// Step is one phase of the change and how long it took.
type Step struct {
	Name    string  `json:"name" scrub:"never"`
	Seconds float64 `json:"seconds"`
}

// Outcome is what a change did. It is valid also beside an error.
type Outcome struct {
	Changed bool
	State   vc.State
	Reverts time.Time   // of a pending trial, by the controller's clock
	Before  vc.Settings // under the lock
	After   vc.Settings // what is in force for good
	Made    vc.Record   // for whom keys were made
	Read    junos.State // the last reading
	Members []Member    // by id; nil when nothing was committed
	Errors  []junos.Message
	Notes   []string // what the operator should know beside it
	Steps   []Step
}

// Apply carries the change out on a session that is logged in. The session
// may be dead afterwards; the caller closes it. An error is a *FailedError: it
// tells what state the device was left in and what to do.
func Apply(ctx context.Context, dev *junos.Device, c Change) (Outcome, error) {
	out, err := ApplyAll(ctx, dev, []Change{c})
	return out[0], err
}

// ApplyAll carries changes out in turn, under one lock, until one fails: what the one
// before has read back is what the next is planned for. There is an outcome for each
// that was begun.
func ApplyAll(ctx context.Context, dev *junos.Device, changes []Change) (out []Outcome, err error) {
	r := &changeRun{dev: dev, callersDev: dev, now: clockOf(ctx)}
	defer func() { r.closeSession() }()
	for _, c := range changes {
		r = r.begin(c)
		if err = r.carryOut(ctx); err != nil {
			err = r.settleError(ctx, err)
		}
		out = append(out, r.out)
		if err != nil {
			break
		}
	}
	if err == nil && len(r.sent) > 0 {
		r.Progress.Note("change committed for good")
	}
	r.unlockNow(ctx)
	out[len(out)-1] = r.out
	return out, err
}

// begin is the next change after this one, on its session and with its lock.
func (r *changeRun) begin(c Change) *changeRun {
	next := &changeRun{Change: c, dev: r.dev, callersDev: r.callersDev, unlock: r.unlock, explained: r.explained, now: r.now}
	next.unrecorded = r.unrecorded || r.keys == KeysMade && !r.plan.HasCommits()
	switch {
	case r.unlock == nil: // the first, or one whose lock is lost
	case r.isReadBack || len(r.sent) == 0 && r.keys == KeysUntouched:
		next.Seen = r.out.Read
	default:
		next.Seen = junos.State{}
	}
	return next
}

// changeRun is one change on its way.
type changeRun struct {
	Change
	callersDev *junos.Device // the caller's session
	dev        *junos.Device // the session that holds the lock; another one after a loss
	unlock     func(context.Context) error
	plan       vc.Plan
	planned    vc.Chassis       // what the plan was made for
	newest     vc.Commit        // the newest one of the history then
	now        func() time.Time // our clock
	trialEnds  time.Time        // when the device rolls back the trial of this run, by our clock; zero: it has made none
	trialRun   string           // the run whose trial it is: this one, or one that was killed
	sent       []vc.Sent
	targets    []vc.Settings // of each of them: what is in force when it has come in
	sentOver   *junos.Device // the session of the last of them
	have, own  vc.Settings   // what the commits so far have led to: in force, and at its own place
	keys       Keys
	unread     bool // the record of the proof was sent, and nobody asks whether it came in
	unrecorded bool // keys that a change before this one has left to it to record
	dirty      bool // our edits may be in the candidate
	undone     bool // another commit took the change back
	reply      reply
	trialReply reply    // that of the trial
	explained  []string // words of the device that speak of the configuration, not of members
	hasAsked   bool     // a check was made to explain words
	strayed    bool     // a member took SCP with the trial, and not the commit after it
	proved     bool     // a commit of the change was seen to reach every member
	isReadBack bool     // what the last commit has led to was read
	proofs     int      // commits that were made for nothing but the proof
	rounds     int      // how often an error was settled
	errors     junos.Messages
	out        Outcome
}

func (r *changeRun) carryOut(ctx context.Context) error {
	if err := r.lockAndPlan(ctx); err != nil {
		return err
	}
	r.out.State = vc.StateNone
	if err := r.withdrawClaims(ctx); err != nil {
		return err
	}
	if err := r.prepareKeys(ctx); err != nil {
		return err
	}
	if err := r.commitPlan(ctx); err != nil {
		return err
	}
	return r.recordProof(ctx)
}

// commitPlan makes the change itself.
func (r *changeRun) commitPlan(ctx context.Context) error {
	switch {
	case !r.plan.HasCommits():
		return nil
	case r.hasTrialPlanned():
		return r.commitWithProof(ctx)
	}
	return r.commitAtOnce(ctx)
}

// hasTrialPlanned says that the change is made in two commits.
func (r *changeRun) hasTrialPlanned() bool {
	return r.plan.ConfirmBy != vc.NoTrial && (r.TrialMinutes > 0 || r.plan.Resume)
}

// lockAndPlan takes the lock, reads, plans, and refuses a candidate that is not
// clean.
func (r *changeRun) lockAndPlan(ctx context.Context) error {
	isOurs := r.unlock != nil // since the change before this one, so nobody has edited since
	if err := r.lockAndRead(ctx); err != nil {
		return err
	}
	r.planned, r.trialRun = r.out.Read.Chassis, r.Mark.Run
	if history := r.out.Read.History; len(history) > 0 {
		r.newest = history[0]
	}
	r.have, r.own = r.planned.Settings, r.planned.Own
	r.out.Before, r.out.After = r.have, r.have
	var err error
	if r.plan, err = r.Replan(r.planned); err != nil {
		return err
	}
	if r.plan.Resume {
		r.trialRun = r.planned.Trial.Mark.Run
	}
	if isOurs {
		return nil
	}
	return r.timeStep("compare", func() error { return r.refuseForeignDraft(ctx) })
}

// lockAndRead takes the lock and reads what may have changed since. Where the change
// before has kept the lock, its last reading is the one.
func (r *changeRun) lockAndRead(ctx context.Context) error {
	if r.unlock != nil && len(r.Seen.Members) > 0 {
		r.out.Read = r.Seen
		return nil
	}
	if isLocked := r.unlock != nil; !isLocked {
		r.Progress.Enter("lock the configuration", r.LockWait)
		err := r.timeStep("lock", func() (err error) {
			r.unlock, err = r.dev.LockClean(ctx, r.LockWait)
			return err
		})
		if err != nil {
			return err
		}
		r.Progress.Note("configuration locked")
	}
	return r.readAgain(ctx, r.Seen, junos.History)
}

// refuseForeignDraft refuses edits that another session left in the candidate:
// our commit would activate them. Some releases give the lock in spite of them.
func (r *changeRun) refuseForeignDraft(ctx context.Context) error {
	diff, err := r.dev.Compare(ctx)
	if err == nil && diff != "" {
		return &junos.CandidateModifiedError{Diff: diff, Locked: true}
	}
	return err
}

func (r *changeRun) readDevice(ctx context.Context) error {
	return r.readAgain(ctx, junos.State{}, 0)
}

// readAgain reads what may have changed since an earlier reading.
func (r *changeRun) readAgain(ctx context.Context, since junos.State, parts junos.Part) error {
	r.Progress.Enter("read the chassis", 0)
	return r.timeStep("read", func() error {
		s, err := r.dev.ReadAgain(ctx, since, parts)
		if err == nil {
			r.out.Read = s
		}
		return err
	})
}

// timeStep runs one phase and records how long it took.
func (r *changeRun) timeStep(name string, do func() error) error {
	start := time.Now()
	err := do()
	r.out.Steps = append(r.out.Steps, Step{Name: name, Seconds: time.Since(start).Seconds()})
	var refused *junos.RejectedError
	if errors.As(err, &refused) {
		r.errors.Add(refused.Messages...)
		r.out.Errors = r.errors.List()
	}
	return err
}

// addNote adds what the operator should know beside the result.
func (r *changeRun) addNote(text string) { r.out.Notes = append(r.out.Notes, text) }

// unlockNow discards what was not committed, and gives the lock back. It is no failure
// if that fails: the lock dies with the session.
func (r *changeRun) unlockNow(ctx context.Context) {
	r.discardEdits(ctx)
	if r.unlock == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.timeStep("unlock", func() error { return r.unlock(ctx) }); err != nil {
		r.addNote(err.Error() + "; the lock ends with the session")
	}
}

// closeSession ends a session that was opened after a loss; the caller's own is the
// caller's.
func (r *changeRun) closeSession() {
	if r.dev != r.callersDev {
		_ = r.dev.Close()
	}
}
