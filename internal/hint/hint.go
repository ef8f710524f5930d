// SPDX-License-Identifier: GPL-3.0-or-later

// Package hint ties to an error what an operator can do about it, and a code that
// names its kind for programs. It knows nothing of what can go wrong.
//
// An error whose hint depends on what it holds has a method Hint() string of
// its own; any other gets one with With. A code comes from a method Code() string:
// messages are reworded, codes are not.
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

// CodeOf returns the code of the outermost error of a chain that has one; "" if there
// is none.
func CodeOf(err error) string {
	var coded interface{ Code() string }
	if errors.As(err, &coded) {
		return coded.Code()
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
