// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Transports between members.
const (
	transportRCP = "rcp"
	transportSCP = "scp"
)

// file is one file on its way to another member.
type file struct {
	path string
	data []byte
}

// configPath is where a configuration arrives on a member.
const configPath = "/config/juniper.conf+"

const transferTime = 20 * time.Second

//lint:ignore ST1005 the text of the system
var errRefused = errors.New("Connection refused")

// pushFiles sends files from one member to another. Servers run while they are
// needed, as under inetd, so that a thousand idle chassis cost nothing.
func (ch *Chassis) pushFiles(from, to *Member, transport string, files []file) error {
	addr, stop, err := to.serveOnce(transport)
	if err != nil {
		return err
	}
	defer stop()
	conn, err := net.DialTimeout("tcp", addr, transferTime)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(transferTime))
	tapped := ch.lab.capture.tapConn(conn, Wire{Chassis: ch.Name, From: from.ID, To: to.ID, Transport: transport})
	ch.lab.journal.changeCounters(ch.Name, func(c *Counters) { c.Transfers++ })
	if transport == transportSCP {
		return from.sendSCP(tapped, to, files)
	}
	return sendRCP(tapped, files)
}

// serveOnce listens on the member for one connection of the transport. The
// returned function ends it and waits until it has.
func (m *Member) serveOnce(transport string) (addr string, stop func(), err error) {
	if err := m.checkService(transport); err != nil {
		return "", nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(transferTime))
		if transport == transportSCP {
			m.serveSCP(conn)
		} else {
			m.serveRCP(conn)
		}
	})
	return l.Addr().String(), func() { l.Close(); wg.Wait() }, nil
}

// checkService tells why nothing listens for a transport on this member.
func (m *Member) checkService(transport string) error {
	switch {
	case m.Chassis.lab.faults.hasMemberFault(m, FaultUnreachable):
		//lint:ignore ST1005 the text of the system
		return errors.New("No route to host")
	case transport == transportRCP && m.InFIPSMode():
		return errRefused // FIPS mode has no plaintext service
	case transport == transportSCP && m.sshdBroken():
		return errRefused
	}
	return nil
}

// sendOne is the sending side of "scp -t" and "rcp -t", which speak the same
// protocol: a line "Cmode size name", the bytes and a zero, each acknowledged.
func sendOne(rw io.ReadWriter, f file) error {
	in := bufio.NewReader(rw)
	if err := readAck(in); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(rw, "C0600 %d %s\n", len(f.data), path.Base(f.path)); err != nil {
		return err
	}
	if err := readAck(in); err != nil {
		return err
	}
	if _, err := rw.Write(append(f.data[:len(f.data):len(f.data)], 0)); err != nil {
		return err
	}
	return readAck(in)
}

// readAck reads a zero, or the sink's error text.
func readAck(in *bufio.Reader) error {
	status, err := in.ReadByte()
	if err != nil {
		return fmt.Errorf("lost connection: %w", err)
	}
	if status == 0 {
		return nil
	}
	text, _ := in.ReadString('\n')
	return errors.New(strings.TrimSpace(text))
}

// MaxFile is how large a file may be that people copy to a switch.
const MaxFile = 64 << 20

// receiveOne is the receiving side; it stores one file. An error is in the words of
// the program that receives: rcp, or scp.
func (m *Member) receiveOne(rw io.ReadWriter, transport, target string) {
	in := bufio.NewReader(rw)
	_, _ = rw.Write([]byte{0})
	data, err := receiveFile(in, rw)
	if err == nil {
		err = m.storeFile(target, data)
	}
	if err != nil {
		_, _ = fmt.Fprintf(rw, "\x01%s: %s: %s\n", transport, target, err)
		return
	}
	_, _ = rw.Write([]byte{0})
}

func receiveFile(in *bufio.Reader, ack io.Writer) ([]byte, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	return readContents(line, in, ack)
}

// readContents reads the file that a line announces.
func readContents(line string, in *bufio.Reader, ack io.Writer) ([]byte, error) {
	fields := strings.Fields(line)
	if len(fields) != 3 || !strings.HasPrefix(line, "C") {
		return nil, errors.New("protocol error: unexpected " + strconv.Quote(line))
	}
	size, err := strconv.Atoi(fields[1])
	if err != nil || size < 0 || size > MaxFile {
		return nil, errors.New("protocol error: size " + fields[1])
	}
	_, _ = ack.Write([]byte{0})
	data := make([]byte, size+1)
	if _, err := io.ReadFull(in, data); err != nil {
		return nil, err
	}
	if data[size] != 0 {
		return nil, errors.New("protocol error: no end of file mark")
	}
	return data[:size], nil
}

// storeFile keeps an arrived file, unless the disk is full.
func (m *Member) storeFile(target string, data []byte) error {
	if m.Chassis.lab.faults.hasMemberFault(m, FaultDiskFull) {
		//lint:ignore ST1005 the text of the system
		return errors.New("No space left on device")
	}
	m.writeFile(target, data)
	return nil
}
