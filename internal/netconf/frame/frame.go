// SPDX-License-Identifier: GPL-3.0-or-later

// Package frame cuts a byte stream into NETCONF messages and joins messages to
// a stream, in both framings of RFC 6242: the end-of-message delimiter of
// base:1.0 (section 4.3) and the chunks of base:1.1 (section 4.2).
//
// It does not know what is in a message. Client and simulator share it.
package frame

import "errors"

const (
	delimiter   = "]]>]]>" // RFC 6242 4.3
	endOfChunks = "\n##\n" // RFC 6242 4.2
	maxChunk    = 4294967295
)

var (
	// ErrTooLarge is returned when a message passes the limit of the reader.
	ErrTooLarge = errors.New("message larger than the limit")
	// ErrMalformed is returned for bytes that are no framing of RFC 6242.
	ErrMalformed = errors.New("malformed framing")
	// ErrDelimiter is returned for a message that cannot be sent with base:1.0
	// framing, because its text holds the delimiter.
	ErrDelimiter = errors.New("message holds the delimiter ]]>]]>")
	// ErrEmpty is returned for an empty message, which chunks cannot express.
	ErrEmpty = errors.New("empty message")
)
