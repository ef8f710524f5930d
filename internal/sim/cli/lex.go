// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import "strings"

// word is one word of a command line and the column where it begins.
type word struct {
	text   string
	col    int
	quoted bool
}

// splitWords breaks a line into words. Double quotes hold a word together; a backslash
// takes the next character as it is inside of them. A pipe is a word of its own.
func splitWords(line string) []word { return splitBy(line, `"`) }

// splitBy does so with the given quotes; a shell has two.
func splitBy(line, quotes string) []word {
	var words []word
	for i := 0; i < len(line); {
		if line[i] == ' ' || line[i] == '\t' {
			i++
			continue
		}
		if line[i] == '|' {
			words = append(words, word{text: "|", col: i})
			i++
			continue
		}
		w, end := scanWord(line, i, quotes)
		words = append(words, w)
		i = end
	}
	return words
}

func scanWord(line string, i int, quotes string) (word, int) {
	w := word{col: i}
	var b strings.Builder
	var inside byte // the quote that is open
	for ; i < len(line); i++ {
		switch c := line[i]; {
		case inside == 0 && strings.IndexByte(quotes, c) >= 0, c == inside:
			inside ^= c
			w.quoted = true
		case c == '\\' && inside == '"' && i+1 < len(line):
			i++
			b.WriteByte(line[i])
		case (c == ' ' || c == '\t' || c == '|') && inside == 0:
			w.text = b.String()
			return w, i
		default:
			b.WriteByte(c)
		}
	}
	w.text = b.String()
	return w, i
}

// splitPipes separates a command from what is behind its pipes.
func splitPipes(words []word) (command []word, pipes [][]word) {
	parts := [][]word{nil}
	for _, w := range words {
		if w.text == "|" && !w.quoted {
			parts = append(parts, nil)
			continue
		}
		parts[len(parts)-1] = append(parts[len(parts)-1], w)
	}
	return parts[0], parts[1:]
}

func wordTexts(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return all
}

// rawText is the part of a line from a word on, with its quotes.
func rawText(line string, words []word) string {
	if len(words) == 0 {
		return ""
	}
	return strings.TrimSpace(line[words[0].col:])
}
