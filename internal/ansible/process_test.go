// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"bytes"
	"context"
	"crypto/fips140"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asked is what the modules of the program below are asked for.
type asked struct {
	FIPS  bool   `json:"fips"`
	Text  string `json:"text"`
	Ready string `json:"ready"` // a file that is made once the module runs
}

func (a asked) NeedsFIPS() bool { return a.FIPS }

type answered struct {
	On    bool   `json:"on"`
	Text  string `json:"text"`
	State string `json:"state" unstarted:"none" crashed:"unknown"`
}

// program is the modules of this test program, which is a program of modules
// where its first argument says so.
func program() []Module {
	return []Module{
		New("probe", func(_ context.Context, _ Task, p asked) (answered, error) {
			return answered{On: fips140.Enabled(), Text: p.Text + " " + os.Getenv("GODEBUG") + os.Getenv(watcherVariable), State: "asked"}, nil
		}),
		New("refuses", func(context.Context, Task, asked) (answered, error) { return answered{On: fips140.Enabled()}, errBoom }),
		New("waits", func(ctx context.Context, _ Task, p asked) (answered, error) {
			_ = os.WriteFile(p.Ready, []byte("x"), 0o600)
			<-ctx.Done()
			return answered{State: "stopped", On: fips140.Enabled()}, ctx.Err()
		}),
		New("hangs", func(_ context.Context, _ Task, p asked) (answered, error) {
			_ = os.WriteFile(p.Ready, []byte("x"), 0o600)
			time.Sleep(time.Minute)
			return answered{}, nil
		}),
		New("limits", func(context.Context, Task, asked) (answered, error) {
			var limit syscall.Rlimit
			err := syscall.Getrlimit(syscall.RLIMIT_CORE, &limit)
			return answered{Text: fmt.Sprint(limit.Cur, limit.Max)}, err
		}),
		New("dies", func(context.Context, Task, asked) (answered, error) {
			if fips140.Enabled() {
				os.Exit(3)
			}
			return answered{}, nil
		}),
	}
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "module" {
		if os.Getenv("TEST_NOHUP") != "" {
			signal.Ignore(syscall.SIGHUP)
		}
		os.Exit(Main(context.Background(), program(), os.Args, os.Stdin, os.Stdout, os.Environ()))
	}
	dumps = limitsOfModule() // before a test has taken them from this process
	os.Exit(m.Run())
}

var dumps string

// limitsOfModule returns what a module says of its limits of core dumps where
// they were allowed before, or "" where they cannot be.
func limitsOfModule() string {
	cmd := exec.Command("sh", "-c", `ulimit -c 1000 && exec "$0" module limits -`, os.Args[0])
	cmd.Stdin = strings.NewReader("{}")
	out, err := cmd.Output()
	var r answered
	if err != nil || json.Unmarshal(out, &r) != nil {
		return ""
	}
	return r.Text
}

// A dump of a process that logs in holds passwords.
func TestNoCoreDumps(t *testing.T) {
	if dumps == "" {
		t.Skip("no process may dump core here")
	}
	if dumps != "0 0" {
		t.Errorf("limits %s", dumps)
	}
}

func runProgram(t *testing.T, ctx context.Context, module, arguments string, environ ...string) (answered, string, int) {
	t.Helper()
	var out bytes.Buffer
	status := Main(ctx, program(), []string{"vchassis", "module", module, "-"}, strings.NewReader(arguments), &out, environ)
	var r answered
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || bytes.Count(out.Bytes(), []byte("\n")) != 1 {
		t.Fatalf("want one object in one line: %v: %s", err, out.Bytes())
	}
	return r, out.String(), status
}

