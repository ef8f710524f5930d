// SPDX-License-Identifier: GPL-3.0-or-later

package frame

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// DefaultMessage is the limit of a message when Limits names none.
const DefaultMessage = 8 << 20

// readAhead is large because Junos writes line by line.
const readAhead = 64 << 10

// Limits bounds what a peer can make the reader hold.
type Limits struct {
	Message int64 // most bytes of one message; 0 is DefaultMessage
}

// Reader reads messages. An error is final: it is returned again by each later call.
type Reader struct {
	in      *bufio.Reader
	limit   int64
	chunked bool
	noisy   bool
	err     error
}

// NewReader returns a Reader that expects base:1.0 framing until Chunked is called.
func NewReader(r io.Reader, l Limits) *Reader {
	in := &Reader{in: bufio.NewReaderSize(r, readAhead)}
	in.SetLimits(l)
	return in
}

// SetLimits changes the limits from the next message on.
func (r *Reader) SetLimits(l Limits) {
	r.limit = l.Message
	if r.limit <= 0 {
		r.limit = DefaultMessage
	}
}

// Chunked switches to base:1.1 framing from the next message on.
func (r *Reader) Chunked() { r.chunked = true }

// SkipText lets text stand between two messages, and passes over it. Whoever sits at a
// terminal is told of rollbacks and emergencies, whatever runs there.
func (r *Reader) SkipText() { r.noisy = true }

// Next returns the next message without its framing; the bytes are the caller's.
// The error is io.EOF when the stream ends between two messages, and wraps
// io.ErrUnexpectedEOF when it ends inside one: what was read so far is never
// returned as if it were whole. What was received of a broken message comes with
// the error, to be quoted.
func (r *Reader) Next() ([]byte, error) {
	if r.err != nil {
		return nil, r.err
	}
	read := r.readDelimited
	if r.chunked {
		read = r.readChunks
	}
	msg, err := read()
	r.err = err
	return msg, err
}

// readDelimited reads up to the delimiter, wherever the packets split it.
func (r *Reader) readDelimited() ([]byte, error) {
	if _, err := r.skipSpace(); err != nil {
		return nil, err // the end between messages
	}
	var msg []byte
	for {
		got, err := r.awaitBytes()
		if err != nil {
			return msg, unexpectedEnd(err)
		}
		from := max(0, len(msg)-len(delimiter)+1)
		had := len(msg)
		msg = append(growFor(msg, len(got)), got...)
		if i := bytes.Index(msg[from:], []byte(delimiter)); i >= 0 {
			end := from + i
			r.discardBytes(end + len(delimiter) - had)
			if int64(end) > r.limit {
				return msg[:end], r.tooLargeError()
			}
			return r.withoutText(msg[:end]), nil
		}
		r.discardBytes(len(got))
		if int64(len(msg)) > r.limit+int64(len(delimiter)) {
			return msg, r.tooLargeError()
		}
	}
}

// withoutText is a message without what a terminal has printed before its markup.
func (r *Reader) withoutText(msg []byte) []byte {
	if r.noisy {
		msg = msg[max(0, bytes.IndexByte(msg, '<')):]
	}
	return msg
}

// readChunks reads chunks up to the end-of-chunks mark.
func (r *Reader) readChunks() ([]byte, error) {
	hasNewline, err := r.skipToChunk()
	if err != nil {
		return nil, err
	}
	if !hasNewline {
		return nil, fmt.Errorf("%w: want a line feed before a chunk", ErrMalformed)
	}
	var msg []byte
	for {
		size, err := r.readChunkHeader()
		if err != nil {
			return msg, err
		}
		if size == 0 {
			if len(msg) == 0 { // RFC 6242 4.2: Chunked-Message = 1*chunk end-of-chunks
				return nil, fmt.Errorf("%w: message without a chunk", ErrMalformed)
			}
			return msg, nil
		}
		if int64(len(msg))+size > r.limit {
			return msg, r.tooLargeError()
		}
		if msg, err = r.readChunkData(msg, size); err != nil {
			return msg, err
		}
		if b, err := r.in.ReadByte(); err != nil {
			return msg, unexpectedEnd(err)
		} else if b != '\n' {
			return msg, fmt.Errorf("%w: want a line feed after %d bytes of a chunk, got %q", ErrMalformed, size, b)
		}
	}
}

