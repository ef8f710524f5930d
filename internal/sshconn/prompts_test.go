// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// step is a message of a keyboard-interactive login: what is asked, and whether
// the password may be the answer.
type step struct {
	instruction string
	questions   []string
	name        string // of the exchange
	echo        bool
	answer      bool
}

// asking is a server that asks in steps, and notes every answer. It lets in who
// answers all of them with the password.
func asking(t *testing.T, steps ...step) (*sshtest.Server, *noted) {
	var answers noted
	g := &sshtest.Go{Accept: func(string) bool { return true }}
	g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		for _, s := range steps {
			echos := make([]bool, len(s.questions))
			for i := range echos {
				echos[i] = s.echo
			}
			got, err := ask(s.name, s.instruction, s.questions, echos)
			if err != nil {
				return nil, err
			}
			answers.add(got...)
			if s.answer && (len(got) != 1 || got[0] != password) {
				return nil, errors.New("no")
			}
		}
		return nil, nil
	}
	return g.Start(t), &answers
}

func q(question string) step { return step{questions: []string{question}, answer: true} }

func echoed(question string) step { return step{questions: []string{question}, echo: true} }

// A question for the password gets it, however it is worded.
func TestQuestionsForThePassword(t *testing.T) {
	for _, steps := range [][]step{
		{q("Password: ")},
		{q("Password:")},
		{q("admin's password:")},
		{q("Password for admin@127.0.0.1:")},
		{q("(admin@127.0.0.1) Password: ")},
		{q("(admin@token-new.example.com) Password: ")},
		{q("LDAP Password: ")},
		{q("Enter your AD password: ")},
		{q("Current password: ")},
		{q("Kennwort: ")},
		{q("Contraseña: ")},
		{q("Your password will expire in 5 days.\nPassword: ")},
		{q("New policy: see the wiki.\r\n\r\nThe token service is down.\r\nPassword: ")},
		{q("Last change of the password: yesterday.\n(admin@sw1) Password: ")},
		{q("Mot de passe : ")},
		{q("Wachtwoord voor admin: ")},
		{q("Adgangskode: ")},
		{q("Lösenord: ")},
		{q("Hasło: ")},
		{q("ПАРОЛЬ: ")},
		{q("パスワード: ")},
		{q("密码：")},
		{q("\x1b[1mPassword\x1b[0m: ")},
		{q("")},
		{{instruction: "Authorized use only. Passwords are changed every 90 days; new users read the code of conduct."}, q("Password: ")},
		{{instruction: "Using keyboard-interactive authentication.", questions: []string{"Password: "}, answer: true}},
		{{instruction: "House rules: never enter a colleague's login."}, {}, q("Password: "), {instruction: "Welcome"}},
	} {
		srv, answers := asking(t, steps...)
		client, err := sshconn.Dial(t.Context(), withPassword(srv))
		if got := answers.take(); err != nil || len(got) != 1 {
			t.Errorf("%+v: %v, %d answers", steps, err, len(got))
			continue
		}
		_ = client.Close()
	}
}

