package minimized

import (
	"fmt"
	"io"
	"strings"

	"simrun/report/columns"
	"simrun/report/units"
	"simrun/scenarios/result"
)

// Options say how to show a minimisation.
type Options struct {
	// CaseFile is where the small case was written.
	CaseFile string
	// Explanation explains it, Command replays it; written last.
	Explanation, Command string
	// BudgetRuns is what the search was allowed.
	BudgetRuns int
}

// Text writes what a person wants to know: the failure, how much smaller it is, and what is
// left. It holds no wall time, so it is always the same.
func Text(w io.Writer, m *result.Minimization, o Options) error {
	for _, section := range []func(io.Writer) error{
		func(w io.Writer) error { return head(w, m, o) },
		func(w io.Writer) error { return sizes(w, m) },
		func(w io.Writer) error { return left(w, m) },
		func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "\ncase       %s\nexplain:   %s\nreproduce: %s\n",
				o.CaseFile, o.Explanation, o.Command)
			return err
		},
	} {
		if err := section(w); err != nil {
			return err
		}
	}
	return nil
}

func head(w io.Writer, m *result.Minimization, o Options) error {
	failure := string(m.Verdict)
	if m.Signature != "" {
		failure += ", " + m.Signature
	}
	if m.Moved {
		failure += " (not what the case recorded)"
	}
	end := "nothing more can be left out"
	if !m.Complete {
		end = fmt.Sprintf("stopped before the end (of %d allowed); minimizing the result goes on", o.BudgetRuns)
	}
	_, err := fmt.Fprintf(w, "failure    %s\nruns       %d: %s\n\n", failure, m.Runs, end)
	return err
}

func sizes(w io.Writer, m *result.Minimization) error {
	a, b := &m.Before, &m.After
	row := func(name string, before, after int64) []string {
		return []string{name, fmt.Sprint(before), fmt.Sprint(after)}
	}
	rows := [][]string{
		row("faults", int64(a.Faults), int64(b.Faults)), row("vertices", int64(a.Vertices), int64(b.Vertices)),
		row("tasks", int64(a.Tasks), int64(b.Tasks)), row("widest vertex", int64(a.Widest), int64(b.Widest)),
		row("settings", int64(a.Settings), int64(b.Settings)), row("records", a.Records, b.Records),
		row("checkpoints", a.Checkpoints, b.Checkpoints), row("events", a.Events, b.Events),
		{"virtual time", units.Nanos(float64(a.VirtualNanos)), units.Nanos(float64(b.VirtualNanos))},
	}
	return columns.Write(w, []columns.Column{
		{Title: "size of"}, {Title: "before", Right: true}, {Title: "after", Right: true},
	}, rows)
}

// left is the plan and the scenario that still fail.
func left(w io.Writer, m *result.Minimization) error {
	plan := "none: it fails without"
	if len(m.Plan) > 0 {
		plan = strings.Join(m.Plan, "\n")
	}
	_, err := fmt.Fprintf(w, "\nFaults\n%s\n\nScenario, as far as it is not at its defaults\n%s",
		indented(plan), indented(strings.TrimRight(m.Brief, "\n"))+"\n")
	return err
}

func indented(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
