// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// maxFile bounds what is read of a key, configuration or known_hosts file.
const maxFile = 16 << 20

// readFile reads a regular file. Others are refused: a FIFO would block for good.
func readFile(path string) ([]byte, os.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a regular file", path)
	}
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(content) > maxFile {
		return nil, nil, fmt.Errorf("%s is larger than %d bytes", path, maxFile)
	}
	return content, info, nil
}

// homeDir returns the home directory, "" if there is none.
func (c Config) homeDir() string {
	if c.Home != "" {
		return c.Home
	}
	dir, _ := os.UserHomeDir() // "" with an error
	return dir
}

// expandHome replaces a leading ~ by the home directory.
func (c Config) expandHome(path string) string {
	if path == "~" || strings.HasPrefix(path, "~/") {
		return filepath.Join(c.homeDir(), path[1:])
	}
	return path
}
