package outcome

import (
	"fmt"
	"io"
	"strings"

	"simrun/report/columns"
	"simrun/report/units"
	"simrun/scenarios/result"
)

// Options say how to show a run.
type Options struct {
	// Command reproduces the run; written last. Empty: none is.
	Command string
	// Minimization is the command that makes its case small; written before Explanation.
	Minimization string
	// Explanation is the command that explains what went wrong; written before Command.
	Explanation string
	// Colour marks the verdict with terminal colours.
	Colour bool
}

// Text writes all that a person wants to know of a run. It leaves out wall time, so that the
// text of a run is always the same.
func Text(w io.Writer, o *result.Outcome, options Options) error {
	sections := []func(io.Writer) error{
		func(w io.Writer) error { return head(w, o, options) },
		func(w io.Writer) error {
			return titled(w, "Checkpoints", len(o.Checkpoints), historyOf(o, historyLimit))
		},
		func(w io.Writer) error { return titled(w, "Recoveries", len(o.Recoveries), recoveriesOf(o)) },
		func(w io.Writer) error { return titled(w, "Snapshots", len(o.Snapshots), snapshotsOf(o)) },
		func(w io.Writer) error { return titled(w, "Violations", len(o.Violations), violationsOf(o)) },
		func(w io.Writer) error { return marks(w, o) },
		func(w io.Writer) error { return reproduce(w, options) },
	}
	for _, section := range sections {
		if err := section(w); err != nil {
			return err
		}
	}
	return nil
}

// titled writes a section that has anything in it.
func titled(w io.Writer, title string, n int, body func(io.Writer) error) error {
	if n == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\n%s\n", title); err != nil {
		return err
	}
	return body(w)
}

// head is the run in a few lines: what it was, how it ended, its figures.
func head(w io.Writer, o *result.Outcome, options Options) error {
	n := countCheckpoints(o)
	checkpoints := fmt.Sprintf("%d completed, %d failed (%d expired)", n.completed, n.failed, n.expired)
	if n.running > 0 {
		checkpoints += fmt.Sprintf(", %d in progress", n.running)
	}
	rows := [][]string{
		{"run", fmt.Sprintf("%s, protocol %s, seed %d", o.Scenario, o.Protocol, o.Seed)},
		{"verdict", coloured(o.Verdict, options.Colour)},
		{"job", fmt.Sprintf("%s after %s of virtual time", o.JobState, units.Nanos(float64(o.JobNanos)))},
		{"digest", digest(o)},
		{"input", fmt.Sprintf("%d records, %d events", o.Records, o.Events)},
		{"checkpoints", checkpoints},
	}
	rows = append(rows, measured(&o.Measures)...)
	if o.StuckReason != "" {
		rows = append(rows, []string{"stuck", o.StuckReason})
	}
	return columns.Write(w, make([]columns.Column, 2), rows)
}

// measured are the figures after the warm-up, if there was a measured part.
func measured(m *result.Measures) [][]string {
	if m.MeasuredNanos == 0 {
		return nil
	}
	rows := [][]string{
		{"throughput", units.Count(float64(m.RecordsPerSecond)) + " records/s at the sinks"},
		{"source", units.Percent(float64(m.SourceBackpressuredPermille)/1000) + " of the time backpressured"},
	}
	if m.LatencyMaxNanos > 0 {
		rows = append(rows, []string{"latency", fmt.Sprintf("%s median, %s 99th percentile, %s longest",
			units.Nanos(float64(m.LatencyP50Nanos)), units.Nanos(float64(m.LatencyP99Nanos)),
			units.Nanos(float64(m.LatencyMaxNanos)))})
	}
	if m.Skipped > 0 {
		skipped := fmt.Sprintf("%d triggers: the previous checkpoint still ran", m.Skipped)
		rows = append(rows, []string{"skipped", skipped})
	}
	return rows
}

// coloured is green for ok, yellow for vacuous, red for the rest.
func coloured(v result.Verdict, colour bool) string {
	if !colour {
		return string(v)
	}
	code := "31"
	switch v {
	case result.OK:
		code = "32"
	case result.Vacuous:
		code = "33"
	}
	return "\x1b[1;" + code + "m" + string(v) + "\x1b[0m"
}

// marks says what the run reached, and what its scenario wanted and it did not.
func marks(w io.Writer, o *result.Outcome) error {
	var rows [][]string
	if len(o.Reached) > 0 {
		rows = append(rows, []string{"reached", strings.Join(o.Reached, " ")})
	}
	if len(o.Missing) > 0 {
		rows = append(rows, []string{"missing", strings.Join(o.Missing, " ")})
	}
	if len(rows) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return columns.Write(w, make([]columns.Column, 2), rows)
}

func reproduce(w io.Writer, options Options) error {
	if options.Command == "" {
		return nil
	}
	lines := "\n"
	if options.Minimization != "" {
		lines += "minimize:  " + options.Minimization + "\n"
	}
	if options.Explanation != "" {
		lines += "explain:   " + options.Explanation + "\n"
	}
	_, err := fmt.Fprintf(w, "%sreproduce: %s\n", lines, options.Command)
	return err
}
