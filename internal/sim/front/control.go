// SPDX-License-Identifier: GPL-3.0-or-later

package front

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
	"github.com/vchassis/vchassis.junos/internal/sim/rpc"
)

// control serves the control API: HTTP and JSON on a unix socket.
type control struct {
	lab *Lab

	mu         sync.Mutex
	colleagues map[int]*engine.Colleague
	conns      connections
}

// ListenControl serves the control API on a unix socket until the lab closes.
func (lab *Lab) ListenControl(socket string) error {
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	if err := os.Chmod(socket, 0o600); err != nil {
		l.Close()
		return err
	}
	server := &http.Server{Handler: lab.ControlHandler(), ReadHeaderTimeout: 10 * time.Second}
	lab.Go(func() { _ = server.Serve(l) })
	lab.OnClose(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			server.Close()
		}
	})
	return nil
}

// ControlHandler is the control API for any HTTP server.
func (lab *Lab) ControlHandler() http.Handler {
	c := &control{lab: lab, colleagues: map[int]*engine.Colleague{}}
	lab.OnClose(c.conns.closeAll)
	mux := http.NewServeMux()
	for pattern, f := range map[string]func(*http.Request) (any, error){
		"GET /state":    c.getState,
		"GET /log":      c.getLog,
		"GET /counters": c.getCounters,
		"GET /capture":  c.getCapture,
		"GET /status":   c.getStatus,
		"POST /log":     c.resetLog,
		"POST /capture": c.setCapture,
		"POST /clock":   c.advanceClock,
		"POST /fault":   c.armFault,
		"POST /session": c.actAsColleague,

		"POST /chassis/{name}/switchover":       c.switchPrimary,
		"POST /chassis/{name}/split":            c.splitChassis,
		"POST /chassis/{name}/member/{id}/{do}": c.changeMember,
	} {
		mux.HandleFunc(pattern, answerJSON(f))
	}
	mux.HandleFunc("POST /chassis/{name}/netconf", c.serveNetconf)
	return mux
}

func answerJSON(f func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		value, err := f(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			value = map[string]string{"error": err.Error()}
		}
		if value == nil {
			value = map[string]bool{"ok": true}
		}
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		_ = e.Encode(value)
	}
}

// readBody decodes a request strictly; an empty one leaves the value alone.
func readBody(r *http.Request, into any) error {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil && r.ContentLength != 0 {
		return err
	}
	return nil
}

func (c *control) chassisNamed(name string) (*engine.Chassis, error) {
	if all := c.lab.All(); name == "" && len(all) == 1 {
		return all[0], nil
	}
	if ch := c.lab.Chassis(name); ch != nil {
		return ch, nil
	}
	return nil, fmt.Errorf("chassis %q: no such chassis", name)
}

// getState answers for one chassis, or for all: ?chassis=NAME&config=true
func (c *control) getState(r *http.Request) (any, error) {
	config := r.URL.Query().Get("config") == "true"
	if name := r.URL.Query().Get("chassis"); name != "" {
		ch, err := c.chassisNamed(name)
		if err != nil {
			return nil, err
		}
		return ch.State(config), nil
	}
	all := []engine.ChassisState{}
	for _, ch := range c.lab.All() {
		all = append(all, ch.State(config))
	}
	return map[string]any{"time": c.lab.Clock().Now(), "chassis": all}, nil
}

func (c *control) getLog(r *http.Request) (any, error) {
	after, _ := strconv.Atoi(r.URL.Query().Get("after"))
	return c.lab.Log(r.URL.Query().Get("chassis"), after), nil
}

func (c *control) resetLog(*http.Request) (any, error) {
	c.lab.ResetLog()
	return nil, nil
}

func (c *control) getCounters(r *http.Request) (any, error) {
	if name := r.URL.Query().Get("chassis"); name != "" {
		return c.lab.Counters(name), nil
	}
	all := map[string]engine.Counters{}
	for _, ch := range c.lab.All() {
		all[ch.Name] = c.lab.Counters(ch.Name)
	}
	return all, nil
}

func (c *control) setCapture(r *http.Request) (any, error) {
	in := struct {
		On bool `json:"on"`
	}{true}
	if err := readBody(r, &in); err != nil {
		return nil, err
	}
	c.lab.Capture(in.On)
	return nil, nil
}

func (c *control) getStatus(*http.Request) (any, error) { return c.lab.Summary(), nil }

func (c *control) getCapture(*http.Request) (any, error) { return c.lab.Captured(), nil }

