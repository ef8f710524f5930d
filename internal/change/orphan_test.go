// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// orphanEnds is how long a module may go on when the job that started it is
// gone. It looks five times a second, and tidies up; one that did not look would
// wait for its device much longer.
const orphanEnds = 20 * time.Second

// The job is killed, and the module with it is not: it ends by itself, leaves
// the device clean, and no file behind.
func TestOrphanedModuleEndsAndTidiesUp(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	for _, row := range []struct {
		rpc, when string
		nth       int
		then      string // what the device does with that message
	}{
		{"hello", sim.Before, 1, ""},
		{"lock", sim.After, 1, ""},
		{"lock", sim.Before, 1, "stall"},
		{"load-configuration", sim.After, 1, ""},
		{"commit-configuration", sim.Before, 1, "stall"},
		{"commit-configuration", sim.After, 1, ""},
		{"commit-configuration", sim.After, 1, "stall"},
		{"commit-configuration", sim.Before, 2, "error"}, // it waits for the rollback then
		{"unlock", sim.Before, 1, ""},
	} {
		t.Run(fmt.Sprintf("%s_%s_%d%s", row.when, row.rpc, row.nth, row.then), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, threeMembers)
			o := b.orphan(program, "vc_authorized_keys_command")
			var once sync.Once
			b.play(script{row.rpc, row.when, row.nth, func() sim.Fault {
				once.Do(o.kill)
				return sim.Fault{Action: row.then, Text: "a fault of the test"}
			}})
			result := o.run()
			var a answer
			if err := json.Unmarshal(result, &a); err != nil {
				t.Errorf("X9: %v: %q", err, result)
			}
			b.lab.ClearFaults()
			b.settle() // what the device was doing for the session is over
			b.lab.Clock().Advance(10 * time.Minute)
			for _, v := range left(b.settle()) {
				t.Error(v)
			}
			if files := o.files(); len(files) > 0 {
				t.Errorf("it left files behind: %v", files)
			}
			b.lab.Hook(nil)
			b.apply("vc_authorized_keys_command", b.options("vc_authorized_keys_command", nil))
		})
	}
}

// orphan is a module whose parent can be killed alone.
type orphan struct {
	b      *bench
	folder string
	mu     sync.Mutex // the first message may come before Start returns
	cmd    *exec.Cmd
	over   chan struct{} // closed when the parent was killed
	killed time.Time
}

func (b *bench) orphan(program, module string) *orphan {
	b.t.Helper()
	o := &orphan{b: b, folder: b.t.TempDir(), over: make(chan struct{})}
	for _, name := range []string{"tmp", "home", "ansible-tmp-1"} {
		o.must(os.Mkdir(filepath.Join(o.folder, name), 0o700))
	}
	options := b.options(module, nil)
	maps.Copy(options, b.args)
	args, err := json.Marshal(options)
	o.must(err)
	file := filepath.Join(o.folder, "ansible-tmp-1", "args")
	o.must(os.WriteFile(file, args, 0o600))
	// In the background, so that the shell stays the parent, and tells who the module is.
	o.cmd = exec.Command("sh", "-c", `"$1" module "$2" "$3" & echo $!; wait`, "sh", program, module, file)
	o.cmd.Dir = filepath.Join(o.folder, "home")
	o.cmd.Env = []string{"VCHASSIS_END_WITH_PARENT=1", "TMPDIR=" + filepath.Join(o.folder, "tmp"), "HOME=" + o.cmd.Dir, "PATH=" + os.Getenv("PATH")}
	return o
}

func (o *orphan) must(err error) {
	o.b.t.Helper()
	if err != nil {
		o.b.t.Fatal(err)
	}
}

// kill ends the parent as the kernel would end a job, and nobody else.
func (o *orphan) kill() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.cmd.Process.Kill()
	o.killed = time.Now()
	close(o.over)
}

// run returns what the module printed, once it has ended. The pipe ends with
// the last process that holds it.
func (o *orphan) run() []byte {
	read, write, err := os.Pipe()
	o.must(err)
	defer read.Close()
	o.cmd.Stdout = write
	o.mu.Lock()
	err = o.cmd.Start()
	o.mu.Unlock()
	o.must(err)
	_ = write.Close()
	var pid int
	if _, err := fmt.Fscanln(oneByte{read}, &pid); err != nil {
		o.b.t.Errorf("the module's process: %v", err)
	}
	done := make(chan []byte)
	go func() { data, _ := io.ReadAll(read); done <- data }()
	defer func() { _ = o.cmd.Wait() }()
	select {
	case <-o.over:
	case <-time.After(time.Minute):
		o.b.t.Error("the message never came")
		o.kill()
	}
	select {
	case data := <-done:
		return bytes.TrimSpace(data)
	case <-time.After(time.Until(o.killed.Add(orphanEnds))):
		o.b.t.Errorf("it goes on %s after its parent", orphanEnds)
		_ = syscall.Kill(pid, syscall.SIGKILL)
		return bytes.TrimSpace(<-done)
	}
}

// oneByte keeps Fscanln from reading ahead.
type oneByte struct{ io.Reader }

func (r oneByte) Read(p []byte) (int, error) { return r.Reader.Read(p[:min(1, len(p))]) }

// files are what is left in the folders of the run.
func (o *orphan) files() (all []string) {
	_ = filepath.WalkDir(o.folder, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			all = append(all, strings.TrimPrefix(path, o.folder))
		}
		return nil
	})
	return all
}
