// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"regexp"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Cause groups failures by what has to be done about them.
type Cause string

// The causes of failures.
const (
	CauseKeys       Cause = "keys"       // the internal SSH login between members
	CauseConnection Cause = "connection" // a member, or a daemon, that does not answer
	CauseSpace      Cause = "space"      // a full or broken disk
	CauseLock       Cause = "lock"       // a configuration that is locked or edited elsewhere
	CausePermission Cause = "permission" // what the login may not do
	CauseCommand    Cause = "command"    // a program or statement that is not there
	CauseOther      Cause = "other"
)

// failureWords are the words of failures, by cause; the first that is found
// counts. Commits, loads and prepare-setup are judged by them alike. Nobody has
// published what prepare-setup prints, but the programs that it must use are known.
var failureWords = []struct {
	cause  Cause
	source string // who prints it
	words  *regexp.Regexp
}{
	{CauseKeys, "OpenSSH: ssh, ssh-keygen, scp", compileWords(
		`permission denied \(`, `host key verification failed`, `no matching (?:host key|key exchange|cipher|mac)`,
		`remote host identification has changed`, `too many authentication failures`, `no (?:more|supported) authentication`,
		`load key .*:`, `error in libcrypto`, `invalid format`, `bad permissions`, `unprotected private key`, `sign_and_send_pubkey`,
		`no such identity`, `could not load host key`, `key_read`, `add.* host to the list of known hosts \(.*fail`, `bad owner or`,
		`login incorrect`, `host key .*(?:mismatch|has changed|is different)`, `host key changed`, `\bkey verification failed`,
		`\bpublic ?key (?:authentication|login)? ?(?:was |is )?(?:failed|denied|rejected|refused)`, `identity file .* not accessible`, `dns spoofing`, `(?:unknown|unsupported|invalid) (?:key|cipher|mac|kex)\b`)},
	{CauseConnection, "rcmd(3), OpenSSH, errno(2), Junos: Could not connect to NAME", compileWords(
		`could not connect`, `unable to connect`, `cannot connect`, `failed to connect`, `connection (?:refused|reset|closed|timed out|aborted|lost)`,
		`lost connection`, `no route to host`, `network is (?:unreachable|down)`, `host is (?:down|unreachable)`, `operation timed out`, `timed? ?out`,
		`can't assign requested address`, `rcmd: `, `name does not resolve`, `could not resolve`, `nodename nor servname`, `unknown host`,
		`temporary failure in name resolution`, `broken pipe`, `kex_exchange_identification`, `ssh_exchange_identification`, `not responding`,
		`communication (?:error|failure)`, `timeout communicating`, `socket is not connected`, `closed by remote host`,
		`connection to .{1,80} (?:was )?(?:refused|reset|timed out|aborted|lost)\b`, `no (?:response|answer|reply)\b`, `disconnecting|received disconnect`, `corrupted mac`, `bad packet`,
		`\be(?:connrefused|connreset|connaborted|hostunreach|hostdown|netunreach|timedout|pipe|notconn)\b`, `\bno connection (?:to|with)\b`,
		`\b(?:not|cannot|can't|unable to|failed to) establish (?:a |the |any )?connection`, `\b(?:peer|side|host|server) (?:has )?closed (?:the )?connection`, `\blost contact\b`,
		`\bout of (?:reach|sync)\b`, `\b(?:is|are|was|were) (?:down|offline|away|missing|unavailable)\b`)},
	{CauseSpace, "errno(2), kernel", compileWords(
		`no space left`, `file ?system (?:is )?full`, `disk (?:is )?full`, `disc quota exceeded`, `quota exceeded`, `read-only file system`,
		`\be(?:nospc|dquot|rofs|io)\b`, `\b(?:insufficient|not enough|out of|no free|no more)(?: \w+){0,2} (?:space|storage|inodes?)\b`,
		`\b(?:space|storage) (?:is |was )?(?:exhausted|insufficient|used up)\b`, `\b(?:partition|volume|device|storage|flash)(?: /\S*)? (?:is )?full\b`,
		`input/output error`, `i/o error`, `\b(?:disk|device) (?:error|failure|busy)`, `cannot allocate memory`, `out of memory`, `no buffer space`, `too many open files`)},
	{CauseLock, "Junos: configuration database, commit synchronize", compileWords(
		`lock-configuration failed`, `lock(?:ing)? .*failed`, `database (?:is )?(?:already |currently |still )?(?:locked|busy|in use)\b`,
		`\block (?:is |was )?(?:already |currently |still )?(?:held by|busy|in use|not granted)\b`, `\block(?:-| is | was | )denied\b`,
		`\b(?:not|cannot|can't|unable to|failed to|failure to) (?:acquire|obtain|get|take|grab|place)\b.{0,40}\block\b`,
		`\b(?:not|cannot|can't|unable to|failed to|failure to) lock\b`, `database modified`, `locked by`, `resource (?:deadlock|temporarily unavailable)`,
		`another commit (?:is )?in progress`, `commit (?:is )?(?:already )?in progress`)},
	{CauseCommand, "shell, Junos command line", compileWords(
		`command not found`, `syntax error`, `unknown command`, `unknown option`, `illegal option`, `invalid option`, `missing argument`, `command is not valid`,
		`no such file or directory`, `not supported`, `not implemented`, `exec format error`, `^usage:`)},
	{CausePermission, "Junos, errno(2)", compileWords(
		`permission denied`, `operation not permitted`, `not authori[sz]ed`, `authori[sz]ation failed`, `authentication fail`, `must be (?:run|executed|root)`,
		`access privileges`, `su: sorry`)},
	{CauseOther, "what programs say in general", compileWords(
		`(?:^|: ?|\] ?)(?:fatal|panic|abort(?:ed)?)\b`, `\berrors?\b`, `core dump`, `segmentation fault`, `\bbus error`, `abort trap`, `illegal instruction`, `alarm clock`,
		`\bfail(?:ed|ure|ures|s|ing)?\b`, `\b(?:could|can|did|does|was|is|were|are|has|have|had) not\b`, `\bcannot\b`, `\b(?:could|ca|did|does|was|is|were|are|has|have|had|wo|would)n?['\x{2019}\x60]t\b`, `\bunable\b`,
		`\bincomplete(?:ly)?\b`, `\bunsuccessful(?:ly)?\b`, `\bskipp(?:ed|ing)\b`, `\bnot (?:found|reachable|present|ready|done|complete[d]?|finished|successful|created|copied|sent|distributed|updated|available|allowed|permitted|supported|responding|connected|running|prepared|set up)\b`,
		`\bunreachable\b`, `\bunavailable\b`, `\brefused\b`, `\brejected\b`, `\bdenied\b`, `\bincorrect\b`, `\bcorrupt(?:ed|ion)?\b`, `\bmismatch(?:ed)?\b`, `\bkilled\b`, `\bterminated\b`, `\binterrupted\b`, `\baborted\b`, `\binvalid\b`,
		`\bexit(?:ed)?(?: with)?(?: (?:status|code|value))?[ :=]+-?[1-9]`, `\b(?:returned|return|error) (?:status|code|value)[ :=]+-?[1-9]`, `\brc ?[:=] ?-?[1-9]`, `\b(?:giving|gave) up\b`)},
}

