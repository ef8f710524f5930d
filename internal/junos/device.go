// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/progress"
	"github.com/vchassis/vchassis.junos/internal/rootshell"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Options bound what a Device may do. Zero timeouts mean the defaults.
type Options struct {
	ReadOnly      bool          // refuse every operation that is not a read
	RPCTimeout    time.Duration // of one reply; 0: 60 s
	CommitTimeout time.Duration // of one commit; 0: 600 s
	Progress      *progress.Log // takes what the operator should know while it waits; nil: nobody asked
	Heard         *Messages     // takes in every warning of every reply; nil: nobody listens
	Users         []string      // the names under which this play logs in, beside that of the session
	Run           string        // this run, as its commit logs name it
	Marked        *bool         // set when a reading shows that the release marks open trials; shared by the logins of a run
	Known         []vc.Member   // whose software was read a moment ago; it is read again where the members are others
	StatedFIPS    *bool         // the operator's word on the chassis' FIPS mode, which is in every reading; nil: the members' counts

	Observe func(sent bool, message []byte) // is shown every NETCONF message of every login; nil: nobody looks
	Ended   func(cause error)               // is told why a session has ended that we did not close; nil: nobody listens
}

// Device is one NETCONF session with a Junos device.
type Device struct {
	client  *sshconn.Client // nil: the session's stream is somebody else's
	session *netconf.Session
	opts    Options
	members []vc.Member // of the last reading, for replies that wrap the answers of members
	polite  bool        // the end is waited for: of a lock, or of a shell

	refusesRootKeys bool    // the question for root's keys
	rights          *string // what the device says of the login's rights; nil: nobody has asked
}

// Open logs in and starts a NETCONF session. Errors name the phase that went
// wrong and the host.
func Open(ctx context.Context, at sshconn.Config, opts Options) (*Device, error) {
	client, err := sshconn.Dial(ctx, at)
	if err != nil {
		return nil, err
	}
	session, err := netconf.Open(ctx, client, netconf.Options{RPCTimeout: opts.RPCTimeout, HelloTimeout: at.ConnectTimeout, Observe: opts.Observe, Ended: opts.Ended})
	return newOn(client, session, err, opts)
}

// OpenRootShell logs in at a terminal, becomes root there with "start shell user
// root", and starts a NETCONF session in root's shell. Errors name the phase that
// went wrong and the host; an *rootshell.Error is one of the dialogue.
func OpenRootShell(ctx context.Context, at sshconn.Config, root secret.String, opts Options) (*Device, error) {
	client, err := sshconn.Dial(ctx, at)
	if err != nil {
		return nil, err
	}
	session, err := enterRootShell(ctx, client, rootshell.Options{Host: client.Host(), Password: root, Timeout: at.ConnectTimeout}, opts)
	d, err := newOn(client, session, err, opts)
	if err == nil {
		d.polite = true
	}
	return d, err
}

func enterRootShell(ctx context.Context, client *sshconn.Client, root rootshell.Options, opts Options) (*netconf.Session, error) {
	terminal, err := client.Terminal(ctx, root.Timeout)
	if err != nil {
		return nil, err
	}
	stream, err := rootshell.Become(ctx, terminal, root)
	if err != nil {
		return nil, err
	}
	return netconf.New(ctx, stream, netconf.Options{
		Host: root.Host, RPCTimeout: opts.RPCTimeout, HelloTimeout: root.Timeout, Terminal: true, Observe: opts.Observe, Ended: opts.Ended,
	})
}

// newOn returns the device behind a session of a connection, or closes that.
func newOn(client *sshconn.Client, session *netconf.Session, err error, opts Options) (*Device, error) {
	if err != nil {
		_ = client.Close()
		return nil, err
	}
	d := New(session, opts)
	d.client = client
	return d, nil
}

// New returns a device behind a session that is open already; it takes the
// session over.
func New(session *netconf.Session, opts Options) *Device {
	opts.RPCTimeout = cmp.Or(opts.RPCTimeout, time.Minute)
	opts.CommitTimeout = cmp.Or(opts.CommitTimeout, 10*time.Minute)
	return &Device{session: session, opts: opts}
}

