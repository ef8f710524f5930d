// SPDX-License-Identifier: GPL-3.0-or-later

package shapes

import (
	"fmt"
	pathpkg "path"
	"slices"
)

// Diff says in what the second shape differs from the first, which was recorded:
// a line for each difference, "PATH: what".
func Diff(recorded, here *Shape) []string {
	var d differences
	d.compareChildren("", recorded, here)
	return d
}

type differences []string

func (d *differences) addDifference(path, format string, args ...any) {
	*d = append(*d, path+": "+fmt.Sprintf(format, args...))
}

func (d *differences) compareElements(path string, recorded, here *Shape) {
	for _, a := range recorded.Attrs {
		want, known := recorded.Values[a]
		if !slices.Contains(here.Attrs, a) {
			d.addDifference(path+"@"+a, "missing")
		} else if ok, _ := pathpkg.Match(want, here.have[a]); known && !ok {
			d.addDifference(path+"@"+a, "recorded %s, here %s", want, here.have[a])
		}
	}
	for _, a := range here.Attrs {
		if !slices.Contains(recorded.Attrs, a) {
			d.addDifference(path+"@"+a, "not recorded")
		}
	}
	if recorded.Text != here.Text {
		d.addDifference(path, "recorded %s, here %s", textWord(recorded.Text), textWord(here.Text))
	}
	if recorded.Many != here.Many {
		d.addDifference(path, "recorded %s, here %s", countWord(recorded.Many), countWord(here.Many))
	}
	if recorded.Unclosed != here.Unclosed {
		d.addDifference(path, "recorded %s, here %s", endWord(recorded.Unclosed), endWord(here.Unclosed))
	}
	d.compareChildren(path+"/", recorded, here)
}

func textWord(t string) string {
	return map[string]string{"": "no text", Inline: "text", Lines: "text on lines of its own"}[t]
}

func countWord(many bool) string {
	return map[bool]string{true: "repeated", false: "once"}[many]
}

func endWord(unclosed bool) string {
	return map[bool]string{true: "unclosed", false: "closed"}[unclosed]
}

// compareChildren pairs those that stand in the same order first. Of the rest, one on
// either side with the same name has moved.
func (d *differences) compareChildren(path string, recorded, here *Shape) {
	pairs := commonPairs(recorded.Children, here.Children)
	left, right := unpairedShapes(recorded.Children, pairs, 0), unpairedShapes(here.Children, pairs, 1)
	for _, p := range pairs {
		d.compareElements(path+p[0].Name, p[0], p[1])
	}
	for _, a := range left {
		i := slices.IndexFunc(right, func(b *Shape) bool { return a.Name == b.Name })
		if i < 0 {
			d.addDifference(path+a.Name, "missing")
			continue
		}
		d.addDifference(path+a.Name, "in another place")
		d.compareElements(path+a.Name, a, right[i])
		right = slices.Delete(right, i, i+1)
	}
	for _, b := range right {
		d.addDifference(path+b.Name, "not recorded")
	}
}

func unpairedShapes(all []*Shape, pairs [][2]*Shape, side int) []*Shape {
	return slices.DeleteFunc(slices.Clone(all), func(s *Shape) bool {
		return slices.ContainsFunc(pairs, func(p [2]*Shape) bool { return p[side] == s })
	})
}

// commonPairs is the longest sequence of names that both have. Equal shapes go
// before those that share a name only.
func commonPairs(a, b []*Shape) [][2]*Shape {
	score := make([][]int, len(a)+1)
	for i := range score {
		score[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			score[i][j] = max(score[i+1][j], score[i][j+1])
			if w := likenessOf(a[i], b[j]); w > 0 {
				score[i][j] = max(score[i][j], score[i+1][j+1]+w)
			}
		}
	}
	var pairs [][2]*Shape
	for i, j := 0, 0; i < len(a) && j < len(b); {
		w := likenessOf(a[i], b[j])
		switch {
		case w > 0 && score[i][j] == score[i+1][j+1]+w:
			pairs = append(pairs, [2]*Shape{a[i], b[j]})
			i, j = i+1, j+1
		case score[i][j] == score[i+1][j]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// likenessOf weighs a pair: a thousand pairs of equal names outweigh no pair less.
func likenessOf(a, b *Shape) int {
	switch {
	case a.Name != b.Name:
		return 0
	case a.sameShape(b):
		return 1001
	default:
		return 1000
	}
}
