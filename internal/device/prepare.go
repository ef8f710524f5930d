// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"errors"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// RunPrepareSetup runs the command once. It is never repeated blindly: a second run
// may make other keys.
func RunPrepareSetup(ctx context.Context, dev *junos.Device, c vc.Chassis, limit time.Duration) (string, error) {
	output, err := dev.PrepareSetup(ctx, c, limit)
	if junos.IsLinkLost(err) {
		return output, hint.With(err, "keys may have been made: run again with rekey: always (scp_config_sync_rekey in the role), which makes them again")
	}
	if err != nil {
		return output, hintAtPrepareSetup(err)
	}
	return output, nil
}

// hintAtPrepareSetup adds a hint to what the device says of prepare-setup.
func hintAtPrepareSetup(err error) error {
	var refused *junos.RejectedError
	if !errors.As(err, &refused) {
		return err
	}
	switch {
	case refused.IsQuestion:
		return hint.With(err, "run the command by hand as root and answer it; then give the members to vc_scp_sync in prepared")
	case junos.IsNeverRun(err):
		return hint.With(err, "this release or model does not know the command: SCP synchronization needs 25.2R1 or later")
	}
	return hint.With(err, "check the members named in the message (show virtual-chassis), then run again with rekey: always (scp_config_sync_rekey in the role): keys are made again for all")
}

// HintAtOldRelease explains the syntax error of a release that does not know the
// statement.
func HintAtOldRelease(err error) error {
	var refused *junos.RejectedError
	if !errors.As(err, &refused) {
		return err
	}
	for _, m := range refused.Messages {
		if m.BadElement == "config-sync-with-scp" && m.Severity != "warning" {
			return hint.With(err, "this release has no system commit config-sync-with-scp: upgrade to 25.2R1 or later")
		}
	}
	return err
}
