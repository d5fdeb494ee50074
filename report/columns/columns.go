package columns

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Column is a heading and on which side its texts stand.
type Column struct {
	Title string
	Right bool
}

// gap is what separates two columns.
const gap = "  "

// Write writes a line of headings, if any column has one, and a line for each row. Rows may
// be shorter than the list of columns, not longer.
func Write(w io.Writer, columns []Column, rows [][]string) error {
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.Title
	}
	lines := rows
	if strings.Join(titles, "") != "" {
		lines = append([][]string{titles}, rows...)
	}
	widths := widthsOf(lines, len(columns))
	var b strings.Builder
	for _, row := range lines {
		b.WriteString(line(columns, widths, row))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func widthsOf(lines [][]string, n int) []int {
	widths := make([]int, n)
	for _, row := range lines {
		for i, text := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(text))
		}
	}
	return widths
}

func line(columns []Column, widths []int, row []string) string {
	var b strings.Builder
	for i, text := range row {
		if i > 0 {
			b.WriteString(gap)
		}
		fill := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
		if columns[i].Right {
			b.WriteString(fill + text)
		} else {
			b.WriteString(text + fill)
		}
	}
	return strings.TrimRight(b.String(), " ")
}
