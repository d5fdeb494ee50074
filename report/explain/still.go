package explain

import (
	"fmt"
	"io"
	"strings"

	"simrun/report/columns"
	"simrun/scenarios/result"
)

// Still writes how things stand in a run right after one of its events.
func Still(w io.Writer, s *result.Still) error {
	var b strings.Builder
	fmt.Fprintf(&b, "after event %d, at %s s: %s: %s\n", s.Position, clock(s.TimeNanos), s.Actor, s.Event)
	fmt.Fprintf(&b, "job %s, attempt %d\n", s.JobStatus, s.Attempt)
	for _, fault := range s.Faults {
		fmt.Fprintf(&b, "fault %s\n", fault)
	}
	b.WriteByte('\n')
	if err := columns.Write(&b, stillColumns(), stillRows(s)); err != nil {
		return err
	}
	for i := range s.Checkpoints {
		c := &s.Checkpoints[i]
		fmt.Fprintf(&b, "\ncheckpoint %d, triggered %s ago\n", c.ID, nanos(s.TimeNanos-c.TriggerNanos))
		fmt.Fprintf(&b, "  snapshots begun  %s\n", orNobody(c.Snapshotted))
		fmt.Fprintf(&b, "  snapshots done   %s\n", orNobody(c.Done))
		fmt.Fprintf(&b, "  acknowledged     %s\n", orNobody(c.Acknowledged))
	}
	for i, t := range s.Transactions {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "transaction %s %s\n", t.ID, either(t.PreCommitted, "pre-committed", "open"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func orNobody(names []string) string {
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}

func stillColumns() []columns.Column {
	return []columns.Column{
		{Title: "subtask"}, {Title: "does"}, {Title: "queued", Right: true}, {Title: "segments", Right: true},
		{Title: "blocked"}, {Title: "since", Right: true}, {Title: "last event"},
	}
}

func stillRows(s *result.Still) [][]string {
	rows := make([][]string, len(s.Subtasks))
	for i := range s.Subtasks {
		t := &s.Subtasks[i]
		rows[i] = []string{
			t.Name, firstOf(t.Does, "does not run"), fmt.Sprint(t.QueuedBuffers), fmt.Sprint(t.SegmentsInUse),
			firstOf(strings.Join(t.Blocked, " "), "–"), nanos(s.TimeNanos - t.LastNanos), firstOf(t.Last, "–"),
		}
	}
	return rows
}
