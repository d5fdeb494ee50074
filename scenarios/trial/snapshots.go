package trial

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/operator"
	"simrun/scenarios/result"
)

// snapshotRows is the snapshot table of one completed checkpoint, read from what it would
// restore: offsets of sources, what states hold, transactions that wait for it.
func snapshotRows(s *runtime.System, p *protocol.RecoveryPoint) []result.SnapshotRow {
	var rows []result.SnapshotRow
	for v := range s.Plan.Vertices {
		vertex := &s.Plan.Vertices[v]
		for _, n := range vertex.Nodes {
			node := &s.Plan.Graph.Nodes[n]
			content := make([]string, 0, vertex.Parallelism)
			for i := range vertex.Parallelism {
				part := &p.Tasks[int(vertex.FirstTask)+i]
				switch {
				case node.Source != nil:
					content = append(content, positionsText(part))
				case node.Sink != nil:
					content = append(content, transactionsText(part))
				case node.Operator.Stateful():
					content = append(content, stateText(s, p.Checkpoint, part, node.Operator))
				}
			}
			rows = append(rows, result.SnapshotRow{
				Checkpoint: p.Checkpoint, Operator: node.ID, Content: joined(content),
			})
		}
	}
	return rows
}

func joined(parts []string) string {
	kept := parts[:0]
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	if len(kept) == 0 {
		return "nothing"
	}
	return strings.Join(kept, " | ")
}

func positionsText(p *protocol.TaskPoint) string {
	var b strings.Builder
	for i, position := range p.Positions {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "split %d at %d", position.Split, position.Offset)
	}
	return b.String()
}

func transactionsText(p *protocol.TaskPoint) string {
	var b strings.Builder
	for i, t := range p.Transactions {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s (%d records)", t.Transaction, t.Content.Count)
	}
	return b.String()
}

// stateText shows the entries of a keyed state when there are few, else how many records
// it has taken in.
func stateText(
	s *runtime.System, id protocol.CheckpointID, p *protocol.TaskPoint, spec *operator.Spec,
) string {
	if entries := s.KeyedEntries(id, p.Task, spec.Hash(), shownEntries); entries != "" {
		return entries
	}
	for _, state := range p.States {
		if state.Operator == spec.Hash() {
			return fmt.Sprintf("%d records applied", state.Applied.Count)
		}
	}
	return ""
}

// shownEntries is how many entries of a state a table shows.
const shownEntries = 6
