// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot

import (
	"cmp"
	"math"
	"regexp"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/redact"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// The format of the file. Readers refuse another name and a later version; a version
// is left when a reader of it could take something for what it is not.
const (
	formatName    = "vchassis.junos/snapshot"
	formatVersion = 1
)

// snapshot is the file. collection/docs/snapshots.md describes it.
type snapshot struct {
	Format        string               `json:"format"`
	Version       int                  `json:"version"`
	MadeBy        string               `json:"made_by"`
	MadeAt        string               `json:"made_at"`
	Name          string               `json:"name"`
	Groups        []string             `json:"groups"`
	Anonymized    bool                 `json:"anonymized"`
	Chassis       chassis              `json:"chassis"`
	Login         login                `json:"login"`
	Algorithms    junos.Offer          `json:"algorithms"`
	Configuration []string             `json:"configuration"` // XML, line by line
	Inherited     []redact.Inherited   `json:"inherited"`
	History       []commit             `json:"history"`
	Timings       timings              `json:"timings"`
	Replaced      []redact.Replacement `json:"replaced"`
	Unseen        []string             `json:"unseen"`
}

type chassis struct {
	ID             string   `json:"id"`
	Mode           string   `json:"mode"`
	HostName       string   `json:"host_name"`
	Preprovisioned bool     `json:"preprovisioned"`
	Members        []member `json:"members"`
}

type member struct {
	ID       int    `json:"id"`
	Role     string `json:"role"`
	RoleWord string `json:"role_word"` // the switch's own
	Local    bool   `json:"local"`
	Status   string `json:"status"`
	Priority *int   `json:"priority"`
	Serial   string `json:"serial"`
	Model    string `json:"model"`
	Release  string `json:"release"`
	FIPS     *bool  `json:"fips"`
}

type login struct {
	User  string `json:"user"`
	Class string `json:"class"`
}

type commit struct {
	At      string `json:"at"`
	User    string `json:"user"`
	Client  string `json:"client"`
	Comment string `json:"comment,omitempty"`
	Log     string `json:"log,omitempty"`
	Marker  string `json:"marker,omitempty"`
}

type timings struct {
	Login   float64  `json:"login_seconds"`
	Replies []answer `json:"replies"`
}

type answer struct {
	Operation string  `json:"operation"`
	Seconds   float64 `json:"seconds"`
	Bytes     int     `json:"bytes"`
}

// describe writes a chassis that was read, redacted.
func describe(shot device.Snapshot, name string, groups []string, r *redact.Redactor) (snapshot, error) {
	s := snapshot{Format: formatName, Version: formatVersion, MadeBy: device.Version(), MadeAt: time.Now().UTC().Format(time.RFC3339),
		Name: r.HostName(name), Groups: []string{}, Algorithms: shot.Offer, Configuration: []string{}, Inherited: []redact.Inherited{}, Unseen: describeUnseen(shot, r),
		Login:   login{User: r.UserName(shot.User), Class: r.ClassName(shot.Class)},
		Chassis: chassis{ID: r.ChassisID(shot.ID), Mode: shot.Mode, HostName: r.HostName(shot.HostName), Preprovisioned: shot.Preprovisioned, Members: describeMembers(shot.Members, r)},
		History: describeHistory(shot.History, r), Timings: describeTimings(shot),
	}
	for _, g := range groups {
		s.Groups = append(s.Groups, r.HostName(g))
	}
	if shot.Configuration != nil {
		text, _, err := r.Configuration(shot.Configuration)
		if err != nil {
			return snapshot{}, err
		}
		s.Configuration = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	}
	if shot.Inherited != nil {
		_, inherited, err := r.Uncounted().Configuration(shot.Inherited)
		if err != nil {
			return snapshot{}, err
		}
		s.Inherited = append(s.Inherited, inherited...)
	}
	s.Replaced = r.Replaced()
	return s, nil
}

var nameWord = regexp.MustCompile(`[A-Za-z0-9_.-]+`)

// describeUnseen writes what could not be seen, in words of the device as well: without
// the names that are replaced elsewhere.
func describeUnseen(shot device.Snapshot, r *redact.Redactor) []string {
	list := []string{}
	for _, text := range shot.Unseen {
		list = append(list, nameWord.ReplaceAllStringFunc(r.Words(text), func(word string) string {
			switch word {
			case shot.Class:
				return r.ClassName(word)
			case shot.User:
				return r.UserName(word)
			case shot.HostName:
				return r.HostName(word)
			}
			return word
		}))
	}
	return list
}

func describeMembers(members []vc.Member, r *redact.Redactor) (list []member) {
	for _, m := range members {
		list = append(list, member{ID: m.ID, Role: string(m.Role), RoleWord: m.RoleText, Local: m.Local, Status: m.Status, Priority: m.Priority,
			Serial: r.Serial(m.Serial), Model: m.Model, Release: m.Version, FIPS: m.FIPS})
	}
	return list
}

var (
	clientWord  = regexp.MustCompile(`^[a-z][a-z-]{0,19}$`)
	deviceWords = regexp.MustCompile(`^(?:commit confirmed, rollback in [0-9]{1,5} ?min(?:ute)?s?|Commit was not confirmed; automatic rollback complete\.)$`)
	ourMark     = regexp.MustCompile(`^vchassis\.junos \S{1,32} vc_[a-z_]{1,40} [a-z]{1,20} run=[0-9a-f]{1,64}(?: job=[A-Za-z0-9._-]{1,32})?$`)
	markerWord  = regexp.MustCompile(`^[a-z ]{1,40}$`)
)

// describeHistory keeps when who committed over what, and the words of the device and
// of this collection; what somebody has written to a commit is replaced.
func describeHistory(history []vc.Commit, r *redact.Redactor) []commit {
	list := []commit{}
	for _, c := range history {
		list = append(list, commit{At: formatTime(c.Time), User: r.UserName(c.User),
			Client:  keepWords(r, "commit client", c.Client, clientWord),
			Comment: keepWords(r, "commit comment", c.Comment, deviceWords), Log: keepMark(r, c.Log),
			Marker: keepWords(r, "commit marker", c.Marker, markerWord)})
	}
	return list
}

// keepMark keeps the mark of this collection; the comment behind it is the user's.
func keepMark(r *redact.Redactor, log string) string {
	mark, comment, cut := strings.Cut(log, ": ")
	if !ourMark.MatchString(mark) {
		return r.FreeText("commit log", log)
	}
	if cut {
		return mark + ": " + r.FreeText("commit log", comment)
	}
	return mark
}

func keepWords(r *redact.Redactor, path, text string, may *regexp.Regexp) string {
	if text == "" || may.MatchString(text) {
		return text
	}
	return r.FreeText(path, text)
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func describeTimings(shot device.Snapshot) timings {
	t := timings{Login: round(shot.Login.Seconds()), Replies: []answer{}}
	var before time.Time
	for _, e := range shot.Exchanges {
		t.Replies = append(t.Replies, answer{e.Operation, round(e.Seconds(before)), e.Bytes})
		if !e.Answered.IsZero() {
			before = e.Answered
		}
	}
	return t
}

func round(seconds float64) float64 { return math.Round(seconds*1000) / 1000 }

// nameOf is under which name the snapshot is kept.
func nameOf(p params, shot device.Snapshot) string { return cmp.Or(p.Name, shot.HostName, p.Host) }