// harmlessLines are whole lines that programs print although they work.
var harmlessLines = compileLines(
	`warning: permanently added '?[^' ]+'?(?: \([\w -]+\))? to the list of known hosts\.?`, // OpenSSH
	`(?:tail: )?.*\binotify\b.*`, // tail(1): it polls then
	`generating (?:public/private )?[\w-]+ (?:host )?key(?: pair)?\.*`,
	`your (?:identification|public key) has been saved in \S+`,
	`the key(?:'s)? (?:fingerprint|randomart(?: image)?) is:?(?: \S+){0,3}`,
	`sha256:\S+(?: \S+){0,3}`,
	`\+-*\[?[\w -]*\]?-*\+`, `\|[ .o+=*BOX@%&#/^SE?!-]{0,40}\|`, // ssh-keygen's drawing of a key
	`#? ?\S+:\d+ ssh-\S+(?: \S+)?`, // ssh-keyscan's banners
	`identity added: \S+(?: \(\S+\))?`,
	`.*\b(?:uses|with) a license\b.*`,
	`configuration check succeeds`, `commit complete`, `load complete`, // Junos, in the CLI
	`(?:entering|exiting) configuration mode`,
	`commit confirmed will be (?:automatically )?rolled back in \d+ minutes?(?: unless confirmed)?`,
)

