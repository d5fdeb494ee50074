package outcome

import (
	"fmt"
	"io"
	"strings"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/columns"
	"simrun/report/units"
	"simrun/scenarios/result"
)

// historyLimit is how many checkpoints Text shows before it leaves out some in the middle.
const historyLimit = 40

// History writes a line for each checkpoint, by Flink's metrics: delay and alignment are
// those of the slowest subtask, sync and async likewise.
func History(w io.Writer, o *result.Outcome) error { return historyOf(o, len(o.Checkpoints))(w) }

// historyOf shows at most limit checkpoints: the first few, and then the last.
func historyOf(o *result.Outcome, limit int) func(io.Writer) error {
	return func(w io.Writer) error {
		const first = 10
		var rows [][]string
		leftOut := len(o.Checkpoints) - limit
		for i := range o.Checkpoints {
			if leftOut > 0 && i >= first && i < first+leftOut {
				if i == first {
					rows = append(rows, []string{"…", fmt.Sprintf("%d more", leftOut)})
				}
				continue
			}
			rows = append(rows, historyRow(&o.Checkpoints[i]))
		}
		return columns.Write(w, historyColumns(), rows)
	}
}

func historyColumns() []columns.Column {
	right := func(title string) columns.Column { return columns.Column{Title: title, Right: true} }
	return []columns.Column{
		right("id"), {Title: "status"}, right("trigger"), right("duration"), right("delay"), right("align"),
		right("sync"), right("async"), right("processed"), right("persisted"), right("checkpointed"),
		{Title: "reason"},
	}
}

func historyRow(c *protocol.CheckpointStats) []string {
	startDelay, alignment := cells.LongestDelays(c)
	var sync, async int64
	for i := range c.Subtasks {
		sync, async = max(sync, c.Subtasks[i].SyncNanos), max(async, c.Subtasks[i].AsyncNanos)
	}
	status, duration, reason := "completed", nanos(c.EndToEndNanos), ""
	switch c.Status {
	case protocol.CheckpointFailed:
		status, reason = "failed", c.Reason.String()
	case protocol.CheckpointInProgress:
		status, duration = "in progress", "–"
	}
	return []string{
		fmt.Sprint(c.ID), status, nanos(c.TriggerNanos), duration, nanos(startDelay), nanos(alignment),
		nanos(sync), nanos(async), bytes(c.ProcessedBytes), bytes(c.PersistedBytes),
		bytes(c.CheckpointedBytes), reason,
	}
}

func nanos(n int64) string { return units.Nanos(float64(n)) }

func bytes(n int64) string { return units.Bytes(float64(n)) }

// recoveriesOf are the failures and what they took, in four parts.
func recoveriesOf(o *result.Outcome) func(io.Writer) error {
	return func(w io.Writer) error {
		var rows [][]string
		for _, r := range o.Recoveries {
			total := nanos(r.TotalNanos())
			if !r.Complete {
				total = "≥ " + total
			}
			from := "from scratch"
			if r.Checkpoint != protocol.NoCheckpoint {
				from = fmt.Sprintf("checkpoint %d", r.Checkpoint)
			}
			rows = append(rows, []string{nanos(r.FailureNanos), from, nanos(r.DetectNanos),
				nanos(r.RestartNanos), nanos(r.RestoreNanos), nanos(r.ReplayNanos),
				nanos(r.CatchUpNanos), total})
		}
		return columns.Write(w, []columns.Column{
			{Title: "failure at", Right: true}, {Title: "restored"}, {Title: "detected", Right: true},
			{Title: "restart", Right: true}, {Title: "restore", Right: true}, {Title: "replay", Right: true},
			{Title: "catch-up", Right: true}, {Title: "total", Right: true},
		}, rows)
	}
}

// violationsOf are numbered, each with the events that prove it.
func violationsOf(o *result.Outcome) func(io.Writer) error {
	return func(w io.Writer) error {
		var b strings.Builder
		for i, f := range o.Violations {
			fmt.Fprintf(&b, "%d. %s, found by %s at %s: %s\n",
				i+1, f.Class, f.Checker, nanos(f.AtNanos), f.Detail)
			fmt.Fprintf(&b, "   signature %s\n", f.Signature)
			for _, event := range f.Witness {
				fmt.Fprintf(&b, "   | %s\n", event)
			}
		}
		_, err := io.WriteString(w, b.String())
		return err
	}
}
