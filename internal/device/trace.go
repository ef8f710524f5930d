// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vchassis/vchassis.junos/internal/redact"
	"github.com/vchassis/vchassis.junos/internal/trace"
)

// tracer leaves what goes over the sessions of a run in a file, redacted. A nil tracer
// leaves nothing.
type tracer struct {
	mu       sync.Mutex
	r        *redact.Redactor
	scrub    func(string) string // of what came in as a secret; nil: nothing did
	w        *trace.Writer
	sessions int
}

// startTrace begins the file, once a run.
func (s *Session) startTrace() error {
	if s.conn.Trace == "" || s.tracer != nil {
		return nil
	}
	r := redact.New(redact.Options{Anonymize: s.conn.TraceAnonymize, Key: []byte(s.conn.TraceAnonymizeKey.Reveal())})
	for _, login := range append([]string{s.conn.Username}, s.task.Logins...) { // errors name them
		r.UserName(login)
	}
	host := s.conn.Host
	if s.conn.TraceAnonymize {
		host = r.Address(host)
	}
	name := fmt.Sprintf("%s-%s-%s.jsonl", unsafeInNames.ReplaceAllString(host, "_"), s.task.Module, s.task.Tag)
	w, err := trace.Create(s.conn.Trace, name, trace.Header{MadeBy: Version(), MadeAt: time.Now().UTC().Format(time.RFC3339),
		Module: s.task.Module, Check: s.task.Check, Run: s.task.Tag, Options: describeOptions(s.task.Given, r)})
	if err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	s.tracer = &tracer{r: r, w: w, scrub: s.task.Scrub}
	s.task.AtEnd(s.tracer.noteResult)
	return nil
}

var unsafeInNames = regexp.MustCompile(`[^A-Za-z0-9._-]`)

// Options that say who and where, or name files of the controller.
var private = []string{"host", "port", "username", "private_key_file", "certificate_file", "known_hosts", "host_key_fingerprint",
	"ssh_config", "proxy_jump", "proxy_command", "trace", "trace_anonymize", "dest", "name", "groups", "comment"}

func describeOptions(given map[string]any, r *redact.Redactor) map[string]any {
	options := map[string]any{}
	for name, value := range given {
		if !slices.Contains(private, name) {
			options[name] = redactValue(value, r)
		}
	}
	return options
}

// redactValue redacts every text in a JSON value, and the keys of its objects not.
func redactValue(value any, r *redact.Redactor) any {
	switch v := value.(type) {
	case string:
		return r.Words(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = redactValue(v[i], r)
		}
		return list
	case map[string]any:
		object := map[string]any{}
		for name := range v {
			object[name] = redactValue(v[name], r)
		}
		return object
	}
	return value
}

// observeSession begins the next session: what is to be shown its messages, and told its
// end.
func (t *tracer) observeSession(log *dialogue) (observe func(bool, []byte), ended func(error)) {
	if log == nil {
		log = &dialogue{}
	}
	if t == nil {
		return log.note, nil
	}
	t.mu.Lock()
	t.sessions++
	n := t.sessions
	t.mu.Unlock()
	t.add(trace.Event{Kind: trace.Opened, Session: n}, nil)
	observe = func(sent bool, message []byte) {
		log.note(sent, message)
		kind := trace.Got
		if sent {
			kind = trace.Sent
		}
		t.add(trace.Event{Kind: kind, Session: n, Marked: !sent && unpublished.Match(message)}, message)
	}
	ended = func(cause error) { t.addEnd(n, cause) }
	return observe, ended
}

// unpublished are replies with words that this project wants to see: what prepare-setup
// printed, what a commit said of members, every error and warning.
var unpublished = regexp.MustCompile(`<(?:[\w-]+:)?(?:output|commit-results|error-message)\b`)

// add writes an event with a message, redacted in its turn: stand-ins depend on what came
// before.
func (t *tracer) add(e trace.Event, message []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if message != nil {
		e.Text = t.r.Message(message)
	}
	t.w.Add(e)
}

// addEnd writes why a session is over. Errors may repeat what programs on the way have
// printed, and those what they were given.
func (t *tracer) addEnd(session int, cause error) {
	text := cause.Error()
	if t.scrub != nil {
		text = t.scrub(text)
	}
	t.add(trace.Event{Kind: trace.Closed, Session: session}, []byte(text))
}

// noteEnd says why a session did not begin.
func (t *tracer) noteEnd(err error) {
	if t != nil {
		t.addEnd(t.sessions, err)
	}
}

// noteResult ends the trace with the result.
func (t *tracer) noteResult(result []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	decoder := json.NewDecoder(bytes.NewReader(result))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) == nil {
		if text, err := json.Marshal(redactValue(value, t.r)); err == nil {
			t.w.Add(trace.Event{Kind: trace.Result, Result: json.RawMessage(strings.TrimSpace(string(text)))})
		}
	}
	t.w.Close()
}
