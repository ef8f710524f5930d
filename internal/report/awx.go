// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// statsPrefix begins the variables that the role sets with set_stats, one a chassis.
const statsPrefix = "scp_config_sync_stats_"

// job is a job as the API of AWX has it, or its artifacts alone.
type job struct {
	Finished  time.Time                  `json:"finished"`
	Artifacts map[string]json.RawMessage `json:"artifacts"`
}

// artifactsIn returns what AWX kept of a job: nil if data is something else.
func artifactsIn(data []byte) (map[string]json.RawMessage, time.Time) {
	var j job
	if json.Unmarshal(data, &j) != nil || j.Artifacts == nil {
		j.Artifacts = nil
		_ = json.Unmarshal(data, &j.Artifacts)
	}
	maps.DeleteFunc(j.Artifacts, func(name string, _ json.RawMessage) bool { return !strings.HasPrefix(name, statsPrefix) })
	return j.Artifacts, j.Finished
}

// recordsOf makes records of a job's artifacts. They have no members, and are as old as
// the job; without its time, as the file.
func recordsOf(artifacts map[string]json.RawMessage, finished time.Time) (records []outcome.Record, err error) {
	for _, name := range slices.Sorted(maps.Keys(artifacts)) {
		var s outcome.Stats
		if bad := json.Unmarshal(artifacts[name], &s); bad != nil || s.Host == "" {
			err = errors.Join(err, fmt.Errorf("%s: not the outcome of a chassis", name))
			continue
		}
		records = append(records, recordOf(s, finished))
	}
	return records, err
}

func recordOf(s outcome.Stats, finished time.Time) outcome.Record {
	r := outcome.Record{
		Schema: outcome.Schema, Host: outcome.CleanText(s.Host, outcome.ShortText), Finished: finished.UTC(), Wanted: s.Wanted, Check: s.Check, Outcome: s.Outcome,
		Did: s.Did, Would: s.Would, NotDone: s.NotDone, Found: outcome.Found{FIPS: s.FIPS},
		Sync: outcome.Sync{InSync: s.InSync, Transport: outcome.Unknown},
	}
	switch s.Transport {
	case outcome.SCP, outcome.RCP:
		r.Found.SCP = new(bool)
		*r.Found.SCP = s.Transport == outcome.SCP
		if !s.Check {
			r.Sync.Transport = s.Transport
		}
		if r.Found.FIPS == nil {
			r.Found.FIPS = new(bool)
		}
	}
	for _, reason := range s.Reasons {
		p := outcome.Problem{Message: outcome.CleanText(reason, outcome.LongText)}
		if len(r.Failures) < len(s.Failures) {
			r.Failures = append(r.Failures, outcome.Failure{Message: p.Message})
			continue
		}
		r.Problems = append(r.Problems, p)
	}
	for range s.Members {
		r.Members = append(r.Members, outcome.Member{Transport: outcome.Unknown})
	}
	for i := range r.Members {
		r.Members[i].ID = i
	}
	return r
}
