// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// addToKnownHosts adds the key of a host that has none to the first file. The file is
// locked and read again before: at forks 50 somebody else may have been faster,
// with another key.
func (k *hostKeys) addToKnownHosts(ctx context.Context, key ssh.PublicKey) error {
	if len(k.files) == 0 {
		return k.refuseKey(KeyUnknown, key, knownhosts.Result{})
	}
	path := k.files[0]
	f, err := openLocked(ctx, path)
	if err != nil {
		e := k.refuseKey(KeyUnknown, key, knownhosts.Result{})
		e.Err = fmt.Errorf("add it to %s: %w", path, err)
		return e
	}
	defer f.Close() // gives up the lock as well
	content, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	now := knownhosts.DB{CASignatures: k.db.CASignatures}
	now.Add(path, content)
	switch r := now.Check(k.hop.names, key); {
	case r.Verdict == knownhosts.Trusted:
		return nil
	case r.Verdict != knownhosts.Unknown || len(r.Entries) > 0:
		return k.refuseKey(KeyChanged, key, r)
	}
	line := knownhosts.Line(k.hop.names[0], key) + "\n"
	if len(content) > 0 && !bytes.HasSuffix(content, []byte("\n")) {
		line = "\n" + line
	}
	if _, err := f.WriteString(line); err != nil {
		return fmt.Errorf("add the host key to %s: %w", path, err)
	}
	k.warnings = append(k.warnings, fmt.Sprintf("the host key of %s was added to %s (host_key: accept_new): %s %s",
		k.hop.names[0], path, key.Type(), fingerprint(key)))
	return f.Sync()
}

// openLocked opens a file to be appended to, alone. It waits no longer than ctx.
func openLocked(ctx context.Context, path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	retry := time.NewTicker(10 * time.Millisecond)
	defer retry.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			_ = f.Close()
			return nil, err
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, fmt.Errorf("wait for its lock: %w", context.Cause(ctx))
		case <-retry.C:
		}
	}
}
