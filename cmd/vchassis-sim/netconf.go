// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
)

// netconf connects standard input and output with a chassis of a running lab,
// so that a real sshd can have it as its subsystem:
//
//	Subsystem netconf /usr/local/bin/vchassis-sim netconf /run/vchassis-sim/control.sock vc1 root
func netconf(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	if len(args) < 2 || len(args) > 3 {
		return errors.New("usage: vchassis-sim netconf SOCKET CHASSIS [USER]")
	}
	user := "root"
	if len(args) == 3 {
		user = args[2]
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", args[0])
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	_, err = fmt.Fprintf(conn, "POST /chassis/%s/netconf?user=%s HTTP/1.1\r\nHost: lab\r\nContent-Length: 0\r\n\r\n",
		url.PathEscape(args[1]), url.QueryEscape(user))
	if err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusSwitchingProtocols {
		return fmt.Errorf("chassis %s: %s", args[1], answer.Status)
	}
	go func() { // ends with the input; the session's end ends the process
		_, _ = io.Copy(conn, stdin)
		_ = conn.(*net.UnixConn).CloseWrite()
	}()
	_, err = io.Copy(stdout, in)
	return err
}
