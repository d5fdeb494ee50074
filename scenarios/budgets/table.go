package budgets

import (
	"fmt"
	"strings"
)

// Row is one budget of the table.
type Row struct {
	// Budget says what is measured, Wanted and Reached are figures with their units.
	Budget, Wanted, Reached string
	// Ratio is what was reached over what is wanted, both against the bare loop of the same
	// run: 1 or more is a budget that is met.
	Ratio float64
	// Note says what the bare loop is, or what the figure is made of.
	Note string
}

// Met reports whether the budget is met.
func (r *Row) Met() bool { return r.Ratio >= 1 }

// Markdown is the table of budgets.
func Markdown(rows []Row) string {
	var b strings.Builder
	b.WriteString("| budget | wanted | reached | ratio | |\n|---|---|---|---|---|\n")
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f | %s |\n", r.Budget, r.Wanted, r.Reached, r.Ratio, r.Note)
	}
	return b.String()
}
