// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// LockHeldError is the error of a lock that somebody else keeps.
type LockHeldError struct {
	Holder string        // as the device names it: user, terminal, pid, since, idle
	Waited time.Duration // 0: nobody waited for it
}

func (l *LockHeldError) Error() string {
	if l.Waited == 0 {
		return "lock the configuration: held by " + l.Holder
	}
	return fmt.Sprintf("lock the configuration: still held after %s by %s", phrase.Seconds(l.Waited.Round(time.Second)), l.Holder)
}

// Code names the kind of the error for programs.
func (l *LockHeldError) Code() string { return "lock_held" }

// Hint says what to do.
func (l *LockHeldError) Hint() string {
	return "ask the holder to leave configuration mode, or raise lock_timeout (vchassis_lock_timeout in the inventory, or VCHASSIS_LOCK_TIMEOUT); no session is ever closed for you"
}

// CandidateModifiedError is the error of a lock that somebody's uncommitted edits
// forbid.
type CandidateModifiedError struct {
	Diff   string
	Locked bool // they were found under the lock, which the device gave in spite of them
}

func (c *CandidateModifiedError) Error() string {
	text := "lock the configuration: it holds uncommitted changes of another user"
	if where := nameHierarchies(c.Diff); where != "" {
		text += " at " + where
	}
	return text
}

// Code names the kind of the error for programs.
func (c *CandidateModifiedError) Code() string { return "foreign_edits" }

// Hint says what to do.
func (c *CandidateModifiedError) Hint() string {
	if c.Locked {
		return "check with their owner whether they are still there (show | compare): the device granted the lock despite them and may have discarded them"
	}
	return "let their owner commit them or roll them back (show | compare); they were left as they are"
}

// Texts of Junos for a candidate that cannot be locked.
const (
	lockedByText = "configuration database locked by"
	modifiedText = "configuration database modified"
)

// LockClean takes the candidate configuration for this session alone
// ("configure exclusive") and waits for another holder at most the given time.
// It looks before it locks: a release that gives the lock in spite of
// somebody's edits would discard them when the lock ends. The returned function
// gives the lock back; it may be called twice. Errors: *LockHeldError,
// *CandidateModifiedError, *RejectedError, or that of a lost session.
func (d *Device) LockClean(ctx context.Context, wait time.Duration) (unlock func(context.Context) error, err error) {
	return d.lockBy(ctx, wait, func(ctx context.Context) error {
		if err := d.refuseForeignEdits(ctx); err != nil {
			return err
		}
		return d.lockOnce(ctx)
	})
}

// CheckLockable looks for what would keep LockClean waiting or make it give up, and
// takes nothing. Errors: *LockHeldError, *CandidateModifiedError, or that of a read.
func (d *Device) CheckLockable(ctx context.Context) error {
	if err := d.refuseForeignEdits(ctx); err != nil {
		return err
	}
	if holder := d.findLockHolder(ctx); holder != "" {
		return &LockHeldError{Holder: holder}
	}
	return nil
}

// refuseForeignEdits refuses edits in the candidate. Those of a session that holds the
// lock will go with it, so they are worth a wait.
func (d *Device) refuseForeignEdits(ctx context.Context) error {
	diff, err := d.Compare(ctx)
	if err != nil || diff == "" {
		return err
	}
	if holder := d.findLockHolder(ctx); holder != "" {
		return &LockHeldError{Holder: holder}
	}
	// The holder may have ended, and its edits with it, since they were seen.
	if diff, err = d.Compare(ctx); err != nil || diff == "" {
		return err
	}
	return &CandidateModifiedError{Diff: diff}
}

var hierarchyPattern = regexp.MustCompile(`(?m)^(?:\[edit((?: [^\s\]]+){0,2})|[-+!] {0,3}([a-z][\w-]*))`)

// nameHierarchies names the hierarchies of a diff, two words deep. What stands there is
// somebody else's and may be a secret, such as an SNMP community.
func nameHierarchies(diff string) string {
	const most = 5
	var found []string
	atTop := false
	for _, m := range hierarchyPattern.FindAllStringSubmatch(diff, -1) {
		where := m[1]
		if m[2] == "" {
			atTop = where == ""
		} else if atTop {
			where = " " + m[2]
		}
		if where != "" && !slices.Contains(found, "[edit"+where+"]") {
			found = append(found, "[edit"+where+"]")
		}
	}
	if len(found) > most {
		found = append(found[:most], fmt.Sprintf("and %d more", len(found)-most))
	}
	return strings.Join(found, ", ")
}

