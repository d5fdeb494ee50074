package detection

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"simrun/report/columns"
)

// Text writes a table with a line a bug, and the medians over all at the end. Case files
// are in the folder out.
func Text(w io.Writer, rows []Row, out string) error {
	var b strings.Builder
	table := make([][]string, len(rows))
	for i := range rows {
		table[i] = cellsOf(&rows[i], out)
	}
	err := columns.Write(&b, []columns.Column{
		{Title: "bug"}, {Title: "caught"}, {Title: "first by"}, {Title: "seeds", Right: true},
		{Title: "95 %"}, {Title: "time", Right: true}, {Title: "faults", Right: true}, {Title: "case file"},
	}, table)
	if err != nil {
		return err
	}
	b.WriteString("\n" + OverallOf(rows).String())
	if err := writeExplorers(&b, rows); err != nil {
		return err
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func cellsOf(row *Row, out string) []string {
	cells := []string{row.Bug.String(), caught(row), firstBy(row), count(row.Seeds.Median),
		row.Seeds.interval(), seconds(row.SecondsMedian), "", ""}
	if row.Case != nil {
		cells[6] = strconv.Itoa(row.Case.Faults)
		cells[7] = filepath.Join(out, filepath.FromSlash(row.Case.File))
	}
	return cells
}

func caught(row *Row) string {
	switch {
	case row.Caught:
		return "yes"
	case len(row.FalseAlarms) > 0:
		return "FALSE ALARM"
	case row.Case != nil && !row.Case.GreenWithout:
		return "NOT THE BUG"
	}
	return "NO"
}

// firstBy is the checker and the class; for what no checker has a name for, the class.
func firstBy(row *Row) string {
	if row.Checker == "" {
		return ""
	}
	return row.Checker + ": " + row.Class
}

func (s *Seeds) interval() string {
	text := "[" + count(s.Low) + ", " + count(s.High) + "]"
	if s.FromRate {
		text += " by rate"
	}
	return text
}

func count(x float64) string {
	if math.IsInf(x, 1) {
		return "∞"
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func seconds(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', 2, 64) + " s"
}

// String is a line or two with the medians.
func (o Overall) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d caught", o.Caught, o.All)
	if o.Caught > 0 {
		fmt.Fprintf(&b, "; in the median after %s seeds", count(o.Seeds))
		if !math.IsNaN(o.Seconds) {
			fmt.Fprintf(&b, " and %s", seconds(o.Seconds))
		}
		fmt.Fprintf(&b, "; the slowest, %s, after %s", o.SlowestBug, count(o.MostSeeds))
	}
	b.WriteString("\n")
	if !math.IsNaN(o.Faults) {
		fmt.Fprintf(&b, "minimised, in the median: %s faults (at most %s), %s tasks a stage, %s in all, "+
			"a story of %s lines (at most %s)\n", count(o.Faults), count(o.MostFaults), count(o.Widest),
			count(o.Tasks), count(o.StoryLines), count(o.MostStories))
	}
	return b.String()
}
