// SPDX-License-Identifier: GPL-3.0-or-later

// Package sample is what the tests of the program mutants change.
package sample

// Grade is tested at its limit and on both sides.
func Grade(points int) string {
	if points >= 50 {
		return "passed"
	}
	return "failed"
}

// Untested is looked at by no test.
func Untested(points int) bool { return points > 10 }

// Endless is tested, and does not end without its step.
func Endless(n int) (sum int) {
	for n > 0 {
		sum += n
		n--
	}
	return sum
}
