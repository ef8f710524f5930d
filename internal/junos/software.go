// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// softwareReply is the reply to get-software-information: wrapped per member on a
// Virtual Chassis, bare on a switch that stands alone.
type softwareReply struct {
	Items []struct {
		Engine string        `xml:"re-name"`
		Info   *softwareInfo `xml:"software-information"`
	} `xml:"multi-routing-engine-results>multi-routing-engine-item"`
	Bare *softwareInfo `xml:"software-information"`
}

type softwareInfo struct {
	HostName string   `xml:"host-name"`
	Version  string   `xml:"junos-version"`
	FIPS     []string `xml:"fips"` // YANG: "System conforms to FIPS requirements", and empty
	Packages []struct {
		Name    string `xml:"name"`
		Comment string `xml:"comment"`
	} `xml:"package-information"`
}

var bracketedPattern = regexp.MustCompile(`\[([^\]]+)\]`)

// junosVersion falls back to the package "junos" for releases before 15.1, which
// have no junos-version. The package "FIPS mode utilities" tells nothing: it
// is there on ordinary switches too.
func (s softwareInfo) junosVersion() string {
	if v := boundedName(s.Version); v != "" {
		return v
	}
	for _, p := range s.Packages {
		if m := bracketedPattern.FindStringSubmatch(p.Comment); trimSpace(p.Name) == "junos" && m != nil {
			return boundedName(m[1])
		}
	}
	return ""
}

// isFIPS reads the leaf: it is there, or it is not. A release that puts a word into it is
// read by that, and one whose words nobody knows says nothing.
func (s softwareInfo) isFIPS() *bool {
	is := len(s.FIPS) > 0
	for _, word := range s.FIPS {
		switch on, known := fipsWords[strings.ToLower(trimSpace(word))]; {
		case !known:
			return nil
		case !on:
			is = false
		}
	}
	return &is
}

var fipsWords = map[string]bool{"": true, "true": true, "yes": true, "on": true, "enabled": true, "1": true,
	"false": false, "no": false, "off": false, "disabled": false, "0": false}

// readSoftware fills in what each member told. A member that could not be
// asked stays unknown: Junos then mixes an error with the others' data.
func (s *State) readSoftware(r *netconf.Reply) {
	s.Warnings = append(s.Warnings, errorsOf(r)...)
	s.reportStrangers(r)
	var v softwareReply
	if err := r.Decode(&v); err != nil {
		s.Warnings = append(s.Warnings, Message{Severity: "warning", Message: "get-software-information: " + err.Error()})
		return
	}
	if v.Bare != nil {
		s.memberSoftware("", *v.Bare)
	}
	for _, item := range v.Items {
		if item.Info != nil {
			s.memberSoftware(item.Engine, *item.Info)
		}
	}
}

// reportStrangers reports engines that failed and are no member of the list: somebody
// is there who would be left out.
func (s *State) reportStrangers(r *netconf.Reply) {
	for _, e := range r.Errors {
		if len(s.Unread) > maxMembers {
			return
		}
		if e.RE != "" && !e.Warning() && s.findMember(e.RE) == nil {
			s.Unread = append(s.Unread, vc.Problem{Code: "unlisted_member",
				Message: fmt.Sprintf("%s answers with an error and is not in the list of members: %s", boundedName(e.RE), messageOf(e)),
				Hint:    "compare show virtual-chassis with show version"})
		}
	}
}

func (s *State) memberSoftware(engine string, sw softwareInfo) {
	m := s.findMember(engine)
	if m == nil {
		return
	}
	fips := sw.isFIPS()
	if m.Version != "" && (m.Version != sw.junosVersion() || !reflect.DeepEqual(m.FIPS, fips)) {
		s.contradict(m)
	}
	if s.isContradicted[m.ID] {
		return
	}
	m.Version = sw.junosVersion()
	// Without a release this is no description of software: that the leaf is
	// not in it does not say that FIPS is off.
	if m.Version != "" || len(sw.FIPS) > 0 {
		m.FIPS = fips
	}
	if m.Local {
		s.HostName = boundedName(sw.HostName)
	}
}

// contradict notes a member of which a reply says two things: nothing is known of it.
func (s *State) contradict(m *vc.Member) {
	if s.isContradicted == nil {
		s.isContradicted = map[int]bool{}
	}
	s.isContradicted[m.ID], m.Version, m.FIPS = true, "", nil
}

// findMember finds the member that a reply names.
func (s *State) findMember(engine string) *vc.Member {
	id, named := memberID(engine)
	for i := range s.Members {
		m := &s.Members[i]
		if named && m.ID == id || !named && isLocalEngine(engine) && m.Local {
			return m
		}
	}
	return nil
}