// Close ends the session; the device then drops our lock and our uncommitted
// edits. One that has only read is hung up. It may be called twice.
func (d *Device) Close() error {
	if d.client != nil && !d.polite {
		return d.client.Close()
	}
	err := d.session.Close()
	if d.client != nil {
		err = errors.Join(err, d.client.Close())
	}
	return err
}

// Warnings returns what the operator should know about the connection.
func (d *Device) Warnings() []string {
	if d.client == nil {
		return nil
	}
	return d.client.Warnings()
}

// CommitLimit is how long one commit may take.
func (d *Device) CommitLimit() time.Duration { return d.opts.CommitTimeout }

// IsLost says that the session is gone, and with it our lock.
func (d *Device) IsLost() bool { return d.session.Err() != nil }

var sessionUserPattern = regexp.MustCompile(`^user ([^,\s]+)`)

// User returns the login name as the device knows it, from the comment that
// Junos puts before its hello, or "" when it says nothing.
func (d *Device) User() string {
	for _, c := range d.session.Comments() {
		if m := sessionUserPattern.FindStringSubmatch(strings.TrimSpace(c)); m != nil {
			return m[1]
		}
	}
	return ""
}

// ErrReadOnly is returned for a write in check mode. It means that a module
// has a bug: nothing was sent.
var ErrReadOnly = errors.New("refused to write in check mode")

// isReadOnly is the allow-list of check mode: operations that can change
// neither the device nor the candidate.
func isReadOnly(op *etree.Element) bool {
	o, _ := findOperation(op.Tag)
	return o.isRead
}

// callOne performs one operation. The reply is returned also when it holds
// errors; the error is then a *netconf.ReplyError.
func (d *Device) callOne(ctx context.Context, op *etree.Element, timeout time.Duration) (*netconf.Reply, error) {
	replies, err := d.callAll(ctx, timeout, op)
	if len(replies) == 0 {
		return nil, err
	}
	return replies[0], err
}

// callAll performs operations that may be pipelined.
func (d *Device) callAll(ctx context.Context, timeout time.Duration, ops ...*etree.Element) ([]*netconf.Reply, error) {
	requests := make([][]byte, len(ops))
	for i, op := range ops {
		if d.opts.ReadOnly && !isReadOnly(op) {
			return nil, fmt.Errorf("%s: %w", op.Tag, ErrReadOnly)
		}
		doc := etree.NewDocument()
		doc.SetRoot(op)
		var err error
		if requests[i], err = doc.WriteToBytes(); err != nil {
			return nil, fmt.Errorf("encode %s: %w", op.Tag, err)
		}
	}
	replies, err := d.session.CallWithin(ctx, timeout, timeoutOf(ops[0]), requests...)
	for _, r := range replies {
		d.noteWarnings(warningsOf(r)...)
	}
	return replies, err
}

// timeoutOf names the option that bounds an operation.
func timeoutOf(op *etree.Element) string {
	switch op.Tag {
	case "commit-configuration":
		return "commit_timeout"
	case "command":
		return "prepare_timeout"
	}
	return "rpc_timeout"
}

func (d *Device) noteWarnings(m ...Message) {
	if d.opts.Heard != nil {
		d.opts.Heard.Add(m...)
	}
}

// newElement builds an operation: a tag, its text or its children.
func newElement(tag string, children ...*etree.Element) *etree.Element {
	e := etree.NewElement(tag)
	for _, c := range children {
		e.AddChild(c)
	}
	return e
}

func newTextElement(tag, s string) *etree.Element {
	e := etree.NewElement(tag)
	e.SetText(s)
	return e
}

// withAttributes sets attributes: pairs of name and value.
func withAttributes(e *etree.Element, pairs ...string) *etree.Element {
	for i := 0; i+1 < len(pairs); i += 2 {
		e.CreateAttr(pairs[i], pairs[i+1])
	}
	return e
}
