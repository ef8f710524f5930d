// SPDX-License-Identifier: GPL-3.0-or-later

// Package hint ties what an operator can do to the error that calls for it.
// It knows nothing of what can go wrong.
//
// An error whose hint depends on what it holds has a method Hint() string of
// its own; any other gets one with With.
package hint

import "errors"

// With returns err with a hint. The message stays that of err.
func With(err error, text string) error { return &hintedError{err, text} }

// Of returns the hint of the outermost error of a chain that has one; "" if
// there is none, or if that one has nothing to say.
func Of(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

type hintedError struct {
	error
	text string
}

func (h *hintedError) Unwrap() error { return h.error }

// Hint says what to do.
func (h *hintedError) Hint() string { return h.text }
