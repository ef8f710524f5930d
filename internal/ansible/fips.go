// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"bytes"
	"context"
	"crypto/fips140"
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// fipsOn is the setting of Go's run time that switches its FIPS 140-3 module
// on. It is read when a process starts, and never later.
const fipsOn = "fips140=on"

// wantsFIPS says that the options ask for FIPS 140-3 cryptography, which this
// process was not started with. Params that can ask have a method NeedsFIPS.
func (m Module) wantsFIPS(arguments []byte, environ []string) bool {
	if fips140.Enabled() {
		return false
	}
	b := &binder{environ: environOf(environ), elsewhere: m.elsewhere}
	params, err := b.decodeParams(arguments, m.params)
	if err != nil {
		return false // Run reports it
	}
	asked, ok := params.Interface().(interface{ NeedsFIPS() bool })
	return ok && asked.NeedsFIPS()
}

// runWithFIPS runs the module in a process of its own that has FIPS on. The
// arguments go over a pipe, and the end of this process ends that one's input.
func runWithFIPS(ctx context.Context, m Module, arguments []byte, environ []string) (result []byte, ok bool) {
	env, err := fipsEnvironment(environ)
	if err != nil {
		return m.renderResult(Task{}, nil, err, nil)
	}
	program, err := os.Executable()
	if err != nil {
		return m.renderResult(Task{}, nil, err, nil)
	}
	cmd := exec.CommandContext(ctx, program, "module", m.Name, "-")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Env, cmd.Stdin, cmd.Stderr = env, bytes.NewReader(arguments), os.Stderr
	if watcher := watcherOf(environOf(environ)); watcher != nil {
		cmd.ExtraFiles = []*os.File{watcher} // the first of them is descriptor 3
		cmd.Env = append(cmd.Env, watcherVariable+"=3")
	}
	cmd.SysProcAttr = tieToParent()
	// Linux ties a child to the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, err := cmd.Output()
	if result = bytes.TrimSuffix(out, []byte("\n")); len(result) == 0 {
		return m.renderResult(Task{}, nil, &vanishedError{err}, nil)
	}
	return result, err == nil
}

// fipsEnvironment adds the setting to those that are there. A process that has
// it and is not in FIPS mode was built without the module.
func fipsEnvironment(environ []string) ([]string, error) {
	settings := environOf(environ)["GODEBUG"]
	if strings.Contains(settings, fipsOn) {
		return nil, errors.New("fips: this program was built without Go's FIPS 140-3 module")
	}
	if settings != "" {
		settings += ","
	}
	return append(environ[:len(environ):len(environ)], "GODEBUG="+settings+fipsOn), nil
}

// vanishedError is a process that said nothing of what it did.
type vanishedError struct{ error }

func (v *vanishedError) Error() string {
	if v.error == nil {
		return "fips: the process with FIPS 140-3 on ended without a result"
	}
	return "fips: the process with FIPS 140-3 on ended without a result: " + v.error.Error()
}

func (v *vanishedError) isHalfway() {}