// FIPS is a setting of a process: who asks for it gets one that has it on,
// with the same arguments, result and status.
func TestFIPSIsOnInAProcessOfItsOwn(t *testing.T) {
	r, out, status := runProgram(t, t.Context(), "probe", `{"fips": true, "text": "hello"}`, "GODEBUG=netdns=go", "HOME=/")
	if !r.On || r.State != "asked" || r.Text != "hello netdns=go,fips140=on" || status != 0 {
		t.Errorf("got %s, status %d", out, status)
	}
	if r, out, _ := runProgram(t, t.Context(), "probe", `{"fips": true}`); r.Text != " fips140=on" {
		t.Errorf("without other settings: %s", out)
	}
	var pipe [2]int // no files: watcherOf makes one of the writing end
	if err := syscall.Pipe(pipe[:]); err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(pipe[0])
	if r, out, _ := runProgram(t, t.Context(), "probe", `{"fips": true}`, watcherVariable+"="+strconv.Itoa(pipe[1])); r.Text != " fips140=on3" {
		t.Errorf("watched: %s", out)
	}
	if r, out, _ := runProgram(t, t.Context(), "probe", `{"fips": false}`); r.On {
		t.Errorf("nobody asked for it: %s", out)
	}
	if r, out, status := runProgram(t, t.Context(), "refuses", `{"fips": true}`); !r.On || status != 1 || !strings.Contains(out, "device said no") {
		t.Errorf("a failure: %s, status %d", out, status)
	}
	if _, out, status := runProgram(t, t.Context(), "probe", `{"fips": true, "text": 5, "x": 1}`); status != 1 || !strings.Contains(out, "x: unknown option") {
		t.Errorf("bad arguments: %s, status %d", out, status)
	}
}

// A process that has the setting and is not in FIPS mode cannot be.
func TestFIPSThatIsNotThere(t *testing.T) {
	r, out, status := runProgram(t, t.Context(), "probe", `{"fips": true}`, "GODEBUG=fips140=on")
	if status != 1 || r.State != "none" || !strings.Contains(out, "fips: this program was built without Go's FIPS 140-3 module") {
		t.Errorf("got %s, status %d", out, status)
	}
}

// Nobody knows what a process did that ended without a word.
func TestFIPSProcessThatDies(t *testing.T) {
	r, out, status := runProgram(t, t.Context(), "dies", `{"fips": true}`)
	if status != 1 || r.State != "unknown" || !strings.Contains(out, "the process with FIPS 140-3 on ended without a result: exit status 3") {
		t.Errorf("got %s, status %d", out, status)
	}
}

// awaitFile waits until a module has said that it runs.
func awaitFile(t *testing.T, name string) {
	t.Helper()
	for range 3000 {
		if _, err := os.Stat(name); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("the module never ran")
}

// A signal to this process is one to the process with FIPS: that clears up and
// tells the result.
func TestFIPSProcessIsInterrupted(t *testing.T) {
	ready := filepath.Join(t.TempDir(), "ready")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		awaitFile(t, ready)
		cancel()
	}()
	r, out, status := runProgram(t, ctx, "waits", fmt.Sprintf(`{"fips": true, "ready": %q}`, ready))
	if status != 1 || r.State != "stopped" || !r.On || !strings.Contains(out, "interrupt signal received") {
		t.Errorf("got %s, status %d", out, status)
	}
}

// Whatever ends the process that was started, also a kill, ends the one with
// FIPS: nobody would read its result.
func TestFIPSProcessEndsWithItsParent(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere Ansible ends the process group")
	}
	r, w, err := os.Pipe() // both processes have it as stderr
	if err != nil {
		t.Fatal(err)
	}
	ready := filepath.Join(t.TempDir(), "ready")
	cmd := exec.Command(os.Args[0], "module", "hangs", "-")
	cmd.Stdin, cmd.Stderr = strings.NewReader(fmt.Sprintf(`{"fips": true, "ready": %q}`, ready)), w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	awaitFile(t, ready)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	_ = r.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the process with FIPS goes on: %v", err)
	}
}

