// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !long

package sim

const soakFor = ""
