// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestControl(t *testing.T) {
	lab, _ := oneChassis(t, "")
	handler := lab.ControlHandler()
	for _, test := range []struct {
		request, body, answer string
		status                int
	}{
		{"GET /state?chassis=vc1", "", `"status": "Prsnt"`, 200},
		{"GET /state?chassis=vc2", "", `no such chassis`, 400},
		{"GET /state", "", `"last_sync": null`, 200},
		{"GET /counters", "", `"writes": 0`, 200},
		{"GET /log?chassis=vc1&after=0", "", `[]`, 200},
		{"POST /chassis/vc1/member/2/leave", "", `"status": "NotPrsnt"`, 200},
		{"POST /chassis/vc1/member/2/leave", "", `not here to leave`, 400},
		{"POST /chassis/vc1/member/2/join", "", `"reason": "join"`, 200},
		{"POST /chassis/vc1/member/1/replace", `{"serial": "NEW1"}`, `"serial": "NEW1"`, 200},
		{"POST /chassis/vc1/member/1/replace", `{"serail": "NEW1"}`, `unknown field`, 400},
		{"POST /chassis/vc1/member/1/explode", "", `want leave, join, reboot or replace`, 400},
		{"POST /chassis/vc1/member/x/leave", "", `want a member id`, 400},
		{"POST /chassis/vc1/member/2/reboot", "", `"status": "NotPrsnt"`, 200},
		{"GET /status", "", `"away": 1`, 200},
		{"POST /clock", `{"advance": "2m"}`, `"time"`, 200},
		{"GET /status", "", `"away": 0`, 200},
		{"POST /chassis/vc1/switchover", "", `"ok": true`, 200},
		{"POST /chassis/vc1/split", `{"on": false}`, `"ok": true`, 200},
		{"POST /clock", `{"advance": "5m"}`, `"time"`, 200},
		{"POST /clock", `{"advance": "soon"}`, `want a duration`, 400},
		{"POST /fault", `{"action": "drop", "rpc": "commit"}`, `"id": 1`, 200},
		{"POST /fault", `{"action": "explode"}`, `want one of`, 400},
		{"POST /fault", `{"clear": true}`, `"ok": true`, 200},
		{"POST /session", `{"do": "lock"}`, `"id"`, 200},
		{"POST /session", `{"do": "lock"}`, `configuration database locked by`, 400},
		{"POST /session", `{"do": "sing"}`, `want login, lock`, 400},
		{"POST /capture", "", `"ok": true`, 200},
		{"GET /capture", "", `[]`, 200},
		{"POST /log", "", `"ok": true`, 200},
	} {
		t.Run(test.request+" "+test.body, func(t *testing.T) {
			method, path, _ := strings.Cut(test.request, " ")
			r := httptest.NewRequest(method, path, strings.NewReader(test.body))
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			answer, _ := io.ReadAll(w.Result().Body)
			if w.Code != test.status || !strings.Contains(string(answer), test.answer) {
				t.Fatalf("want %d %q, got %d %s", test.status, test.answer, w.Code, answer)
			}
		})
	}
}
