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
		{"allow", DoorAuto, RootMeans{}, "set root_password", true},
		{"", DoorAuto, RootMeans{}, "set root_password", true},
		{"deny-password", DoorAuto, RootMeans{}, "set root_password", true},
		{"deny", DoorAuto, RootMeans{}, "set root_password", false},
		{"deny", DoorAuto, RootMeans{Key: true}, "set root_password", false},
		{"allow", DoorShell, RootMeans{Key: true}, "set root_password", false},
		{"deny", DoorLogin, RootMeans{Password: true}, "set become_root: auto", false},
		{"deny-password", DoorLogin, RootMeans{Password: true}, "set become_root: auto", false},
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

		{"", DoorAuto, nothing, "", "root-login is not set, so it is unknown whether root may log in over SSH, and neither root's password nor a key is given"},
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

// What the configuration says of root's keys closes the door of a key, and of nothing
// else; what it does not say closes none.
func TestDoorsAndKeysOfRoot(t *testing.T) {
	var (
		usual    = RootMeans{UsualKey: true}
		password = RootMeans{Password: true}
		mostly   = RootMeans{Password: true, UsualKey: true}
		key      = RootMeans{Key: true}
		both     = RootMeans{Password: true, Key: true}
	)
	const shut, none = "no SSH key in the configuration", ""
	for _, row := range []struct {
		rootLogin                 string
		means                     RootMeans
		configured, none, unknown string // the doors
		err                       string // where there are none
	}{
		{"allow", RootMeans{}, none, none, none, "neither root's password nor a key is given"},
		{"allow", usual, "login", none, "login", shut},
		{"allow", password, "login shell", "login shell", "login shell", ""},
		{"allow", mostly, "login shell", "login shell", "login shell", ""},
		{"allow", key, "login", none, "login", shut},
		{"allow", both, "login shell", "login shell", "login shell", ""},
		{"deny-password", RootMeans{}, none, none, none, "neither root's password nor a key is given"},
		{"deny-password", usual, "login", none, "login", shut},
		{"deny-password", password, "shell", "shell", "shell", ""},
		{"deny-password", mostly, "shell login", "shell", "shell login", ""},
		{"deny-password", key, "login", none, "login", shut},
		{"deny-password", both, "login shell", "shell", "login shell", ""},
		{"deny", RootMeans{}, none, none, none, "root may not log in"},
		{"deny", usual, none, none, none, "root may not log in"},
		{"deny", password, "shell", "shell", "shell", ""},
		{"deny", mostly, "shell", "shell", "shell", ""},
		{"deny", key, none, none, none, "root may not log in"},
		{"deny", both, "shell", "shell", "shell", ""},
		{"", RootMeans{}, none, none, none, "neither root's password nor a key is given"},
		{"", usual, "login", none, "login", shut},
		{"", password, "shell login", "shell login", "shell login", ""},
		{"", mostly, "shell login", "shell login", "shell login", ""},
		{"", key, "login", none, "login", shut},
		{"", both, "login shell", "shell login", "login shell", ""},
	} {
		for keys, want := range map[RootKeys]string{RootKeysConfigured: row.configured, RootKeysNone: row.none, RootKeysUnknown: row.unknown, "": row.unknown} {
			c := Chassis{RootLogin: row.rootLogin, RootKeys: keys}
			doors, err := c.DoorsToRoot(DoorAuto, row.means)
			if got := strings.Trim(fmt.Sprint(doors), "[]"); got != want {
				t.Errorf("%q, keys %q, %+v: want %q, got %q", row.rootLogin, keys, row.means, want, got)
			}
			if text := fmt.Sprint(err); (err != nil) != (want == "") || err != nil && !strings.Contains(text, row.err) {
				t.Errorf("%q, keys %q, %+v: want error %q, got %v", row.rootLogin, keys, row.means, row.err, err)
			}
			if c.ReasonForDoors() == "" {
				t.Errorf("%q, keys %q: no reason", row.rootLogin, keys)
			}
		}
	}
	_, err := Chassis{RootLogin: "deny-password", RootKeys: RootKeysNone}.DoorsToRoot(DoorAuto, key)
	if no := (*ForbiddenError)(nil); !errors.As(err, &no) || !strings.Contains(no.Hint(), "root_password") || !strings.Contains(no.Hint(), "add a key at system root-authentication") {
		t.Errorf("got the hint of %v", err)
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
