// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Scripted is something that happens by itself while a lab runs.
type Scripted struct {
	After string `yaml:"after"` // of the lab's clock, from its start: 90s
	Do    string `yaml:"do"`    // in the words of vchassis-sim ctl: reboot vc1 2
}

// scriptVerbs are what a Scripted can do, and how many words each needs.
func scriptVerbs() map[string]int {
	return map[string]int{"leave": 2, "join": 2, "reboot": 2, "replace": 2, "switchover": 1, "split": 2, "fault": 1, "clear": 0}
}

// scheduleScript arms the script. What is misspelt is refused before anything runs.
func (lab *Lab) scheduleScript(script []Scripted) error {
	for i, s := range script {
		after, err := time.ParseDuration(s.After)
		if err != nil || after < 0 {
			return fmt.Errorf("script[%d].after: want a duration such as 90s, got %q", i, s.After)
		}
		act, err := lab.parseAct(s.Do)
		if err != nil {
			return fmt.Errorf("script[%d].do: %w", i, err)
		}
		lab.clock.AfterFunc(after, func() { lab.journal.noteEvent(s.Do, lab.clock.Now(), act()) })
	}
	return nil
}

// parseAct understands the words of one event.
func (lab *Lab) parseAct(text string) (func() error, error) {
	verb, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	words := strings.SplitN(rest, " ", 3)
	if rest == "" {
		words = nil
	}
	if need, ok := scriptVerbs()[verb]; !ok || len(words) < need {
		return nil, fmt.Errorf("want leave, join, reboot or replace CHASSIS ID, switchover CHASSIS, split CHASSIS on|off, fault JSON or clear, got %q", text)
	}
	switch verb {
	case "clear":
		return func() error { lab.ClearFaults(); return nil }, nil
	case "fault":
		return lab.actFault(rest)
	}
	ch := lab.Chassis(words[0])
	if ch == nil {
		return nil, fmt.Errorf("%s: no such chassis", words[0])
	}
	switch verb {
	case "switchover":
		return ch.Switchover, nil
	case "split":
		return func() error { ch.Split(words[1] != "off"); return nil }, nil
	}
	return ch.actMember(verb, words[1:])
}

func (lab *Lab) actFault(text string) (func() error, error) {
	var rule Rule
	if err := json.Unmarshal([]byte(text), &rule); err != nil {
		return nil, err
	}
	return func() error { _, err := lab.AddFault(rule); return err }, rule.checkAction()
}

func (ch *Chassis) actMember(verb string, words []string) (func() error, error) {
	id, err := strconv.Atoi(words[0])
	if err != nil || ch.Member(id) == nil {
		return nil, fmt.Errorf("%s has no member %s", ch.Name, words[0])
	}
	switch verb {
	case "leave":
		return func() error { return ch.Leave(id) }, nil
	case "join":
		return func() error { return ch.Join(id) }, nil
	case "reboot":
		return func() error { return ch.Reboot(id) }, nil
	}
	var r Replacement
	if len(words) > 1 {
		err = json.Unmarshal([]byte(words[1]), &r)
	}
	return func() error { return ch.Replace(id, r) }, err
}

// BootTime is how long a member that reboots is away, on the lab's clock.
const BootTime = 2 * time.Minute

// Reboot takes a member away for two minutes. It comes back in FIPS mode, or out
// of it, where the configuration names a level.
func (ch *Chassis) Reboot(id int) error {
	if err := ch.Leave(id); err != nil {
		return err
	}
	m := ch.Member(id)
	if text, ok := m.ActiveTree().Get("system", "fips", "level"); ok {
		m.writeFields(func() { m.isFIPS = text != "0" })
	}
	ch.lab.clock.AfterFunc(BootTime, func() {
		if m.Status() == StatusAbsent {
			ch.lab.journal.noteEvent(fmt.Sprintf("%s: member %d is back", ch.Name, id), ch.lab.clock.Now(), ch.Join(id))
		}
	})
	return nil
}

// RebootSoon reboots a member after a second: who asked for it is answered before.
func (ch *Chassis) RebootSoon(id int) {
	ch.lab.clock.AfterFunc(time.Second, func() {
		ch.lab.journal.noteEvent(fmt.Sprintf("%s: member %d reboots", ch.Name, id), ch.lab.clock.Now(), ch.Reboot(id))
	})
}

// noteEvent notes what happened by itself.
func (j *journal) noteEvent(text string, at time.Time, err error) {
	outcome := "ok"
	if err != nil {
		outcome = "error: " + err.Error()
	}
	j.noteOutcome(j.addEntry(Entry{Time: at, Kind: KindEvent, Request: text}), outcome)
}
