package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"simrun/protocol"
)

// Error is something wrong in a document: where, what, and what would be right.
type Error struct {
	File string
	// Line and Column count from 1, in characters; 0 when the error has no place.
	Line, Column int
	Message      string
	// Expected says what would be accepted there; may be empty.
	Expected string
	// Nearest is the valid word closest to the wrong one; may be empty.
	Nearest string
	// Excerpt is the line with a caret under the place.
	Excerpt string
}

// Error is the whole report, over several lines.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File + ":")
		if e.Line > 0 {
			fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
		}
		b.WriteString(" ")
	}
	b.WriteString(e.Message)
	if e.Nearest != "" {
		fmt.Fprintf(&b, "; did you mean %q?", e.Nearest)
	}
	if e.Expected != "" {
		b.WriteString("\nexpected: " + e.Expected)
	}
	if e.Excerpt != "" {
		b.WriteString("\n" + e.Excerpt)
	}
	return b.String()
}

// Errorf is an error at a node. A nil node, or one made by a program, gives an error
// without a place.
func Errorf(n *Node, expected, format string, args ...any) *Error {
	e := &Error{Message: fmt.Sprintf(format, args...), Expected: expected}
	if n != nil && n.Source != nil {
		e.place(n.Source, n.Line, n.Column)
	}
	return e
}

// UnknownWord is the error of a word that is not one of the valid ones.
func UnknownWord(n *Node, what string, valid []string) *Error {
	e := Errorf(n, listed(related(n.Text, valid)), "unknown %s %q", what, n.Text)
	e.Nearest = protocol.Nearest(n.Text, valid)
	return e
}

// related are the valid words that share a dotted word's first parts, if there are any:
// of Flink's many options, those of the same family.
func related(word string, valid []string) []string {
	for prefix := word; strings.Contains(prefix, "."); {
		prefix = prefix[:strings.LastIndex(prefix, ".")]
		var family []string
		for _, candidate := range valid {
			if strings.HasPrefix(candidate, prefix+".") {
				family = append(family, candidate)
			}
		}
		if len(family) > 0 {
			return family
		}
	}
	return valid
}

// listed joins words with commas, in lines that fit a terminal.
func listed(words []string) string {
	const columns = 90
	var b strings.Builder
	width := 0
	for i, word := range words {
		switch {
		case i > 0 && width+len(word) > columns:
			b.WriteString(",\n  ")
			width = 0
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(word)
		width += len(word) + 2
	}
	return b.String()
}

func (e *Error) place(source *Source, line, column int) {
	e.File, e.Line, e.Column = source.Name, line, column
	lines := strings.Split(source.Text, "\n")
	if line < 1 || line > len(lines) {
		return
	}
	text := strings.TrimRight(lines[line-1], "\r")
	number := strconv.Itoa(line)
	margin := strings.Repeat(" ", len(number)+3)
	e.Excerpt = "  " + number + " | " + visible(text) + "\n" + margin + "| " +
		strings.Repeat(" ", caretOffset(text, column)) + "^"
}

// visible replaces tabs and control characters, which would move the caret.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}

func caretOffset(text string, column int) int {
	return min(max(column-1, 0), utf8.RuneCountInString(text))
}
