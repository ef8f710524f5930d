// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import "github.com/vchassis/vchassis.junos/internal/sim/cli"

// notSimulated is the error-tag of what a switch does and the simulator does not:
// nobody may take it for an answer of Junos, which knows no such tag.
const notSimulated = "not-simulated"

// unknownOperation answers what is no operation of the simulator. A name that Juniper's
// models have not either is a syntax error.
func unknownOperation(name string) reply {
	if cli.IsPublished(name) {
		return failedAs(notSimulated, "not simulated: "+name)
	}
	return syntaxError(name)
}

func failedAs(tag, message string) reply { return errorReply(rpcError{Tag: tag, Message: message}) }
