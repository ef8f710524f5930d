// SPDX-License-Identifier: GPL-3.0-or-later

package cli

// Getty lets people log in on a console, one after the other, until done is closed.
// A name and a password that are wrong are asked for again.
func Getty(term *Terminal, host func() string, logIn func(name, password string) (Device, bool), done <-chan struct{}) {
	for {
		name, _ := term.readLine(reading{prompt: "\n" + host() + " (ttyu0)\n\nlogin: "})
		select {
		case <-done:
			return
		default:
		}
		if name == "" {
			continue
		}
		password, err := term.readLine(reading{prompt: "Password:", secret: true})
		dev, ok := logIn(name, password)
		if err != nil || !ok {
			term.Print("Login incorrect\n")
			continue
		}
		Login(dev, term)
		dev.Close()
		term.raw = false
	}
}
