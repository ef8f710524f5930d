// SPDX-License-Identifier: GPL-3.0-or-later

package frame_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

// The example of RFC 6242 4.2: one message in four chunks.
const rfcChunks = "\n#4\n<rpc\n#18\n message-id=\"102\"\n\n#79\n" +
	"     xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n  <close-session/>\n</rpc>\n##\n"

// The message of that example.
const rfcMessage = "<rpc message-id=\"102\"\n     xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n  <close-session/>\n</rpc>"

// What a terminal prints between two messages is passed over where the reader is told
// that it reads one, and nowhere else; inside of a message it stays.
func TestTextBetweenMessages(t *testing.T) {
	const told = "\r                    \r\nBroadcast Message from root@vc1\a\a\r\n        (no tty) at 16:36 UTC...\r\n\r\nnumber # 3\r\n"
	for _, row := range []struct {
		name      string
		chunked   bool
		in        string
		want, err string // with text passed over
		plain     string // without
	}{
		{"1.0", false, told + "<a/>]]>]]>", "<a/>", "", told[strings.Index(told, "Broadcast"):] + "<a/>"},
		{"1.0 on the line of the message", false, "told <a/>]]>]]>", "<a/>", "", "told <a/>"},
		{"1.0 inside", false, "<a>" + told + "</a>]]>]]>", "<a>" + told + "</a>", "", "<a>" + told + "</a>"},
		{"1.0 no markup", false, "told]]>]]>", "told", "", "told"},
		{"1.0 no message", false, told, "", "inside a message: unexpected EOF", ""},
		{"1.1", true, told + "\n#4\n<a/>\n##\n", "<a/>", "", ""},
		{"1.1 right behind the end", true, "told\r\n\n#4\n<a/>\n##\n", "<a/>", "", ""},
		{"1.1 no message", true, told, "", "EOF", ""},
	} {
		for _, skips := range []bool{true, false} {
			r := frame.NewReader(iotest.OneByteReader(strings.NewReader(row.in)), frame.Limits{})
			want := row.plain
			if skips {
				r.SkipText()
				want = row.want
			}
			if row.chunked {
				r.Chunked()
			}
			got, err := r.Next()
			if skips && row.err != "" {
				if err == nil || err.Error() != row.err {
					t.Errorf("%s: want %q, got %v", row.name, row.err, err)
				}
			} else if failed := want == ""; string(got) != want && !failed || (err != nil) != failed {
				t.Errorf("%s, text passed over %t: want %q, got %q, %v", row.name, skips, want, got, err)
			}
		}
	}
}

