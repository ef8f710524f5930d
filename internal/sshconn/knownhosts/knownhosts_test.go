// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts_test

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// keys are made once for a test: "ed1", "ed2" of one type, "ec1" of another, "ca".
type keys map[string]ssh.Signer

func newKeys(t testing.TB) keys {
	t.Helper()
	k := keys{}
	for _, name := range []string{"ed1", "ed2", "ca"} {
		_, private, err := ed25519.GenerateKey(rand.Reader)
		k.add(t, name, private, err)
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	k.add(t, "ec1", private, err)
	return k
}

func (k keys) add(t testing.TB, name string, private any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if k[name], err = ssh.NewSignerFromKey(private); err != nil {
		t.Fatal(err)
	}
}

// text replaces {name} by "type base64".
func (k keys) text(s string) string {
	for name, key := range k {
		s = strings.ReplaceAll(s, "{"+name+"}", strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key.PublicKey()))))
	}
	return s
}

// certificate signs ed1 as a host key.
func (k keys) certificate(t testing.TB, kind uint32, principal string, until time.Time) ssh.PublicKey {
	t.Helper()
	c := &ssh.Certificate{Key: k["ed1"].PublicKey(), CertType: kind, KeyId: "sw1", ValidPrincipals: []string{principal},
		ValidAfter: uint64(time.Now().Add(-time.Hour).Unix()), ValidBefore: uint64(until.Unix())}
	if err := c.SignCert(rand.Reader, k["ca"]); err != nil {
		t.Fatal(err)
	}
	return c
}

func hashed(name string) string { return hashedWith("12345678901234567890", name) }

