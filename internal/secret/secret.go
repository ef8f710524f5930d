// SPDX-License-Identifier: GPL-3.0-or-later

// Package secret keeps passwords and passphrases out of everything that is printed.
//
// A String prints as asterisks with every verb and encodes as asterisks; only
// Reveal gives it away. A Scrubber removes known secrets, password hashes and
// private keys from text that others wrote. The package knows neither SSH nor
// Ansible.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Mask is what is printed instead of a secret. Its length tells nothing.
const Mask = "********"

// String is a secret text. It decodes from JSON like any string and prints as Mask.
// Never make it the key of a map: encoding/json writes such keys as they are.
type String string

// Reveal returns the secret itself. Each call is a place to review.
func (s String) Reveal() string { return string(s) }

// String returns Mask.
func (s String) String() string { return Mask }

// GoString returns Mask, so that %#v of a struct around it shows nothing.
func (s String) GoString() string { return Mask }

// Format prints Mask whatever the verb: %x and %q must not tell more than %v.
func (s String) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Mask) }

// MarshalJSON encodes as Mask.
func (s String) MarshalJSON() ([]byte, error) { return []byte(`"` + Mask + `"`), nil }

// MarshalText encodes as Mask in XML attributes, YAML and map keys.
func (s String) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// LogValue is Mask in structured logs.
func (s String) LogValue() slog.Value { return slog.StringValue(Mask) }
