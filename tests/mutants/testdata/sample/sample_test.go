// SPDX-License-Identifier: GPL-3.0-or-later

package sample_test

import (
	"os"
	"testing"

	"github.com/vchassis/vchassis.junos/tests/mutants/testdata/sample"
)

func TestGrade(t *testing.T) {
	if os.Getenv("SAMPLE_FAILS") != "" {
		t.Fatal("as it was told")
	}
	for points, want := range map[int]string{49: "failed", 50: "passed", 51: "passed"} {
		if got := sample.Grade(points); got != want {
			t.Errorf("%d points: want %s, got %s", points, want, got)
		}
	}
}

func TestEndless(t *testing.T) {
	if got := sample.Endless(4); got != 10 {
		t.Errorf("want 10, got %d", got)
	}
}
