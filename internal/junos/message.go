// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

// Message is an error or a warning of the device, in the form of a result.
type Message struct {
	Severity   string `json:"severity" scrub:"never"`
	Path       string `json:"path,omitempty"`
	Message    string `json:"message"`
	BadElement string `json:"bad_element,omitempty"`
	Member     *int   `json:"member,omitempty"` // the member it speaks of
	Source     string `json:"source,omitempty"` // the daemon that spoke
}

func messageOf(e netconf.RPCError) Message {
	m := Message{Severity: e.Severity, Path: cutText(e.Path, maxName), Message: cutText(e.Message, maxText),
		BadElement: cutText(e.BadElement, maxName), Source: cutText(e.Source, maxName)}
	if id, ok := memberID(e.RE); ok {
		m.Member = &id
	}
	return m
}

func (m Message) String() string {
	var parts []string
	if m.Path != "" {
		parts = append(parts, m.Path)
	}
	parts = append(parts, m.Message)
	if m.BadElement != "" && !strings.Contains(m.Message, m.BadElement) {
		parts = append(parts, "at "+m.BadElement)
	}
	return strings.Join(parts, " ")
}

// A text names members as "fpc1", "member 1", "Member ID: 1", "member[1]", "members 1 and 2".
var (
	engineInTextPattern = regexp.MustCompile(`(?i)\b(?:(?:fpc|member)(?:[ _-]?(?:id|no|number|slot))?[ .:=#(\["'_-]{0,3}(\d{1,2})(?:-re\d)?|(?:members|fpcs)[ :(\[]{0,2}(\d{1,2}(?:(?:, ?(?:and )?| and | ?& ?)\d{1,2})*))\b`)
	numberPattern       = regexp.MustCompile(`\d+`)
	othersPattern       = regexp.MustCompile(`(?i)\b(?:members?|fpcs?|backup|line ?cards?|peers?|slaves?|stand-?by|re[01]|other (?:re|switch|routing|node|engine|side)s?|` +
		`synchroni[sz](?:ed|ing|ation)|out of sync|propagat\w*|replicat\w*|distribut\w*|copy|copied|copying|transfer\w*)\b`)
)

// NamedMembers returns the ids of the members that the text speaks of.
func (m Message) NamedMembers() (ids []int) {
	for _, found := range engineInTextPattern.FindAllStringSubmatch(m.Message, -1) {
		for _, number := range numberPattern.FindAllString(found[1]+" "+found[2], -1) {
			id, _ := strconv.Atoi(number)
			ids = append(ids, id)
		}
	}
	return ids
}

// speaksOfOthers says that the text is about other members than the one that answers,
// or may be: "the backup is out of sync".
func (m Message) speaksOfOthers() bool { return othersPattern.MatchString(m.Message) }

// warningsOf returns the messages of a reply that are no errors.
func warningsOf(r *netconf.Reply) []Message { return messagesWhere(r, netconf.RPCError.Warning) }

func errorsOf(r *netconf.Reply) []Message {
	return messagesWhere(r, func(e netconf.RPCError) bool { return !e.Warning() })
}

func messagesWhere(r *netconf.Reply, by func(netconf.RPCError) bool) []Message {
	var heard Messages
	if r == nil {
		return nil
	}
	for _, e := range r.Errors {
		if by(e) {
			heard.Add(messageOf(e))
		}
	}
	return heard.List()
}

// RejectedError is an operation that the device answered with errors. Nothing is
// unknown about it: the device is there, and said no.
type RejectedError struct {
	Operation  string
	Messages   []Message // errors first, then the warnings beside them
	HasWorked  bool      // of a command: it printed more than its refusal
	IsQuestion bool      // it wanted an answer and took its default one
}

func (r *RejectedError) Error() string {
	var texts []string
	for _, m := range r.Messages {
		if m.Severity != "warning" {
			texts = append(texts, m.String())
		}
	}
	return fmt.Sprintf("%s: the device reports: %s", r.Operation, strings.Join(texts, "; "))
}

// Code names the kind of the error for programs.
func (r *RejectedError) Code() string { return "device_refused" }

// Hint says what to do, where the device's own words are not enough.
func (r *RejectedError) Hint() string {
	for _, m := range r.Messages {
		text := strings.ToLower(m.Message)
		// sshd on a member says it too, with the methods that it has: "(publickey)".
		if m.Severity != "warning" && strings.Contains(text, "permission denied") && !strings.Contains(text, "permission denied (") {
			return "the login class of this user does not permit it: use a login of class super-user, or " + permitFor(r.Operation, m.BadElement)
		}
	}
	return ""
}

// rejectedBy turns the error of a call into a *RejectedError, and names the operation
// of any other.
func rejectedBy(operation string, r *netconf.Reply, err error) error {
	var reply *netconf.ReplyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &reply):
		return &RejectedError{Operation: operation, Messages: append(errorsOf(r), warningsOf(r)...)}
	}
	return fmt.Errorf("%s: %w", operation, err)
}

// IsLinkLost says that the session ended before a reply came: if the request
// went out, nobody knows whether the device has carried it out.
func IsLinkLost(err error) bool {
	var session *netconf.SessionError
	return errors.As(err, &session)
}

var engineNamePattern = regexp.MustCompile(`(?i)^(?:fpc|member) ?(\d{1,2})(?:-re\d)?:?$`)

// memberID reads the name of a member as replies spell it: "fpc1", "fpc1:", "FPC 1",
// "member1", "member1-re0". "localre" names no id.
func memberID(engine string) (id int, ok bool) {
	m := engineNamePattern.FindStringSubmatch(strings.TrimSpace(engine))
	if m == nil {
		return 0, false
	}
	id, err := strconv.Atoi(m[1])
	return id, err == nil
}

// isLocalEngine says that a name means the member that answers: Junos calls it
// "localre" on some platforms, and leaves the name out on others.
func isLocalEngine(engine string) bool {
	s := strings.TrimSpace(engine)
	return s == "" || s == "localre"
}
