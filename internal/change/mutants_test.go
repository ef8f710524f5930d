// SPDX-License-Identifier: GPL-3.0-or-later

package change_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// mutant is a bug that somebody could make, and the tests that must see it.
type mutant struct {
	name     string
	file     string // below the module's root
	old, new string
	tests    []string // arguments of go test
}

const root = "../.."

var (
	here  = "./internal/change"
	sweep = []string{here, "-run", "TestSweep/points/procedure/(drop|error)/after/.*commit"}
	// The pure rules, and the device's words.
	domain = []string{"./internal/vc"}
	words  = []string{"./internal/junos"}
)

func mutants() []mutant {
	return []mutant{
		{"the lock is not given back", "internal/change/change.go", "if r.unlock == nil {", "if r != nil {",
			[]string{here, "-run", "TestProcedure"}},
		{"a member's failure is ignored", "internal/change/reply.go", "for _, id := range p.Failed() {", "for _, id := range p.Failed()[:0] {",
			[]string{here, "-run", "TestMemberLeftBehind"}},
		{"a commit is repeated blindly", "internal/change/commit.go", "result, err := r.dev.Commit(ctx, o)",
			"result, err := r.dev.Commit(ctx, o)\n\t\tif err != nil {\n\t\t\tresult, err = r.dev.Commit(ctx, o)\n\t\t}", sweep},
		{"a foreign trial is confirmed", "internal/vc/problem.go", "if c.Trial != nil && !c.Trial.IsOurs() {", "if c.Trial != nil && c.Trial.IsOurs() && false {",
			[]string{here, "-run", "TestColleagues"}},
		{"SCP is enabled before there are keys", "internal/vc/plan_scp.go", "for _, m := range c.Unprepared(after.Record) {", "for _, m := range c.Unprepared(after.Record)[:0] {",
			[]string{"./modules", "-run", "TestContract/vc_scp_sync"}},
		{"check mode writes", "internal/device/carry.go", "if s.task.Check {", "if s.task.Check && plan.IsEmpty() {",
			[]string{here, "-run", "TestCheckAndRunAgree"}},
		{"an applied commit is told as changed=false", "internal/change/commit.go", "r.out.Changed = r.plan.HasChanges()", "r.out.Changed = false",
			[]string{here, "-run", "TestCheckAndRunAgree"}},
		{"a lost link counts as success", "internal/change/commit.go", "last.Answer = vc.Refused\n\t\t}\n\t\treturn err",
			"last.Answer = vc.Refused\n\t\t}\n\t\tif junos.IsLinkLost(err) {\n\t\t\treturn nil\n\t\t}\n\t\treturn err", sweep},
		{"nothing is proved", "internal/change/prove.go", "dev, err := dial(ctx)", "if r != nil {\n\t\treturn nil\n\t}\n\tdev, err := dial(ctx)",
			[]string{here, "-run", "TestLockedOut"}},
		{"seconds are sent for minutes", "internal/junos/commit.go", "strconv.Itoa(int(o.ConfirmWithin))", "strconv.Itoa(int(o.ConfirmWithin) * 60)",
			[]string{here, "-run", "TestTrialLastsMinutes"}},
		{"somebody's draft is committed", "internal/junos/lock.go", `if err != nil || diff == "" {`, `if err != nil || diff != "" {`,
			[]string{here, "-run", "TestColleagues"}},
		{"a trial counts as confirmed", "internal/vc/verdict.go", "return e.judgeTrial(i)", "return Verdict{State: StateConfirmed, CameIn: i}", domain},
		{"anybody may make keys", "internal/vc/plan_internal_ssh.go", "if user == RootUser {", "if user != \"\" {",
			[]string{"./modules", "-run", "TestContract/vc_internal_ssh"}},
		{"SCP stays on where a member lacks keys", "internal/change/takeback.go", "to.SCP, to.Record = false,", "to.SCP, to.Record = true,",
			[]string{here, "-run", "TestProfilesThatStopTheProcedure/profiles/prepare_setup-partial_member"}},
		{"a reading from before the commit is told", "internal/device/carry.go", "if out.State == vc.StateConfirmed {", "if out.State == vc.StateReverted {",
			[]string{"./internal/device", "-run", "TestWhatIsTold"}},
		{"keys are recorded before they are proved", "internal/change/proof.go", "for !r.isProved() {", "for r == nil {",
			[]string{here, "-run", "TestRecordClaimsNothingUnproved|TestMemberLeftBehind"}},
		{"a record that was lost counts as written", "internal/change/proof.go", " || last.Answer != vc.Accepted", "", []string{here, "-run", "TestRecordThatWasLost"}},
		{"claims stay while keys change", "internal/change/keys.go", "if !r.plan.Withdraws() {", "if r != nil {", []string{here, "-run", "TestRecordClaimsNothingUnproved"}},
		{"a member that is not mentioned took the commit", "internal/vc/commit_reply.go", "return CommitUnknown\n", "return CommitTaken\n", domain},
		{"a warning about a member without a success is nothing", "internal/vc/commit_reply.go",
			"case n.IsError, !j.taken[id] && (j.hasEngines || n.Meaning == Failure):", "case n.IsError:", domain},
		{"a commit that may be under way is over", "internal/vc/verdict.go", "return cameIn < last && e.Sent[last].Answer == Lost", "return cameIn > last && e.Sent[last].Answer == Lost", domain},
		{"a rollback is the end while a confirmation may come in", "internal/vc/verdict.go", "restored(i int) Verdict {\n\tif e.mayBeUnderWay(i) {",
			"restored(i int) Verdict {\n\tif e.mayBeUnderWay(i) && false {", domain},
		{"a copied log text makes a trial ours", "internal/vc/trial.go", "case c.Client != ourClient ||", "case false && c.Client != ourClient ||", domain},
		{"a comment makes a trial", "internal/vc/trial.go", "!trialPattern.MatchString(comment)", "!trialPattern.MatchString(comment+newest.Log)", domain},
		{"a trial whose marker is gone is pending", "internal/vc/trial.go", "|| by.Marked || isMarked(history))", "|| false)", domain},
		{"a deactivated statement counts as set in compliant sessions", "internal/junos/inactive.go", "case \"active\":\n\t\t\treturn isFalse(a.Value)", "case \"active\":\n\t\t\treturn isFalse(a.Key)", words},
		{"a group of one engine counts everywhere", "internal/junos/groups.go", "if enginePattern.MatchString(group) {", "if group == \"\" {", words},
		{"a group's condition is not looked at", "internal/junos/groups.go", "g.FindElement(\"when\") != nil", "g.FindElement(\"when\") == g", words},
		{"what a class hides is off", "internal/junos/visible.go", "if rights == \"\" || !s.isCommitShown && !maySeeCommit(rights) {", "if rights == \"-\" {", words},
		{"a single statement that a class hides is off", "internal/junos/visible.go", "if deniesStatement(rights, path) {", "if rights == \"-\" {", words},
		{"words of ssh are a success of prepare-setup", "internal/junos/prepare.go", "if line := firstLineThatMeans(output, vc.Failure); line != \"\" {",
			"if line := firstLineThatMeans(output, vc.Failure); line == \"error\" {", words},
		{"a question of prepare-setup is an answer", "internal/junos/prepare.go", "if line := firstLineThatMeans(output, vc.Question); line != \"\" {",
			"if line := firstLineThatMeans(output, vc.Question); line == \"?\" {", words},
		{"a warning of prepare-setup about a member is nothing", "internal/junos/prepare.go", "case len(j.Failed()) > 0:", "case len(j.Failed()) > 9:", words},
		{"a record that stays is shown as withdrawn", "internal/device/carry.go", "shown.After = out.After", "_ = out.After",
			[]string{here, "-run", "TestDiffOfARecordThatStays"}},
		{"a load that changed nothing is committed", "internal/junos/load.go", "if err == nil && !c.Equal(to) {", "if err == nil && c.Equal(vc.Settings{SCP: true, Record: vc.Record{9: {}}}) {", words},
		{"a password of nobody is root's", "internal/ansible/bind.go", "return fmt.Sprint(asked) == superuser", "return false", []string{"./internal/ansible", "-run", "TestPasswordOfAnotherUser"}},
		{"a password masks identifiers", "internal/ansible/result.go", "if !keep[key] {", "if key != \"\" {", []string{"./internal/ansible", "-run", "TestIdentifiers"}},
		{"a group's record claims keys", "internal/junos/settings.go", "s.Settings.Record = s.Own.Record //", "_ = s.Own.Record //", []string{here, "-run", "TestRecordByOtherHands"}},
		{"the first of two answers counts", "internal/junos/items.go", "if textOf(e) != textOf(all[0]) {", "if e == nil {", words},
		{"a word about others is nothing", "internal/change/reply.go", "(n.OfOthers || len(r.planned.NamedIn(n)) > 0)", "len(n.MemberIDs) > 0", []string{here, "-run", "TestAWordAboutOthers"}},
		{"a failure of somebody is nothing where one is left out", "internal/vc/commit_reply.go", "n.Meaning == Failure && !j.hasHeardAll()", "n.Meaning == Failure && !j.hasEngines", domain},
		{"what cannot be seen is off", "internal/vc/plan_scp.go", "unclear && !have.SCP && !own {", "unclear && have.SCP && own {", domain},
		{"a trial in capitals is none", "internal/vc/trial.go", "`(?i)^commit[ -]confirmed", "`^commit[ -]confirmed", domain},
		{"plain text beside a success is no word", "internal/junos/spoken.go", "s.hear(doc.Root(), nil)", "_ = doc", words},
		{"the heading of a member names nobody", "internal/junos/spoken.go", "if headingPattern.MatchString(line) {", "if line == \"-\" {", words},
		{"the answers of members are one", "internal/junos/commit.go", "if item.FindElement(\".//routing-engine\") == nil {", "if item == nil {", words},
		{"a class that is not named sees all", "internal/junos/visible.go", "class == \"\" && d.User() == vc.RootUser", "class == \"\"", words},
		{"a clock that is set settles a trial", "internal/vc/verdict.go", "own.Equal(trial) && e.InTime && e.Read.Expired != nil", "false", domain},
		{"what another's trial has undone is reverted", "internal/vc/verdict.go", "case own.Equal(e.Before) && e.isUndoneOnTrial():", "case false:", domain},
		{"words that nobody can explain prove keys", "internal/change/reply.go", "r.reply.unclear = append(r.reply.unclear, text)", "_ = text", []string{here, "-run", "TestAWordAboutOthers"}},
		{"a statement at no place is in force", "internal/junos/groups.go", "if own.SCP != inForce.SCP && s.Groups.SCP == \"\" {", "if own.SCP != inForce.SCP && s == nil {", words},
		{"a group that re0 applies is everybody's", "internal/junos/groups.go", "if why != \"\" || isApplied {", "if why != \"\" || isApplied || group != \"-\" {", words},
		{"what stands for no serial number is one", "internal/junos/members.go", "if noSerialPattern.MatchString(serial) {", "if serial == \"?\" {", words},
		{"a command that one member does not know has not run", "internal/junos/prepare.go", "!errors.As(err, &no) || no.HasWorked {", "!errors.As(err, &no) {", words},
		{"the end of a secret is cut off, and its beginning told", "internal/secret/scrub.go", "text = s.maskCut(s.known.Replace(text))", "text = s.known.Replace(text)", []string{"./internal/secret"}},
		{"an answer that was lost is a refusal", "internal/change/commit.go", "r.noteSent(s, own, vc.Lost)", "r.noteSent(s, own, vc.Refused)", []string{here, "-run", "TestCommitThatMayComeInYet"}},
		{"the password is in a message", "modules/vc_info/vc_info.go", "r.Msg = summarizeChassis(r)", "r.Msg = summarizeChassis(r) + strings.Join(strings.Split(p.Password.Reveal(), \"\"), \"\\u200b\") + string([]byte(p.Password.Reveal())[:len(p.Password.Reveal())-1])",
			[]string{"./modules", "-run", "TestContract/vc_info"}},
	}
}

