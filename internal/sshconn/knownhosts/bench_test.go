// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// What a login does with a file of a thousand hosts, of which the last is the
// one: read it, ask for its key types, check its key.
func BenchmarkThousandLines(b *testing.B) {
	k := newKeys(b)
	private, err := rsa.GenerateKey(rand.Reader, 3072)
	k.add(b, "rsa", private, err)
	for _, kind := range []string{"ed1", "rsa"} {
		for _, form := range []string{"plain", "hashed"} {
			b.Run(kind+" "+form, func(b *testing.B) {
				var file strings.Builder
				for i := range 1000 {
					name := fmt.Sprintf("[sw%03d.example.com]:830", i)
					if form == "hashed" {
						name = hashed(name)
					}
					file.WriteString(knownhosts.Line(name, k[kind].PublicKey()) + "\n")
				}
				login(b, []byte(file.String()), k[kind].PublicKey())
			})
		}
	}
}

func login(b *testing.B, file []byte, key ssh.PublicKey) {
	names := knownhosts.Names("sw999.example.com", 830)
	b.ReportAllocs()
	for b.Loop() {
		var db knownhosts.DB
		db.Add("known_hosts", file)
		if types, _ := db.Types(names); len(types) != 1 {
			b.Fatal(types)
		}
		if r := db.Check(names, key); r.Verdict != knownhosts.Trusted {
			b.Fatal(r)
		}
	}
}
