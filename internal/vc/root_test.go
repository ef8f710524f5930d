// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Every setting of root-login with everything that somebody may have for root:
// the door that costs no refused login comes first, and a door that is closed is
// not tried.
// A key of root is not advised where root may not log in at all.
func TestHintsAtRootNameWhatCanWork(t *testing.T) {
	for _, row := range []struct {
		rootLogin string
		ask       Door
		means     RootMeans
		want      string
		key       bool
	}{
		{"allow", DoorAuto, RootMeans{}, "give root_password", true},
		{"", DoorAuto, RootMeans{}, "give root_password", true},
		{"deny-password", DoorAuto, RootMeans{}, "give root_password", true},
		{"deny", DoorAuto, RootMeans{}, "give root_password", false},
		{"deny", DoorAuto, RootMeans{Key: true}, "give root_password", false},
		{"allow", DoorShell, RootMeans{Key: true}, "give root_password", false},
		{"deny", DoorLogin, RootMeans{Password: true}, "take become_root: auto", false},
		{"deny-password", DoorLogin, RootMeans{Password: true}, "take become_root: auto", false},
	} {
		_, err := Chassis{RootLogin: row.rootLogin}.DoorsToRoot(row.ask, row.means)
		var no *ForbiddenError
		if !errors.As(err, &no) || !strings.HasPrefix(no.Hint(), row.want) || strings.Contains(no.Hint(), "an SSH key of root") != row.key || !strings.HasSuffix(no.Hint(), ", or do step 2 by hand") {
			t.Errorf("%+v: got %v", row, err)
		}
	}
}

func TestDoorsToRoot(t *testing.T) {
	var (
		nothing  = RootMeans{}
		usual    = RootMeans{UsualKey: true}
		password = RootMeans{Password: true}
		mostly   = RootMeans{Password: true, UsualKey: true}
		key      = RootMeans{Key: true, UsualKey: true}
		both     = RootMeans{Password: true, Key: true}
	)
	for _, row := range []struct {
		rootLogin string
		ask       Door
		means     RootMeans
		want      string
		err       string
	}{
		{"allow", DoorAuto, nothing, "", "neither root's password nor a key is given"},
		{"allow", DoorAuto, usual, "login", ""},
		{"allow", DoorAuto, password, "login shell", ""},
		{"allow", DoorAuto, key, "login", ""},
		{"allow", DoorAuto, both, "login shell", ""},
		{"allow", DoorShell, password, "shell", ""},
		{"allow", DoorShell, key, "", "root's password is not given"},

		{"deny-password", DoorAuto, nothing, "", "root-login deny-password"},
		{"deny-password", DoorAuto, usual, "login", ""},
		{"deny-password", DoorAuto, password, "shell", ""},
		{"deny-password", DoorAuto, mostly, "shell login", ""},
		{"deny-password", DoorAuto, key, "login", ""},
		{"deny-password", DoorAuto, both, "login shell", ""},
		{"deny-password", DoorLogin, password, "", "may not log in over SSH with a password"},
		{"deny-password", DoorLogin, both, "login", ""},

		{"deny", DoorAuto, nothing, "", "root may not log in over SSH: system services ssh root-login deny"},
		{"deny", DoorAuto, usual, "", "root may not log in over SSH"},
		{"deny", DoorAuto, key, "", "root may not log in over SSH"},
		{"deny", DoorAuto, password, "shell", ""},
		{"deny", DoorAuto, both, "shell", ""},
		{"deny", DoorLogin, both, "", "root may not log in over SSH"},

		{"", DoorAuto, nothing, "", "root-login is not set"},
		{"", DoorAuto, usual, "login", ""},
		{"", DoorAuto, password, "shell login", ""},
		{"", DoorAuto, mostly, "shell login", ""},
		{"", DoorAuto, key, "login", ""},
		{"", DoorAuto, both, "login shell", ""},
		{"", "", both, "login shell", ""},
		{"", DoorLogin, password, "login", ""},
	} {
		doors, err := Chassis{RootLogin: row.rootLogin}.DoorsToRoot(row.ask, row.means)
		if got := strings.Trim(fmt.Sprint(doors), "[]"); got != row.want {
			t.Errorf("%q, %s, %+v: want %q, got %q", row.rootLogin, row.ask, row.means, row.want, got)
		}
		if text := fmt.Sprint(err); (err != nil) != (row.err != "") || !strings.Contains(text, row.err) {
			t.Errorf("%q, %s, %+v: want error %q, got %v", row.rootLogin, row.ask, row.means, row.err, err)
		}
	}
}

// Whatever is asked for, a closed door is never among those to try, and whoever is
// refused learns what to do.
func TestClosedDoorsStayClosed(t *testing.T) {
	for _, login := range []string{"", "allow", "deny", "deny-password", "something new"} {
		for bits := range 8 {
			m := RootMeans{Password: bits&1 > 0, Key: bits&2 > 0, UsualKey: bits&4 > 0}
			for _, ask := range []Door{DoorAuto, DoorLogin, DoorShell} {
				doors, err := Chassis{RootLogin: login}.DoorsToRoot(ask, m)
				if (err == nil) != (len(doors) > 0) {
					t.Errorf("%s, %s, %+v: %v, %v", login, ask, m, doors, err)
				}
				if hint, ok := err.(interface{ Hint() string }); err != nil && (!ok || hint.Hint() == "") {
					t.Errorf("%s, %s, %+v: no hint: %v", login, ask, m, err)
				}
				if login == "deny" && slices.Contains(doors, DoorLogin) || !m.Password && slices.Contains(doors, DoorShell) ||
					ask != DoorAuto && len(doors) > 1 {
					t.Errorf("%s, %s, %+v: %v", login, ask, m, doors)
				}
			}
		}
	}
}
