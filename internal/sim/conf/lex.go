// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "strings"

// token is a word, a quoted string or a sign of text or set input.
type token struct {
	kind      byte // w word, s quoted string, \n end of a line, 0 end of input, otherwise the sign itself
	text      string
	line, col int
	bol       int // where its line begins
}

func (t token) isWord() bool { return t.kind == 'w' || t.kind == 's' }

// show returns a token as an error names it.
func (t token) show() string {
	if t.kind == 0 || t.kind == '\n' {
		return ""
	}
	return t.text
}

// lexer cuts text into tokens. In lines mode the end of a line is a token (set commands).
type lexer struct {
	in        string
	pos       int
	line, bol int
	lines     bool
	ahead     token
	hasAhead  bool
	note      *string // comment that stood before the token ahead
}

func newLexer(in string, lines bool) *lexer { return &lexer{in: in, line: 1, lines: lines} }

func (l *lexer) peek() token {
	if !l.hasAhead {
		l.ahead, l.hasAhead = l.scanToken(), true
	}
	return l.ahead
}

func (l *lexer) next() token {
	t := l.peek()
	l.hasAhead = t.kind == 0
	if !t.isWord() {
		l.note = nil
	}
	return t
}

func (l *lexer) scanToken() token {
	for l.pos < len(l.in) {
		c := l.in[l.pos]
		t := token{line: l.line, col: l.pos - l.bol + 1, bol: l.bol}
		switch {
		case c == '\n':
			l.pos++
			l.line, l.bol = l.line+1, l.pos
			if l.lines {
				t.kind = '\n'
				return t
			}
		case c <= ' ':
			l.pos++
		case c == '#':
			l.skipLine()
		case c == '/' && strings.HasPrefix(l.in[l.pos:], "/*"):
			l.note = cleanComment(l.scanComment())
		case c == '"':
			t.kind, t.text = 's', l.scanQuoted()
			return t
		case strings.IndexByte("{};[]", c) >= 0:
			t.kind, t.text = c, string(c)
			l.pos++
			return t
		default:
			t.kind, t.text = 'w', l.scanWord()
			return t
		}
	}
	return token{line: l.line, col: l.pos - l.bol + 1, bol: l.bol}
}

func (l *lexer) skipLine() {
	if i := strings.IndexByte(l.in[l.pos:], '\n'); i >= 0 {
		l.pos += i
		return
	}
	l.pos = len(l.in)
}

// scanComment returns what stands between the comment signs.
func (l *lexer) scanComment() string {
	rest := l.in[l.pos+2:]
	i := strings.Index(rest, "*/")
	end := l.pos + 2 + i + 2
	if i < 0 {
		i, end = len(rest), len(l.in)
	}
	l.advance(end)
	return strings.TrimSpace(rest[:i])
}

// scanQuoted reads a string in quotes. A backslash protects a quote and itself; before other letters it stays.
func (l *lexer) scanQuoted() string {
	var b strings.Builder
	i := l.pos + 1
	for ; i < len(l.in) && l.in[i] != '"'; i++ {
		if l.in[i] == '\\' && i+1 < len(l.in) && (l.in[i+1] == '"' || l.in[i+1] == '\\') {
			i++
		}
		b.WriteByte(l.in[i])
	}
	l.advance(min(i+1, len(l.in)))
	return b.String()
}

// scanWord ends at white space and at a sign; brackets inside a word belong to it, as in ge-0/0/[0-5].
func (l *lexer) scanWord() string {
	start := l.pos
	for l.pos < len(l.in) {
		c := l.in[l.pos]
		if c <= ' ' || c == '{' || c == '}' || c == ';' || c == '"' || c == ']' && !strings.Contains(l.in[start:l.pos], "[") {
			break
		}
		l.pos++
	}
	return l.in[start:l.pos]
}

func (l *lexer) advance(to int) {
	for ; l.pos < to; l.pos++ {
		if l.in[l.pos] == '\n' {
			l.line, l.bol = l.line+1, l.pos+1
		}
	}
}

// sourceLine returns the line of the input that a token stands in, or the beginning of it.
func (l *lexer) sourceLine(t token) string {
	line := l.in[min(t.bol, len(l.in)):]
	line, _, _ = strings.Cut(line[:min(len(line), maxSource)], "\n")
	return strings.TrimSpace(line)
}

const maxSource = 256

// quoteWord returns a value as text and set output show it.
func quoteWord(v string) string {
	if v != "" && strings.IndexFunc(v, isSpecial) < 0 && !strings.HasPrefix(v, "/*") && !isTag(v) {
		return v
	}
	if wild := strings.TrimSuffix(strings.TrimPrefix(v, "<"), ">"); len(v) > 2 && len(wild) == len(v)-2 && !strings.ContainsAny(wild, " \"{};\n") {
		return v
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(v); i++ {
		if v[i] == '"' || v[i] == '\\' && (i+1 == len(v) || v[i+1] == '"' || v[i+1] == '\\') {
			b.WriteByte('\\')
		}
		b.WriteByte(v[i])
	}
	b.WriteByte('"')
	return b.String()
}

func isSpecial(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune("\"{}[]();#<>$&|!^~`'?@\\", r)
}

// isTag reports whether a word in front of a statement says what to do with it.
func isTag(s string) bool {
	switch s {
	case "inactive:", "active:", "protect:", "unprotect:", "delete:", "replace:":
		return true
	}
	return false
}