// Anything else gets no password, at first or after it, and is named.
func TestQuestionsForSomethingElse(t *testing.T) {
	p := q("Password: ")
	for _, row := range []struct {
		steps  []step
		demand sshconn.Demand
		sent   int
	}{
		{[]step{q("New password: ")}, sshconn.NewPassword, 0},
		{[]step{p, q("New password: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Enter New Password: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Retype new password: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("(current) UNIX password: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Enter Old Password:")}, sshconn.NewPassword, 1},
		{[]step{p, {instruction: "Password change required", questions: []string{"Password: "}}}, sshconn.NewPassword, 1},
		{[]step{{instruction: "Your password has expired.", questions: []string{"Password: "}}}, sshconn.NewPassword, 0},
		{[]step{{name: "Password change required", questions: []string{"Password: "}}}, sshconn.NewPassword, 0},
		{[]step{q("Your password has expired. Choose one: ")}, sshconn.NewPassword, 0},
		{[]step{p, q("Re-enter password: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Confirm password: ")}, sshconn.NewPassword, 1},
		{[]step{q("Verification code: ")}, sshconn.OneTimeCode, 0},
		{[]step{p, q("Verification code: ")}, sshconn.OneTimeCode, 1},
		{[]step{p, q("Enter the 6-digit code: ")}, sshconn.OneTimeCode, 1},
		{[]step{q("Enter PASSCODE: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Password + OTP: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("One-time password (OATH) for `admin': ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Enter PIN: ")}, sshconn.OneTimeCode, 0},
		{[]step{p, q("Challenge: 84732921 Response: ")}, sshconn.OneTimeCode, 1},
		{[]step{q("otp-md5 97 fi3912 ext\nS/Key Password: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Einmalpasswort: ")}, sshconn.OneTimeCode, 0},
		{[]step{p, {instruction: "Enter the code from your token", questions: []string{"Password: "}}}, sshconn.OneTimeCode, 1},
		{[]step{p, {questions: []string{"Passcode or option (1-2): "}, echo: true}}, sshconn.OneTimeCode, 1},
		{[]step{echoed("Username: ")}, sshconn.EchoedText, 0},
		{[]step{echoed("Password: ")}, sshconn.EchoedText, 0},
		{[]step{echoed("login: ")}, sshconn.EchoedText, 0},
		{[]step{{questions: []string{"Username: ", "Password: "}}}, sshconn.ManyAnswers, 0},
		{[]step{{questions: []string{"Password: ", "Code: "}}}, sshconn.OneTimeCode, 0},
		{[]step{{questions: []string{"Old password: ", "New password: ", "Again: "}}}, sshconn.NewPassword, 0},
		{[]step{p, q("Mother's maiden name: ")}, sshconn.OtherAnswer, 1},
		{[]step{p, q("")}, sshconn.OtherAnswer, 1},
		{[]step{q("Mother's maiden name: ")}, sshconn.UnknownText, 0},
		{[]step{q("Username: ")}, sshconn.UnknownText, 0},
		{[]step{q("Press Enter to continue")}, sshconn.UnknownText, 0},
		{[]step{q("Six digits: ")}, sshconn.UnknownText, 0},
		{[]step{q("Zufallszahl: ")}, sshconn.UnknownText, 0},
		{[]step{q("Antwort: ")}, sshconn.UnknownText, 0},
		{[]step{q("Enter the one-time\npassword: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Choose a new\npassword: ")}, sshconn.NewPassword, 0},
		{[]step{q("Your password has expired.\nPassword: ")}, sshconn.NewPassword, 0},
		{[]step{q("Welcome.\nEnter the code: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("SMS: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("mTAN: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Dynamic password: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Passkey: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Mot de passe à usage unique : ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Contraseña de un solo uso: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Código de verificación: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Password monouso: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Eenmalig wachtwoord: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Engångslösenord: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Hasło jednorazowe: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("Одноразовый пароль: ")}, sshconn.OneTimeCode, 0},
		{[]step{p, q("Код подтверждения: ")}, sshconn.OneTimeCode, 1},
		{[]step{q("ワンタイムパスワード: ")}, sshconn.OneTimeCode, 0},
		{[]step{q("一次性密码: ")}, sshconn.OneTimeCode, 0},
		{[]step{p, q("Neues Passwort: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Altes Kennwort: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Nouveau mot de passe : ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Nueva contraseña: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("Новый пароль: ")}, sshconn.NewPassword, 1},
		{[]step{p, q("新しいパスワード: ")}, sshconn.NewPassword, 1},
		{[]step{{instruction: "Ihr Passwort ist abgelaufen.", questions: []string{"Passwort: "}}}, sshconn.NewPassword, 0},
	} {
		srv, answers := asking(t, row.steps...)
		pe := failsIn(t, withPassword(srv), sshconn.PhaseAuthentication, "the server asks for "+string(row.demand), "")
		var demand *sshconn.DemandError
		if !errors.As(pe, &demand) || demand.Demand != row.demand || pe.Hint() == "" || strings.Contains(pe.Hint(), "check username") {
			t.Errorf("%+v: want %s, got %v (%s)", row.steps, row.demand, pe, pe.Hint())
		}
		if n := len(answers.take()); n != row.sent || srv.Connections() != 1 {
			t.Errorf("%+v: want %d answers on one connection, got %d on %d", row.steps, row.sent, n, srv.Connections())
		}
	}
}

// Names in a question mean nothing, and do not hide what means something.
func TestQuestionsWithNames(t *testing.T) {
	for _, row := range []struct {
		user, question string
		answered       bool
	}{
		{"token", "token's password: ", true},
		{"new", "Password for NEW: ", true},
		{"verify", "(verify@sw-otp) Password: ", true},
		{"n", "New password: ", false},
		{"ew", "New password: ", false},
		{"e", "Verification code: ", false},
		{"code", "Passcode: ", false},
		{"new", "new-password: ", false},
	} {
		srv, answers := asking(t, q(row.question))
		c := withPassword(srv)
		c.User = row.user
		client, err := sshconn.Dial(t.Context(), c)
		if (err == nil) != row.answered || len(answers.take()) > 0 != row.answered {
			t.Errorf("%s: %s: want an answer %v, got %v", row.user, row.question, row.answered, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
}

// The password that is asked for again was wrong; it is not sent again.
func TestPasswordIsAskedForAgain(t *testing.T) {
	for _, again := range []string{"Password: ", "Sorry, try once more. Password: ", "Passwort: "} {
		srv, answers := asking(t, step{questions: []string{"Password: "}}, q(again))
		c := withPassword(srv)
		c.Password = canary.Wrong
		pe := failsIn(t, c, sshconn.PhaseAuthentication, `user "admin" was refused; tried keyboard-interactive`, "check username")
		if n := len(answers.take()); n != 1 || strings.Contains(pe.Error(), "asks for") {
			t.Errorf("%s: %d answers, %v", again, n, pe)
		}
	}
}

// partly is a server that takes the password for a part of the login.
func partly(t *testing.T, next ssh.ServerAuthCallbacks, seen *noted) *sshtest.Server {
	g := &sshtest.Go{}
	g.Config.PasswordCallback = func(_ ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
		seen.add(string(p))
		return nil, &ssh.PartialSuccessError{Next: next}
	}
	return g.Start(t)
}

// Once a password is accepted as a part of the login, what comes then is another
// part, and gets no password.
func TestPasswordIsAPartOfTheLogin(t *testing.T) {
	for _, question := range []string{"Password: ", "Code: ", "Antwort: "} {
		var seen noted
		srv := partly(t, ssh.ServerAuthCallbacks{KeyboardInteractiveCallback: func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			got, err := ask("", "", []string{question}, []bool{false})
			seen.add(got...)
			return nil, errors.Join(err, errors.New("no"))
		}}, &seen)
		failsIn(t, withPassword(srv), sshconn.PhaseAuthentication, "the server asks for ", "")
		if n := len(seen.take()); n != 1 {
			t.Errorf("%s: sent %d times", question, n)
		}
	}
	var seen noted
	again := func(_ ssh.ConnMetadata, p []byte) (*ssh.Permissions, error) {
		seen.add(string(p))
		return nil, nil
	}
	srv := partly(t, ssh.ServerAuthCallbacks{PasswordCallback: again}, &seen)
	failsIn(t, withPassword(srv), sshconn.PhaseAuthentication, "the server asks for another answer after the password", "an account that logs in with its password alone")
	if n := len(seen.take()); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

// A question that is strange goes unanswered where the password was refused just
// before, and one for the password is answered.
func TestQuestionAfterARefusedPassword(t *testing.T) {
	for question, want := range map[string]int{"Password: ": 1, "Antwort: ": 0, "Old password: ": 0} {
		var answers noted
		g := open()
		g.Config.PasswordCallback = sshtest.Password(canary.Wrong)
		g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			got, err := ask("", "", []string{question}, []bool{false})
			answers.add(got...)
			return nil, errors.Join(err, errors.New("no"))
		}
		failsIn(t, withPassword(g.Start(t)), sshconn.PhaseAuthentication, "was refused", "")
		if n := len(answers.take()); n != want {
			t.Errorf("%s: want %d answers, got %d", question, want, n)
		}
	}
}

// A server that says why it refuses is quoted; its house rules are not.
func TestServerSaysWhy(t *testing.T) {
	for banner, want := range map[string]string{
		"\x1b[31mPassword change required\x1b[0m\r\nContact the helpdesk.\n": `; the server said "Password change required"`,
		"Account admin is locked\n":                                 `; the server said "Account admin is locked"`,
		"WARNING\n\nYour password has expired\u202e and more\a\n":   `; the server said "Your password has expired and more"`,
		"Too many failed logins, try later\n":                       `; the server said "Too many failed logins, try later"`,
		"Passwords are secret. New accounts: ask NOC. Access code.": "",
	} {
		g := open()
		g.Config.PasswordCallback = func(m ssh.ConnMetadata, _ []byte) (*ssh.Permissions, error) {
			if err := m.(ssh.ServerPreAuthConn).SendAuthBanner(banner); err != nil {
				return nil, err
			}
			return nil, errors.New("no")
		}
		pe := failsIn(t, withPassword(g.Start(t)), sshconn.PhaseAuthentication, want, "")
		if want == "" && strings.Contains(pe.Error(), "the server said") {
			t.Errorf("%q: %v", banner, pe)
		}
	}
}

// SSH_MSG_USERAUTH_PASSWD_CHANGEREQ, which no server of a library sends.
func TestPasswordChangeRequest(t *testing.T) {
	err := sshconn.RefusalOf(errors.New("ssh: unexpected message type 60 (expected 52)"))
	var demand *sshconn.DemandError
	if !errors.As(err, &demand) || demand.Demand != sshconn.NewPassword || !strings.HasSuffix(err.Error(), "; the server asks for a new password") {
		t.Errorf("got %v", err)
	}
	if err := sshconn.RefusalOf(errors.New("ssh: unexpected message type 61 (expected 52)")); errors.As(err, &demand) {
		t.Errorf("got %v", err)
	}
}

// What a jump host or a proxy says is cleaned before it is shown.
func TestWordsOfOthersAreCleaned(t *testing.T) {
	const evil, plain = "no\x1b[2J\x1b]0;owned\a way\r\n\u009b31m\u202eto \u2066it\x00\x7f", "no way to it"
	g := &sshtest.Go{}
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }
	g.Conn = func(_ *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		go ssh.DiscardRequests(reqs)
		for nc := range chans {
			_ = nc.Reject(ssh.Prohibited, evil)
		}
	}
	_, err := sshconn.Dial(t.Context(), throughBastion(t, g.Start(t), sshtest.Raw(t, stay)))
	wantClean(t, err, "cannot reach it: "+plain+" (administratively prohibited)")

	c := withPassword(open().Start(t))
	script := filepath.Join(t.TempDir(), "proxy")
	sshtest.Write(t, script, "cat >&2 <<'E'\n"+strings.ReplaceAll(evil, "\x00", "")+"\nE\nexit 1\n")
	c.ProxyCommand = "sh " + script
	_, err = sshconn.Dial(t.Context(), c)
	wantClean(t, err, `proxy_command ended: exit status 1: "`+plain+`"`)

	srv, _ := asking(t, echoed(evil))
	_, err = sshconn.Dial(t.Context(), withPassword(srv))
	wantClean(t, err, `that it would echo: "`+plain+`"`)

	talk := open()
	talk.Handle = func(ch ssh.Channel) { _, _ = ch.Stderr().Write([]byte(evil)) }
	s, err := dial(t, withPassword(talk.Start(t))).Exec(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = s.Read(make([]byte, 1))
	if got := s.Stderr(); got != plain {
		t.Errorf("stderr: %q", got)
	}
}

func wantClean(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || r > 0x7e }) {
		t.Errorf("want %s in nothing but plain letters, got %q", text, err)
	}
}

// A password is bytes: braces, percent signs and dollars mean nothing in it.
func TestPasswordsWithBraces(t *testing.T) {
	for _, text := range []string{"{{ x }}", "{% if %}", "{# #}", "a{b}c", "%h%r%%", "${HOME}$HOME", "'\"\\", "p\nq", " lead and trail ", "ünï€"} {
		want := secret.String(text)
		for _, kind := range []string{"password", "question"} {
			g := &sshtest.Go{}
			if kind == "password" {
				g.Config.PasswordCallback = sshtest.Password(text)
			} else {
				g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
					if got, err := ask("", "", []string{"Password:"}, []bool{false}); err != nil || got[0] != text {
						return nil, errors.New("no")
					}
					return nil, nil
				}
			}
			c := withPassword(g.Start(t))
			c.Password = want
			dial(t, c)
		}
		path, _, pub := keyFile(t, text)
		c := withPassword(lockedBy(t, pub))
		c.Password, c.PrivateKeyFile, c.PrivateKeyPassphrase = "", path, want
		dial(t, c)
	}
}

// A session that is ended right after a good login is told as that.
func TestSessionIsEndedAfterTheLogin(t *testing.T) {
	for name, end := range map[string]func(net.Conn){
		"reset":  func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0); _ = c.Close() },
		"closed": func(c net.Conn) { _ = c.Close() },
		"half":   func(c net.Conn) { _ = c.(*net.TCPConn).CloseWrite(); stay(c) },
	} {
		wires := make(chan net.Conn, 1)
		g := open()
		g.Wire = func(c net.Conn) { wires <- c }
		g.Conn = func(_ *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
			go ssh.DiscardRequests(reqs)
			<-chans
			end(<-wires)
		}
		_, err := dial(t, withPassword(g.Start(t))).Subsystem(t.Context(), "netconf")
		if err == nil || !strings.Contains(err.Error(), "channel: after the login the server closed the connection") || !strings.Contains(hint(err), "authorization by RADIUS or TACACS+") {
			t.Errorf("%s: got %v (%s)", name, err, hint(err))
		}
	}
}

// A host certificate whose CA signs with SHA-1 takes the option legacy; no
// ssh_config brings it back.
func TestRealHostCertificateWithSHA1(t *testing.T) {
	srv := sshtest.OpenSSH(t, "HostKey %DIR%/host_ed25519\nHostCertificate %DIR%/host_ed25519-cert.pub")
	ca := sshtest.Keygen(t, filepath.Join(srv.Dir, "hostca"), "-t", "rsa", "-b", "2048")
	c := withKey(t, srv)
	c.KnownHosts = []string{filepath.Join(srv.Dir, "ca_known")}
	sshtest.Write(t, c.KnownHosts[0], "@cert-authority * "+sshtest.Read(t, ca+".pub"))
	for _, row := range []struct{ signed, algorithms, lines, err string }{
		{"rsa-sha2-512", "", "", ""},
		{"ssh-rsa", "", "", "the certificate is not valid: it is signed with ssh-rsa; the server shows"},
		{"ssh-rsa", "modern", "", "it is signed with ssh-rsa"},
		{"ssh-rsa", "legacy", "", ""},
		{"ssh-rsa", "", "CASignatureAlgorithms +ssh-rsa", "it is signed with ssh-rsa"},
		{"rsa-sha2-512", "", "CASignatureAlgorithms ssh-ed25519", "it is signed with rsa-sha2-512"},
		{"rsa-sha2-512", "legacy", "CASignatureAlgorithms -rsa*", "it is signed with rsa-sha2-512"},
	} {
		sshtest.Run(t, "ssh-keygen", "-q", "-s", ca, "-t", row.signed, "-I", "sw1", "-h", "-n", srv.Host, filepath.Join(srv.Dir, "host_ed25519.pub"))
		c.Algorithms, c.SSHConfig = row.algorithms, filepath.Join(srv.Dir, "config")
		sshtest.Write(t, c.SSHConfig, row.lines+"\n")
		client, err := sshconn.Dial(t.Context(), c)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%s: want %q, got %v", fmt.Sprint(row), row.err, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
}