// notFailures are phrases that speak of failures and mean none.
var notFailures = compileWords(`\b(?:0|no|without|without any|zero) (?:\w+ )?(?:errors?|failures?|failed|warnings?|skipped)\b`, `\b(?:errors?|failures?|failed|skipped)[:=] ?(?:0|none)\b`,
	`\b(?:not|none|never) failed\b`, `\b(?:did|has|have) not fail(?:ed)?\b`, `\berror[- ](?:free|correction)\b`)

// lockWaits are waits for a lock that were too long: they speak of no connection.
var lockWaits = compileWords(`\block (?:timeout|timed out)\b`, `\btimed? ?out (?:while |when )?(?:waiting|acquiring|obtaining|getting|taking)\b.{0,40}\block\b`)

// questionLines are prompts of any kind: nobody is there to answer them.
var questionLines = compileLines(
	`.*[\[({<] ?(?:yes ?(?:[,/|]|or) ?no|y ?(?:[,/|]|or) ?n|no ?(?:[,/|]|or) ?yes|n ?[,/|] ?y)\b.*[\])}>].*`,
	`.*\?(?: ?[\[({<].{0,30}[\])}>])?[: >]*`,
	`.*[?:] ?(?:yes ?(?:[,/|]|or) ?no|y ?[,/|] ?n)[: >]*`,
	`(?:please )?(?:enter|type|choose|select|confirm|specify)\b.*[:>]`,
	`.*\b(?:password|passphrase|passcode|username|login)\b[^:.]*:`,
	`(?:please )?(?:press|hit|type|enter) .*(?:continue|any key|return|passphrase|password).*`,
	`-+ ?\(?more\)?.*-*`,
)

func compileWords(words ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:` + strings.Join(words, "|") + `)`)
}

func compileLines(lines ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^\s*(?:` + strings.Join(lines, "|") + `)\s*$`)
}

// MeaningOf tells what a text of the device means, and of a failure the cause.
// Of several lines the worst counts: a question, then a failure.
func MeaningOf(text string) (vc.Meaning, Cause) {
	worst, cause := vc.UnknownMeaning, Cause("")
	harmless := 0
	lines := linesOf(text)
	for _, line := range lines {
		switch meaning, why := meaningOfLine(line); {
		case meaning == vc.Question:
			return meaning, ""
		case meaning == vc.Failure && worst != vc.Failure:
			worst, cause = meaning, why
		case meaning == vc.Harmless:
			harmless++
		}
	}
	if worst == vc.UnknownMeaning && harmless > 0 && harmless == len(lines) {
		return vc.Harmless, ""
	}
	return worst, cause
}

func meaningOfLine(line string) (vc.Meaning, Cause) {
	switch {
	case strings.TrimSpace(line) == "", harmlessLines.MatchString(line):
		return vc.Harmless, ""
	case questionLines.MatchString(line):
		return vc.Question, ""
	}
	line = lockWaits.ReplaceAllString(notFailures.ReplaceAllString(line, ""), "locking failed")
	for _, f := range failureWords {
		if f.words.MatchString(strings.TrimSpace(line)) {
			return vc.Failure, f.cause
		}
	}
	return vc.UnknownMeaning, ""
}

// firstLineThatMeans returns the first line of a text with that meaning, or "".
func firstLineThatMeans(text string, want vc.Meaning) string {
	for _, line := range linesOf(text) {
		if meaning, _ := meaningOfLine(line); meaning == want {
			return line
		}
	}
	return ""
}

// linesOf splits what a program printed for a terminal, without the colours, and
// without the characters that XML does not allow: they came as U+FFFD. Of a text without
// end its beginning and its end are read: the patterns take seconds for a megabyte.
func linesOf(text string) []string {
	if len(text) > mostRead {
		text = text[:mostRead/2] + "\n" + text[len(text)-mostRead/2:]
	}
	text = paintPattern.ReplaceAllString(text, "")
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

const mostRead = 64 << 10

var paintPattern = regexp.MustCompile(`[\x{1b}\x{fffd}]\[[0-9;?]*[A-Za-z]|[\x{00}-\x{08}\x{0b}\x{0c}\x{0e}-\x{1f}\x{7f}\x{200b}\x{feff}\x{fffd}]`)