func hashedWith(salt, name string) string {
	mac := hmac.New(sha1.New, []byte(salt))
	mac.Write([]byte(name))
	return "|1|" + base64.StdEncoding.EncodeToString([]byte(salt)) + "|" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestCheck(t *testing.T) {
	k := newKeys(t)
	const sw1at830 = "[sw1.example.com]:830"
	rows := []struct {
		name, file string
		key        string // ed1 if empty
		port       int    // 830 if 0
		host       string
		want       knownhosts.Verdict
		lines      string // the lines that decided
	}{
		{name: "unknown", file: "other {ed1}", want: knownhosts.Unknown},
		{name: "empty file", want: knownhosts.Unknown},
		{name: "known with its port", file: sw1at830 + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "fallback to the plain name", file: "sw1.example.com {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "fallback with another port known", file: "[sw1.example.com]:22 {ed2}\nsw1.example.com {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "no fallback after a mismatch", file: sw1at830 + " {ed2}\nsw1.example.com {ed1}", want: knownhosts.Changed, lines: "1"},
		{name: "no fallback when another type is known", file: sw1at830 + " {ec1}\nsw1.example.com {ed1}", want: knownhosts.Unknown, lines: "1"},
		{name: "mismatch of the plain name", file: "sw1.example.com {ed2}", want: knownhosts.Changed, lines: "1"},
		{name: "another type is no mismatch", file: sw1at830 + " {ec1}", want: knownhosts.Unknown, lines: "1"},
		{name: "another type beside the right one", file: sw1at830 + " {ec1}\n" + sw1at830 + " {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "two keys of a type, one right", file: sw1at830 + " {ed2}\n" + sw1at830 + " {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "plain entry for port 22", port: 22, file: "sw1.example.com {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "port 22 needs no other port's entry", port: 22, file: sw1at830 + " {ed1}", want: knownhosts.Unknown},
		{name: "several names in a line", file: "a,sw1.example.com,192.0.2.1 {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "upper case", file: "SW1.Example.COM {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "host in upper case", host: "SW1.Example.com", file: sw1at830 + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "host in upper case, hashed", host: "SW1.Example.com", file: hashed(sw1at830) + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "wildcard", file: "*.example.com {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "wildcard with port", file: "[*.example.com]:830 {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "question mark", file: "sw?.example.com {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "negated", file: "*.example.com,!sw1.* {ed1}", want: knownhosts.Unknown},
		{name: "hashed with port", file: hashed(sw1at830) + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "hashed plain", file: hashed("sw1.example.com") + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "hashed of another", file: hashed("sw2.example.com") + " {ed1}", want: knownhosts.Unknown},
		{name: "hashed mismatch", file: hashed(sw1at830) + " {ed2}", want: knownhosts.Changed, lines: "1"},
		{name: "hashed with a salt of 100 bytes", file: hashedWith(strings.Repeat("s", 100), sw1at830) + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "hashed without a salt", file: hashedWith("", sw1at830) + " {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "hashed in another way", file: strings.Replace(hashed(sw1at830), "|1|", "|2|", 1) + " {ed1}", want: knownhosts.Unknown},
		{name: "hashed with a broken salt", file: strings.Replace(hashed(sw1at830), "=|", "=!|", 1) + " {ed1}", want: knownhosts.Unknown},
		{name: "hashed, and the hash is broken", file: hashed(sw1at830) + "! {ed1}", want: knownhosts.Unknown},
		{name: "hash is broken", file: "|1|xx|yy {ed1}\n|2|a|b {ed1}\n|1| {ed1}", want: knownhosts.Unknown},
		{name: "revoked", file: "@revoked * {ed1}\n" + sw1at830 + " {ed1}", want: knownhosts.Revoked, lines: "1"},
		{name: "revoked after it was known", file: sw1at830 + " {ed1}\n@revoked *.example.com {ed1}", want: knownhosts.Revoked, lines: "2"},
		{name: "revoked for another host", file: "@revoked other {ed1}\n" + sw1at830 + " {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "CA line is no key", file: "@cert-authority * {ed1}", want: knownhosts.Unknown},
		{name: "certificate", key: "cert", file: "@cert-authority *.example.com {ca}", want: knownhosts.Trusted, lines: "1"},
		{name: "certificate with port in the line", key: "cert", file: "@cert-authority [*]:830 {ca}", want: knownhosts.Trusted, lines: "1"},
		{name: "certificate of an unknown CA, key known", key: "cert", file: "@cert-authority * {ed2}\nsw1.example.com {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "certificate of an unknown CA", key: "cert", file: "@cert-authority * {ed2}", want: knownhosts.Unknown},
		{name: "certificate, the CA as a plain key", key: "cert", file: "* {ca}", want: knownhosts.Changed, lines: "1"},
		{name: "certificate for another host", key: "other cert", file: "@cert-authority * {ca}", want: knownhosts.BadCertificate, lines: "1"},
		{name: "certificate expired", key: "old cert", file: "@cert-authority * {ca}", want: knownhosts.BadCertificate, lines: "1"},
		{name: "certificate of a user", key: "user cert", file: "@cert-authority * {ca}", want: knownhosts.BadCertificate, lines: "1"},
		{name: "certificate, CA revoked", key: "cert", file: "@cert-authority * {ca}\n@revoked * {ca}", want: knownhosts.Revoked, lines: "2"},
		{name: "certificate, key revoked", key: "cert", file: "@cert-authority * {ca}\n@revoked * {ed1}", want: knownhosts.Revoked, lines: "2"},
		{name: "lines that are not understood cost only themselves", want: knownhosts.Trusted, lines: "9",
			file: "# comment\n\nnonsense\nsw1.example.com ssh-ed25519\nsw1.example.com ssh-rsa !!!\n@new-marker * {ed2}\nsw1.example.com ssh-new AAAAB3NzaC1yc2E=\n\x00\xff\n\tsw1.example.com  {ed1}  a comment here"},
		{name: "keys that are cut short", want: knownhosts.Trusted, lines: "5",
			file: "sw1.example.com ssh-ed25519 AAAA\nsw1.example.com ssh-ed25519 AAAAAA==\nsw1.example.com ssh-ed25519 AAAADHNzaC1lZDI1NTE5\n" +
				"sw1.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5!\nsw1.example.com {ed1}"},
		{name: "a key that is not the line's type", file: "sw1.example.com ssh-rsa " + blobOf(k["ed1"]) + "\nsw1.example.com {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "revoked line that is broken", file: "@revoked * ssh-ed25519 AAAA!\nsw1.example.com {ed1}", want: knownhosts.Trusted, lines: "2"},
		{name: "fields between odd spaces", file: "\v @revoked\t*\f\u00a0{ed1}\u0085", want: knownhosts.Revoked, lines: "1"},
		{name: "IPv6 with zone", host: "fe80::1%eth0", file: "[fe80::1%eth0]:830 {ed1}", want: knownhosts.Trusted, lines: "1"},
		{name: "no line feed at the end, CRLF before", file: "a {ed2}\r\nsw1.example.com {ed1}\r", want: knownhosts.Trusted, lines: "2"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var db knownhosts.DB
			db.Add("known_hosts", []byte(k.text(row.file)))
			host, port := row.host, row.port
			if host == "" {
				host = "sw1.example.com"
			}
			if port == 0 {
				port = 830
			}
			r := db.Check(knownhosts.Names(host, port), k.shown(t, row.key))
			if r.Verdict != row.want {
				t.Errorf("want verdict %d, got %d (%+v)", row.want, r.Verdict, r)
			}
			if got := lines(r.Entries); got != row.lines {
				t.Errorf("want lines %q, got %q", row.lines, got)
			}
			if (r.Err != nil) != (row.want == knownhosts.BadCertificate) {
				t.Errorf("error %v does not fit the verdict", r.Err)
			}
		})
	}
}

func (k keys) shown(t testing.TB, name string) ssh.PublicKey {
	later := time.Now().Add(time.Hour)
	switch name {
	case "":
		return k["ed1"].PublicKey()
	case "cert":
		return k.certificate(t, ssh.HostCert, "sw1.example.com", later)
	case "other cert":
		return k.certificate(t, ssh.HostCert, "sw2.example.com", later)
	case "old cert":
		return k.certificate(t, ssh.HostCert, "sw1.example.com", time.Now().Add(-time.Minute))
	case "user cert":
		return k.certificate(t, ssh.UserCert, "sw1.example.com", later)
	}
	return k[name].PublicKey()
}

func blobOf(s ssh.Signer) string { return base64.StdEncoding.EncodeToString(s.PublicKey().Marshal()) }

func lines(entries []knownhosts.Entry) string {
	var s []string
	for _, e := range entries {
		s = append(s, string(rune('0'+e.Line)))
	}
	return strings.Join(s, " ")
}

func TestSeveralFilesAndIgnoredLines(t *testing.T) {
	k := newKeys(t)
	var db knownhosts.DB
	db.Add("mine", []byte("broken\nother ssh-rsa AAAA!\n@new * "+strings.TrimSpace(string(ssh.MarshalAuthorizedKey(k["ed2"].PublicKey())))+"\n"))
	db.Add("system", []byte("# ok\n"+knownhosts.Line("[sw1]:830", k["ed1"].PublicKey())))
	r := db.Check(knownhosts.Names("sw1", 830), k["ed1"].PublicKey())
	if r.Verdict != knownhosts.Trusted || r.Entries[0].File != "system" || r.Entries[0].Line != 2 {
		t.Errorf("got %+v", r)
	}
	if diff := cmp.Diff([]knownhosts.Place{{File: "mine", Line: 1}, {File: "mine", Line: 2}, {File: "mine", Line: 3}}, db.Ignored()); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(r.Entries[0].Fingerprint, "SHA256:") || r.Entries[0].Type != "ssh-ed25519" {
		t.Errorf("entry: %+v", r.Entries[0])
	}
}

func TestByteOrderMarkAndCRLF(t *testing.T) {
	k := newKeys(t)
	var db knownhosts.DB
	db.Add("f", []byte("\ufeff"+knownhosts.Line("sw1", k["ed1"].PublicKey())+"\r\n"))
	if r := db.Check([]string{"sw1"}, k["ed1"].PublicKey()); r.Verdict != knownhosts.Trusted {
		t.Errorf("got %+v", r)
	}
}

func TestTypesAreThoseOfTheNameThatIsKnown(t *testing.T) {
	k := newKeys(t)
	var db knownhosts.DB
	db.Add("f", []byte(k.text("[sw1]:830 {ec1}\nsw1 {ed1}\nsw2 {ed1}\n@cert-authority sw2 {ca}\n@revoked * {ed2}")))
	for host, want := range map[string]string{"sw1": "ecdsa-sha2-nistp256 false", "sw2": "ssh-ed25519 true", "sw3": " false"} {
		types, ca := db.Types(knownhosts.Names(host, 830))
		if got := strings.Join(types, ",") + map[bool]string{true: " true", false: " false"}[ca]; got != want {
			t.Errorf("%s: want %q, got %q", host, want, got)
		}
	}
}

func TestNames(t *testing.T) {
	for port, want := range map[int]string{22: "sw1", 21: "[sw1]:21 sw1", 23: "[sw1]:23 sw1", 830: "[sw1]:830 sw1"} {
		names := knownhosts.Names("sw1", port)
		if got := strings.Join(names, " "); got != want || knownhosts.Name("sw1", port) != names[0] {
			t.Errorf("%d: want %s, got %s, and %s", port, want, got, knownhosts.Name("sw1", port))
		}
	}
}

func TestMatch(t *testing.T) {
	for _, row := range []struct {
		pattern, name string
		want          bool
	}{
		{"", "", true}, {"*", "", true}, {"*", "a", true}, {"?", "", false}, {"a*b*c", "axxbyyc", true}, {"a*b*c", "axxbyy", false},
		{"**a", "bba", true}, {"[a]", "a", false}, {"[a]", "[a]", true}, {"a", "ab", false}, {"*a", "aba", true},
	} {
		if got := knownhosts.Match(row.pattern, row.name); got != row.want {
			t.Errorf("%q, %q: want %v", row.pattern, row.name, row.want)
		}
	}
}

// FuzzKnownHosts: no file makes the check fail, and no file that does not hold
// the key makes it trusted.
func FuzzKnownHosts(f *testing.F) {
	k := newKeys(f)
	key := k["ed1"].PublicKey()
	blob := base64.StdEncoding.EncodeToString(key.Marshal())
	for _, seed := range []string{"* {ed2}", "@revoked sw1 {ed2}", "@cert-authority *,!a {ec1}", hashed("sw1") + " {ed2}", "a b c d", "|1||"} {
		f.Add([]byte(k.text(seed)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var db knownhosts.DB
		db.Add("f", file)
		if n := len(db.Ignored()); n > strings.Count(string(file), "\n")+1 {
			t.Fatalf("%d lines are ignored of %q", n, file)
		}
		for _, shown := range []ssh.PublicKey{key, k.certificate(t, ssh.HostCert, "sw1", time.Now().Add(time.Hour))} {
			r := db.Check(knownhosts.Names("sw1", 830), shown)
			signed := base64.StdEncoding.EncodeToString(k["ca"].PublicKey().Marshal())
			if r.Verdict == knownhosts.Trusted && !strings.Contains(string(file), blob[:40]) && !strings.Contains(string(file), signed[:40]) {
				t.Fatalf("trusted by %q", file)
			}
		}
	})
}

// A line whose key was damaged still stands against another key, and says why.
func TestDamagedKey(t *testing.T) {
	k := newKeys(t)
	whole := k.text("sw1 {ed1}")
	blob, err := base64.StdEncoding.DecodeString(strings.Fields(whole)[2])
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []int{len(blob) - 3, len("0123ssh-ed25519")} { // of the latter its type alone
		var db knownhosts.DB
		db.Add("f", []byte("sw1 ssh-ed25519 "+base64.StdEncoding.EncodeToString(blob[:left])+"\n"))
		r := db.Check([]string{"sw1"}, k["ed1"].PublicKey())
		if r.Verdict != knownhosts.Changed || !strings.Contains(r.Entries[0].Fingerprint, "no valid key") {
			t.Errorf("want a refusal that names the damaged line, got %+v", r)
		}
	}
}

// A certificate that its CA has signed with SHA-1 is not valid, unless that is
// allowed by name; and the other way round.
func TestHowACertificateIsSigned(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	k := newKeys(t)
	k.add(t, "rsa", private, nil)
	for _, row := range []struct {
		signed  string
		allowed []string
		want    knownhosts.Verdict
	}{
		{ssh.KeyAlgoRSA, nil, knownhosts.BadCertificate},
		{ssh.KeyAlgoRSASHA256, nil, knownhosts.Trusted},
		{ssh.KeyAlgoRSASHA512, nil, knownhosts.Trusted},
		{ssh.KeyAlgoRSA, []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSA}, knownhosts.Trusted},
		{ssh.KeyAlgoRSASHA256, []string{ssh.KeyAlgoED25519, ssh.KeyAlgoRSASHA512}, knownhosts.BadCertificate},
		{ssh.KeyAlgoRSASHA256, []string{}, knownhosts.BadCertificate},
	} {
		ca, err := ssh.NewSignerWithAlgorithms(k["rsa"].(ssh.AlgorithmSigner), []string{row.signed})
		if err != nil {
			t.Fatal(err)
		}
		k["ca"] = ca
		db := knownhosts.DB{CASignatures: row.allowed}
		db.Add("f", []byte(k.text("@cert-authority * {rsa}")))
		r := db.Check([]string{"sw1"}, k.certificate(t, ssh.HostCert, "sw1", time.Now().Add(time.Hour)))
		if r.Verdict != row.want {
			t.Errorf("%s, allowed %v: want %d, got %+v", row.signed, row.allowed, row.want, r)
		}
		if r.Verdict == knownhosts.BadCertificate && r.Err.Error() != "it is signed with "+row.signed {
			t.Errorf("got %v", r.Err)
		}
	}
}
