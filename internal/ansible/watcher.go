// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"io"
	"os"
	"strconv"
	"syscall"
)

// watcherVariable names the descriptor of a pipe to whoever shows what a run is
// doing: the action plugin.
const watcherVariable = "VCHASSIS_PROGRESS_FD"

// watcherOf returns the pipe that the environment names, or nil. What is no pipe
// is not written to: it may be anything.
func watcherOf(environ map[string]string) *os.File {
	fd, err := strconv.Atoi(environ[watcherVariable])
	var stat syscall.Stat_t
	if err != nil || fd < 3 || syscall.Fstat(fd, &stat) != nil || stat.Mode&syscall.S_IFMT != syscall.S_IFIFO {
		return nil
	}
	syscall.CloseOnExec(fd) // a proxy command must not keep it open
	return os.NewFile(uintptr(fd), "progress")
}

// asWriter makes an interface of a file that may be nil.
func asWriter(file *os.File) io.Writer {
	if file == nil {
		return nil
	}
	return file
}
