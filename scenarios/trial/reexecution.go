package trial

import (
	"fmt"
	"slices"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// reexecution runs the tasks of a job again by what a run witnessed: the pure operators,
// fed by the source readers, in the order in which the run merged its channels.
//
//	reader ─▶ chain ─▶ route ─▶ queue ─▶ chain ─▶ … ─▶ tally of a sink
//	 steps of its task   by key    steps of the next task
//
// It never restores anything: what a run took back is not in the witness, and at a restore
// only watermarks start over. So a state that a restore got wrong is wrong here too, but
// differs from this one.
type reexecution struct {
	oracle *oracle
	tasks  []executedTask // by TaskID
	// offsets are the next ones of every source's splits, by vertex and split; -1 before the
	// first assignment.
	offsets [][]int64
	reached checkers.Expected
	queues  [][]record.Record // memory of an earlier run, for queues
	// assignments hold nothing of a run.
	assignments state.Assignments
	former      []executedTask // of an earlier run of the same graph, whose chains serve again
	ended       bool           // the latest witness went to the end of the run
}

func (x *reexecution) init(o *oracle) { x.oracle = o }

// Reexecute follows the witness. Tasks take turns, sources a bounded number of records in
// each, so that what is between two tasks stays small. It fails with the first task, in
// the order of the data, that cannot do what its run did.
func (x *reexecution) Reexecute(w *checkers.Witness) error {
	if x.tasks == nil {
		x.build()
	}
	x.ended = w.Checkpoint == protocol.NoCheckpoint
	for i := range x.tasks {
		x.tasks[i].steps, x.tasks[i].at, x.tasks[i].done = w.Tasks[i].Steps, 0, 0
	}
	for moved := true; moved; {
		moved = false
		for i := range x.tasks {
			moved = x.tasks[i].run() || moved
		}
	}
	for i := range x.tasks {
		if d := x.tasks[i].divergence(); d != nil {
			return d
		}
	}
	return nil
}

// Reached is what the re-executed tasks hold and, at the end of the run, have put out.
func (x *reexecution) Reached() *checkers.Expected {
	x.reached.Outputs = x.reached.Outputs[:0]
	if x.reached.Tasks == nil {
		x.reached.Tasks = make([]checkers.ReachedTask, len(x.tasks))
	}
	for i := range x.tasks {
		x.tasks[i].reached(&x.reached.Tasks[i])
	}
	if x.ended {
		for v := range x.oracle.plan.Vertices {
			x.output(&x.oracle.plan.Vertices[v])
		}
	}
	return &x.reached
}

// output is what all subtasks of a sink have taken.
func (x *reexecution) output(v *job.Vertex) {
	tasks := x.tasks[v.FirstTask : int(v.FirstTask)+v.Parallelism]
	if !tasks[0].executed || tasks[0].sink == nil {
		return
	}
	out := checkers.ExpectedOutput{Sink: int64(v.ID), HasContent: true}
	for i := range tasks {
		out.Tally = out.Tally.Plus(tasks[i].sink.taken)
		out.Lineages = append(out.Lineages, tasks[i].sink.lineages...)
		if table := tasks[i].sink.table; table != nil {
			out.Content += table.Content()
			out.HasContent = out.HasContent && !sharesKeys(tasks, i)
		} else {
			out.Content += tasks[i].sink.content
		}
	}
	slices.Sort(out.Lineages)
	x.reached.Outputs = append(x.reached.Outputs, out)
}

// taskName is a task for people: "delays[1]".
func (o *oracle) taskName(t protocol.TaskID) string {
	return fmt.Sprintf("%s[%d]", o.plan.VertexOf(t).Name, o.plan.Tasks[t].Subtask)
}
