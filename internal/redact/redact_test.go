// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

// seeds are 200 configurations, or a sample of them.
func seeds() uint64 {
	if testing.Short() {
		return 40
	}
	return 200
}

// A configuration with a canary in every text that somebody can write shows none of them.
func TestNoCanaryStays(t *testing.T) {
	kinds := map[string]bool{}
	for seed := range seeds() {
		for _, anonymize := range []bool{false, true} {
			g := newGenerator(seed)
			in := g.configuration()
			for path := range g.planted {
				kinds[path] = true
			}
			r := New(Options{Anonymize: anonymize})
			out, inherited, err := r.Configuration([]byte(in))
			if err != nil {
				t.Fatalf("seed %d: %v\n%.2000s", seed, err, in)
			}
			for _, i := range inherited {
				out += i.Statement + "\n" + i.Group + "\n"
			}
			for _, p := range r.Replaced() {
				out += p.Path + "\n"
			}
			if c := canary.Around(out, "Kanarie"); c != "" {
				t.Fatalf("seed %d, anonymize %v: %s stays", seed, anonymize, c)
			}
		}
	}
	t.Logf("canaries were planted at %d statements", len(kinds))
	if len(kinds) < 60 && !testing.Short() {
		t.Errorf("canaries were planted at %d statements, want 60", len(kinds))
	}
}

// What is replaced is listed, and nothing else is changed.
func TestTheListIsComplete(t *testing.T) {
	for seed := range seeds() {
		g := newGenerator(seed)
		in := g.configuration()
		r := New(Options{})
		out, _, err := r.Configuration([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		before, _ := parseElements([]byte(in))
		after, err := parseElements([]byte(out))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		listed := 0
		for _, p := range r.Replaced() {
			if p.Kind != Comment {
				listed += p.Count
			}
		}
		if n := countChanged(t, before.find("configuration"), after.find("configuration")); n != listed {
			t.Errorf("seed %d: %d values are changed, %d are listed", seed, n, listed)
		}
	}
}

func countChanged(t *testing.T, a, b *element) (n int) {
	t.Helper()
	var kids []*element
	for _, k := range a.kids {
		if k.name != "comment" {
			kids = append(kids, k)
		}
	}
	if a.name != b.name || len(kids) != len(b.kids) || a.attr("inactive") != b.attr("inactive") {
		t.Fatalf("<%s> with %d statements became <%s> with %d", a.name, len(kids), b.name, len(b.kids))
	}
	if len(kids) == 0 && strings.TrimSpace(a.text) != strings.TrimSpace(b.text) {
		n++
	}
	for i, k := range kids {
		n += countChanged(t, k, b.kids[i])
	}
	return n
}

const office = `<configuration>
  <groups><name>secret-campus</name><system><commit><config-sync-with-scp/></commit></system></groups>
  <groups><name>member0</name><interfaces><interface><name>&lt;ge-*&gt;</name><mtu>9216</mtu></interface></interfaces></groups>
  <apply-groups>secret-campus</apply-groups>
  <system>
    <host-name>campus-core</host-name>
    <root-authentication><encrypted-password>$6$abcdefgh$Zl8yq0mC2nH4kX6</encrypted-password></root-authentication>
    <commit><apply-macro><name>vc-internal-ssh</name>
      <data><name>0</name><value>XR0218440000</value></data><data><name>1</name><value>XR0218440001 unproved</value></data></apply-macro></commit>
    <login>
      <class><name>noc</name><permissions>view</permissions><permissions>view-configuration</permissions>
        <deny-configuration>system (commit|login)</deny-configuration><deny-commands>show hunter2</deny-commands></class>
      <user><name>ada</name><full-name>Ada Lovelace</full-name><class>noc</class>
        <authentication><ssh-rsa><name>ssh-rsa AAAAB3NzaC1yc2E ada@laptop</name></ssh-rsa></authentication></user>
    </login>
    <services><ssh><root-login>deny</root-login><connection-limit>10</connection-limit>
      <authorized-keys-command>/usr/libexec/example/internal-ssh-keys</authorized-keys-command>
      <authorized-keys-command-user>example</authorized-keys-command-user></ssh><netconf><ssh/></netconf></services>
    <radius-server><name>192.0.2.77</name><secret>$9$radiussecret</secret></radius-server>
  </system>
  <snmp><community><name>public4us</name><authorization>read-only</authorization></community></snmp>
  <interfaces><interface><name>ge-0/0/1</name><description>to Bob's desk</description>
    <unit><name>0</name><family><ethernet-switching><vlan><members>payroll</members></vlan></ethernet-switching></family></unit></interface>
    <interface><name>vme</name><unit><name>0</name><family><inet><address><name>192.0.2.10/24</name></address></inet></family></unit></interface></interfaces>
  <virtual-chassis><preprovisioned/><member><name>0</name><role>routing-engine</role><serial-number>XR0218440000</serial-number></member></virtual-chassis>
  <vlans><vlan><name>payroll</name><vlan-id>100</vlan-id></vlan><vlan><name>default</name><vlan-id>1</vlan-id></vlan></vlans>
</configuration>`

// What the procedure and a twin need stays, and what refers to each other still does.
func TestWhatStays(t *testing.T) {
	r := New(Options{})
	out, _, err := r.Configuration([]byte(office))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"<host-name>campus-core</host-name>", "<name>member0</name>", "<name>&lt;ge-*&gt;</name>", "<value>XR0218440000</value>",
		"<value>XR0218440001 unproved</value>", "<permissions>view-configuration</permissions>", "<deny-configuration>system (commit|login)</deny-configuration>",
		"<name>ada</name>", "<class>noc</class>", "<root-login>deny</root-login>", "<connection-limit>10</connection-limit>",
		"<authorized-keys-command>/usr/libexec/example/internal-ssh-keys</authorized-keys-command>", "<name>192.0.2.77</name>",
		"<name>ge-0/0/1</name>", "<name>192.0.2.10/24</name>", "<name>default</name>", "<vlan-id>100</vlan-id>", "<encrypted-password>$6$", "<secret>$9$",
		"<name>ssh-rsa ", "<serial-number>XR0218440000</serial-number>", "<authorization>read-only</authorization>",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("want %s", want)
		}
	}
	for _, secret := range []string{"secret-campus", "abcdefgh", "hunter2", "Lovelace", "AAAAB3", "laptop", "radiussecret", "public4us", "Bob", "payroll"} {
		if strings.Contains(out, secret) {
			t.Errorf("%s stays", secret)
		}
	}
	wantReference(t, out, "<apply-groups>", "<groups>\n        <name>")
	wantReference(t, out, "<members>", "<vlan>\n            <name>")
	if t.Failed() {
		t.Logf("%.6000s", out)
	}
}

