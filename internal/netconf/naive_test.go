// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	naive "github.com/Juniper/go-netconf/netconf"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

// The defects of libraries that were measured, and where a test shows each: the
// library's own way fails on the same bytes or the same server, ours does not.
//
//	of go-netconf
//	rpc-error nested, xnm:error, severity between line feeds     TestDefectErrorsAreMissed
//	reply dropped beside an error, only the first error kept     TestDefectErrorCostsTheReply
//	chunks, split terminator, EOF, message-id, lost bytes        TestDefectFraming
//	no limit on a reply                                          TestDefectNoLimit
//	hello: errors swallowed, sent second                         TestDefectHelloErrorsAreSwallowed, TestDefectHelloIsSentSecond
//	Method* and the delimiter: one request becomes two           TestDefectRequestsAreInjected, TestDefectDelimiterInARequest
//	Session.Close says nothing                                   TestDefectCloseSaysNothing
//	no deadline after TCP                                        TestDefectNoDeadline
//	stderr not drained                                           TestDefectStderrIsNotDrained
//	host key ignored by its helpers                              TestDefectHostKeyIsIgnored
//	no way in when the subsystem is refused                      TestDefectNoFallback
//	of encoding/xml
//	ESC, NUL, Latin-1, us-ascii, unclosed routing-engine         TestDefectOneByteCostsTheReply
//	DOCTYPE accepted                                             TestDefectDoctypeIsAccepted
//	prefixes rewritten, namespaces that hold the version         TestDefectPrefixesAreRewritten, TestDefectNamespacesHoldTheVersion
//	of x/crypto/ssh and known_hosts                              ../sshconn/naive_test.go, naivefips_test.go
//	of ssh_config                                                ../sshconn/sshconfig/naive_test.go
//	of gjson                                                     ../ansible/gjson_test.go
//
// What they say is of the version that go.mod names, the last one with a go.mod.
func TestDefectsAreOfThisVersion(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil || !strings.Contains(string(mod), "github.com/Juniper/go-netconf v0.3.1\n") {
		t.Errorf("go-netconf is another one: look at each defect again (%v)", err)
	}
}

// wire is a stream that delivers packets, one a Read. After the last it ends, or
// tells that it is starved and waits to be closed.
type wire struct {
	packets []string
	ends    bool
	after   string // the first packet comes when this was written

	once    sync.Once
	starved chan struct{}
	closed  chan struct{}
	shut    sync.Once
	mu      sync.Mutex
	wrote   bytes.Buffer
	more    chan struct{} // a write came
}

func newWire(packets ...string) *wire {
	return &wire{packets: slices.Clone(packets), starved: make(chan struct{}), closed: make(chan struct{}), more: make(chan struct{}, 100)}
}

func (w *wire) Read(b []byte) (int, error) {
	for !strings.Contains(w.text(), w.after) {
		if err := w.wait(); err != nil {
			return 0, err
		}
	}
	if len(w.packets) == 0 && w.ends {
		return 0, io.EOF
	}
	for len(w.packets) == 0 {
		if err := w.wait(); err != nil {
			return 0, err
		}
	}
	n := copy(b, w.packets[0])
	if w.packets[0] = w.packets[0][n:]; w.packets[0] == "" {
		w.packets = w.packets[1:]
	}
	return n, nil
}

// wait tells that a reader waits, and ends with a write or with the stream.
func (w *wire) wait() error {
	w.once.Do(func() { close(w.starved) })
	select {
	case <-w.more:
		return nil
	case <-w.closed:
		return io.ErrClosedPipe
	}
}

func (w *wire) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
	return w.wrote.Write(b)
}

func (w *wire) Close() error { w.shut.Do(func() { close(w.closed) }); return nil }

func (w *wire) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.wrote.String()
}

// naively makes as many calls the library's own way and returns the last reply. A
// call that waits for what never comes is an error: errHangs.
func naively(t *testing.T, w *wire, calls int) (*naive.RPCReply, error) {
	t.Helper()
	type outcome struct {
		reply *naive.RPCReply
		err   error
	}
	done := make(chan outcome, 1)
	t.Cleanup(func() { _ = w.Close() })
	go func() { // ends with the wire
		var o outcome
		s := naive.NewSession(&naive.TransportBasicIO{ReadWriteCloser: w})
		for range calls {
			o.reply, o.err = s.Exec(get)
		}
		done <- o
	}()
	select {
	case o := <-done:
		return o.reply, o.err
	case <-w.starved:
		_ = w.Close()
		<-done
		return nil, errHangs
	}
}

var errHangs = errors.New("it waits for more")

const get = naive.RawMethod("<get-a/>")

// ours makes as many calls our way and returns the last reply.
func ours(t *testing.T, w *wire, calls int) (r *netconf.Reply, err error) {
	t.Helper()
	t.Cleanup(func() { _ = w.Close() })
	s, err := netconf.New(t.Context(), w, netconf.Options{Host: "sw1", MaxReply: 1 << 20})
	for range calls {
		if err == nil {
			r, err = s.Call(t.Context(), []byte(get))
		}
	}
	return r, err
}

// refusedBecause returns the errors that a reply held.
func refusedBecause(err error) []string {
	var refused *netconf.ReplyError
	var texts []string
	if errors.As(err, &refused) {
		for _, e := range refused.Errors {
			texts = append(texts, e.Message)
		}
	}
	return texts
}
