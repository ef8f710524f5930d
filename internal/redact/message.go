// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
)

// Message returns a NETCONF message that may be written: configurations in it as
// Configuration has them, and elsewhere every word that could be more than a word
// replaced. What is no XML is taken for text.
func (r *Redactor) Message(raw []byte) string {
	m := &message{r: r, known: knownStatements(), dec: xml.NewDecoder(bytes.NewReader(raw))}
	m.dec.Strict = false
	if err := m.copyTokens(); err != nil {
		return r.Words(string(raw))
	}
	return strings.TrimSpace(m.b.String())
}

// message copies a message token by token, so that prefixes and the order of attributes
// stay as they were.
type message struct {
	r     *Redactor
	known known
	dec   *xml.Decoder
	b     strings.Builder
	stack []string
}

func (m *message) copyTokens() error {
	for {
		token, err := m.dec.RawToken()
		if errors.Is(err, io.EOF) {
			if len(m.stack) > 0 {
				return io.ErrUnexpectedEOF
			}
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.copyToken(token); err != nil {
			return err
		}
	}
}

func (m *message) copyToken(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		if t.Name.Local == "configuration" {
			return m.copyConfiguration(t)
		}
		m.stack = append(m.stack, t.Name.Local)
		m.openElement(t)
	case xml.EndElement:
		if len(m.stack) == 0 {
			return errors.New("an end without a beginning")
		}
		m.stack = m.stack[:len(m.stack)-1]
		m.b.WriteString("</" + fullName(t.Name) + ">")
	case xml.CharData:
		m.writeText(m.textOf(string(t)))
	case xml.Comment:
		m.b.WriteString("<!--" + strings.ReplaceAll(m.r.Words(string(t)), "--", "- ") + "-->")
	}
	return nil
}

func fullName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func (m *message) openElement(t xml.StartElement) {
	m.b.WriteString("<" + fullName(t.Name))
	for _, a := range t.Attr {
		value := a.Value
		if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
			value = m.r.Words(value)
		}
		m.b.WriteString(" " + fullName(a.Name) + `="` + attributeText.Replace(value) + `"`)
	}
	m.b.WriteString(">")
}

var (
	attributeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\n", "&#xA;", "\r", "&#xD;", "\t", "&#x9;")
	elementText   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
)

func (m *message) writeText(text string) { m.b.WriteString(elementText.Replace(text)) }

// textOf redacts the text of an element by what the element is.
func (m *message) textOf(text string) string {
	word := strings.TrimSpace(text)
	if word == "" {
		return text
	}
	stand := m.r.Words(word)
	if len(m.stack) == 0 {
		return stand
	}
	switch m.stack[len(m.stack)-1] {
	case "host-name":
		stand = m.r.HostName(word)
	case "user", "user-name":
		stand = m.r.UserName(word)
	case "class-name":
		stand = m.r.ClassName(word)
	case "member-serial-number", "serial-number":
		stand = m.r.Serial(word)
	case "virtual-chassis-id", "neighbor-id":
		stand = m.r.ChassisID(word)
	case "capability":
		stand = m.r.capability(word)
	case "configuration-output":
		stand = m.r.comparison(word)
	}
	return strings.Replace(text, word, stand, 1)
}

// comparedLine is a line of a comparison: its sign, a statement, and what is behind that.
var comparedLine = regexp.MustCompile(`^([-+! ]*)([^\s\[][^\s;]*)(.*)$`)

// comparison redacts the edits of whoever has made them, in which every word may be a
// secret, such as an SNMP community. Statements say where they are.
func (r *Redactor) comparison(text string) string {
	k := knownStatements()
	word := func(word string) string {
		if k.isWord(word) {
			return word
		}
		return r.FreeText("comparison", word)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if path, isPath := strings.CutPrefix(line, "[edit"); isPath {
			lines[i] = "[edit" + wordPattern.ReplaceAllStringFunc(path, word)
			continue
		}
		if m := comparedLine.FindStringSubmatch(line); m != nil && strings.Trim(m[2], "{}") != "" {
			lines[i] = m[1] + word(m[2])
			if rest := strings.TrimSpace(m[3]); strings.Trim(rest, "{;") != "" {
				lines[i] += " " + r.FreeText("comparison", rest)
			}
		}
	}
	return strings.Join(lines, "\n")
}

var knownCapability = regexp.MustCompile(`^(?:urn:ietf:params:|http://(?:xml|yang)\.juniper\.net/)[A-Za-z0-9:./?=,_&;-]*$`)

func (r *Redactor) capability(text string) string {
	if knownCapability.MatchString(text) {
		return text
	}
	return r.Words(text)
}

