// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"encoding/xml"
	"testing"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":               "plain",
		"a < b & \"c\" > 'd'": "a &lt; b &amp; \"c\" &gt; 'd'",
		"line\n\tnext":        "line\n\tnext",
		"&#34; &amp;":         "&amp;#34; &amp;amp;",
		"return\r\n":          "return&#xD;\n",
		"bell\a \x00 \uFFFF":  "bell\uFFFD \uFFFD \uFFFD",
		"broken \xff":         "broken \uFFFD",
		"Zürich":              "Zürich",
	} {
		var p page
		p.leaf("x", in)
		if got := p.String(); got != "<x>"+want+"</x>\n" {
			t.Errorf("%q: want %q, got %q", in, want, got)
		}
		if err := xml.Unmarshal([]byte(p.String()), new(string)); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
}
