// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

const helloOfSwitch = `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>
<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>7478</session-id></hello>`

// connectTo returns a stream to a switch that gives these replies, one a
// request. A program has one from sshconn, and calls netconf.Open.
func connectTo(replies ...string) io.ReadWriteCloser {
	client, device := net.Pipe()
	go func() { // ends with the last reply, or with the stream
		defer device.Close()
		in, out := frame.NewReader(device, frame.Limits{}), frame.NewWriter(device)
		for i, reply := range append([]string{helloOfSwitch}, replies...) {
			if _, err := in.Next(); err != nil {
				return
			}
			if i > 0 {
				reply = fmt.Sprintf(`<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" message-id="%d">%s</rpc-reply>`, i, reply)
			}
			if _, err := out.Write([]byte(reply)); err != nil {
				return
			}
		}
	}()
	return client
}

// A session sends operations, which are the XML inside of <rpc>, and decodes
// what comes back, whatever namespace the release puts it into.
func Example() {
	ctx := context.Background()
	stream := connectTo(`<system-information xmlns="http://xml.juniper.net/junos/24.4R1/junos"><host-name>sw1</host-name></system-information>`, `<ok/>`)
	session, err := netconf.New(ctx, stream, netconf.Options{Host: "192.0.2.1"})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	reply, err := session.Call(ctx, []byte("<get-system-information/>"))
	if err != nil {
		log.Fatal(err)
	}
	var answer struct {
		HostName string `xml:"system-information>host-name"`
	}
	if err := reply.Decode(&answer); err != nil {
		log.Fatal(err)
	}
	fmt.Println("session", session.ID(), "on", answer.HostName)
	// Output:
	// session 7478 on sw1
}

// An operation that the device refused is told from a session that is dead:
// after the first the device is as it was, after the second nobody knows.
func ExampleSession_Call() {
	ctx := context.Background()
	session, err := netconf.New(ctx, connectTo(`<rpc-error><error-type>protocol</error-type><error-tag>lock-denied</error-tag>
<error-severity>error</error-severity><error-message>configuration database locked by another session</error-message>
<error-info><session-id>7401</session-id></error-info></rpc-error>`), netconf.Options{Host: "192.0.2.1"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = session.Call(ctx, []byte("<lock-configuration/>"))
	var refused *netconf.ReplyError
	if errors.As(err, &refused) {
		fmt.Println(refused)
		fmt.Println("held by session", refused.Errors[0].SessionID)
	}
	_, err = session.Call(ctx, []byte("<get-configuration/>")) // this switch has closed the stream
	var dead *netconf.SessionError
	fmt.Println("dead:", errors.As(err, &dead))
	// Output:
	// lock-configuration: configuration database locked by another session
	// held by session 7401
	// dead: true
}
