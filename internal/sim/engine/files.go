// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const configFile = "/config/juniper.conf"

// hostsFile names the members' internal addresses.
const hostsFile = "/etc/hosts.junos"

func (ch *Chassis) memberHosts() string {
	var b strings.Builder
	b.WriteString("127.0.0.1 localhost\n128.0.0.1 master\n128.0.0.63 localre\n")
	for id := range maxMembers {
		fmt.Fprintf(&b, "128.0.0.%d fpc%d\n", 16+id, id)
	}
	return b.String()
}

// memberAt splits "fpc1:/path" into a member and a path; without a name it is local.
func (s *Session) memberAt(name string) (*Member, string) {
	before, after, found := strings.Cut(name, ":")
	if !found {
		return s.Member, name
	}
	for _, m := range s.Chassis.Present() {
		if m.Name() == before {
			return m, after
		}
	}
	return nil, name
}

// Open reads a file of a member as this session may see it.
func (s *Session) Open(name string) ([]byte, string) {
	m, file := s.memberAt(name)
	switch {
	case m == nil:
		return nil, fmt.Sprintf("could not resolve file: %s", name)
	case file == hostsFile:
		return []byte(s.Chassis.memberHosts()), ""
	case file == logFile:
		return []byte(m.Log()), ""
	case file == configFile, file == configFile+".gz":
		return []byte(m.ActiveTree().Text()), ""
	case strings.HasSuffix(file, keyPrivate) && !s.IsRoot():
		return nil, fmt.Sprintf("could not open file %s: Permission denied", name)
	}
	data, ok := m.readFile(file)
	if !ok {
		return nil, fmt.Sprintf("could not open file %s: No such file or directory", name)
	}
	return data, ""
}

// homeDir resolves a leading tilde.
func (s *Session) homeDir(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok {
		return path
	}
	if s.IsRoot() {
		return "/root/" + strings.TrimPrefix(rest, "/")
	}
	return "/var/home/" + s.User.Name + "/" + strings.TrimPrefix(rest, "/")
}

// Listed is one file of a directory.
type Listed struct {
	Name string // without its directory
	Size int
}

// List returns the directory that a name means, resolved, and its files, or the one
// file of that name; false: there is no such member.
func (s *Session) List(name string) (where, dir string, files []Listed, ok bool) {
	where = s.homeDir(name)
	m, at := s.memberAt(where)
	if m == nil {
		return where, "", nil, false
	}
	dir = path.Clean("/" + at)
	names := append(m.FileNames(), configFile)
	slices.Sort(names)
	for _, name := range names {
		if name != at && path.Dir(name) != dir {
			continue
		}
		data, _ := m.readFile(name)
		if name == configFile {
			data = []byte(m.ActiveTree().Text())
		}
		files = append(files, Listed{path.Base(name), len(data)})
	}
	return where, dir, files, true
}
