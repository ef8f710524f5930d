// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

// prepareSetup is step 2 of the procedure. Juniper publishes no RPC for it.
const prepareSetup = "request chassis internal-ssh prepare-setup"

// PrepareSetup makes the SSH keys of all members and gives them to each
// other. It returns what the device printed. When IsLinkLost(err), keys may have
// been made.
func (d *Device) PrepareSetup(ctx context.Context, timeout time.Duration) (output string, err error) {
	reply, err := d.callOne(ctx, withAttributes(newTextElement("command", prepareSetup), "format", "text"), timeout)
	if err := rejectedBy(prepareSetup, reply, err); err != nil {
		return "", err
	}
	doc, err := reply.Document()
	if err != nil {
		return "", fmt.Errorf("%s: read the reply: %w", prepareSetup, err)
	}
	if prompt := doc.FindElement("//prompt"); prompt != nil {
		return "", rejectQuestion(prompt.Text())
	}
	var b strings.Builder
	for _, o := range doc.FindElements("//output") {
		b.WriteString(o.Text())
	}
	output = trimSpace(b.String())
	return output, judgePrepareOutput(output)
}

// judgePrepareOutput refuses words of a failure, and questions: nobody is there to
// answer them, so the command has taken its default. Words that nobody can explain
// are no error; what a commit over SCP reaches decides then.
func judgePrepareOutput(output string) error {
	if line := firstLineThatMeans(output, vc.Failure); line != "" {
		return rejectPrepare(line)
	}
	if line := firstLineThatMeans(output, vc.Question); line != "" {
		return rejectQuestion(line)
	}
	return nil
}

func rejectQuestion(prompt string) error {
	err := rejectPrepare("it asked a question and took the default answer: " + prompt)
	err.IsQuestion = true
	return err
}

func rejectPrepare(text string) *RejectedError {
	return &RejectedError{Operation: prepareSetup, Messages: []Message{{Severity: "error", Message: cutText(oneLine(text), maxText)}}}
}

// IsNeverRun says that the device did not know the command. A permission that was
// denied may be that of one member, in the middle of the work.
func IsNeverRun(err error) bool {
	var no *RejectedError
	if !errors.As(err, &no) {
		return false
	}
	for _, m := range no.Messages {
		if m.Severity != "warning" && !neverRanPattern.MatchString(m.Message) {
			return false
		}
	}
	return len(no.Messages) > 0
}

var neverRanPattern = regexp.MustCompile(`(?i)^\s*(?:error: )?(?:syntax error|unknown command|command is not valid)`)
