// SPDX-License-Identifier: GPL-3.0-or-later

// Package report renders the records that the role leaves, one JSON file a
// chassis, as one HTML page that needs nothing else.
//
// It believes nobody. A file that cannot be understood is listed by its name.
// What a record does not say is unknown, and SCP is claimed only where the
// record does. It knows neither Ansible nor Junos, reads no clock, and writes
// the same page for the same records.
package report
