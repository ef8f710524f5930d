// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// prepareSetup is step 2 of the procedure. Juniper publishes no RPC for it.
const prepareSetup = "request chassis internal-ssh prepare-setup"

// PrepareSetup makes the SSH keys of all members of a chassis and gives them to
// each other. It returns what the device printed. A *RejectedError says that it
// refused, asked, spoke of a failure, or warned of a member without a success of
// that member's own. When IsLinkLost(err), keys may have been made.
func (d *Device) PrepareSetup(ctx context.Context, c vc.Chassis, timeout time.Duration) (output string, err error) {
	reply, err := d.callOne(ctx, withAttributes(newTextElement("command", prepareSetup), "format", "text"), timeout)
	if err := rejectedBy(prepareSetup, reply, err); err != nil {
		return "", withWork(err, reply)
	}
	doc, err := reply.Document()
	if err != nil {
		return "", fmt.Errorf("%s: read the reply: %w", prepareSetup, err)
	}
	if prompt := doc.FindElement("//prompt"); prompt != nil {
		return "", rejectQuestion(charactersIn(prompt))
	}
	output = trimSpace(printedIn(doc.Root()))
	if err := judgePrepareOutput(output); err != nil {
		return output, err
	}
	return output, judgePrepareWarnings(c, enginesPrepared(doc), append(warningsOf(reply), warningsPrinted(output)...))
}

// withWork notes of a refusal that something else was printed beside it.
func withWork(err error, reply *netconf.Reply) error {
	var no *RejectedError
	if errors.As(err, &no) {
		for _, m := range spokenIn(reply) {
			no.HasWorked = no.HasWorked || hasWorked(m.Message)
		}
	}
	return err
}

// hasWorked says that a command has printed more than that it is not known: it may have
// begun, and one member may not know it.
func hasWorked(output string) bool {
	return slices.ContainsFunc(linesOf(output), func(line string) bool {
		return strings.Trim(line, " \t^") != "" && !neverRanPattern.MatchString(line)
	})
}

// printedIn is what a reply says outside of its errors, whatever the elements are called:
// nobody has published them.
func printedIn(e *etree.Element) string {
	var b strings.Builder
	for _, token := range e.Child {
		switch t := token.(type) {
		case *etree.CharData:
			if text := t.Data; e.Tag == "output" || trimSpace(text) != "" {
				b.WriteString(text)
			}
		case *etree.Element:
			if slices.Contains(unprintedTags, t.Tag) {
				continue
			}
			b.WriteString(printedIn(t))
			if t.Tag != "output" && !strings.HasSuffix(b.String(), "\n") {
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

// unprintedTags are errors and warnings, which are heard anyway, and what is no text.
var unprintedTags = []string{"rpc-error", "re-name", "banner"}

// judgePrepareOutput refuses words of a failure, and questions: nobody is there to
// answer them, so the command has taken its default. Words that nobody can explain
// are no error; what a commit over SCP reaches decides then.
func judgePrepareOutput(output string) error {
	if line := firstLineThatMeans(output, vc.Failure); line != "" {
		err := rejectPrepare(line)
		err.HasWorked = hasWorked(output)
		return err
	}
	if line := firstLineThatMeans(output, vc.Question); line != "" {
		return rejectQuestion(line)
	}
	return nil
}

// judgePrepareWarnings refuses warnings as those of a commit are: one that names a
// member which has no success of its own in the same reply, and one of a failure
// that names nobody while no member is said to have succeeded.
func judgePrepareWarnings(c vc.Chassis, done []vc.EngineReply, warnings []Message) error {
	for _, m := range warnings {
		n := m.notice(false)
		j := vc.JudgeCommitReply(c, vc.CommitReply{Engines: done, Notices: []vc.Notice{n}})
		switch {
		case n.Meaning == vc.Question:
			return rejectQuestion(m.Message)
		case len(j.Failed()) > 0:
			return rejectPrepare(vc.Named(j.Failed()) + " did not succeed: " + m.Message)
		case len(j.Doubts) > 0:
			return rejectPrepare(m.Message)
		}
	}
	return nil
}

// enginesPrepared are the members that the output says are done, each by a line
// that speaks of no other, or by an answer of its own.
func enginesPrepared(doc *etree.Document) (done []vc.EngineReply) {
	for _, o := range doc.FindElements("//output") {
		of := contentAt(o.Parent(), "re-name")
		for _, line := range linesOf(charactersIn(o)) {
			meaning, _ := meaningOfLine(line)
			ids := Message{Message: of + " " + line}.NamedMembers()
			if ids = slices.Compact(ids); len(ids) == 1 && meaning == vc.UnknownMeaning && preparedPattern.MatchString(line) && !negatedPattern.MatchString(line) {
				done = append(done, vc.EngineReply{Name: trimSpace(line), MemberID: &ids[0], Success: true})
			}
		}
	}
	return done
}

var (
	preparedPattern = regexp.MustCompile(`(?i)\b(?:done|ok|success(?:ful(?:ly)?)?|succeeded|completed?|finished)\b`)
	negatedPattern  = regexp.MustCompile(`(?i)\b(?:not|no|never|without)\b|n't\b`)
)

// warningsPrinted are the lines of the output that call themselves warnings.
func warningsPrinted(output string) (warnings []Message) {
	for _, line := range linesOf(output) {
		if printedWarningPattern.MatchString(line) {
			warnings = append(warnings, Message{Severity: "warning", Message: trimSpace(line)})
		}
	}
	return warnings
}

var printedWarningPattern = regexp.MustCompile(`(?i)\bwarning:`)

func rejectQuestion(prompt string) error {
	err := rejectPrepare("it asked a question and took the default answer: " + prompt)
	err.IsQuestion = true
	return err
}

func rejectPrepare(text string) *RejectedError {
	return &RejectedError{Operation: prepareSetup, Messages: []Message{{Severity: "error", Message: cutText(oneLine(text), maxText)}}}
}

// IsNeverRun says that the device did not know the command, and printed nothing else: not
// that one member did not. A permission that was
// denied may be that of one member, in the middle of the work.
func IsNeverRun(err error) bool {
	var no *RejectedError
	if !errors.As(err, &no) || no.HasWorked {
		return false
	}
	for _, m := range no.Messages {
		if m.Severity != "warning" && (m.Member != nil || !neverRanPattern.MatchString(m.Message)) {
			return false
		}
	}
	return len(no.Messages) > 0
}

var neverRanPattern = regexp.MustCompile(`(?i)^\s*(?:error: )?(?:syntax error|unknown command|command is not valid)`)