func TestRead(t *testing.T) {
	rows := []struct {
		name    string
		chunked bool
		in      string
		limit   int64
		want    []string
		err     string // "" is a clean end
	}{
		{name: "1.0 one message", in: "<a/>]]>]]>", want: []string{"<a/>"}},
		{name: "1.0 bytes after the delimiter are kept", in: "<a/>]]>]]><b/>]]>]]>", want: []string{"<a/>", "<b/>"}},
		{name: "1.0 line feeds after the delimiter", in: "<a/>]]>]]>\r\n\n<b/>]]>]]>\n", want: []string{"<a/>", "<b/>"}},
		{name: "1.0 blanks after the delimiter", in: "<a/>]]>]]> \t<b/>]]>]]> \t", want: []string{"<a/>", "<b/>"}},
		{name: "1.0 almost a delimiter", in: "<a>]]>]]</a>]]>]]>", want: []string{"<a>]]>]]</a>"}},
		{name: "1.0 delimiter twice", in: "]]>]]><a/>]]>]]>", want: []string{"", "<a/>"}},
		{name: "1.0 end inside is an error", in: "<a/>]]>]]", err: "inside a message: unexpected EOF"},
		{name: "1.0 end before the delimiter is an error", in: "<a/>", err: "inside a message: unexpected EOF"},
		{name: "1.0 exactly the limit", in: "12345]]>]]>", limit: 5, want: []string{"12345"}},
		{name: "1.0 over the limit", in: "123456]]>]]>", limit: 5, err: "larger than the limit of 5 bytes"},
		{name: "1.0 endless", in: strings.Repeat("x", 1<<20), limit: 1000, err: "larger than the limit of 1000 bytes"},

		{name: "1.1 the example of the standard", chunked: true, in: rfcChunks, want: []string{rfcMessage}},
		{name: "1.1 two messages", chunked: true, in: "\n#1\na\n##\n\n#1\nb\n##\n", want: []string{"a", "b"}},
		{name: "1.1 blank lines between", chunked: true, in: "\r\n\n#1\na\n##\n\r\n\n#1\nb\n##\n\n", want: []string{"a", "b"}},
		{name: "1.1 blanks between", chunked: true, in: " \t\n#1\na\n##\n \t\n#1\nb\n##\n", want: []string{"a", "b"}},
		{name: "1.1 chunk that looks like an end", chunked: true, in: "\n#4\n\n##\n\n##\n", want: []string{"\n##\n"}},
		{name: "1.1 chunk that looks like a delimiter", chunked: true, in: "\n#6\n]]>]]>\n##\n", want: []string{"]]>]]>"}},
		{name: "1.1 exactly the limit", chunked: true, limit: 2, in: "\n#1\na\n#1\nb\n##\n", want: []string{"ab"}},
		{name: "1.1 over the limit", chunked: true, limit: 2, in: "\n#1\na\n#2\nbc\n##\n", err: "larger than the limit of 2 bytes"},
		{name: "1.1 announced over the limit", chunked: true, in: "\n#4294967295\na", err: "larger than the limit"},
		{name: "1.1 no line feed", chunked: true, in: "#1\na\n##\n", err: "want a line feed before a chunk"},
		{name: "1.1 base:1.0 instead", chunked: true, in: "\n<a/>]]>]]>", err: `want '#', got '<'`},
		{name: "1.1 size 0", chunked: true, in: "\n#0\n\n##\n", err: `chunk header has '0' after ""`},
		{name: "1.1 leading zero", chunked: true, in: "\n#01\na\n##\n", err: `chunk header has '0' after ""`},
		{name: "1.1 negative", chunked: true, in: "\n#-1\na\n##\n", err: `chunk header has '-' after ""`},
		{name: "1.1 no digits", chunked: true, in: "\n#\na\n##\n", err: `chunk header has '\n' after ""`},
		{name: "1.1 space in the header", chunked: true, in: "\n#1 \na\n##\n", err: `chunk header has ' ' after "1"`},
		{name: "1.1 carriage return in the header", chunked: true, in: "\n#1\r\na\n##\n", err: `chunk header has '\r' after "1"`},
		{name: "1.1 eleven digits", chunked: true, in: "\n#12345678901\n", err: "more than 10 digits"},
		{name: "1.1 over 32 bits", chunked: true, in: "\n#4294967296\n", err: "chunk size 4294967296 is over 4294967295"},
		{name: "1.1 chunk longer than announced", chunked: true, in: "\n#1\nab\n##\n", err: `want a line feed after 1 bytes of a chunk, got 'b'`},
		{name: "1.1 no chunk at all", chunked: true, in: "\n##\n", err: "message without a chunk"},
		{name: "1.1 bad end mark", chunked: true, in: "\n#1\na\n##x", err: `want '\n', got 'x'`},
		{name: "1.1 end in the header", chunked: true, in: "\n#1", err: "inside a message: unexpected EOF"},
		{name: "1.1 end in a chunk", chunked: true, in: "\n#3\nab", err: "inside a message: unexpected EOF"},
		{name: "1.1 end after a chunk", chunked: true, in: "\n#1\na", err: "inside a message: unexpected EOF"},
		{name: "1.1 end before the end mark", chunked: true, in: "\n#1\na\n", err: "inside a message: unexpected EOF"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for _, in := range []io.Reader{
				strings.NewReader(row.in),
				iotest.OneByteReader(strings.NewReader(row.in)), // every split there can be
				iotest.HalfReader(strings.NewReader(row.in)),
				iotest.DataErrReader(strings.NewReader(row.in)),
			} {
				r := frame.NewReader(in, frame.Limits{Message: row.limit})
				if row.chunked {
					r.Chunked()
				}
				got, err := readAll(r)
				checkErr(t, err, row.err)
				if strings.Join(got, "|") != strings.Join(row.want, "|") {
					t.Errorf("want %q, got %q", row.want, got)
				}
				if _, again := r.Next(); !errors.Is(again, err) {
					t.Errorf("a failed reader must stay so: first %v, then %v", err, again)
				}
			}
		})
	}
}

