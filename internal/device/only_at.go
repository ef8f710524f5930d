// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/hint"
)

// checkOnlyAt refuses every way that does not end where this host is said to be and
// nowhere else, as the inventory of twins says it: a host_vars file, the address of a
// member or a jump host may lead to the switch that a twin stands in for.
func (c *Connection) checkOnlyAt() error {
	if err := c.leadsElsewhere(); err != nil {
		return hint.With(err, "add -e @only_twins.json, which is next to the inventory of the twins and takes precedence over host_vars; leave scp_config_sync_members out; unset the VCHASSIS_ variables")
	}
	return nil
}

func (c *Connection) leadsElsewhere() error {
	if len(c.OnlyAt) == 0 {
		return nil
	}
	only := strings.Join(c.OnlyAt, ", ")
	if at := net.JoinHostPort(c.Host, strconv.Itoa(c.Port)); !slices.Contains(c.OnlyAt, at) {
		return fmt.Errorf("only_at: this host is a twin at %s, but the task would connect to %s; no connection was made", only, at)
	}
	for _, way := range []struct{ name, value string }{{"proxy_jump", c.ProxyJump}, {"proxy_command", c.ProxyCommand}, {"ssh_config", c.SSHConfig}} {
		if way.value != "" {
			return fmt.Errorf("only_at: this host is a twin at %s, but %s may connect to another host; no connection was made", only, way.name)
		}
	}
	return nil
}
