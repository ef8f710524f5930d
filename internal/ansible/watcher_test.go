// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Only a pipe is written to. Whatever else the variable names may be a file of somebody's.
func TestTheWatcherIsAPipe(t *testing.T) {
	var pipe [2]int // no files: watcherOf makes one of the writing end
	if err := syscall.Pipe(pipe[:]); err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(pipe[0])
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for value, want := range map[string]bool{
		"": false, "x": false, "1": false, "2": false, "-1": false, "9999": false,
		strconv.Itoa(int(file.Fd())): false, strconv.Itoa(pipe[1]): true,
	} {
		if got := watcherOf(map[string]string{watcherVariable: value}); (got != nil) != want {
			t.Errorf("%q: want %v, got %v", value, want, got)
		}
		if want && !isClosedOnExec(t, pipe[1]) {
			t.Error("a program that the run starts keeps the pipe open")
		}
	}
}

// No file is no writer: an interface that holds none would be written to.
func TestAsWriter(t *testing.T) {
	if w := asWriter(nil); w != nil {
		t.Errorf("no file: got %v", w)
	}
	if w := asWriter(os.Stderr); w != os.Stderr {
		t.Errorf("a file: got %v", w)
	}
}

func isClosedOnExec(t *testing.T, fd int) bool {
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0)
	if errno != 0 {
		t.Fatal(errno)
	}
	return flags&syscall.FD_CLOEXEC != 0
}

// The first descriptor that a parent hands down is one like others.
func TestTheWatcherIsTheFirstThatWasHandedDown(t *testing.T) {
	const isChild = "VCHASSIS_TEST_IS_WATCHED"
	if os.Getenv(isChild) != "" {
		if watcherOf(map[string]string{watcherVariable: "0"}) != nil { // a pipe, but not for this
			os.Exit(1)
		}
		_, _ = watcherOf(map[string]string{watcherVariable: "3"}).WriteString("watched")
		os.Exit(0)
	}
	reading, writing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env, child.ExtraFiles = append(os.Environ(), isChild+"=1"), []*os.File{writing}
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	err = child.Run()
	_ = writing.Close()
	if said, readErr := io.ReadAll(reading); string(said) != "watched" {
		t.Errorf("the child said %q: %v, %v", said, err, readErr)
	}
}
