// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/vchassis/vchassis.junos/internal/junos"
)

// Commit is the options of the modules that change a configuration.
type Commit struct {
	ConfirmTimeout int    `json:"confirm_timeout" default:"5" min:"0" max:"65535"` // minutes, 0: at once
	Comment        string `json:"comment"`
}

// trialMinutes is the trial of a change, in the unit of the device.
func (c Commit) trialMinutes() junos.Minutes { return junos.Minutes(c.ConfirmTimeout) }

// trialTime is how long that is.
func (c Commit) trialTime() time.Duration { return time.Duration(c.ConfirmTimeout) * time.Minute }

// CheckComment refuses what cannot stand in a commit log.
func CheckComment(text string) error {
	switch {
	case len(text) > 512:
		return fmt.Errorf("comment: want at most 512 bytes, got %d", len(text))
	case strings.ContainsFunc(text, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }):
		return fmt.Errorf("comment: want printable text on one line, got %q", text)
	}
	return nil
}
