// SPDX-License-Identifier: GPL-3.0-or-later

package frame

import (
	"bytes"
	"io"
	"strconv"
)

// Writer writes messages. An error of the stream is final; a message that is
// refused (ErrDelimiter, ErrEmpty) is not, since nothing was written of it.
type Writer struct {
	// ChunkSize splits messages into chunks of so many bytes; 0 sends one chunk.
	ChunkSize int

	out     io.Writer
	chunked bool
	err     error
}

// NewWriter returns a Writer that uses base:1.0 framing until Chunked is called.
func NewWriter(w io.Writer) *Writer { return &Writer{out: w} }

// Chunked switches to base:1.1 framing from the next message on.
func (w *Writer) Chunked() { w.chunked = true }

// Write sends the messages in one write. It returns how many of them were
// handed over completely: when the stream fails after n, message n+1 is known to
// have arrived in part at most.
func (w *Writer) Write(messages ...[]byte) (sent int, err error) {
	if w.err != nil {
		return 0, w.err
	}
	var buf bytes.Buffer
	ends := make([]int, len(messages))
	for i, m := range messages {
		if err := w.frameMessage(&buf, m); err != nil {
			return 0, err
		}
		ends[i] = buf.Len()
	}
	n, err := w.out.Write(buf.Bytes())
	w.err = err
	for sent < len(ends) && ends[sent] <= n {
		sent++
	}
	return sent, err
}

func (w *Writer) frameMessage(buf *bytes.Buffer, m []byte) error {
	if len(m) == 0 {
		return ErrEmpty
	}
	if !w.chunked {
		return delimitMessage(buf, m)
	}
	size := w.ChunkSize
	if size <= 0 {
		size = len(m)
	}
	for len(m) > 0 {
		n := min(size, len(m))
		buf.WriteString("\n#" + strconv.Itoa(n) + "\n")
		buf.Write(m[:n])
		m = m[n:]
	}
	buf.WriteString(endOfChunks)
	return nil
}

// delimitMessage appends the delimiter and no line feed: some servers take that for
// the start of the next message. The delimiter must not come earlier than meant,
// not even when the message ends with a part of it.
func delimitMessage(buf *bytes.Buffer, m []byte) error {
	start := buf.Len()
	buf.Write(m)
	buf.WriteString(delimiter)
	if bytes.Index(buf.Bytes()[start:], []byte(delimiter)) != len(m) {
		return ErrDelimiter
	}
	return nil
}
