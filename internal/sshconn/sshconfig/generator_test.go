// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig_test

import (
	"fmt"
	"math/rand/v2"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
)

// generator writes ssh_config files as people do: blocks, negations, files in
// files, quotes, and now and then a mistake.
type generator struct {
	rand     *rand.Rand
	dir      string
	included map[string]string
}

func (g *generator) pick(from ...string) string { return from[g.rand.IntN(len(from))] }

// oneIn is true once in so many times.
func (g *generator) oneIn(n int) bool { return g.rand.IntN(n) == 0 }

// file returns settings, and then so many blocks.
func (g *generator) file(blocks int) string {
	var b strings.Builder
	for i := range blocks + 1 {
		if i > 0 {
			b.WriteString(g.block())
		}
		for range g.rand.IntN(4) {
			b.WriteString(g.pick("", "  ", "\t") + g.setting() + g.pick("\n", "\n", " \n", "\r\n", "\n\n", "\n# note\n"))
		}
	}
	return b.String()
}

// block returns the line that begins a block, or an Include.
func (g *generator) block() string {
	switch {
	case g.oneIn(6) && len(g.included) < 3:
		return g.include()
	case g.oneIn(2):
		return g.line("Host", g.words(1+g.rand.IntN(3), g.hostPattern)...)
	}
	return g.match()
}

func (g *generator) words(n int, next func() string) (words []string) {
	for range n {
		words = append(words, next())
	}
	return words
}

func (g *generator) include() string {
	if g.included == nil {
		g.included = map[string]string{}
	}
	name := fmt.Sprintf("part %d", len(g.included)+1)
	g.included[name] = "" // counts while its own parts are made
	g.included[name] = g.file(g.rand.IntN(3))
	return g.line("Include", filepath.Join(g.dir, name), filepath.Join(g.dir, "absent*"))
}

func (g *generator) hostPattern() string {
	return g.pick("", "", "", "!") + g.pick("sw1", "sw2", "SW1", "sw?", "sw*", "*", "*.example.com", "s*1", "192.0.2.*", "2001:*", "?w1", "sw1.EXAMPLE.com")
}

// match returns a Match line. What would be run leaves a trace, and comes last:
// OpenSSH does not run it if anything before it does not hold.
func (g *generator) match() string {
	if g.oneIn(6) {
		return g.pick("Match all\n", "match !all\n", "Match final all\n", "Match ALL # comment\n", "Match host sw1 user x all\n")
	}
	words := g.words(1+g.rand.IntN(2), g.criterion)
	if g.oneIn(12) && g.included == nil {
		words = append(words, g.pick("exec", "!exec", "Exec")+` "touch '`+filepath.Join(g.dir, "executed")+`'"`)
	}
	return g.pick("Match ", "match\t", "MATCH = ") + strings.Join(words, g.pick(" ", "  ", "\t")) + "\n"
}

func (g *generator) criterion() string {
	me := "nobody"
	if u, err := user.Current(); err == nil {
		me = u.Username
	}
	patterns := strings.Join(g.words(1+g.rand.IntN(2), g.hostPattern), ",")
	quote, between := g.pick("", "", `"`), g.pick(" ", " ", "=", "\t")
	return g.pick("", "", "", "!") + g.pick(
		"final", "Final", "canonical",
		"host"+between+quote+patterns+quote, "Host"+between+patterns, "host "+patterns, "originalhost"+between+patterns,
		"user "+g.pick("admin", "ADMIN", "a*", "root,admin", "!admin", "root"),
		"localuser "+g.pick(me, strings.ToUpper(me), "*", "nobody-here", "!"+me+",*"))
}

