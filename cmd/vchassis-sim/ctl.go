// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

const ctlUsage = `usage: vchassis-sim ctl SOCKET VERB
  state [CHASSIS]            everything, as JSON      config [CHASSIS]    the same with configurations
  log [CHASSIS]              the last RPCs            reset               empty log and counters
  counters [CHASSIS]         reads, writes, locks, commits
  status                     all chassis in a few numbers
  leave | join CHASSIS ID    a member goes or comes
  reboot CHASSIS ID          it is back in two minutes of the lab's clock
  replace CHASSIS ID [JSON]  another switch: {"serial":"X1","config":"staged"}
  switchover CHASSIS         the backup becomes primary
  split CHASSIS on|off       two primaries
  clock 5m                   move the time
  fault JSON                 {"rpc":"commit-configuration","when":"after","action":"drop"}
  clear                      disarm all faults
  session JSON               {"do":"lock","user":"admin"}; answers with the id for the next one
  capture on|off|show        bytes between members`

// request is what a verb means for the API.
type request struct{ method, path, body string }

func ctl(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) < 2 {
		return errors.New(ctlUsage)
	}
	r, err := meaning(args[1], args[2:])
	if err != nil {
		return err
	}
	return ask(ctx, args[0], r, stdout)
}

// atLeast is how many words a verb needs.
func atLeast(verb string) int {
	switch verb {
	case "leave", "join", "reboot", "replace", "split":
		return 2
	case "switchover", "clock", "fault", "session", "capture":
		return 1
	}
	return 0
}

// meaning turns a verb and its words into a request.
func meaning(verb string, words []string) (request, error) {
	if len(words) < atLeast(verb) {
		return request{}, errors.New(ctlUsage)
	}
	word := func(i int) string {
		if i >= 0 && i < len(words) {
			return words[i]
		}
		return ""
	}
	chassis := "/chassis/" + url.PathEscape(word(0))
	query := "?chassis=" + url.QueryEscape(word(0))
	on := fmt.Sprintf(`{"on":%t}`, word(len(words)-1) != "off")
	switch verb {
	case "state", "log", "counters":
		return request{http.MethodGet, "/" + verb + query, ""}, nil
	case "status":
		return request{http.MethodGet, "/status", ""}, nil
	case "config":
		return request{http.MethodGet, "/state" + query + "&config=true", ""}, nil
	case "reset":
		return request{http.MethodPost, "/log", ""}, nil
	case "leave", "join", "reboot", "replace":
		return request{http.MethodPost, chassis + "/member/" + url.PathEscape(word(1)) + "/" + verb, word(2)}, nil
	case "switchover":
		return request{http.MethodPost, chassis + "/switchover", ""}, nil
	case "split":
		return request{http.MethodPost, chassis + "/split", on}, nil
	default:
		return ofTheLab(verb, word(0), on)
	}
}

// ofTheLab are the verbs that name no chassis.
func ofTheLab(verb, word, on string) (request, error) {
	switch {
	case verb == "clock":
		text, _ := json.Marshal(map[string]string{"advance": strings.TrimPrefix(word, "+")})
		return request{http.MethodPost, "/clock", string(text)}, nil
	case verb == "fault", verb == "session":
		return request{http.MethodPost, "/" + verb, word}, nil
	case verb == "clear":
		return request{http.MethodPost, "/fault", `{"clear":true}`}, nil
	case verb == "capture" && word == "show":
		return request{http.MethodGet, "/capture", ""}, nil
	case verb == "capture":
		return request{http.MethodPost, "/capture", on}, nil
	}
	return request{}, errors.New(ctlUsage)
}

func ask(ctx context.Context, socket string, r request, stdout io.Writer) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket)
	}
	client := http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	q, err := http.NewRequestWithContext(ctx, r.method, "http://lab"+r.path, strings.NewReader(r.body))
	if err != nil {
		return err
	}
	answer, err := client.Do(q)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", answer.Status, strings.TrimSpace(string(text)))
	}
	_, err = stdout.Write(text)
	return err
}
