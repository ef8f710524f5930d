// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Profile holds one knob for everything about the device that no public source
// confirms. A zero field takes the default of its tag; a field with choices
// refuses every other value. docs/simulator.md lists them all.
type Profile struct {
	CommitResults        string `yaml:"commit_results" default:"per_member" choices:"per_member primary_only one_missing empty plain_ok"`
	CommitStyle          string `yaml:"commit_style" default:"normal" choices:"normal show-name"`
	CommitWarning        string `yaml:"commit_warning" default:"none"`
	CommitDelay          string `yaml:"commit_delay" default:"0s"`
	ConfirmedSessionLoss string `yaml:"confirmed_session_loss" default:"survives" choices:"survives reverts"`
	CheckConfirms        string `yaml:"check_confirms" default:"yes" choices:"yes no"`
	CheckConfirmTrace    string `yaml:"check_confirm_trace" default:"none" choices:"none updated"`
	PendingMark          string `yaml:"pending_mark" default:"none" choices:"none printed"`
	TransportSwitch      string `yaml:"transport_switch" default:"before" choices:"before after"`
	RollbackTransport    string `yaml:"rollback_transport" default:"target" choices:"target active"`
	RollbackComment      string `yaml:"rollback_comment" default:"Commit was not confirmed; automatic rollback complete."`
	RollbackBroadcast    string `yaml:"rollback_broadcast" default:"terminals" choices:"terminals none"`
	MemberFailure        string `yaml:"member_failure" default:"error" choices:"error warning silent"`
	MemberFailureText    string `yaml:"member_failure_text" default:"could not synchronize configuration to %s: %s"`
	FailedEntry          string `yaml:"failed_entry" default:"inside" choices:"inside bare missing"`
	JoinFailure          string `yaml:"join_failure" default:"present" choices:"present inactive"`
	KeysCommand          string `yaml:"keys_command" default:"/usr/libexec/example/internal-ssh-keys"`
	KeysCommandUser      string `yaml:"keys_command_user" default:"example"`
	KeysDirectory        string `yaml:"keys_directory" default:"/var/etc/internal-ssh"`
	KeyType              string `yaml:"key_type" default:"ecdsa" choices:"ecdsa rsa"`
	BadKeysCommand       string `yaml:"bad_keys_command" default:"refuse_logins" choices:"refuse_logins refuse_wrong ignored"`
	InternalRootLogin    string `yaml:"internal_root_login" default:"ignored" choices:"ignored enforced"`
	PrepareSetup         string `yaml:"prepare_setup" default:"ok" choices:"ok fail partial hang prompt unknown"`
	PrepareMember        string `yaml:"prepare_member" default:"last"`
	PrepareAgain         string `yaml:"prepare_again" default:"keep" choices:"keep rotate"`
	PrepareOutput        string `yaml:"prepare_output" default:"Internal SSH setup completed"`
	PreparePrompt        string `yaml:"prepare_prompt" default:"Existing internal SSH keys will be replaced. Continue? [yes,no] (no)"`
	PrepareFailure       string `yaml:"prepare_failure" default:"error: internal SSH setup failed on %s"`
	PrepareNotRoot       string `yaml:"prepare_not_root" default:"permission denied"`
	PrepareNotPrimary    string `yaml:"prepare_not_primary" default:"error: command must be executed on the primary member"`
	BackupWrites         string `yaml:"backup_writes" default:"refused" choices:"refused discarded"`
	BackupWritesText     string `yaml:"backup_writes_text" default:"configuration changes are not allowed on this member"`
	LocalName            string `yaml:"local_name" default:"uptime" choices:"fpc uptime all"`
	ReplyWrapper         string `yaml:"reply_wrapper" default:"none" choices:"none fpc localre"`
	RoleWord             string `yaml:"role_word" default:"Master" choices:"Master Primary"`
	UnprovisionedID      string `yaml:"unprovisioned_id" default:"number" choices:"number dash missing"`
	Unreachable          string `yaml:"unreachable" default:"rpc_error" choices:"rpc_error missing"`
	ValidateReply        string `yaml:"validate_reply" default:"ok" choices:"malformed ok"`
	CheckReply           string `yaml:"check_reply" default:"ok" choices:"malformed ok"`
	LoadReply            string `yaml:"load_reply" default:"results" choices:"results success"`
	ErrorPlace           string `yaml:"error_place" default:"results" choices:"results reply"`
	ErrorTags            string `yaml:"error_tags" default:"recorded" choices:"recorded full minimal"`
	LockDirty            string `yaml:"lock_dirty" default:"refused" choices:"refused allowed"`
	SwitchoverSessions   string `yaml:"switchover_sessions" default:"dropped" choices:"dropped kept"`
	NamespaceVersion     string `yaml:"namespace_version" default:"release" choices:"release short full"`
	Banner               string `yaml:"banner" default:"none" choices:"none cli"`
	JcmdNamespace        string `yaml:"jcmd_namespace" default:"once" choices:"once twice"`
	Costs                string `yaml:"costs" default:"counted" choices:"counted waited"`
	OperationCost        string `yaml:"operation_cost" default:"300ms"`
	MemberCost           string `yaml:"member_cost" default:"700ms"`
	CommitCost           string `yaml:"commit_cost" default:"0s"`
	CommitMemberCost     string `yaml:"commit_member_cost" default:"0s"`
	LoginComment         string `yaml:"login_comment" default:"class" choices:"class user none"`
	Unauthorized         string `yaml:"unauthorized" default:"refused" choices:"refused restricted"`
	RootLogin            string `yaml:"root_login" default:"deny-password" choices:"allow deny deny-password"`
	RootShellPrompt      string `yaml:"root_shell_prompt" default:"root@%s:%s:%s%% "`
	RootPasswordPrompt   string `yaml:"root_password_prompt" default:"Password:"`
	RootPasswordWrong    string `yaml:"root_password_wrong" default:"su: Sorry"`
	StartShellRefusal    string `yaml:"start_shell_refusal" default:"unknown command"`
	LoginQuestion        string `yaml:"login_question" default:"Password:"`
	LoginEcho            string `yaml:"login_echo" default:"no" choices:"no yes"`
	LoginThen            string `yaml:"login_then" default:"none"`
	AfterLogin           string `yaml:"after_login" default:"served" choices:"served reset closed"`
	HostKeys             string `yaml:"host_keys" default:"member" choices:"member chassis"`
	HostKeyType          string `yaml:"host_key_type" default:"ecdsa" choices:"ecdsa ed25519 rsa"`
	Subsystem            string `yaml:"subsystem" default:"offered" choices:"offered refused"`
	SSHDRestart          string `yaml:"sshd_restart" default:"0s"`
	LimitClose           string `yaml:"limit_close" default:"reset" choices:"reset closed greeting"`
	ConnectionLimit      int    `yaml:"connection_limit" default:"75"`
	RateLimit            int    `yaml:"rate_limit" default:"150"`
	RateCounts           string `yaml:"rate_counts" default:"attempts" choices:"attempts admitted"`
}