func readAll(r *frame.Reader) (all []string, err error) {
	for {
		m, err := r.Next()
		if err != nil {
			return all, err
		}
		all = append(all, string(m))
	}
}

func checkErr(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err == io.EOF:
	case want == "" || err == nil || err == io.EOF:
		t.Errorf("want error %q, got %v", want, err)
	case !strings.Contains(err.Error(), want):
		t.Errorf("want error %q, got %q", want, err)
	}
}

// The hello is framed by a delimiter, all that follows by chunks.
func TestReadSwitchesAfterHello(t *testing.T) {
	r := frame.NewReader(strings.NewReader("<hello/>]]>]]>\n\n#4\n<a/>\n##\n"), frame.Limits{})
	hello, err := r.Next()
	if err != nil || string(hello) != "<hello/>" {
		t.Fatalf("hello: %q, %v", hello, err)
	}
	r.Chunked()
	if m, err := r.Next(); err != nil || string(m) != "<a/>" {
		t.Errorf("first chunked message: %q, %v", m, err)
	}
}

// 8 MiB is the limit where nobody names another, or a strange one.
func TestDefaultLimit(t *testing.T) {
	for _, limit := range []int64{0, -1} {
		for size, want := range map[int]string{8 << 20: "", 8<<20 + 1: "message larger than the limit of 8388608 bytes"} {
			in := io.MultiReader(strings.NewReader(strings.Repeat("x", size)), strings.NewReader("]]>]]>"))
			got, err := readAll(frame.NewReader(in, frame.Limits{Message: limit}))
			checkErr(t, err, want)
			if want == "" && (len(got) != 1 || len(got[0]) != size) {
				t.Errorf("%d bytes were not read whole", size)
			}
		}
	}
}

// The limits of the hello are not those of what follows.
func TestLimitsChangeBetweenMessages(t *testing.T) {
	r := frame.NewReader(strings.NewReader("12345]]>]]>123456]]>]]>"), frame.Limits{Message: 5})
	if m, err := r.Next(); err != nil || string(m) != "12345" {
		t.Fatalf("got %q, %v", m, err)
	}
	r.SetLimits(frame.Limits{Message: 6})
	if m, err := r.Next(); err != nil || string(m) != "123456" {
		t.Errorf("got %q, %v", m, err)
	}
}

// What arrived of a broken message comes with the error, to be quoted.
func TestBrokenMessagesAreShown(t *testing.T) {
	for in, row := range map[string]struct {
		chunked bool
		want    string
	}{
		"no such command":   {false, "no such command"},
		"\n#3\nabc\n#5\nde": {true, "abcde"},
		"\n#3\nabcx":        {true, "abc"},
		"\n#3\nabc\n#x":     {true, "abc"},
	} {
		r := frame.NewReader(strings.NewReader(in), frame.Limits{})
		if row.chunked {
			r.Chunked()
		}
		if m, err := r.Next(); err == nil || string(m) != row.want {
			t.Errorf("%q: want %q, got %q, %v", in, row.want, m, err)
		}
	}
	r := frame.NewReader(strings.NewReader("123456]]>]]>"), frame.Limits{Message: 5})
	if m, err := r.Next(); !errors.Is(err, frame.ErrTooLarge) || string(m) != "123456" {
		t.Errorf("too large: %q, %v", m, err)
	}
	r = frame.NewReader(strings.NewReader("\n#3\nabc\n#3\ndef"), frame.Limits{Message: 5})
	r.Chunked()
	if m, err := r.Next(); !errors.Is(err, frame.ErrTooLarge) || string(m) != "abc" {
		t.Errorf("too large, in chunks: %q, %v", m, err)
	}
}

