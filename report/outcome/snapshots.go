package outcome

import (
	"fmt"
	"io"
	"slices"

	"simrun/protocol"
	"simrun/report/columns"
	"simrun/scenarios/result"
)

// snapshotsOf is the table of what each operator stored: a row for each completed
// checkpoint, a column for each operator in the order in which they first appear. It reads
// like a log of the job: offsets | nothing | counts | transaction ids.
func snapshotsOf(o *result.Outcome) func(io.Writer) error {
	operators, checkpoints := snapshotAxes(o.Snapshots)
	return func(w io.Writer) error {
		heads := []columns.Column{{Title: "checkpoint", Right: true}}
		for _, name := range operators {
			heads = append(heads, columns.Column{Title: "| " + name})
		}
		rows := make([][]string, len(checkpoints))
		for i, id := range checkpoints {
			rows[i] = append(rows[i], fmt.Sprint(id))
			for range operators {
				rows[i] = append(rows[i], "| –")
			}
		}
		for _, s := range o.Snapshots {
			content := s.Content
			if content == "" {
				content = "nothing"
			}
			row := rows[slices.Index(checkpoints, s.Checkpoint)]
			row[1+slices.Index(operators, s.Operator)] = "| " + content
		}
		return columns.Write(w, heads, rows)
	}
}

func snapshotAxes(rows []result.SnapshotRow) (operators []string, checkpoints []protocol.CheckpointID) {
	for _, r := range rows {
		if !slices.Contains(operators, r.Operator) {
			operators = append(operators, r.Operator)
		}
		if !slices.Contains(checkpoints, r.Checkpoint) {
			checkpoints = append(checkpoints, r.Checkpoint)
		}
	}
	return operators, checkpoints
}
