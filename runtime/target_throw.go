package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/task"
)

// CallbackError names an operator whose user code has no such callback.
type CallbackError struct {
	Role     string
	Callback protocol.Callback
}

// Error says what is missing where.
func (e *CallbackError) Error() string {
	return fmt.Sprintf("cannot throw in %s of %q: it has no such callback", e.Callback, e.Role)
}

// hasCallback reports whether a node of the graph has user code of that kind.
func hasCallback(n *job.Node, c protocol.Callback) bool {
	switch c {
	case protocol.CallbackRead:
		return n.Source != nil
	case protocol.CallbackPreCommit, protocol.CallbackCommit:
		return transactional(n)
	case protocol.CallbackTimer:
		return n.Operator != nil
	}
	return true
}

func (t *Target) throw(d *protocol.Disturbance) (int64, error) {
	node, subtask, ok := t.operator(d.Targets[0])
	if !ok {
		return 0, t.refuse(d)
	}
	if !hasCallback(&t.s.options.Graph.Nodes[node], d.Callback) {
		return 0, &CallbackError{d.Targets[0], d.Callback}
	}
	t.s.env.Faults.Throws = append(t.s.env.Faults.Throws, &task.Throw{
		Node: node, Subtask: subtask, At: d.Callback, Ordinal: max(d.Record, 1), Always: d.Always,
	})
	return int64(node), nil
}

// poison makes user code throw at a record of a source, or at what is made of it.
func (t *Target) poison(d *protocol.Disturbance) (int64, error) {
	node, subtask, ok := t.operator(d.Targets[0])
	if !ok {
		return 0, t.refuse(d)
	}
	source, splits, ok := t.sourceVertex(d.Source)
	switch {
	case !ok:
		return 0, &RoleError{d.Source, d.Kind, protocol.Nearest(d.Source, t.Roles())}
	case d.Split >= int64(splits):
		return 0, fmt.Errorf("cannot poison with split %d of %q: it has %d, numbered from 0",
			d.Split, d.Source, splits)
	}
	lineage := protocol.SourceLineage(source, int32(d.Split), d.FirstOffset)
	t.s.env.Faults.Poisons = append(t.s.env.Faults.Poisons, task.NewPoison(node, subtask, lineage))
	return int64(node), nil
}

// sourceVertex finds a source by its node's name.
func (t *Target) sourceVertex(role string) (v protocol.VertexID, splits int, ok bool) {
	node, subtask, ok := t.operator(role)
	if !ok || subtask >= 0 {
		return 0, 0, false
	}
	n := &t.s.options.Graph.Nodes[node]
	if n.Source == nil {
		return 0, 0, false
	}
	return t.s.Plan.VertexOf(t.task(node, 0)).ID, n.Source.SplitCount(n.Parallelism), true
}

// MetPoisons counts poisons that user code has met: no attempt of the job gets past them.
func (t *Target) MetPoisons() int {
	n := 0
	for _, poison := range t.s.env.Faults.Poisons {
		if poison.Fired() {
			n++
		}
	}
	return n
}

// UnfiredThrows counts armed throws and poisons that no user code got to.
func (t *Target) UnfiredThrows() int {
	n := 0
	for _, throw := range t.s.env.Faults.Throws {
		if !throw.Fired() {
			n++
		}
	}
	for _, poison := range t.s.env.Faults.Poisons {
		if !poison.Fired() {
			n++
		}
	}
	return n
}