// What else ends a stream than its end is told as it is.
func TestErrorsInsideAMessage(t *testing.T) {
	broken := errors.New("broken")
	for _, in := range []string{"no end]]>", "\n#", "\n#3", "\n#3\n", "\n#3\nab", "\n#3\nabc", "\n#3\nabc\n#"} {
		r := frame.NewReader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)), frame.Limits{})
		if in[0] == '\n' {
			r.Chunked()
		}
		if _, err := r.Next(); !errors.Is(err, broken) || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: got %v", in, err)
		}
	}
}

// Memory follows what arrives, not what a header announces.
func TestAnnouncedSizeAllocatesNothing(t *testing.T) {
	header := "\n#4000000000\nabc"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := frame.NewReader(strings.NewReader(header), frame.Limits{Message: 1 << 40})
	r.Chunked()
	_, err := r.Next()
	runtime.ReadMemStats(&after)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 1<<20 {
		t.Errorf("a header of 4 GB made the reader allocate %d bytes", allocated)
	}
}

// A large message moves to a larger place each time that it has doubled, and at
// no other time: 20 MB come in thousands of pieces.
func TestLargeMessagesAreSeldomCopied(t *testing.T) {
	const size = 7 << 20
	text := strings.Repeat("x", size)
	for name, in := range map[string]string{"1.0": text + "]]>]]>", "1.1": fmt.Sprintf("\n#%d\n%s\n##\n", size, text)} {
		allocated := testing.AllocsPerRun(3, func() {
			r := frame.NewReader(strings.NewReader(in), frame.Limits{})
			if name == "1.1" {
				r.Chunked()
			}
			if m, err := r.Next(); err != nil || len(m) != size {
				t.Fatalf("%d bytes, %v", len(m), err)
			}
		})
		if allocated > 16 { // the reader, its buffer, and 64 KiB to 8 MiB
			t.Errorf("%s: %v allocations", name, allocated)
		}
	}
}

func TestWrite(t *testing.T) {
	rows := []struct {
		name    string
		chunked bool
		size    int
		in      []string
		want    string
		err     error
	}{
		{name: "1.0, no line feed after the delimiter", in: []string{"<a/>", "<b/>"}, want: "<a/>]]>]]><b/>]]>]]>"},
		{name: "1.0 with the delimiter inside", in: []string{"<a/>", "<a>]]>]]></a>"}, err: frame.ErrDelimiter},
		{name: "1.0 ending in half a delimiter", in: []string{"<a>]]>"}, err: frame.ErrDelimiter},
		{name: "1.0 empty", in: []string{""}, err: frame.ErrEmpty},
		{name: "1.1", chunked: true, in: []string{"<a/>", "<b/>"}, want: "\n#4\n<a/>\n##\n\n#4\n<b/>\n##\n"},
		{name: "1.1 in small chunks", chunked: true, size: 3, in: []string{"<a/>"}, want: "\n#3\n<a/\n#1\n>\n##\n"},
		{name: "1.1 may hold the delimiter", chunked: true, in: []string{"]]>]]>"}, want: "\n#6\n]]>]]>\n##\n"},
		{name: "1.1 counts bytes, not letters", chunked: true, in: []string{"ü"}, want: "\n#2\nü\n##\n"},
		{name: "1.1 empty", chunked: true, in: []string{"a", ""}, err: frame.ErrEmpty},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var out writes
			w := frame.NewWriter(&out)
			w.ChunkSize = row.size
			if row.chunked {
				w.Chunked()
			}
			n, err := w.Write(asBytes(row.in)...)
			if !errors.Is(err, row.err) {
				t.Errorf("want error %v, got %v", row.err, err)
			}
			if got := strings.Join(out, "|"); got != row.want { // | would show a second write
				t.Errorf("want %q, got %q", row.want, got)
			}
			if row.err == nil && n != len(row.in) {
				t.Errorf("want %d messages sent, got %d", len(row.in), n)
			}
		})
	}
}

