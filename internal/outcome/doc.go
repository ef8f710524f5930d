// SPDX-License-Identifier: GPL-3.0-or-later

// Package outcome judges a run of the role on one chassis: from what vc_info
// read and what the steps returned it makes the outcome, the summary for
// people, the record for programs and the statistics for the next job. It also
// says beforehand which steps a run has to make, and judges records that were
// kept.
//
// It reads codes, names and truth values, and never a message: rewording one
// changes no result. What nobody has said is not known; it is not "no". The
// package does no I/O, reads no clock, and knows neither Ansible nor HTML.
package outcome
