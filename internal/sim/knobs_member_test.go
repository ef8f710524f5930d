// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

var memberRows = []knobRow{
	{"join_failure", "inactive", "", scpReady, func(t *testing.T, _ *Lab, ch *Chassis) {
		if err := ch.Replace(2, Replacement{Config: "factory"}); err != nil {
			t.Fatal(err)
		}
		login(t, ch.Address(), "root", rootPassword).want(statusOp, "<member-status>Inactive</member-status>")
	}},
	{"backup_writes", "discarded", "", "", onBackup(setLoad("set system location building A"), "<ok/>")},
	{"backup_writes_text", "go to the primary", "", "", onBackup(lockOp, "go to the primary")},
	{"local_name", "fpc", "", "", seen(`<get-system-uptime-information/>`, "<re-name>fpc0</re-name>", "!localre")},
	{"local_name", "all", "", "", seen(`<get-software-information/>`, "<re-name>localre</re-name>", "!<re-name>fpc0")},
	{"role_word", "Primary", "", "", seen(statusOp, "<member-role>Primary*</member-role>", "!Master")},
	{"unprovisioned_id", "dash", "", unprovisioned, seen(statusOp, "<member-status>Unprvsnd</member-status>\n<member-id>-</member-id>\n<member-serial-number>")},
	{"unprovisioned_id", "missing", "", unprovisioned, seen(statusOp, "<member-status>Unprvsnd</member-status>\n<member-serial-number>")},
	{"unreachable", "missing", "", "", failing(engine.FaultUnreachable, `<get-software-information/>`, "fpc1", "!fpc2", "!rpc-error")},
	{"switchover_sessions", "kept", "", "", func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		if err := ch.Switchover(); err != nil {
			t.Fatal(err)
		}
		c.want(statusOp, "<member-role>Master</member-role>")
	}},
}

const unprovisioned = "  members: [{id: 0}, {id: 1}, {id: 2, status: Unprvsnd}]\n"

func onBackup(op string, texts ...string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		address, err := ch.Member(1).Address()
		if err != nil {
			t.Fatal(err)
		}
		login(t, address, "root", rootPassword).want(op, texts...)
	}
}

var keyRows = []knobRow{
	{"keys_command", "/usr/libexec/other", "", scpReady, seen(commitOp, "Permission denied (publickey)", "!<ok/>")},
	{"keys_command_user", "other", "", scpReady, seen(commitOp, "Permission denied (publickey)", "!<ok/>")},
	{"keys_directory", "/var/db/keys", "", "  prepared: true\n", seen(`<file-list><path>/var/db/keys</path></file-list>`, "<file-name>id_internal</file-name>")},
	{"key_type", "rsa", "", "  prepared: true\n", seen(`<file-show><filename>fpc1:/var/etc/internal-ssh/id_internal.pub</filename></file-show>`, "ssh-rsa ")},
	{"bad_keys_command", "refuse_wrong", "", "  config_add: |\n    set system services ssh authorized-keys-command /other\n    set system services ssh authorized-keys-command-user example\n", func(t *testing.T, _ *Lab, ch *Chassis) {
		if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil {
			t.Fatal("sshd should not be there")
		}
	}},
	{"bad_keys_command", "ignored", "", "  config_add: |\n    set system services ssh authorized-keys-command relative\n    set system services ssh authorized-keys-command-user example\n", seen(statusOp, "Master*")},
	{"internal_root_login", "enforced", "", scpReadyWith("set system services ssh root-login deny"), func(t *testing.T, _ *Lab, ch *Chassis) {
		login(t, ch.Address(), "admin", "Admin-lab-1").want(commitOp, "Permission denied (publickey)", "!<ok/>")
	}},
}

var prepareRows = []knobRow{
	{"prepare_setup", "fail", "", "", seen(prepared, "error: internal SSH setup failed on fpc2", "!completed")},
	{"prepare_setup", "partial", "", "", func(t *testing.T, lab *Lab, ch *Chassis) {
		seen(prepared, "Internal SSH setup completed")(t, lab, ch)
		if ch.State(false).KeyMesh {
			t.Fatal("fpc2 should have been left out")
		}
	}},
	{"prepare_setup", "hang", "", "", func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		answered := make(chan string)
		go func() { // ends with the connection
			reply, _ := c.try(prepared)
			answered <- reply
		}()
		select {
		case reply := <-answered:
			t.Errorf("it should hang, but: %s", reply)
		case <-time.After(100 * time.Millisecond):
			c.close()
			<-answered
		}
	}},
	{"prepare_setup", "prompt", "", "", seen(prepared, "Existing internal SSH keys will be replaced. Continue? [yes,no] (no)")},
	{"prepare_setup", "unknown", "", "", seen(prepared, "syntax error")},
	{"prepare_member", "1", ", prepare_setup: fail", "", seen(prepared, "failed on fpc1")},
	{"prepare_again", "rotate", "", "  prepared: true\n", func(t *testing.T, _ *Lab, ch *Chassis) {
		const key = `<file-show><filename>/var/etc/internal-ssh/id_internal.pub</filename></file-show>`
		c := login(t, ch.Address(), "root", rootPassword)
		before := c.call(key)
		c.want(prepared, "completed")
		if c.call(key) == before {
			t.Fatal("the key is the same")
		}
	}},
	{"prepare_output", "tail: inotify resources exhausted\nfpc1 done\nfpc2 done", "", "", seen(prepared, "\ntail: inotify resources exhausted\nfpc1 done\nfpc2 done\n")},
	{"prepare_prompt", "/root/.ssh/id_ecdsa already exists. Overwrite (y/n)?", ", prepare_setup: prompt", "", seen(prepared, "already exists. Overwrite (y/n)?")},
	{"prepare_failure", "ssh: connect to host %s port 22: Connection refused", ", prepare_setup: fail", "", seen(prepared, "ssh: connect to host fpc2 port 22: Connection refused", "!completed")},
	{"prepare_not_root", "not you", "", "", func(t *testing.T, _ *Lab, ch *Chassis) {
		login(t, ch.Address(), "admin", "Admin-lab-1").want(prepared, "not you", "<error-severity>error")
	}},
	{"prepare_not_primary", "not here", "", "", onBackup(prepared, "not here")},
}
