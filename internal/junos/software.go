// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"regexp"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// software is the reply to get-software-information: wrapped per member on a
// Virtual Chassis, bare on a switch that stands alone.
type software struct {
	Items []struct {
		Engine string       `xml:"re-name"`
		Info   *softwareOne `xml:"software-information"`
	} `xml:"multi-routing-engine-results>multi-routing-engine-item"`
	Bare *softwareOne `xml:"software-information"`
}

type softwareOne struct {
	HostName string    `xml:"host-name"`
	Version  string    `xml:"junos-version"`
	FIPS     *struct{} `xml:"fips"` // YANG: "System conforms to FIPS requirements"
	Packages []struct {
		Name    string `xml:"name"`
		Comment string `xml:"comment"`
	} `xml:"package-information"`
}

var bracketed = regexp.MustCompile(`\[([^\]]+)\]`)

// version falls back to the package "junos" for releases before 15.1, which
// have no junos-version. The package "FIPS mode utilities" tells nothing: it
// is there on ordinary switches too.
func (s softwareOne) version() string {
	if v := trim(s.Version); v != "" {
		return v
	}
	for _, p := range s.Packages {
		if m := bracketed.FindStringSubmatch(p.Comment); trim(p.Name) == "junos" && m != nil {
			return m[1]
		}
	}
	return ""
}

// readSoftware fills in what each member told. A member that could not be
// asked stays unknown: Junos then mixes an error with the others' data.
func (s *State) readSoftware(r *netconf.Reply) {
	s.Warnings = append(s.Warnings, errorsOf(r)...)
	var v software
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

func (s *State) memberSoftware(engine string, sw softwareOne) {
	m := s.member(engine)
	if m == nil {
		return
	}
	fips := sw.FIPS != nil
	m.Version, m.FIPS = sw.version(), &fips
	if m.Local {
		s.HostName = trim(sw.HostName)
	}
}

// member finds the member that a reply names.
func (s *State) member(engine string) *vc.Member {
	id, named := memberID(engine)
	for i := range s.Members {
		m := &s.Members[i]
		if named && m.ID == id || !named && local(engine) && m.Local {
			return m
		}
	}
	return nil
}
