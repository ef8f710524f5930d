// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// candidate is what the candidate configuration has at its own place.
type candidate struct {
	vc.Settings
	inactive     []vc.Problem // statements that are there and not in force
	showsService bool         // it shows a service over which this session runs
}

// readCandidate reads the settings in the candidate.
func (d *Device) readCandidate(ctx context.Context) (candidate, error) {
	system, err := d.systemOfCandidate(ctx)
	if err != nil {
		return candidate{}, err
	}
	c := candidate{showsService: hasSessionService(system), inactive: takeOutDeactivated(system)}
	c.Settings = settingsIn(system)
	return c, nil
}

// refuseHiddenCandidate refuses a candidate that shows nothing, also with what groups
// give: what it does not show may be there.
func (d *Device) refuseHiddenCandidate(ctx context.Context) error {
	system, err := d.systemOfCandidate(ctx, "inherit", "inherit")
	if err == nil && !hasSessionService(system) {
		err = fmt.Errorf("read the candidate: %w", errServicesHidden)
	}
	return err
}

func (d *Device) systemOfCandidate(ctx context.Context, attributes ...string) (*etree.Element, error) {
	request := settingsRequest()
	request.RemoveAttr("database")
	request = withAttributes(withAttributes(request, "database", "candidate"), attributes...)
	reply, err := d.callOne(ctx, request, d.opts.RPCTimeout)
	if err := rejectedBy("read the candidate", reply, err); err != nil {
		return nil, err
	}
	return d.lastSeen().systemOf(reply)
}

// IgnoredLoadError is a load that the device called good although it did not do it,
// or not all of it.
type IgnoredLoadError struct {
	Partly   bool
	Altered  bool      // it stored another value than it was given
	Inactive []string  // what was loaded and is not in force
	Lacks    []string  // statements that were loaded and are not in the candidate
	Has      []string  // statements in the candidate that should not be there
	Messages []Message // the device's own words
}

// ignoredLoad tells a candidate from what it should be.
func ignoredLoad(from, to vc.Settings, c candidate, warnings []Message) *IgnoredLoadError {
	i := &IgnoredLoadError{Partly: !c.Equal(from), Messages: warnings,
		Lacks: to.StatementsBesides(c.Settings), Has: c.StatementsBesides(to)}
	i.Altered = isOther(c.Keys.Command, from.Keys.Command, to.Keys.Command) || isOther(c.Keys.User, from.Keys.User, to.Keys.User)
	for _, p := range c.inactive {
		i.Inactive = append(i.Inactive, p.Message)
	}
	return i
}

// isOther says that a value is there that is none of these.
func isOther(value string, known ...string) bool {
	return value != "" && !slices.Contains(known, value)
}

func (i *IgnoredLoadError) Error() string {
	text := "load the configuration: the device reported success and changed nothing"
	if i.Partly {
		text = "load the configuration: the device reported success and changed only part of it"
	}
	var words []string
	for _, m := range i.Messages {
		words = append(words, m.String())
	}
	if len(words) > 0 {
		text += ": the device reports: " + strings.Join(words, "; ")
	}
	if len(i.Lacks) > 0 {
		text += "; the candidate lacks: " + strings.Join(i.Lacks, ", ")
	}
	if len(i.Has) > 0 {
		text += "; the candidate has: " + strings.Join(i.Has, ", ")
	}
	for _, what := range i.Inactive {
		text += "; " + what
	}
	return text
}

// Code names the kind of the error for programs.
func (i *IgnoredLoadError) Code() string { return "load_ignored" }

// Hint says what to do.
func (i *IgnoredLoadError) Hint() string {
	switch {
	case len(i.Inactive) > 0:
		return "activate it or delete it, then run again"
	case i.Altered:
		return "the switch stores another value than it was given: check in the CLI how it shows the statement, and give the option that value"
	}
	return "check the statements in the CLI: one that is protected shows as protect: and takes changes after unprotect, and a login class may be denied a hierarchy (deny-configuration)"
}