// Knob describes one field of Profile.
type Knob struct {
	Name, Default string
	Choices       []string
}

// Knobs lists the fields of Profile in order.
func Knobs() []Knob {
	var knobs []Knob
	t := reflect.TypeFor[Profile]()
	for i := range t.NumField() {
		f := t.Field(i)
		knobs = append(knobs, Knob{f.Tag.Get("yaml"), f.Tag.Get("default"), strings.Fields(f.Tag.Get("choices"))})
	}
	return knobs
}

// completeKnobs fills the defaults in and checks the choices.
func (p *Profile) completeKnobs() error {
	v := reflect.ValueOf(p).Elem()
	for i, knob := range Knobs() {
		if err := completeKnob(v.Field(i), knob); err != nil {
			return err
		}
	}
	return nil
}

func completeKnob(v reflect.Value, knob Knob) error {
	if v.Kind() == reflect.Int {
		if v.Int() == 0 {
			var n int64
			_, _ = fmt.Sscan(knob.Default, &n)
			v.SetInt(n)
		}
		return nil
	}
	if v.String() == "" {
		v.SetString(knob.Default)
	}
	if len(knob.Choices) > 0 && !slices.Contains(knob.Choices, v.String()) {
		return fmt.Errorf("profile.%s: want %s, got %q", knob.Name, strings.Join(knob.Choices, ", "), v.String())
	}
	return nil
}