// Every run sees that no bug of the table has lost its place.
func TestSeededBugsHaveAPlace(t *testing.T) {
	for _, m := range mutants() {
		source, err := os.ReadFile(filepath.Join(root, m.file))
		if n := strings.Count(string(source), m.old); err != nil || n != 1 {
			t.Errorf("%s: %s has the place %d times, %v: keep the table up to date", m.name, m.file, n, err)
		}
	}
}

// TestSeededBugsAreCaught builds the product with one bug at a time and runs
// the tests that must fail then: it tests the tests. VCHASSIS_SWEEP=all takes
// all bugs, otherwise the ones that are caught fast.
func TestSeededBugsAreCaught(t *testing.T) {
	if os.Getenv("VCHASSIS_MUTANT") != "" {
		t.Skip("this is the run of a mutant")
	}
	if testing.Short() {
		t.Skip("compiles the product for each of them")
	}
	t.Parallel() // with other tests: one compiler at a time is enough
	caught, tried := 0, 0
	for i, m := range mutants() {
		if !everything() && i%4 != 0 {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			tried++
			out, err := m.run(t)
			if err == nil {
				t.Errorf("no test has seen it:\n%s", out)
				return
			}
			if !strings.Contains(out, "--- FAIL") {
				t.Fatalf("the mutant does not run:\n%s", out)
			}
			caught++
		})
	}
	t.Logf("seeded bugs caught / tried: %d / %d of %d", caught, tried, len(mutants()))
}

func (m mutant) run(t *testing.T) (string, error) {
	path, err := filepath.Abs(filepath.Join(root, m.file))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	changed := filepath.Join(dir, filepath.Base(path))
	if err := os.WriteFile(changed, []byte(strings.Replace(string(source), m.old, m.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{path: changed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"test", "-count=1", "-vet=off", "-ldflags=-w", "-parallel=16", "-overlay", overlay}, m.tests...)...)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "VCHASSIS_MUTANT="+m.name, "VCHASSIS_SWEEP=all") // the tests are chosen narrowly
	out, err := cmd.CombinedOutput()
	return string(out), err
}