type writes []string

func (w *writes) Write(b []byte) (int, error) { *w = append(*w, string(b)); return len(b), nil }

func asBytes(in []string) (out [][]byte) {
	for _, s := range in {
		out = append(out, []byte(s))
	}
	return out
}

// What was sent decides whether a lost commit may have been received.
func TestWriteCountsWhatWasSent(t *testing.T) {
	for broken, want := range map[int]int{0: 0, 13: 0, 14: 1, 27: 1} {
		w := frame.NewWriter(&breaks{after: broken})
		n, err := w.Write([]byte("<first/>"), []byte("<other/>"))
		if err == nil || n != want {
			t.Errorf("broken after %d bytes: want %d sent, got %d, %v", broken, want, n, err)
		}
		if n, again := w.Write([]byte("<a/>")); n != 0 || !errors.Is(again, err) {
			t.Errorf("a failed writer must stay so, got %d, %v", n, again)
		}
	}
}

type breaks struct{ after int }

func (b *breaks) Write(p []byte) (int, error) { return min(b.after, len(p)), io.ErrClosedPipe }

func FuzzReadDelimited(f *testing.F) {
	f.Add([]byte("<a/>]]>]]>\n<b/>]]>]]>"), uint8(1))
	f.Add([]byte("]]>]]]>]]>]]>"), uint8(3))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) { fuzzRead(t, in, step, false) })
}

func FuzzReadChunks(f *testing.F) {
	f.Add([]byte(rfcChunks), uint8(1))
	f.Add([]byte("\n#4294967295\n"), uint8(1))
	f.Add([]byte("\n#1\na\n##\n\n#1\nb\n##\n"), uint8(2))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) { fuzzRead(t, in, step, true) })
}

// fuzzRead checks that reading ends, keeps the limit, does not depend on how
// the bytes were split, and that what was read is written and read the same.
func fuzzRead(t *testing.T, in []byte, step uint8, chunked bool) {
	const limit = 1000
	read := func(r io.Reader) ([]string, error) {
		fr := frame.NewReader(r, frame.Limits{Message: limit})
		if chunked {
			fr.Chunked()
		}
		return readAll(fr)
	}
	whole, err := read(bytes.NewReader(in))
	split, splitErr := read(&steps{in, int(step%16) + 1})
	if strings.Join(whole, "\x00") != strings.Join(split, "\x00") || err.Error() != splitErr.Error() {
		t.Fatalf("split in %d: %q %v, whole: %q %v", step, split, splitErr, whole, err)
	}
	var again bytes.Buffer
	w := frame.NewWriter(&again)
	if chunked {
		w.Chunked()
	}
	for _, m := range whole {
		if len(m) > limit {
			t.Fatalf("message of %d bytes passes the limit", len(m))
		}
		if _, err := w.Write([]byte(m)); err != nil && !errors.Is(err, frame.ErrEmpty) {
			t.Fatalf("%q was read and cannot be written: %v", m, err)
		}
	}
	back, err := read(&again)
	if err != io.EOF || strings.Join(back, "") != strings.Join(whole, "") {
		t.Fatalf("wrote %q, read %q, %v", whole, back, err)
	}
}

type steps struct {
	rest []byte
	n    int
}

func (s *steps) Read(b []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(s.n, len(b))], s.rest)
	s.rest = s.rest[n:]
	return n, nil
}
