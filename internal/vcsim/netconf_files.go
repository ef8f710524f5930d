// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/beevik/etree"
)

const configFile = "/config/juniper.conf"

// at splits "fpc1:/path" into a member and a path; without a name it is local.
func (s *session) at(name string) (*Member, string) {
	before, after, found := strings.Cut(name, ":")
	if !found {
		return s.member, name
	}
	for _, m := range s.ch.present() {
		if m.name() == before {
			return m, after
		}
	}
	return nil, name
}

// open reads a file of a member as this session may see it.
func (s *session) open(name string) ([]byte, string) {
	m, file := s.at(name)
	switch {
	case m == nil:
		return nil, fmt.Sprintf("could not resolve file: %s", name)
	case file == hostsFile:
		return []byte(s.ch.hosts()), ""
	case file == configFile, file == configFile+".gz":
		return []byte(m.config().Text()), ""
	case strings.HasSuffix(file, keyPrivate) && !s.root():
		return nil, fmt.Sprintf("could not open file %s: Permission denied", name)
	}
	data, ok := m.readFile(file)
	if !ok {
		return nil, fmt.Sprintf("could not open file %s: No such file or directory", name)
	}
	return data, ""
}

func (n *netconf) fileShow(op *etree.Element) reply {
	name := childText(op, "filename")
	data, refused := n.s.open(name)
	if refused != "" {
		return failure(rpcError{Message: "\n" + refused + "\n"})
	}
	p := n.page()
	p.leaf("file-content", "\n"+string(data), "encoding", "text", "filename", name)
	return reply{body: p.String()}
}

// fileList lists a directory, or one file.
func (n *netconf) fileList(op *etree.Element) reply {
	where := n.s.home(childText(op, "path"))
	m, dir := n.s.at(where)
	if m == nil {
		return failure(rpcError{Message: "\ncould not resolve file: " + where + "\n"})
	}
	names := append(m.fileNames(), configFile)
	sort.Strings(names)
	p := n.page()
	p.open("directory-list", "root-path", where)
	p.open("directory", "name", path.Clean("/"+dir))
	total := 0
	for _, name := range names {
		if name != dir && path.Dir(name) != path.Clean("/"+dir) {
			continue
		}
		data, _ := m.readFile(name)
		if name == configFile {
			data = []byte(m.config().Text())
		}
		total++
		p.open("file-information")
		p.leaf("file-name", path.Base(name))
		p.leaf("file-permissions", "384", "junos:format", "-rw-------")
		p.leaf("file-owner", "root")
		p.leaf("file-group", "wheel")
		p.leaf("file-links", "1")
		p.leaf("file-size", itoa(len(data)))
		p.close("file-information")
	}
	p.leaf("total-files", itoa(total))
	p.close("directory")
	p.close("directory-list")
	return reply{body: p.String()}
}

func (n *netconf) checksum(op *etree.Element) reply {
	name := childText(op, "path")
	data, refused := n.s.open(name)
	if refused != "" {
		return failure(rpcError{Message: "\n" + refused + "\n"})
	}
	md := md5.Sum(data)
	method, sum := "MD5", hex.EncodeToString(md[:])
	if has(op, "sha256") {
		sha := sha256.Sum256(data)
		method, sum = "SHA256", hex.EncodeToString(sha[:])
	}
	p := n.page()
	p.open("checksum-information")
	p.open("file-checksum")
	p.leaf("computation-method", method)
	p.leaf("input-file", name)
	p.leaf("checksum", sum)
	p.close("file-checksum")
	p.close("checksum-information")
	return reply{body: p.String()}
}