// startProgram starts a module in a process, and returns when it runs.
func startProgram(t *testing.T, module string, environ ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	ready := filepath.Join(t.TempDir(), "ready")
	cmd := exec.Command(os.Args[0], "module", module, "-")
	var out bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Env = strings.NewReader(fmt.Sprintf(`{"ready": %q}`, ready)), &out, append(os.Environ(), environ...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	awaitFile(t, ready)
	return cmd, &out
}

func TestSignals(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		cmd, out := startProgram(t, "waits")
		_ = cmd.Process.Signal(s)
		_ = cmd.Wait()
		if !strings.Contains(out.String(), s.String()+" signal received") || !strings.Contains(out.String(), `"state":"stopped"`) {
			t.Errorf("%v: got %s", s, out)
		}
	}
	// Under nohup a terminal that goes away does not end a change.
	cmd, out := startProgram(t, "waits", "TEST_NOHUP=1")
	_ = cmd.Process.Signal(syscall.SIGHUP)
	time.Sleep(300 * time.Millisecond)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	_ = cmd.Wait()
	if !strings.Contains(out.String(), "terminated signal received") {
		t.Errorf("under nohup: got %s", out)
	}
}

// Who interrupts twice does not want to wait.
func TestASecondSignalEndsTheProcess(t *testing.T) {
	cmd, _ := startProgram(t, "hangs")
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	for range 100 {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Error("it goes on after a hundred signals")
}

// The action plugin sets a variable: then a module ends when the process that
// started it has ended.
func TestAModuleEndsWithItsParent(t *testing.T) {
	for variable, ends := range map[string]bool{orphanVariable + "=1": true, "OTHER=1": false} {
		dir := t.TempDir()
		ready, arguments, result := filepath.Join(dir, "ready"), filepath.Join(dir, "arguments"), filepath.Join(dir, "result")
		if err := os.WriteFile(arguments, fmt.Appendf(nil, `{"ready": %q}`, ready), 0o600); err != nil {
			t.Fatal(err)
		}
		// The shell ends when it is told so, and leaves the module behind.
		shell := exec.Command("sh", "-c", `"$0" module waits "$1" >"$2" & echo $!; read line`, os.Args[0], arguments, result)
		shell.Env = append(os.Environ(), variable)
		stdin, _ := shell.StdinPipe()
		stdout, _ := shell.StdoutPipe()
		if err := shell.Start(); err != nil {
			t.Fatal(err)
		}
		var pid int
		if _, err := fmt.Fscan(stdout, &pid); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
		awaitFile(t, ready)
		_ = stdin.Close()
		_ = shell.Wait()
		text := ""
		for range map[bool]int{true: 1000, false: 60}[ends] {
			data, _ := os.ReadFile(result)
			if text = string(data); text != "" {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if ended := strings.Contains(text, "the job that started this module has ended"); ended != ends {
			t.Errorf("%s: want an end %v, got %q", variable, ends, text)
		}
	}
}

func TestUsageNamesTheModules(t *testing.T) {
	var out bytes.Buffer
	status := Main(t.Context(), program(), []string{"vchassis", "modul", "probe"}, strings.NewReader(""), &out, nil)
	const want = "usage: vchassis module NAME FILE\nFILE holds the options as a JSON object, - is stdin. NAME is one of:\n  probe\n  refuses\n  waits\n  hangs\n  limits\n  dies\n"
	if status != 1 || out.String() != want {
		t.Errorf("status %d\n%s", status, out.String())
	}
}

// Arguments of more than 4 MiB are not read to their end.
func TestTheSizeOfArguments(t *testing.T) {
	const most = 4 << 20
	frame := len(`{"text": ""}`)
	for size, want := range map[int]string{most: `"text":"aaa`, most + 1: "want at most 4194304 bytes, got more"} {
		_, out, _ := runProgram(t, t.Context(), "probe", `{"text": "`+strings.Repeat("a", size-frame)+`"}`)
		if !strings.Contains(out, want) {
			t.Errorf("%d bytes: got %.200s", size, out)
		}
	}
	counted := &endless{}
	var out bytes.Buffer
	Main(t.Context(), program(), []string{"probe", "-"}, counted, &out, nil)
	if !strings.Contains(out.String(), "want at most 4194304 bytes") || counted.read > 2*most {
		t.Errorf("read %d bytes: %s", counted.read, out.String())
	}
}

type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 64<<20 {
		return 0, io.EOF
	}
	e.read += len(p)
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// What cannot be printed is no success.
func TestStdoutThatIsClosed(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	_ = w.Close()
	if status := Main(t.Context(), program(), []string{"probe", "-"}, strings.NewReader("{}"), w, nil); status != 1 {
		t.Errorf("status %d", status)
	}
}
