// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// turns are what happens to the chassis while a module runs: each strikes once,
// just before the chassis looks at an RPC.
type turns struct {
	mu    sync.Mutex
	armed []*turn
}

type turn struct {
	rpc  string
	left int // matches until it happens
	do   func() error
	text string
	err  error
	done bool
}

// whenCmd is when RPC N VERB ARG...
func whenCmd(b *bench, ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: when RPC N clock +DURATION|leave ID|join ID|switchover|split|session NAME VERB")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	do, err := b.eventOf(args[2], args[3:])
	ts.Check(err)
	b.turns.mu.Lock()
	defer b.turns.mu.Unlock()
	b.turns.armed = append(b.turns.armed, &turn{rpc: args[0], left: n, do: do, text: fmt.Sprint(args)})
	b.lab.Hook(b.turns.strikeDue)
}

func (b *bench) eventOf(verb string, args []string) (func() error, error) {
	ch := b.chassis
	switch {
	case verb == "switchover":
		return ch.Switchover, nil
	case verb == "split":
		return func() error { ch.Split(true); return nil }, nil
	case len(args) == 0:
	case verb == "clock":
		d, err := time.ParseDuration(args[0])
		return func() error { b.lab.Clock().Advance(d); return nil }, err
	case verb == "session" && len(args) > 1 && b.sessions[args[0]] != nil:
		return func() error { return actAs(b.sessions[args[0]], args[1], joinWords(args[2:])) }, nil
	case verb == "leave", verb == "join":
		id, err := strconv.Atoi(args[0])
		return func() error { return map[string]func(int) error{"leave": ch.Leave, "join": ch.Join}[verb](id) }, err
	}
	return nil, fmt.Errorf("%s %v: no such event", verb, args)
}

// strikeDue is the hook of the lab.
func (t *turns) strikeDue(e sim.Event) sim.Fault {
	if e.When == sim.Before {
		for _, due := range t.takeDue(e.RPC) {
			err := due.do()
			t.mu.Lock()
			due.err, due.done = err, true
			t.mu.Unlock()
		}
	}
	return sim.Fault{}
}

func (t *turns) takeDue(rpc string) (out []*turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, turn := range t.armed {
		if turn.rpc != rpc {
			continue
		}
		if turn.left--; turn.left == 0 {
			out = append(out, turn)
		}
	}
	return out
}

// disarmAll disarms all; one that did not happen, or could not, is an error.
func (t *turns) disarmAll() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	armed := t.armed
	t.armed = nil
	for _, turn := range armed {
		if turn.err != nil {
			return fmt.Errorf("when %s: %w", turn.text, turn.err)
		}
		if !turn.done {
			return fmt.Errorf("when %s: it did not come to that", turn.text)
		}
	}
	return nil
}