// wantReference: what stands behind one tag is the name behind another.
func wantReference(t *testing.T, out, from, to string) {
	t.Helper()
	_, rest, _ := strings.Cut(out, from)
	name, _, _ := strings.Cut(rest, "<")
	if name == "" || !strings.Contains(out, to+name+"<") {
		t.Errorf("%s%s does not refer to a name any more", from, name)
	}
}

// An anonymous run replaces who and where as well, the same everywhere with the same key.
func TestAnonymous(t *testing.T) {
	key := []byte("stays with the user")
	first := New(Options{Anonymize: true, Key: key})
	out, _, err := first.Configuration([]byte(office))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"campus-core", "ada", "noc", "XR0218440000", "192.0.2.77", "192.0.2.10"} {
		if strings.Contains(out, ">"+name) {
			t.Errorf("%s stays", name)
		}
	}
	second := New(Options{Anonymize: true, Key: key})
	if a, b := first.HostName("campus-core"), second.HostName("campus-core"); a != b || !strings.Contains(out, "<host-name>"+a+"<") {
		t.Errorf("one host has the names %s and %s", a, b)
	}
	if a, b := first.Serial("XR0218440000"), second.Serial("XR0218440000"); a != b || len(a) != 12 || strings.Count(out, a) != 2 {
		t.Errorf("one switch has the serial numbers %s and %s", a, b)
	}
	if other := New(Options{Anonymize: true}).HostName("campus-core"); other == first.HostName("campus-core") {
		t.Error("another key makes the same names")
	}
	if a, b := first.address("192.0.2.10/24"), second.address("192.0.2.77"); strings.Join(strings.Split(a, ".")[:3], ".") != strings.Join(strings.Split(b, ".")[:3], ".") {
		t.Errorf("%s and %s were of one network", a, b)
	}
	if network := first.address("192.0.2.0/24"); !strings.HasSuffix(network, ".0/24") {
		t.Errorf("a network became %s", network)
	}
}

// Names that differ go on differing, however short they are.
func TestNamesStayApart(t *testing.T) {
	r := New(Options{})
	seen := map[string]string{}
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			name := string(a) + string(b)
			s := r.standIn(Name, name)
			if other, twice := seen[s]; twice || len(s) < minStandIn {
				t.Fatalf("%s stands for %s and %s", s, name, other)
			}
			seen[s] = name
		}
	}
}

func TestBrokenReplies(t *testing.T) {
	for _, in := range []string{"", "<a>", "<rpc-reply/>", "no XML", "<configuration><a></configuration>", strings.Repeat("<a>", 300)} {
		if out, _, err := New(Options{}).Configuration([]byte(in)); err == nil || out != "" {
			t.Errorf("%.40q: %q, %v", in, out, err)
		}
	}
}
