// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
)

func BenchmarkLoadText(b *testing.B) {
	s := DefaultSchema("25.2R1")
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		New(s).Load(ActionOverride, FormatText, sample)
	}
}

func BenchmarkText(b *testing.B) {
	t := New(DefaultSchema("25.2R1"))
	t.Load(ActionMerge, FormatText, sample)
	b.ReportAllocs()
	for b.Loop() {
		_ = t.Text()
	}
}

func BenchmarkSetGetCompare(b *testing.B) {
	t := New(DefaultSchema("25.2R1"))
	t.Load(ActionMerge, FormatText, sample)
	b.ReportAllocs()
	for b.Loop() {
		c := t.Clone()
		c.Set("system", "commit", "synchronize")
		c.Get("system", "services", "ssh", "authorized-keys-command")
		_ = Compare(t, c)
	}
}

// A payload with many entries must not take time that grows with its square.
func BenchmarkLoadWide(b *testing.B) {
	s := DefaultSchema("25.2R1")
	var text, set strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&set, "set interfaces ge-%d/0/%d unit 0 description x\n", i%10, i)
		fmt.Fprintf(&text, "interfaces { ge-%d/0/%d { unit 0 { description x; } } }\n", i%10, i)
	}
	for b.Loop() {
		New(s).Load(ActionSet, FormatSet, set.String())
		New(s).Load(ActionMerge, FormatText, text.String())
	}
}

// The simulator holds 10,000 trees: each received as text, then shared with the one it equals.
func TestMemory(t *testing.T) {
	s := DefaultSchema("25.2R1")
	first := load(t, ActionMerge, FormatText, sample)
	measure := func(n int, adopt bool) float64 {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		trees := make([]*Tree, n)
		for i := range trees {
			trees[i] = New(s)
			trees[i].Load(ActionOverride, FormatText, sample)
			if adopt {
				trees[i].Share(first)
			}
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(trees)
		return float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / float64(n)
	}
	apart, shared := measure(200, false), measure(200, true)
	t.Logf("%.0f bytes a tree, %.0f shared", apart, shared)
	if apart > 40_000 || shared > 500 {
		t.Errorf("a tree takes %.0f bytes, %.0f when it is shared", apart, shared)
	}
}
