// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// credentials are what is offered to one hop, in order, each once.
type credentials struct {
	hop      *hop
	keys     []identity // explicit ones first: a server stops after six
	next     int        // index of the first key that was not offered yet
	spent    bool       // the password was sent
	logins   int        // connections so far, this one too
	turn     turn       // what this connection offers
	agent    net.Conn   // nil without an agent
	problems []string   // sources that could not be used
	warnings []string

	tried    []string // what was really sent, for the error
	accepted []string // by the server
	passed   []string // accepted as a part of the login
	demand   *DemandError
	remarks  []string // what the server said of the account
}

// identity is a key with the place it came from.
type identity struct {
	source string
	signer ssh.Signer
}

func (c *credentials) closeAgent() {
	if c != nil && c.agent != nil {
		_ = c.agent.Close()
	}
}

// sendPassword is asked again when a server takes the password for a part of the
// login only, and wants the same way once more.
func (c *credentials) sendPassword() (string, error) {
	if slices.Contains(c.passed, byPassword) {
		return "", c.refuseDemand(OtherAnswer, "")
	}
	c.spent = true
	c.tried = append(c.tried, byPassword)
	return c.hop.cfg.Password.Reveal(), nil
}

// loginRefused explains a login that did not succeed. What x/crypto/ssh says of it
// in general is said better by what was tried.
func (c *credentials) loginRefused(err error) error {
	general := strings.Contains(err.Error(), "ssh: unable to authenticate") || errors.Is(err, errUnsigned) || errors.Is(err, errAskedAgain)
	switch {
	case c.demand != nil:
		err = c.demand
	case strings.Contains(err.Error(), passwordChangeRequest):
		c.demand = &DemandError{Demand: NewPassword}
		err = c.demand
	case general:
		err = nil
	default:
		c.turn.cut = true
	}
	return &AuthError{User: c.hop.user, Tried: c.tried, Accepted: c.accepted, Problems: c.problems, Remarks: c.remarks, Err: err}
}

// passwordChangeRequest is how x/crypto/ssh reports SSH_MSG_USERAUTH_PASSWD_CHANGEREQ
// (RFC 4252, section 8), which it does not know.
const passwordChangeRequest = "unexpected message type 60 (expected 52)"

// loginCutOff explains a connection that the server closed without a word.
func (c *credentials) loginCutOff(p Phase, err error) error {
	if p == PhaseAuthentication && len(c.tried) > 0 {
		return c.loginRefused(fmt.Errorf("the server closed the connection: %w", err))
	}
	return fmt.Errorf("the server closed the connection: %w", err)
}

// gatherCredentials collects the keys. An option that cannot be used is an error;
// what ssh_config and the agent offer beyond is only noted.
func (h *hop) gatherCredentials(ctx context.Context) (*credentials, error) {
	c := &credentials{hop: h}
	if h.mayUse(byKey) {
		if err := c.gatherKeys(ctx); err != nil {
			c.closeAgent()
			return nil, err
		}
	}
	for _, m := range []string{byKey, byPassword, byQuestion} {
		if given := m == byKey || h.cfg.Password != "" && !h.bastion; given && !h.mayUse(m) {
			c.problems = append(c.problems, "ssh_config allows no "+m)
		}
	}
	if len(c.keys) == 0 && !c.hasPassword() {
		c.closeAgent()
		return nil, c.errNothingToOffer()
	}
	return c, nil
}

func (c *credentials) gatherKeys(ctx context.Context) error {
	agentKeys, err := c.openAgent(ctx)
	if err != nil {
		c.problems = append(c.problems, "agent: "+err.Error())
	}
	if err := c.addFiles(agentKeys); err != nil {
		return err
	}
	c.addAgent(agentKeys)
	c.keys = slices.DeleteFunc(c.keys, func(id identity) bool {
		why := c.hop.refusalOf(id.signer)
		if why != nil {
			c.problems = append(c.problems, fmt.Sprintf("%s is not offered: %v", id.source, why))
		}
		return why != nil
	})
	return nil
}

// refusalOf says why ssh_config keeps a key from being offered.
func (h *hop) refusalOf(signer ssh.Signer) error {
	if bits := rsaBits(signer.PublicKey()); bits > 0 && bits < h.minRSABits {
		return fmt.Errorf("RequiredRSASize of ssh_config is %d, the key has %d bits", h.minRSABits, bits)
	}
	if h.suite.narrowed && len(h.algorithmsFor(signer)) == 0 {
		return errors.New("PubkeyAcceptedAlgorithms of ssh_config has no algorithm of this key")
	}
	return nil
}

// errNothingToOffer says that there is nothing to log in with.
func (c *credentials) errNothingToOffer() error {
	why := append([]string{"no password", "no private key"}, c.problems...)
	e := &ConfigError{Remedy: "set password or private_key_file, or start an agent that holds the key"}
	if c.hop.bastion {
		why = why[1:]
		e.Option, e.Remedy = "proxy_jump", "set private_key_file or use_agent: the switch's password is never shown to a jump host"
	}
	if !c.hop.cfg.UseAgent && c.hop.mayUse(byKey) {
		why = append(why, "no agent (use_agent: false)")
	}
	e.Err = fmt.Errorf("no way to log in to %s: %s", c.hop.name, strings.Join(why, ", "))
	return e
}

var errUnsigned = errors.New("the key could not sign")
