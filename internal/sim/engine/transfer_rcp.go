// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
)

// sendRCP speaks the protocol of rshd: an empty port for standard error, the
// two user names and the command, each ended by a zero; all of it readable.
// One connection carries one command, so the files follow each other in it.
func sendRCP(conn net.Conn, files []file) error {
	for _, f := range files {
		if _, err := fmt.Fprintf(conn, "0\x00root\x00root\x00rcp -t %s\x00", f.path); err != nil {
			return err
		}
		if err := oneAck(conn); err != nil {
			return err
		}
		if err := sendOne(conn, f); err != nil {
			return err
		}
	}
	return nil
}

// oneAck reads the single zero of rshd and nothing behind it.
func oneAck(r io.Reader) error {
	var b [1]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return err
	}
	if b[0] != 0 {
		//lint:ignore ST1005 the text of rshd
		return errors.New("Permission denied.")
	}
	return nil
}

// serveRCP is the member's rshd with rcp behind it.
func (m *Member) serveRCP(conn net.Conn) {
	in := bufio.NewReader(conn)
	rw := struct {
		io.Reader
		io.Writer
	}{in, conn}
	for {
		var words [4]string
		for i := range words {
			word, err := in.ReadString(0)
			if err != nil {
				return
			}
			words[i] = strings.TrimSuffix(word, "\x00")
		}
		target, isRCP := strings.CutPrefix(words[3], "rcp -t ")
		if !isRCP || words[2] != "root" {
			_, _ = conn.Write([]byte("\x01Permission denied.\n"))
			return
		}
		_, _ = conn.Write([]byte{0})
		m.receiveOne(rw, transportRCP, target)
	}
}
