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
