// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Copy serves scp to people: one file or several to the switch (-t), one from it
// (-f). The error is what scp prints. Classes without a shell have no scp.
func (s *Session) Copy(rw io.ReadWriter, command string) error {
	words := strings.Fields(command)
	target := strings.Trim(words[len(words)-1], `'"`)
	err := errors.New("permission denied")
	if s.User.MayCopy() {
		err = s.copyFiles(rw, words[1:len(words)-1], target)
	}
	if err != nil {
		return fmt.Errorf("scp: %s: %w", target, err)
	}
	return nil
}

func (s *Session) copyFiles(rw io.ReadWriter, flags []string, target string) error {
	if slices.Contains(flags, "-f") {
		data, refused := s.Open(s.homeDir(target))
		if refused != "" {
			//lint:ignore ST1005 the text of scp
			return errors.New("No such file or directory")
		}
		return sendOne(rw, file{target, data})
	}
	in := bufio.NewReader(rw)
	for {
		_, _ = rw.Write([]byte{0})
		line, err := in.ReadString('\n')
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case strings.HasPrefix(line, "T"): // times, of scp -p
			continue
		}
		data, err := readContents(line, in, rw)
		if err != nil {
			return err
		}
		if err := s.keepFile(target, strings.TrimSpace(line[strings.LastIndexByte(line, ' ')+1:]), data); err != nil {
			return err
		}
	}
}

// keepFile stores an arrived file where its owner may write.
func (s *Session) keepFile(target, name string, data []byte) error {
	home := s.Home()
	at := s.homeDir(target)
	if !path.IsAbs(at) {
		at = path.Join(home, at)
	}
	at = path.Clean(at)
	if strings.HasSuffix(target, "/") || at == home || slices.Contains(folders, at) {
		at = path.Join(at, name)
	}
	return s.StoreFile(at, data)
}

// StoreFile stores a file where the session may write.
func (s *Session) StoreFile(at string, data []byte) error {
	if !s.MayWrite(at) {
		//lint:ignore ST1005 the text of scp
		return errors.New("Permission denied")
	}
	return s.Member.storeFile(at, data)
}

// Home is the folder in which a session begins.
func (s *Session) Home() string { return path.Clean(s.homeDir("~/")) }

// IsFolder says that a path is a folder that every switch has.
func IsFolder(at string) bool {
	at = strings.TrimSuffix(at, "/") + "/"
	return slices.ContainsFunc(folders, func(dir string) bool { return strings.HasPrefix(dir+"/", at) })
}

// folders are those that people copy into; all but the last two are for every user with a shell.
var folders = []string{"/var/tmp", "/tmp", "/var/db/scripts/op", "/var/db/scripts/commit", "/var/db/scripts/event", "/var/log", "/config"}

// MayWrite says that a session may make a file.
func (s *Session) MayWrite(at string) bool {
	open := append(slices.Clone(folders[:len(folders)-2]), s.Home())
	return s.IsRoot() || slices.ContainsFunc(open, func(dir string) bool { return strings.HasPrefix(at, dir+"/") })
}
