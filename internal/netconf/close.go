// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"context"
	"errors"
	"io"
)

// Close asks the device to end the session, waits for its answer no longer than
// CloseTimeout, and closes the stream. It returns nil when the session was dead
// already or the device closed it without an answer, and may be called again.
func (s *Session) Close() error {
	if s.Err() != nil {
		return nil
	}
	ctx, cancel := withLimit(context.Background(), s.options.CloseTimeout, "close")
	defer cancel()
	_, err := s.exchangeRPCs(ctx, []string{"close-session"}, [][]byte{[]byte("<close-session/>")})
	s.mu.Lock()
	alive := s.cause == nil
	s.cause = ErrClosed
	s.mu.Unlock()
	if alive {
		if e := s.stream.Close(); err == nil {
			err = e
		}
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}
