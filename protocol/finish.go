package protocol

// Checkpoints after tasks finish (FLIP-147): a task that reaches the end of its data
// stays until a last checkpoint that contains it is complete, so that a transactional
// sink can commit; later checkpoints record it as finished.

// reportEndOfData notes that the task has passed on the end of its data, and reports
// whether it was the last of all tasks to do so. Only then is a checkpoint triggered at
// once (FLINK-28386); tasks that end earlier are covered by the next periodic one.
func (t *taskTable) reportEndOfData(task TaskID) (all bool) {
	if t.endOfData[task] {
		return false
	}
	t.endOfData[task] = true
	t.ended++
	return t.ended == len(t.endOfData)
}

// partlyFinishedUnionState finds a vertex with union-list state of which some subtasks,
// but not all, would be restored as finished: the union of the rest would lack their
// entries (Flink: PartialFinishingNotSupportedByStateException).
func (t *taskTable) partlyFinishedUnionState(status []PlanStatus) (VertexID, bool) {
	for v := range t.graph.Vertices {
		if !t.graph.Vertices[v].UnionListState {
			continue
		}
		parallelism := t.graph.Vertices[v].Parallelism
		finished := countFinished(status[t.first[v]:][:parallelism])
		if finished > 0 && finished < parallelism {
			return VertexID(v), true
		}
	}
	return 0, false
}

func countFinished(status []PlanStatus) (finished int) {
	for _, s := range status {
		if s.FinishedLike() {
			finished++
		}
	}
	return finished
}
