// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"
	"time"

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
		{"Bad owner or permissions on /root/.ssh/config", vc.Failure, CauseKeys},
		{"rlogin: fpc2: Login incorrect", vc.Failure, CauseKeys},
		{"@       WARNING: POSSIBLE DNS SPOOFING DETECTED!          @", vc.Failure, CauseKeys},
		{"Unsupported KEX algorithm \"x\"", vc.Failure, CauseKeys},
		// Connections: ssh, rcmd, Junos.
		{"Connection to member ID 1 lost", vc.Failure, CauseConnection},
		{"no response from fpc2", vc.Failure, CauseConnection},
		{"Disconnecting: bad packet length 12", vc.Failure, CauseConnection},
		{"Corrupted MAC on input.", vc.Failure, CauseConnection},
		{"fpc2 is offline", vc.Failure, CauseConnection},
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
		{"An error occurred while the keys of fpc2 were copied", vc.Failure, CauseOther},
		{"ssh-keygen: Segmentation fault (core dumped)", vc.Failure, CauseOther},
		{"Access denied by policy", vc.Failure, CauseOther},
		{"setup was unsuccessful on fpc2", vc.Failure, CauseOther},
		{"couldn't open /root/.ssh", vc.Failure, CauseOther},
		{"fpc2 isn\u2019t prepared", vc.Failure, CauseOther},
		{"ssh exited with status 255", vc.Failure, CauseOther},
		{"scp: exit code 1", vc.Failure, CauseOther},
		{"fpc2: rc=1", vc.Failure, CauseOther},
		{"fpc2: not prepared", vc.Failure, CauseOther},
		{"fpc1: errors: 3", vc.Failure, CauseOther},
		{"fpc1: errors: 0, failed: 2", vc.Failure, CauseOther},
		{"key type mismatch", vc.Failure, CauseOther},
		{"done\rfpc2: failed\rdone", vc.Failure, CauseOther},
		{"Permanently added 'a'\rfpc2: \x1b[31mfailed\x1b[0m\rWarning: Permanently added 'fpc2' (ECDSA) to the list of known hosts.", vc.Failure, CauseOther},
		{"+------+\n| fpc1 | ok |\n| fpc2 | failed |\n+------+", vc.Failure, CauseOther},
		{"Identity added: none, agent refused operation", vc.Failure, CauseOther},
		{"Your identification has been saved in /root/.ssh/id. fpc2: failed", vc.Failure, CauseOther},
		// Spellings of what helps: room, patience, a cable, keys.
		{"fpc1: ENOSPC", vc.Failure, CauseSpace},
		{"fpc1: insufficient disk space", vc.Failure, CauseSpace},
		{"fpc1: not enough space on /var", vc.Failure, CauseSpace},
		{"there is not enough free space", vc.Failure, CauseSpace},
		{"fpc1: Out of space", vc.Failure, CauseSpace},
		{"fpc1: no free inodes", vc.Failure, CauseSpace},
		{"fpc1: partition /config is full", vc.Failure, CauseSpace},
		{"member 1: storage exhausted", vc.Failure, CauseSpace},
		{"fpc1: could not acquire configuration lock", vc.Failure, CauseLock},
		{"fpc1: cannot obtain the lock", vc.Failure, CauseLock},
		{"fpc1: unable to lock configuration", vc.Failure, CauseLock},
		{"fpc1: failed to lock database", vc.Failure, CauseLock},
		{"fpc1: could not lock the configuration database", vc.Failure, CauseLock},
		{"fpc1: exclusive lock held by user root", vc.Failure, CauseLock},
		{"fpc1: lock is busy", vc.Failure, CauseLock},
		{"fpc1: lock denied", vc.Failure, CauseLock},
		{"lock-denied on fpc1", vc.Failure, CauseLock},
		{"fpc1: Configuration database is already locked", vc.Failure, CauseLock},
		{"fpc1: database busy", vc.Failure, CauseLock},
		{"fpc1: lock timeout", vc.Failure, CauseLock},
		{"fpc1: timed out waiting for the configuration lock", vc.Failure, CauseLock},
		{"remote lock-configuration failed on fpc1: Connection refused", vc.Failure, CauseConnection},
		{"fpc1: ECONNREFUSED", vc.Failure, CauseConnection},
		{"fpc1: could not establish a connection", vc.Failure, CauseConnection},
		{"fpc1: peer closed connection", vc.Failure, CauseConnection},
		{"fpc1: no connection to member", vc.Failure, CauseConnection},
		{"fpc1: lost contact", vc.Failure, CauseConnection},
		{"fpc1: public key authentication failed", vc.Failure, CauseKeys},
		{"fpc1: publickey denied", vc.Failure, CauseKeys},
		{"fpc1: host key changed", vc.Failure, CauseKeys},
		{"fpc1: key verification failed", vc.Failure, CauseKeys},
		{"identity file /root/.ssh/id not accessible", vc.Failure, CauseKeys},
		{"fpc1: disk space is low", vc.UnknownMeaning, ""},
		{"fpc1: configuration locked for this session", vc.UnknownMeaning, ""},
		{"Users currently editing the configuration: alice", vc.UnknownMeaning, ""},
		{"connection to fpc1 established", vc.UnknownMeaning, ""},
		{"fpc1: device is fully booted", vc.UnknownMeaning, ""},
		// Prompts of any kind.
		{"Overwrite? y/n", vc.Question, ""},
		{"Overwrite [Y|n]", vc.Question, ""},
		{"Overwrite (yes or no)", vc.Question, ""},
		{"Enter file in which to save the key (/root/.ssh/id_ecdsa): ", vc.Question, ""},
		{"Do you want to continue? >", vc.Question, ""},
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
		{"fpc1: exit status 0", vc.UnknownMeaning, ""},
		{"errors: none, 0 skipped", vc.UnknownMeaning, ""},
		{"3 of 3 did not fail", vc.UnknownMeaning, ""},
		{"Type: ecdsa, code 256", vc.UnknownMeaning, ""},
		{"Status: 3 of 3 done, please don't power off", vc.UnknownMeaning, ""},
		{"Connection to fpc2 closed.", vc.UnknownMeaning, ""}, // also said of one that worked
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

// Of a text without end the first 32 KiB and the last are read, to the byte.
func TestHowMuchOfATextIsRead(t *testing.T) {
	const words, half = "\ndenied\n", 32 << 10
	long := strings.Repeat("x\n", half)
	for _, row := range []struct {
		name, text string
		want       vc.Meaning
	}{
		{"in the first part", long[:half-len(words)+1] + words + long, vc.Failure},
		{"across its end", long[:half-len(words)+2] + words + long, vc.UnknownMeaning},
		{"in the last part", long + words + long[:half-len(words)+1], vc.Failure},
		{"across its beginning", long + words + long[:half-len(words)+2], vc.UnknownMeaning},
		{"in the middle of what is read whole", long[:half-4] + words + long[:half+4-len(words)], vc.Failure},
	} {
		if got, _ := MeaningOf(row.text); got != row.want {
			t.Errorf("%s: want %d, got %d", row.name, row.want, got)
		}
	}
}

// The end of a text counts, however long it is, and is found in time.
func TestMeaningOfTextWithoutEnd(t *testing.T) {
	start := time.Now()
	meaning, cause := MeaningOf(strings.Repeat("a harmless line of words\n", 400_000) + "fpc2: No space left on device\n")
	if took := time.Since(start); meaning != vc.Failure || cause != CauseSpace || took > 20*time.Second {
		t.Errorf("got %d %q after %s", meaning, cause, took)
	}
}