// findLockHolder names who holds the lock, or nobody.
func (d *Device) findLockHolder(ctx context.Context) string {
	const operation = "get-configuration-database-status"
	reply, err := d.callOne(ctx, newElement(operation), d.opts.RPCTimeout)
	var v struct {
		Users []struct {
			User      string    `xml:"user"`
			Terminal  string    `xml:"terminal"`
			PID       string    `xml:"pid"`
			Start     string    `xml:"start-time"`
			Idle      string    `xml:"idle-time"`
			Exclusive *struct{} `xml:"exclusive"`
		} `xml:"database-status"`
	}
	if err != nil {
		return ""
	}
	if _, err := d.lastSeen().decodeLocal(operation, reply, "database-status-information", &v); err != nil {
		return ""
	}
	for _, u := range v.Users {
		if u.Exclusive != nil {
			return cutText(oneLine(fmt.Sprintf("%s %s (pid %s) since %s, idle %s", u.User, u.Terminal, u.PID, onClock(u.Start), u.Idle)), maxName)
		}
	}
	return ""
}

// lockBy tries again and again while somebody else holds the lock.
func (d *Device) lockBy(ctx context.Context, wait time.Duration, try func(context.Context) error) (unlock func(context.Context) error, err error) {
	start := time.Now()
	pause := 250 * time.Millisecond
	holder := ""
	for {
		err := try(ctx)
		var held *LockHeldError
		if err == nil {
			return d.unlockOnce(), nil
		}
		left := wait - time.Since(start)
		if !errors.As(err, &held) {
			return nil, err
		}
		held.Waited = time.Since(start)
		if left <= 0 {
			return nil, held
		}
		if now := nameHolder(held.Holder); now != holder {
			holder = now
			d.opts.Progress.BeginWith("waiting for the configuration lock", "held by "+holder+"; at most "+phrase.Seconds(left.Round(time.Second)), left)
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(held, context.Cause(ctx))
		case <-time.After(min(pause, left)):
		}
		pause = min(2*pause, 5*time.Second)
	}
}

func (d *Device) lockOnce(ctx context.Context) error {
	d.polite = true
	reply, spoken, err := d.callWrite(ctx, newElement("lock", newElement("target", newElement("candidate"))), d.opts.RPCTimeout)
	if err == nil {
		return refuseSuccess("lock the configuration", reply.OK, append(warningsOf(reply), spoken...))
	}
	var no *netconf.ReplyError
	if !errors.As(err, &no) {
		return rejectedBy("lock the configuration", reply, err)
	}
	for _, e := range no.Errors {
		m := messageOf(e)
		switch {
		case e.Warning():
		case e.Tag == "lock-denied" && !strings.Contains(m.Message, lockedByText): // RFC 6241 7.5
			return &LockHeldError{Holder: strings.TrimSpace(m.Message + " session " + e.SessionID)}
		case strings.Contains(m.Message, lockedByText):
			return &LockHeldError{Holder: holderIn(m.Message)}
		case strings.Contains(m.Message, modifiedText):
			return &CandidateModifiedError{}
		}
	}
	return rejectedBy("lock the configuration", reply, err)
}

func (d *Device) unlockOnce() func(context.Context) error {
	done := false
	return func(ctx context.Context) error {
		if done || d.IsLost() { // a lost session has lost its lock
			return nil
		}
		done = true
		reply, spoken, err := d.callWrite(ctx, newElement("unlock", newElement("target", newElement("candidate"))), d.opts.RPCTimeout)
		if err == nil {
			return refuseSuccess("unlock the configuration", reply.OK, spoken)
		}
		return rejectedBy("unlock the configuration", reply, err)
	}
}

// holderIn takes the part of Junos' text that names the holder.
func holderIn(message string) string {
	_, after, _ := strings.Cut(message, lockedByText)
	return nameClock(oneLine(strings.TrimPrefix(after, ":")))
}

// sincePattern finds since when a holder has been there, by the switch's clock.
var sincePattern = regexp.MustCompile(`\bon since (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w+)`)

// nameClock writes that moment as all others are written.
func nameClock(holder string) string {
	return sincePattern.ReplaceAllStringFunc(holder, func(found string) string {
		return "since " + onClock(sincePattern.FindStringSubmatch(found)[1])
	})
}

// onClock is a moment that the switch has written, as all others are written.
func onClock(text string) string {
	t := moment{Text: text}.asTime()
	if t.IsZero() {
		return text
	}
	return phrase.Switch.Moment(t, time.Now())
}

// nameHolder leaves out how long a holder has been idle: that differs whenever one
// asks, and is the same holder.
func nameHolder(holder string) string {
	name, _, _ := strings.Cut(holder, ", idle ")
	return name
}

var blanksPattern = regexp.MustCompile(`\s+`)

func oneLine(s string) string { return trimSpace(blanksPattern.ReplaceAllString(s, " ")) }
