// SPDX-License-Identifier: GPL-3.0-or-later

package vc

// Door is a way in which a login becomes root.
type Door string

// The doors to root.
const (
	DoorAuto  Door = "auto"  // those that can work, in order
	DoorLogin Door = "login" // root logs in over SSH
	DoorShell Door = "shell" // "start shell user root" behind another login
)

// Values of "system services ssh root-login". Absent is "": Juniper documents
// deny-password for most systems then, deny for some, and allow for old releases.
const (
	rootLoginAllow        = "allow"
	rootLoginDeny         = "deny"
	rootLoginDenyPassword = "deny-password"
)

// RootKeys says whether root has SSH keys in the configuration with which it could log in.
// What the login class may hide, or what comes from elsewhere, is unknown.
type RootKeys string

// What is known of root's keys. The zero value is unknown, too.
const (
	RootKeysUnknown    RootKeys = "unknown"
	RootKeysConfigured RootKeys = "configured"
	RootKeysNone       RootKeys = "none"
)

// RootMeans is what there is to become root with.
type RootMeans struct {
	Password bool // root's own
	Key      bool // an SSH key that is named as root's
	UsualKey bool // an SSH key of the ordinary login, which may be root's too
}

// DoorsToRoot returns the doors that can work, the likeliest first, or only the
// one that is asked for. It returns a *ForbiddenError when that cannot work, or none can.
func (c Chassis) DoorsToRoot(ask Door, m RootMeans) ([]Door, error) {
	var doors []Door
	for _, d := range c.rootDoors(m) {
		if ask == d || ask == DoorAuto || ask == "" {
			doors = append(doors, d)
		}
	}
	if len(doors) == 0 {
		return nil, forbiddenBy(c.noDoor(ask, m))
	}
	return doors, nil
}

// AllowsRootPassword says that the configuration lets root log in over SSH with a password.
func (c Chassis) AllowsRootPassword() bool { return c.RootLogin == rootLoginAllow }

// rootDoors orders what can work so that a refused login is unlikely. A password
// opens a shell whatever root-login says; a key needs none, but has to be known there.
func (c Chassis) rootDoors(m RootMeans) (doors []Door) {
	mayHaveKey := c.RootKeys != RootKeysNone
	likely, possible := m.Key && mayHaveKey, (m.Key || m.UsualKey) && mayHaveKey
	switch c.RootLogin {
	case rootLoginAllow:
		possible = possible || m.Password
		likely = possible
	case rootLoginDeny:
		likely, possible = false, false
	case rootLoginDenyPassword:
	default: // allow, maybe
		possible = possible || m.Password
	}
	if likely {
		doors = append(doors, DoorLogin)
	}
	if m.Password {
		doors = append(doors, DoorShell)
	}
	if possible && !likely {
		doors = append(doors, DoorLogin)
	}
	return doors
}

// ReasonForDoors says what of the configuration speaks for the doors that are tried.
func (c Chassis) ReasonForDoors() string {
	switch {
	case c.RootLogin == rootLoginDeny:
		return c.whatRootLoginIs()
	case c.RootKeys == RootKeysConfigured:
		return c.whatRootLoginIs() + "; root has SSH keys in the configuration"
	case c.RootKeys == RootKeysNone:
		return c.whatRootLoginIs() + "; no SSH key in the configuration lets root log in"
	}
	return c.whatRootLoginIs() + "; whether root has SSH keys is unknown"
}

func (c Chassis) whatRootLoginIs() string {
	if c.RootLogin == "" {
		return "system services ssh root-login is not set"
	}
	return "system services ssh root-login " + c.RootLogin
}

// noDoor explains why root cannot be reached.
func (c Chassis) noDoor(ask Door, m RootMeans) Problem {
	const code = "no_way_to_root"
	hint := c.hintAtNoDoor(ask, m)
	why := c.whatRootLoginIs()
	if c.RootLogin == "" {
		why = "system services ssh root-login is not set, so it is unknown whether root may log in over SSH"
	}
	switch {
	case ask == DoorShell:
		return chassisProblem(code, hint, "no way to become root: become_root is %s, and root's password is not given", ask)
	case c.RootLogin == rootLoginDeny:
		return chassisProblem(code, hint, "root may not log in over SSH: %s", why)
	case c.RootKeys == RootKeysNone && (m.Key || m.UsualKey):
		return chassisProblem(code, hint, "root may not log in over SSH with a key: %s, and no SSH key in the configuration lets root log in", why)
	case c.RootLogin == rootLoginDenyPassword && m.Password:
		return chassisProblem(code, hint, "root may not log in over SSH with a password: %s", why)
	}
	return chassisProblem(code, hint, "no way to become root: %s, and neither root's password nor a key is given", why)
}

func (c Chassis) hintAtNoDoor(ask Door, m RootMeans) string {
	const (
		password = "set root_password (scp_config_sync_root_password in the role) for start shell user root behind the usual login"
		key      = "an SSH key of root (scp_config_sync_root_private_key_file in the role)"
		byHand   = ", or do step 2 by hand"
	)
	switch {
	case ask == DoorShell:
		return password + byHand
	case m.Password: // and nothing but a login is asked for
		return "set become_root: auto, which opens the shell of root behind the usual login" + byHand
	case c.RootLogin == rootLoginDeny:
		return password + byHand
	case c.RootKeys == RootKeysNone:
		return password + ", or add a key at system root-authentication" + byHand
	}
	return password + ", or " + key + byHand
}
