// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"testing"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

func TestMeaningOf(t *testing.T) {
	for _, row := range []struct {
		text    string
		meaning vc.Meaning
		cause   Cause
	}{
		// Logins between members: ssh, scp, ssh-keygen.
		{"Host key verification failed.", vc.Failure, CauseKeys},
		{"root@fpc2: Permission denied (publickey).", vc.Failure, CauseKeys},
		{"scp: Permission denied (publickey,keyboard-interactive).", vc.Failure, CauseKeys},
		{"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", vc.Failure, CauseKeys},
		{"Received disconnect from fpc1 port 22:2: Too many authentication failures", vc.Failure, CauseKeys},
		{`Load key "/root/.ssh/id_ecdsa": invalid format`, vc.Failure, CauseKeys},
		{"Unable to negotiate with fpc1 port 22: no matching host key type found. Their offer: ssh-rsa", vc.Failure, CauseKeys},
		{"WARNING: UNPROTECTED PRIVATE KEY FILE!", vc.Failure, CauseKeys},
		// Connections: ssh, rcmd, Junos.
		{"ssh: connect to host fpc2 port 22: Connection refused", vc.Failure, CauseConnection},
		{"lost connection", vc.Failure, CauseConnection},
		{"rcmd: getaddrinfo: Name does not resolve", vc.Failure, CauseConnection},
		{"Could not connect to fpc1 : Can't assign requested address", vc.Failure, CauseConnection},
		{"Could not connect to fpc1 : No route to host", vc.Failure, CauseConnection},
		{"kex_exchange_identification: Connection closed by remote host", vc.Failure, CauseConnection},
		{"error: timeout communicating with the daemon", vc.Failure, CauseConnection},
		{"fpc1 is not responding", vc.Failure, CauseConnection},
		// Disks.
		{"/config/juniper.conf+: write failed, No space left on device", vc.Failure, CauseSpace},
		{"pid 412 (mgd), uid 0 on /var: filesystem full", vc.Failure, CauseSpace},
		{"scp: /config/juniper.conf+: Read-only file system", vc.Failure, CauseSpace},
		// Locks.
		{"remote lock-configuration failed on fpc1", vc.Failure, CauseLock},
		{"configuration database locked by: admin terminal", vc.Failure, CauseLock},
		{"error: another commit is in progress", vc.Failure, CauseLock},
		// Commands.
		{"ssh-keygen: Command not found.", vc.Failure, CauseCommand},
		{"command is not valid on the qfx5110-48s-4c", vc.Failure, CauseCommand},
		{"syntax error, expecting <command>.", vc.Failure, CauseCommand},
		{"usage: ssh-keygen [-q] [-a rounds]", vc.Failure, CauseCommand},
		{"Saving key \"/root/.ssh/x\" failed: No such file or directory", vc.Failure, CauseCommand},
		// Permissions.
		{"permission denied", vc.Failure, CausePermission},
		{"error: command must be executed on the primary member", vc.Failure, CausePermission},
		{"fpc1: Operation not permitted", vc.Failure, CausePermission},
		// Anything that says of itself that it failed.
		{"fpc2: failed", vc.Failure, CauseOther},
		{"warning: setup failed on fpc1", vc.Failure, CauseOther},
		{"fpc1: error: cannot write", vc.Failure, CauseOther},
		{"commit failed: (statements constraint check failed)", vc.Failure, CauseOther},
		{"keys were not copied because member 2 is not reachable", vc.Failure, CauseOther},
		{"member 2 skipped", vc.Failure, CauseOther},
		{"internal-ssh: unable to update known hosts", vc.Failure, CauseOther},
		{"done\nfpc2: failed\n", vc.Failure, CauseOther},
		// Prompts of any kind.
		{"/root/.ssh/id_ecdsa already exists. Overwrite (y/n)?", vc.Question, ""},
		{"/root/.ssh/id_ecdsa already exists.\nOverwrite (y/n)? ", vc.Question, ""},
		{"Are you sure you want to continue connecting (yes/no/[fingerprint])?", vc.Question, ""},
		{"Continue? [yes,no] (no) ", vc.Question, ""},
		{"Replace the existing keys?", vc.Question, ""},
		{"root@fpc1's password:", vc.Question, ""},
		{"Enter passphrase (empty for no passphrase): ", vc.Question, ""},
		{"Enter same passphrase again:", vc.Question, ""},
		{"login:", vc.Question, ""},
		{"---(more)---", vc.Question, ""},
		{"Press any key to continue", vc.Question, ""},
		// Noise.
		{"tail: inotify resources exhausted", vc.Harmless, ""},
		{"tail: inotify cannot be used, reverting to polling: Too many open files", vc.Harmless, ""},
		{"Warning: Permanently added 'fpc1' (ECDSA) to the list of known hosts.", vc.Harmless, ""},
		{"Generating public/private ecdsa key pair.", vc.Harmless, ""},
		{"Your identification has been saved in /root/.ssh/id_ecdsa", vc.Harmless, ""},
		{"The key's randomart image is:\n+---[ECDSA 256]---+\n|  .o+ ?     |\n+----[SHA256]-----+", vc.Harmless, ""},
		{"", vc.UnknownMeaning, ""},
		// Words that no source explains.
		{"Internal SSH setup completed", vc.UnknownMeaning, ""},
		{"0 errors, no error: all fine", vc.UnknownMeaning, ""},
		{"fpc0: ok, failed: 0", vc.UnknownMeaning, ""},
		{"license expires", vc.UnknownMeaning, ""},
		{"Warning: Permanently added 'fpc1' (ECDSA) to the list of known hosts.\nfpc1: done", vc.UnknownMeaning, ""},
	} {
		meaning, cause := MeaningOf(row.text)
		if meaning != row.meaning || cause != row.cause {
			t.Errorf("%q: want %d %q, got %d %q", row.text, row.meaning, row.cause, meaning, cause)
		}
	}
}

// Each row of the table says who prints its words.
func TestFailureWordsHaveSources(t *testing.T) {
	seen := map[Cause]bool{}
	for _, f := range failureWords {
		if f.source == "" || seen[f.cause] {
			t.Errorf("%s: source %q, or twice in the table", f.cause, f.source)
		}
		seen[f.cause] = true
	}
}
