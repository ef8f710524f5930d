// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"

	"github.com/beevik/etree"
)

func (n *netconfSession) fileShow(op *etree.Element) reply {
	name := childText(op, "filename")
	data, refused := n.s.Open(name)
	if refused != "" {
		return errorReply(rpcError{Message: "\n" + refused + "\n"})
	}
	p := n.newPage()
	p.leaf("file-content", "\n"+string(data), "encoding", "text", "filename", name)
	return reply{body: p.String()}
}

func (n *netconfSession) getChecksum(op *etree.Element) reply {
	name := childText(op, "path")
	data, refused := n.s.Open(name)
	if refused != "" {
		return errorReply(rpcError{Message: "\n" + refused + "\n"})
	}
	md := md5.Sum(data)
	method, sum := "MD5", hex.EncodeToString(md[:])
	if hasElement(op, "sha256") {
		sha := sha256.Sum256(data)
		method, sum = "SHA256", hex.EncodeToString(sha[:])
	}
	p := n.newPage()
	p.open("checksum-information")
	p.record("file-checksum", "computation-method", method, "input-file", name, "checksum", sum)
	p.close("checksum-information")
	return reply{body: p.String()}
}

// fileList lists a directory, or one file.
func (n *netconfSession) fileList(op *etree.Element) reply {
	where, dir, files, ok := n.s.List(childText(op, "path"))
	if !ok {
		return errorReply(rpcError{Message: "\ncould not resolve file: " + where + "\n"})
	}
	p := n.newPage()
	p.open("directory-list", "root-path", where)
	p.open("directory", "name", dir)
	for _, f := range files {
		p.open("file-information")
		p.leaf("file-name", f.Name)
		if hasElement(op, "detail") {
			p.leaf("file-permissions", "384", "junos:format", "-rw-------")
			p.leaf("file-owner", "root")
			p.leaf("file-group", "wheel")
			p.leaf("file-links", "1")
			p.leaf("file-size", itoa(f.Size))
		}
		p.close("file-information")
	}
	p.leaf("total-files", itoa(len(files)))
	p.close("directory")
	p.close("directory-list")
	return reply{body: p.String()}
}
