// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/redact"
	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/trace"
)

// An error may repeat what a program on the way has printed, which knows the password. One
// in small letters looks like any word.
func TestTraceOfAnErrorHasNoPassword(t *testing.T) {
	const password = "deepsecret"
	for name, note := range map[string]func(*tracer, error){
		"a login that failed": (*tracer).noteEnd,
		"a session that ended": func(tr *tracer, cause error) {
			_, ended := tr.observeSession(nil)
			ended(cause)
		},
	} {
		dir := t.TempDir()
		w, err := trace.Create(dir, "run.jsonl", trace.Header{})
		if err != nil {
			t.Fatal(err)
		}
		tr := &tracer{r: redact.New(redact.Options{}), w: w, scrub: secret.New(password).Scrub}
		note(tr, errors.New("the proxy says: no login with "+password))
		w.Close()
		text, err := os.ReadFile(filepath.Join(dir, "run.jsonl"))
		if err != nil || strings.Contains(string(text), password) || !strings.Contains(string(text), "proxy says") {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
}

// What this project wants to see is marked: what prepare-setup printed, what a commit said,
// errors and warnings. What everybody knows is not.
func TestTraceMarksWordsThatNobodyHasPublished(t *testing.T) {
	dir := t.TempDir()
	w, err := trace.Create(dir, "run.jsonl", trace.Header{})
	if err != nil {
		t.Fatal(err)
	}
	observe, _ := (&tracer{r: redact.New(redact.Options{}), w: w}).observeSession(nil)
	want := map[string]bool{
		"<rpc-reply><output>Internal SSH setup completed</output></rpc-reply>":                                       true,
		"<rpc-reply><commit-results><routing-engine><name>fpc0</name></routing-engine></commit-results></rpc-reply>": true,
		"<nc:rpc-reply><nc:rpc-error><nc:error-message>no</nc:error-message></nc:rpc-error></nc:rpc-reply>":          true,
		"<rpc-reply><ok></ok></rpc-reply>":                                                   false,
		"<rpc-reply><virtual-chassis-information></virtual-chassis-information></rpc-reply>": false,
	}
	for message := range want {
		observe(false, []byte(message))
	}
	observe(true, []byte("<rpc><command><output></output></command></rpc>"))
	w.Close()
	events, err := trace.ReadFile(filepath.Join(dir, "run.jsonl"))
	if err != nil || len(events) != len(want)+3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, e := range events {
		if e.Marked != want[e.Text] {
			t.Errorf("marked %v: %s", e.Marked, e.Text)
		}
	}
}
