// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"io"
	"net"
	"strings"

	"golang.org/x/crypto/ssh"
)

// sendSCP logs in to the peer as root with this member's internal key, checks
// its host key against this member's known hosts, and runs scp -t for each file.
func (m *Member) sendSCP(conn net.Conn, peer *Member, files []file) error {
	key, err := m.internalKey()
	if err != nil {
		return err
	}
	c, channels, requests, err := ssh.NewClientConn(conn, peer.Name(), &ssh.ClientConfig{
		User:            "root",
		Auth:            []ssh.AuthMethod{ssh.PublicKeys(key)},
		HostKeyCallback: m.checkHostKey(peer),
		ClientVersion:   SSHVersion,
		Timeout:         transferTime,
	})
	if err != nil {
		return scpError(err)
	}
	client := ssh.NewClient(c, channels, requests)
	defer client.Close()
	for _, f := range files {
		if err := sendFile(client, f); err != nil {
			return err
		}
	}
	return nil
}

// scpError says what scp would have printed.
func scpError(err error) error {
	switch text := err.Error(); {
	case strings.Contains(text, "unable to authenticate"):
		//lint:ignore ST1005 the text of OpenSSH
		return fmt.Errorf("Permission denied (publickey)")
	case strings.Contains(text, "Host key verification failed"):
		//lint:ignore ST1005 the text of OpenSSH
		return fmt.Errorf("Host key verification failed")
	default:
		return err
	}
}

func sendFile(client *ssh.Client, f file) error {
	s, err := client.NewSession()
	if err != nil {
		return err
	}
	defer s.Close()
	in, err := s.StdinPipe()
	if err != nil {
		return err
	}
	out, err := s.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.Start("scp -t " + f.path); err != nil {
		return err
	}
	return sendOne(struct {
		io.Reader
		io.Writer
	}{out, in}, f)
}

// serveSCP is the member's internal sshd: root by internal key, scp -t only.
func (m *Member) serveSCP(conn net.Conn) {
	config := &ssh.ServerConfig{
		ServerVersion:     SSHVersion,
		PublicKeyCallback: m.internalLogin,
	}
	config.AddHostKey(m.hostKey())
	c, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	defer c.Close()
	go ssh.DiscardRequests(requests) // ends with the connection
	for channel := range channels {
		if channel.ChannelType() != "session" {
			_ = channel.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		m.serveSCPSession(channel)
	}
}

func (m *Member) internalLogin(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
	if c.User() != "root" {
		return nil, fmt.Errorf("no such user")
	}
	if m.Chassis.Profile.InternalRootLogin == "enforced" && m.RootLogin() == "deny" {
		return nil, fmt.Errorf("root login refused")
	}
	return nil, m.authorizedFor(key)
}

func (m *Member) serveSCPSession(offered ssh.NewChannel) {
	channel, requests, err := offered.Accept()
	if err != nil {
		return
	}
	defer channel.Close()
	for request := range requests {
		var exec struct{ Command string }
		if request.Type != "exec" || ssh.Unmarshal(request.Payload, &exec) != nil {
			_ = request.Reply(false, nil)
			continue
		}
		target, ok := strings.CutPrefix(exec.Command, "scp -t ")
		_ = request.Reply(ok, nil)
		if ok {
			m.receiveOne(channel, transportSCP, target)
			SendExitStatus(channel, 0)
		}
		return
	}
}

// SendExitStatus ends a session the way RFC 4254 6.10 wants.
func SendExitStatus(channel ssh.Channel, code uint32) {
	_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Code uint32 }{code}))
}

// SSHVersion is what every sshd of a switch says of itself.
const SSHVersion = "SSH-2.0-OpenSSH_9.7"