// settings are keywords with their values, most of them good.
var settings = map[string][]string{
	"HostName":                     {"%h.example.com", "sw9.Example.COM", "192.0.2.9", "2001:DB8::9", "%%h", "x%h%h"},
	"Port":                         {"830", "22", "2222"},
	"User":                         {"operator", "a b"},
	"IdentityFile":                 {"~/.ssh/%u_key", "/k/a b", `/k/a"b`, "/k/%r@%h", "none", "/k/it's", `/k/back\slash`, "/k/#1"},
	"CertificateFile":              {"/k/one-cert.pub", "/k/two cert.pub"},
	"IdentitiesOnly":               {"yes", "no"},
	"IdentityAgent":                {"/run/agent.sock", "none", "SSH_AUTH_SOCK", "$AGENT", "/run/my agent"},
	"ProxyJump":                    {"b1", "u@b1:2222", "b1,b2", "none", "NONE"},
	"ProxyCommand":                 {"nc -x 'a b' %h %p", "none", `ssh -W "%h:%p" b`},
	"AddressFamily":                {"inet", "inet6", "any"},
	"BindAddress":                  {"192.0.2.7", "2001:db8::7"},
	"UserKnownHostsFile":           {"/k/one", "none", "/dev/null"},
	"GlobalKnownHostsFile":         {"/k/global"},
	"HostKeyAlias":                 {"fabric-1", "Fabric-2"},
	"StrictHostKeyChecking":        {"yes", "no", "ask", "accept-new", "off"},
	"RequiredRSASize":              {"2048", "1024"},
	"PreferredAuthentications":     {"publickey,password", "keyboard-interactive"},
	"PubkeyAuthentication":         {"yes", "no"},
	"PasswordAuthentication":       {"yes", "no"},
	"KbdInteractiveAuthentication": {"yes", "no"},
	"Ciphers":                      {"aes256-ctr,aes128-ctr", "aes256-ctr"},
	"RekeyLimit":                   {"1G"},
	"ServerAliveInterval":          {"30", "1m", "0"},
	"ServerAliveCountMax":          {"5"},
	"Compression":                  {"yes"},
	"LogLevel":                     {"ERROR"},
	"ControlPath":                  {"~/.ssh/%C"},
}

// keywords are those of settings in an order that does not change.
var keywords = func() (k []string) {
	for word := range settings {
		k = append(k, word)
	}
	slices.Sort(k)
	return k
}()

func (g *generator) setting() string {
	if g.oneIn(60) {
		return g.pick("Port", "Port 22 23", `User "open`, "User 'open", "User \\", "IdentityFile one two", "IdentitiesOnly maybe",
			"AddressFamily inet5", "PasswordAuthentication perhaps", "Port a", "Host", "Match", "Match host", "Match user", "NoSuchSetting 1")
	}
	key := g.pick(keywords...)
	values := []string{g.pick(settings[key]...)}
	if (key == "UserKnownHostsFile" || key == "GlobalKnownHostsFile") && g.oneIn(2) {
		values = append(values, "/k/more files")
	}
	if key == "RekeyLimit" && g.oneIn(2) {
		values = append(values, "1h")
	}
	if key == "ProxyCommand" || key == "ProxyJump" {
		return key + g.pick(" ", "=", " = ") + values[0]
	}
	return strings.TrimSuffix(g.line(key, values...), "\n")
}

// line writes a keyword and its values in one of the ways that are allowed.
func (g *generator) line(key string, values ...string) string {
	key = g.pick(key, strings.ToLower(key), strings.ToUpper(key))
	for i, v := range values {
		values[i] = g.quote(v)
	}
	return key + g.pick(" ", " ", "\t", "=", " = ", "  ") + strings.Join(values, g.pick(" ", "  ", "\t")) + g.pick("", "", "", " # comment") + "\n"
}

func (g *generator) quote(value string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`, `'`, `\'`).Replace(value)
	switch plain := !strings.ContainsAny(value, " \"'\\#"); {
	case plain && !g.oneIn(5):
		return value
	case g.oneIn(3):
		return `"` + escaped + `"`
	case g.oneIn(3):
		return `'` + escaped + `'`
	case strings.Contains(value, " ") && g.oneIn(2): // quotes in the middle of a word
		before, after, _ := strings.Cut(escaped, " ")
		return before + `" "` + after
	case strings.HasPrefix(value, "#"):
		return `"` + escaped + `"`
	}
	return strings.ReplaceAll(escaped, " ", `\ `)
}