func (c *control) advanceClock(r *http.Request) (any, error) {
	var in struct {
		Advance string `json:"advance"`
	}
	if err := readBody(r, &in); err != nil {
		return nil, err
	}
	d, err := time.ParseDuration(in.Advance)
	if err != nil || d < 0 {
		return nil, fmt.Errorf("advance: want a duration such as 5m, got %q", in.Advance)
	}
	c.lab.Clock().Advance(d)
	return map[string]time.Time{"time": c.lab.Clock().Now()}, nil
}

// armFault arms a Rule; {"clear": true} disarms all.
func (c *control) armFault(r *http.Request) (any, error) {
	var in struct {
		engine.Rule
		Clear bool `json:"clear"`
	}
	if err := readBody(r, &in); err != nil {
		return nil, err
	}
	if in.Clear {
		c.lab.ClearFaults()
		return nil, nil
	}
	id, err := c.lab.AddFault(in.Rule)
	return map[string]int{"id": id}, err
}

func (c *control) switchPrimary(r *http.Request) (any, error) {
	ch, err := c.chassisNamed(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return nil, ch.Switchover()
}

func (c *control) splitChassis(r *http.Request) (any, error) {
	ch, err := c.chassisNamed(r.PathValue("name"))
	in := struct {
		On bool `json:"on"`
	}{true}
	if err := errors.Join(err, readBody(r, &in)); err != nil {
		return nil, err
	}
	ch.Split(in.On)
	return nil, nil
}

func (c *control) changeMember(r *http.Request) (any, error) {
	ch, err := c.chassisNamed(r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		return nil, fmt.Errorf("member %q: want a member id", r.PathValue("id"))
	}
	switch do := r.PathValue("do"); do {
	case "leave":
		err = ch.Leave(id)
	case "join":
		err = ch.Join(id)
	case "reboot":
		err = ch.Reboot(id)
	case "replace":
		var in engine.Replacement
		if err = readBody(r, &in); err == nil {
			err = ch.Replace(id, in)
		}
	default:
		err = fmt.Errorf("%q: want leave, join, reboot or replace", do)
	}
	if err != nil {
		return nil, err
	}
	return ch.State(false), nil
}

// actAsColleague lets a colleague log in (do: login) and act (lock, unlock, edit,
// trial, commit, discard, close); the answer holds the session's id.
func (c *control) actAsColleague(r *http.Request) (any, error) {
	in := struct {
		Chassis string `json:"chassis"`
		ID      int    `json:"id"`
		User    string `json:"user"`
		Client  string `json:"client"`
		Do      string `json:"do"`
		Set     string `json:"set"`
		Minutes int    `json:"minutes"`
	}{User: "admin", Client: "cli", Minutes: 10}
	if err := readBody(r, &in); err != nil {
		return nil, err
	}
	who, err := c.colleagueOf(in.Chassis, in.ID, in.User, in.Client)
	if err != nil {
		return nil, err
	}
	if err := doAs(who, in.Do, in.Set, in.Minutes); err != nil {
		return nil, err
	}
	return map[string]int{"id": who.ID()}, nil
}

func (c *control) colleagueOf(chassis string, id int, user, client string) (*engine.Colleague, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if id != 0 {
		if who := c.colleagues[id]; who != nil {
			return who, nil
		}
		return nil, fmt.Errorf("id: no session %d", id)
	}
	ch, err := c.chassisNamed(chassis)
	if err != nil {
		return nil, err
	}
	who := ch.Colleague(user, client)
	c.colleagues[who.ID()] = who
	return who, nil
}

func doAs(c *engine.Colleague, what, set string, minutes int) error {
	switch what {
	case "", "login":
	case "lock":
		return c.Lock()
	case "unlock":
		return c.Unlock()
	case "edit":
		return c.Edit(set)
	case "trial":
		return c.Commit(minutes)
	case "commit":
		return c.Commit(0)
	case "discard":
		return c.Discard()
	case "close":
		c.Close()
	default:
		return fmt.Errorf("do: want login, lock, unlock, edit, trial, commit, discard or close, got %q", what)
	}
	return nil
}

// serveNetconf turns the connection into a NETCONF session, for a front on standard
// input and output: the subsystem of a real sshd, which has let the user in.
func (c *control) serveNetconf(w http.ResponseWriter, r *http.Request) {
	ch, err := c.chassisNamed(r.PathValue("name"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	user, ok := ch.Primary().Named(r.URL.Query().Get("user"))
	if !ok {
		http.Error(w, "no such user", http.StatusForbidden)
		return
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: netconf\r\n\r\n"))
	defer c.conns.trackConn(conn)()
	rpc.Serve(ch.Primary().Login(user, "netconf", "", hangupOf(conn)), struct {
		io.Reader
		io.Writer
	}{buffered.Reader, conn})
}
