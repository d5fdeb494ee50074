package story

import (
	"cmp"
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// maxLanes is how many lanes fit beside each other.
const maxLanes = 6

// laneOf names the lane of an event: the actor, over all of its attempts; of a failure
// that the job manager tells of, the task that failed.
func (t *teller) laneOf(event int) string {
	r := &t.story.Recording
	e := &r.Events[event]
	switch protocol.EventKind(e.Kind) {
	case protocol.TaskFailed, protocol.TaskDeployed:
		if task := e.Args[0]; task >= 0 && int(task) < len(r.Tasks) {
			return r.Tasks[task]
		}
	}
	name, _, _ := strings.Cut(r.Actors[e.Actor], "#")
	return name
}

// lanes are who takes part in the moments; of too many those that take part least, and
// are not what the violation is about, are left out.
func (t *teller) lanes() {
	weight := map[string]int{}
	for m := range t.story.Moments {
		for _, event := range t.story.Moments[m].Events {
			if t.story.Recording.Events[event].Actor != sim.Outside {
				weight[t.laneOf(event)] += either(t.story.Moments[m].Witness, 10, 1)
			}
		}
	}
	for _, task := range t.subject.tasks {
		weight[t.story.Recording.Tasks[task]] += either(t.subject.whole, 2, 20)
	}
	for _, name := range t.options.Lanes {
		for _, lane := range t.lanesNamed(name) {
			weight[lane] += 1000
		}
	}
	names := make([]string, 0, len(weight))
	for name := range weight {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(weight[b], weight[a]), cmp.Compare(t.rank(a), t.rank(b)), cmp.Compare(a, b))
	})
	names = names[:min(len(names), maxLanes)]
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(t.rank(a), t.rank(b)), cmp.Compare(a, b))
	})
	for _, name := range names {
		t.story.Lanes = append(t.story.Lanes, result.Lane{Name: name, Task: t.taskNamed(name)})
	}
}

// lanesNamed are the lanes that a user's word means: a lane, or all subtasks of an operator.
func (t *teller) lanesNamed(word string) []string {
	var lanes []string
	for _, actor := range t.story.Recording.Actors {
		name, _, _ := strings.Cut(actor, "#")
		vertex, _, _ := strings.Cut(name, "[")
		_, subtask, _ := strings.Cut(name, "[")
		whole, part, hasPart := strings.Cut(word, "[")
		same := chained(vertex, whole) && (!hasPart || part == subtask)
		if (same || name == word) && !slices.Contains(lanes, name) {
			lanes = append(lanes, name)
		}
	}
	return lanes
}

// rank orders lanes by the way of the data: job managers, tasks, external systems.
func (t *teller) rank(lane string) int {
	if strings.HasPrefix(lane, "job-manager-") {
		return -1
	}
	if task := t.taskNamed(lane); task != protocol.NoTask {
		return int(task)
	}
	return len(t.story.Recording.Tasks)
}

func (t *teller) taskNamed(lane string) protocol.TaskID {
	return protocol.TaskID(slices.Index(t.story.Recording.Tasks, lane))
}

// cuts say where each told checkpoint cuts the lanes: by the local snapshots that began
// for it.
func (t *teller) cuts() {
	const told = 2
	ids := slices.Clone(t.subject.checkpoints)
	slices.Sort(ids)
	for _, id := range ids[max(len(ids)-told, 0):] {
		cut := result.CutLine{Checkpoint: id, Events: make([]int, len(t.story.Lanes))}
		crossed, seen := 0, false
		for lane := range t.story.Lanes {
			cut.Events[lane] = t.snapshotOf(t.story.Lanes[lane].Task, id)
			crossed += either(cut.Events[lane] >= 0, 1, 0)
			seen = seen || t.isTold(cut.Events[lane])
		}
		if crossed > 0 && seen {
			t.story.Cuts = append(t.story.Cuts, cut)
		}
	}
}

// isTold reports whether some moment tells of the event.
func (t *teller) isTold(event int) bool {
	return slices.ContainsFunc(t.story.Moments, func(m result.Moment) bool {
		return slices.Contains(m.Events, event)
	})
}

// snapshotOf is the event with which a task began its snapshot for a checkpoint; -1: none.
func (t *teller) snapshotOf(task protocol.TaskID, id protocol.CheckpointID) int {
	if task == protocol.NoTask {
		return -1
	}
	for i := range t.story.Recording.Events {
		e := &t.story.Recording.Events[i]
		if protocol.EventKind(e.Kind) == protocol.SnapshotStarted && e.Args[0] == int64(task) &&
			e.Args[1] == int64(id) {
			return i
		}
	}
	return -1
}

// arrows are the messages by which one told event brought another one about.
func (t *teller) arrows() {
	told := map[int]bool{}
	for m := range t.story.Moments {
		for _, event := range t.story.Moments[m].Events {
			told[event] = true
		}
	}
	for m := range t.story.Moments {
		for _, event := range t.story.Moments[m].Events {
			if arrow, ok := t.arrowTo(event, told); ok {
				t.story.Arrows = append(t.story.Arrows, arrow)
			}
		}
	}
}

func (t *teller) arrowTo(event int, told map[int]bool) (result.Arrow, bool) {
	r := &t.story.Recording
	e := &r.Events[event]
	if protocol.EventKind(e.Kind) == protocol.BarrierConsumed {
		if link := t.linkOf(e); link >= 0 {
			id := protocol.CheckpointID(e.Args[2])
			from := t.snapshotOf(r.Links[link].Sender, id)
			return result.Arrow{From: from, To: event, Barrier: true, Checkpoint: id}, from >= 0
		}
	}
	if e.Cause.Actor == e.Actor || e.Cause.Actor <= sim.Outside {
		return result.Arrow{}, false
	}
	from := t.index.origin(event, near, func(at int) bool { return told[at] })
	if from < 0 || t.laneOf(from) == t.laneOf(event) {
		return result.Arrow{}, false
	}
	return result.Arrow{From: from, To: event}, true
}
