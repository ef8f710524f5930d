// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// scpAs runs scp on the switch with everything that it will ask for on its input.
func scpAs(t *testing.T, ch *Chassis, user, password, command, in string) bool {
	t.Helper()
	conn, err := ssh.Dial("tcp", ch.Address(), &ssh.ClientConfig{User: user, Auth: []ssh.AuthMethod{ssh.Password(password)}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	s.Stdin = strings.NewReader(in)
	return s.Run(command) == nil
}

func TestFilesAreCopiedByPeople(t *testing.T) {
	const note = "T1 0 1 0\nC0644 5 note\nhello\x00"
	for _, test := range []struct {
		name, user, password, command, in string
		ok                                bool
		stored                            string
	}{
		{"into a folder", "admin", "Admin-lab-1", "scp -p -t /var/tmp/", note, true, "/var/tmp/note"},
		{"under another name", "admin", "Admin-lab-1", "scp -t '/var/tmp/other'", note, true, "/var/tmp/other"},
		{"home", "admin", "Admin-lab-1", "scp -t .", note, true, "/var/home/admin/note"},
		{"where only root may", "admin", "Admin-lab-1", "scp -t /etc/", note, false, ""},
		{"where root may", "root", rootPassword, "scp -t /etc/", note, true, "/etc/note"},
		{"without a shell", "operator", "Operator-lab-1", "scp -t /var/tmp/", note, false, ""},
		{"cut off", "admin", "Admin-lab-1", "scp -t /var/tmp/", "C0644 50 note\nhello", false, ""},
		{"a folder", "admin", "Admin-lab-1", "scp -r -t /var/tmp/", "D0755 0 folder\n", false, ""},
		{"from the switch", "admin", "Admin-lab-1", "scp -f /config/juniper.conf.gz", "\x00\x00\x00", true, ""},
		{"what is not there", "admin", "Admin-lab-1", "scp -f /no/such/file", "\x00\x00\x00", false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, ch := oneChassis(t, "")
			if ok := scpAs(t, ch, test.user, test.password, test.command, test.in); ok != test.ok {
				t.Fatalf("want %v", test.ok)
			}
			got := fmt.Sprint(ch.Primary().FileNames())
			if want := strings.TrimSpace("[" + test.stored + "]"); got != want {
				t.Fatalf("want %s, got %s", want, got)
			}
		})
	}
}
