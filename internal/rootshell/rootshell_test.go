// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

// talk is a NETCONF session as its client holds it.
func talk(t *testing.T, s *Stream) {
	t.Helper()
	got := make([]byte, len(hello))
	if _, err := io.ReadFull(s, got); err != nil || string(got) != hello {
		t.Fatalf("want the hello from its first byte, got %q, %v", got, err)
	}
	if _, err := io.WriteString(s, "<hello/>]]>]]>\n<close-session/>]]>]]>"); err != nil {
		t.Fatal(err)
	}
	var reply [19]byte
	if _, err := io.ReadFull(s, reply[:]); err != nil || string(reply[:]) != "<rpc-reply><ok/></r" {
		t.Fatalf("got %q, %v", reply, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Whatever the switch prints around it, root's session begins at its first byte,
// and ends with every shell below it.
func TestBecome(t *testing.T) {
	for name, d := range map[string]*device{
		"junos":                    {},
		"a banner like a prompt":   {Banner: "#######\nWelcome to vc1>\n100%\nPassword:\nlogin: \n"},
		"a message of the day":     {Banner: "--- JUNOS 25.2R1.9 Kernel 64-bit\nAll is logged.\n"},
		"FIPS":                     {Prompt: "officer@vc1:fips> "},
		"a prompt of their own":    {Prompt: "switch-1> "},
		"colours":                  {Prompt: "\x1b[1madmin@vc1\x1b[0m> ", Shell: "\x1b]0;title\x07root@vc1:~ # "},
		"another question":         {Ask: "root's Password: "},
		"no password":              {Ask: "-"},
		"a shell of FreeBSD":       {Shell: "root@vc1:~ # "},
		"a shell of Evolved":       {Shell: "[vrf:none] root@vc1:~# "},
		"a bare shell":             {Shell: "% "},
		"a user with a shell":      {UserShell: "% "},
		"a user with bash":         {UserShell: "admin@vc1:~$ "},
		"no echo":                  {NoEcho: true},
		"root is greeted":          {Shell: "All authentication failures are logged.\nsorry\nPassword:\nroot@vc1:RE:0% "},
		"a place in the prompt":    {Prompt: "{master:0} admin@vc1> ", Shell: "{master:0} root@vc1:RE:0% "},
		"a prompt of tcsh":         {Shell: "[root@vc1 ~] 12:01 % "},
		"no line after the secret": {Shell: "\nroot@vc1:RE:0% ", NoNewline: true},
	} {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			a := begin(t, t.Context(), d, Options{Password: password}, nil)
			if a.err != nil {
				t.Fatal(a.err)
			}
			talk(t, a.stream)
			a.ended(t)
			d.onlyThere(t)
			if want := d.Ask != "-"; slices.Contains(d.told("password"), password) != want {
				t.Errorf("the password was typed: want %v, heard %v", want, d.told(""))
			}
			if !d.left {
				t.Errorf("nobody logged out: %v", d.told(""))
			}
		})
	}
}

// A login as root lands in root's shell, where nothing is asked for.
func TestRootIsRootAlready(t *testing.T) {
	leaktest.Check(t)
	d := &device{UserShell: "root@vc1:RE:0% ", UserUID: "0", Banner: "Last login: today\n"}
	a := begin(t, t.Context(), d, Options{Password: password}, nil)
	if a.err != nil {
		t.Fatal(a.err)
	}
	talk(t, a.stream)
	a.ended(t)
	if len(d.told("password")) > 0 || len(d.told("cli")) > 0 {
		t.Errorf("something was typed elsewhere: %v", d.told(""))
	}
}

// What stands in the way is named, the password goes nowhere else, and nothing is
// left running.
func TestRefusals(t *testing.T) {
	for name, row := range map[string]struct {
		on     *device
		secret string
		want   error
		phase  string
		shows  string
	}{
		"wrong password":           {secret: canary.Wrong, want: ErrWrongPassword, phase: phasePassword, shows: "su: Sorry"},
		"wrong, in other words":    {on: &device{Refusal: "Login incorrect"}, secret: canary.Wrong, want: ErrWrongPassword, phase: phasePassword},
		"wrong, without words":     {on: &device{Refusal: " "}, secret: canary.Wrong, want: ErrWrongPassword, phase: phasePassword},
		"asked again":              {on: &device{AskAgain: true}, secret: canary.Wrong, want: ErrWrongPassword, phase: phasePassword},
		"no password":              {secret: "-", want: ErrNoPassword, phase: phasePassword},
		"no permission":            {on: &device{Forbidden: true}, want: ErrNoPermission, phase: phaseStart, shows: "unknown command."},
		"a stranger's question":    {on: &device{Ask: "admin@bastion's password: "}, want: ErrUnknownPrompt, phase: phaseStart, shows: "bastion"},
		"a question behind a text": {on: &device{Before: "Connecting to another host\n"}, want: ErrUnknownPrompt, phase: phaseStart},
		"a question on its line":   {on: &device{Before: "jump "}, want: ErrUnknownPrompt, phase: phaseStart},
		"a question in the banner": {on: &device{Banner: "Password:", Silent: "login"}, want: ErrStrayPrompt, phase: phaseLogin},
		"a new password":           {on: &device{Banner: "Your password has expired.\nNew password:", Silent: "login"}, want: ErrMustChange, phase: phaseLogin},
		"no known prompt":          {on: &device{Prompt: "admin on vc1 = "}, want: ErrUnknownPrompt, phase: phaseLogin, shows: "admin on vc1 ="},
		"an unknown shell":         {on: &device{Shell: "root on vc1 = "}, want: ErrUnknownPrompt, phase: phasePassword},
		"a shell of another":       {on: &device{UID: "2000"}, want: ErrNotRoot, phase: phaseShell, shows: "2000"},
		"no NETCONF":               {on: &device{NoNETCONF: true}, want: ErrNoNETCONF, phase: phaseNETCONF, shows: "Command not found"},
		"the password is printed":  {on: &device{EchoSecret: true}, want: ErrEchoed, phase: phasePassword},
		"a flood":                  {on: &device{Banner: strings.Repeat("all is well\n", 1<<13)}, want: ErrTooMuch, phase: phaseLogin},
		"a line end in the secret": {secret: "two\nlines", want: ErrUnusablePassword, phase: phasePassword},
		"a silent login":           {on: &device{Silent: "login"}, want: ErrSilent, phase: phaseLogin},
		"a silent command line":    {on: &device{Silent: rootCommand}, want: ErrSilent, phase: phaseStart},
		"a silent shell":           {on: &device{Silent: "id -u"}, want: ErrSilent, phase: phaseShell},
		"a silent session":         {on: &device{Silent: "stty"}, want: ErrSilent, phase: phaseNETCONF},
	} {
		t.Run(name, func(t *testing.T) {
			leaktest.Check(t)
			d := row.on
			if d == nil {
				d = &device{}
			}
			o := Options{Host: "vc1", Password: password, Timeout: 300 * time.Millisecond}
			switch row.secret {
			case "-":
				o.Password = ""
			case canary.Wrong, "two\nlines":
				o.Password = secret.String(row.secret)
			}
			a := begin(t, t.Context(), d, o, nil)
			if a.err == nil {
				t.Fatal("root was let in")
			}
			e := explained(t, a.err)
			if !errors.Is(a.err, row.want) || e.Phase != row.phase || !strings.Contains(e.Seen, row.shows) || e.Hint() == "" {
				t.Errorf("want %v in %q that shows %q, got %v (%s)", row.want, row.phase, row.shows, a.err, e.Hint())
			}
			a.ended(t)
			d.onlyThere(t)
			if len(d.told("second password")) > 0 && d.told("second password")[0] != "\x03" {
				t.Errorf("a second question was answered: %v", d.told(""))
			}
		})
	}
}

// The caller may end the dialogue at any time.
func TestCancelled(t *testing.T) {
	leaktest.Check(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("the task was stopped")
	d := &device{Silent: rootCommand}
	time.AfterFunc(50*time.Millisecond, func() { cancel(why) })
	a := begin(t, ctx, d, Options{Password: password}, nil)
	if !errors.Is(a.err, why) {
		t.Errorf("want %v, got %v", why, a.err)
	}
	explained(t, a.err)
	a.ended(t)
}
