// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"strings"
	"testing"
)

func TestKeysCommandValidate(t *testing.T) {
	long := "/" + strings.Repeat("k", 1023)
	for _, row := range []struct {
		command, user string
		err           string // a part of it
	}{
		{"/usr/libexec/example/keys", "example", ""},
		{"/usr/libexec/example/keys -u %u --root '/x y' <a> & b", "example", ""},
		{long, strings.Repeat("u", 256), ""},
		{"/ä", "ü", ""},
		{"", "example", "command: want a value, got an empty string"},
		{" \t", "example", "command: want a value, got an empty string"},
		{long + "k", "example", "command: want at most 1024 characters, got 1025"},
		{"usr/keys", "example", "command: want the absolute path of a program"},
		{"./keys", "example", "command: want the absolute path of a program"},
		{"~/keys", "example", "command: want the absolute path of a program"},
		{"keys /x", "example", "command: want the absolute path of a program"},
		{"/", "example", "command: want the absolute path of a program"},
		{"// -x", "example", "command: want the absolute path of a program"},
		{"/..", "example", "command: want the absolute path of a program"},
		{"/keys\n/evil", "example", "command: want printable text on one line"},
		{"/keys\t-a", "example", "command: want printable text on one line"},
		{"/keys\x00", "example", "command: want printable text on one line"},
		{"/keys\x1b[1m", "example", "command: want printable text on one line"},
		{"/keys\xff", "example", "command: want printable text on one line"},
		{"/keys\u2028x", "example", "command: want printable text on one line"},
		{`/keys "a"`, "example", ""},
		{`/keys \a`, "example", ""},
		{"/keys; reboot", "example", ""},
		{"/keys { } 'a'", "example", ""},
		{"/keys ", "example", "command: want no blanks around the value"},
		{" /keys", "example", "command: want no blanks around the value"},
		{"/keys", "", "user: want a value, got an empty string"},
		{"/keys", strings.Repeat("u", 257), "user: want at most 256 characters, got 257"},
		{"/keys", "two words", "user: want one login name"},
		{"/keys", "a\nb", "user: want printable text on one line"},
		{"/keys", "a;b", "user: want one login name"},
		{"/keys", `"a"`, "user: want one login name"},
		{"/keys", `a\b`, "user: want one login name"},
		{"/keys", "{a", "user: want one login name"},
		{"/keys", "a}", "user: want one login name"},
	} {
		err := KeysCommand{Command: row.command, User: row.user}.Validate()
		if (err == nil) != (row.err == "") || err != nil && !strings.HasPrefix(err.Error(), row.err) {
			t.Errorf("%.30q as %.30q: want %q, got %v", row.command, row.user, row.err, err)
		}
	}
}

// A value that was accepted stands in the text of the settings on a line of
// its own.
func FuzzAcceptedValuesStayOneStatement(f *testing.F) {
	f.Add("/usr/libexec/example/keys -a", "example")
	f.Add("/a\nset system root-authentication", "x")
	f.Fuzz(func(t *testing.T, command, user string) {
		k := KeysCommand{Command: command, User: user}
		if k.Validate() != nil {
			return
		}
		if text := (Settings{Keys: k}).Text(); strings.Count(text, "\n") != 2 || !strings.HasSuffix(text, "\n") {
			t.Errorf("%q", text)
		}
	})
}