// readChunkHeader reads "#size\n" or "##\n"; the line feed before it is read
// already. It returns 0 for the end of chunks.
func (r *Reader) readChunkHeader() (int64, error) {
	if err := r.expectByte('#'); err != nil {
		return 0, err
	}
	var digits []byte
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil:
			return 0, unexpectedEnd(err)
		case b == '#' && len(digits) == 0:
			return 0, r.expectByte('\n')
		case b == '\n' && len(digits) > 0:
			return parseChunkSize(string(digits))
		case b < '0' || b > '9', b == '0' && len(digits) == 0: // RFC 6242 4.2: chunk-size1 = %x31-39
			return 0, fmt.Errorf("%w: chunk header has %q after %q", ErrMalformed, b, digits)
		case len(digits) == 10:
			return 0, fmt.Errorf("%w: chunk header of more than 10 digits", ErrMalformed)
		}
		digits = append(digits, b)
	}
}

func parseChunkSize(digits string) (int64, error) {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n > maxChunk {
		return 0, fmt.Errorf("%w: chunk size %s is over %d", ErrMalformed, digits, maxChunk)
	}
	return n, nil
}

// readChunkData appends what arrives, not what is announced: a header alone
// allocates nothing.
func (r *Reader) readChunkData(msg []byte, size int64) ([]byte, error) {
	for size > 0 {
		got, err := r.awaitBytes()
		if err != nil {
			return msg, unexpectedEnd(err)
		}
		got = got[:min(int64(len(got)), size)]
		msg = append(growFor(msg, len(got)), got...)
		size -= int64(len(got))
		r.discardBytes(len(got))
	}
	return msg, nil
}

// growFor makes room for n bytes more; append alone would copy a large message
// four times as often.
func growFor(msg []byte, n int) []byte {
	if cap(msg)-len(msg) < n {
		return slices.Grow(msg, max(n, len(msg)))
	}
	return msg
}

// skipSpace skips the blank lines that some peers send between messages, and
// says whether a line feed was among them.
func (r *Reader) skipSpace() (hasNewline bool, err error) {
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil:
			return hasNewline, err
		case b == '\n':
			hasNewline = true
		case b != '\r' && b != ' ' && b != '\t':
			return hasNewline, r.in.UnreadByte()
		}
	}
}

// skipToChunk skips what may be in front of a chunk: blank lines, and lines of text where
// those are let stand.
func (r *Reader) skipToChunk() (hasNewline bool, err error) {
	hasNewline, err = r.skipSpace()
	for r.noisy && err == nil {
		if next, _ := r.in.Peek(1); string(next) == "#" {
			break
		}
		for b := byte(0); err == nil && b != '\n'; {
			b, err = r.in.ReadByte()
		}
		hasNewline = true
		if err == nil {
			_, err = r.skipSpace()
		}
	}
	return hasNewline, err
}

func (r *Reader) expectByte(want byte) error {
	b, err := r.in.ReadByte()
	if err != nil {
		return unexpectedEnd(err)
	}
	if b != want {
		return fmt.Errorf("%w: want %q, got %q", ErrMalformed, want, b)
	}
	return nil
}

// awaitBytes waits for at least one byte and returns all that are there.
func (r *Reader) awaitBytes() ([]byte, error) {
	if _, err := r.in.Peek(1); err != nil {
		return nil, err
	}
	return r.in.Peek(r.in.Buffered())
}

// discardBytes drops bytes that buffered has returned, which cannot fail.
func (r *Reader) discardBytes(n int) { _, _ = r.in.Discard(n) }

func (r *Reader) tooLargeError() error { return fmt.Errorf("%w of %d bytes", ErrTooLarge, r.limit) }

// unexpectedEnd turns an end of the stream into an unexpected one.
func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("inside a message: %w", io.ErrUnexpectedEOF)
	}
	return err
}