// copyConfiguration copies a configuration as Configuration writes it: as one piece.
func (m *message) copyConfiguration(t xml.StartElement) error {
	inner := &element{name: "configuration"}
	if err := m.readElement(inner); err != nil {
		return err
	}
	for i, a := range t.Attr { // who has committed it, and when
		if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || ownDateTime.MatchString(a.Value) || plainNumber.MatchString(a.Value) {
			continue
		}
		t.Attr[i].Value = m.r.UserName(a.Value)
	}
	w := &walk{r: m.r, known: m.known, groups: true}
	w.walkKids(inner, m.known.root, place{})
	m.openElement(t)
	m.b.WriteString("\n" + w.b.String() + "</" + fullName(t.Name) + ">")
	return nil
}

// readElement reads what is in an element, up to its end.
func (m *message) readElement(e *element) error {
	for {
		token, err := m.dec.RawToken()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			kid := &element{name: t.Name.Local, attrs: t.Attr}
			e.kids = append(e.kids, kid)
			if err := m.readElement(kid); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		case xml.CharData:
			e.text += string(t)
		}
	}
}

// Words that say nothing of a network: words of a language, numbers, and what Junos
// itself calls its parts.
var (
	wordPattern  = regexp.MustCompile(`[^\s<>"'()\[\]{},;=]+`)
	plainWord    = regexp.MustCompile(`^(?:[A-Za-z]?[a-z]{0,19}|[A-Z]{1,12})(?:['_/-](?:[a-z]{1,20}|[A-Z]{1,12}))*[.:!?*]*$`)
	plainNumber  = regexp.MustCompile(`^-?[0-9]{1,10}(?:[.:/-][0-9]{1,4}){0,3}(?:[a-z]{1,4})?[.:]?$`)
	ownPart      = regexp.MustCompile(`^(?:fpc|member|re|node|pts/|ttyp?|rev|vc_|ge-|xe-|et-)[a-z0-9/:._-]{1,40}[.:]?$`)
	ownRelease   = regexp.MustCompile(`^(?:Junos:?|junos-?)?[0-9]{2}\.[0-9][A-Z][0-9A-Za-z.-]{1,20}$`)
	ownModel     = regexp.MustCompile(`^(?i:ex|qfx|srx|mx|acx)[0-9]{3,5}[a-z0-9-]{0,12}$`)
	ownMarkOfRun = regexp.MustCompile(`^(?:vchassis\.junos|run|job|[0-9a-f]{10,40}|[0-9]+\.[0-9]+\.[0-9]+(?:-dev)?:?)$`)
	ownPath      = regexp.MustCompile(`^(?:/(?:usr|var|etc|opt|config|libexec|bin|sbin|example|db|tmp|home|log|internal-ssh-keys|internal-ssh|[a-z]{1,12}))+$`)
	ownDateTime  = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} [A-Z]{2,5}$`)
	ownDate      = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+Z?)?$`)
)

// Words returns a text of a device or of this collection in which every word that could
// be more than a word is replaced. Words that the configuration has as secrets are
// replaced whatever they look like.
func (r *Redactor) Words(text string) string {
	k := knownStatements()
	r.hideUsers(text)
	return wordPattern.ReplaceAllStringFunc(text, func(word string) string {
		bare := strings.TrimRight(word, ".:")
		name := strings.TrimRight(bare, "*")
		if stand, isHidden := r.hidden[name]; isHidden {
			return stand + word[len(name):]
		}
		if stand, isSecret := r.given[Secret+"\x00"+bare]; isSecret {
			return stand + word[len(bare):]
		}
		if isAddress(bare) { // which looks like a number, too
			return r.addressWord(bare) + word[len(bare):]
		}
		if r.seen[name] || isHarmless(k, word) {
			return word
		}
		r.countReplaced("message", Unknown)
		return r.standIn(Name, word)
	})
}

// namedUser is where texts of a switch, and of this collection, name who is logged in or
// has made something. Such a name may look like any word.
var namedUser = regexp.MustCompile(`(?:^|[\s(])(?:user|held by|locked by:?|made by|as)\s+([A-Za-z0-9._-]+)|([A-Za-z0-9._-]+) terminal `)

// hideUsers finds the users whom a text names, where names of users do not stay.
func (r *Redactor) hideUsers(text string) {
	if !r.options.Anonymize {
		return
	}
	for _, m := range namedUser.FindAllStringSubmatch(text, -1) {
		if name := cmp.Or(m[1], m[2]); !knownStatements().isWord(name) {
			r.UserName(strings.TrimRight(name, "."))
		}
	}
}

func (r *Redactor) addressWord(word string) string {
	if !r.options.Anonymize {
		return word
	}
	r.countReplaced("message", Address)
	return r.address(word)
}

// ownSpellings are words of Junos that look like no word.
var ownSpellings = map[string]bool{"NotPrsnt": true, "SSH": true, "NETCONF": true, "JUNOS": true, "Junos": true, "OpenSSH": true}

func isHarmless(k known, word string) bool {
	if k.isWord(word) || ownSpellings[word] {
		return true
	}
	for _, pattern := range []*regexp.Regexp{plainWord, plainNumber, ownPart, ownRelease, ownModel, ownMarkOfRun, ownPath, ownDate} {
		if pattern.MatchString(word) {
			return true
		}
	}
	return false
}
