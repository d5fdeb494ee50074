package runtime

import (
	"fmt"
	"slices"

	"simrun/protocol"
	"simrun/runtime/step"
	"simrun/sim"
)

// stepWatch waits for a run to reach a step: a named one, or an event of a kind.
type stepWatch struct {
	*protocol.StepWatch
	named protocol.Step // StepNone: it waits for an event
	event protocol.EventKind
	// Who must make it, or whom it must be about: a process, or a range of tasks; both are
	// empty when nobody was named.
	process  sim.ProcessID
	from, to protocol.TaskID
}

// Steps lists the protocol steps at which a fault can strike: the named ones, and every
// kind of event that a protocol step makes.
func (t *Target) Steps() []string { return protocol.StepWords() }

// OnStep has the watch act when the run makes its step for the ordinal-th time from now.
func (t *Target) OnStep(w *protocol.StepWatch) error {
	watch := stepWatch{StepWatch: w, process: sim.NoProcess, from: protocol.NoTask, to: protocol.NoTask}
	named, isNamed := protocol.ParseStep(w.Step)
	event, isEvent := protocol.EventStep(w.Step)
	switch {
	case isNamed:
		watch.named = named
	case isEvent && w.Moment == protocol.After:
		watch.event = event
	case isEvent:
		return fmt.Errorf("%q is an event: nothing can strike before it", w.Step)
	default:
		return fmt.Errorf("%q is no protocol step", w.Step)
	}
	if err := t.restrict(&watch); err != nil {
		return err
	}
	t.steps = append(t.steps, watch)
	if isNamed {
		t.s.steps.Set(t.reached)
	}
	return nil
}

// restrict finds the role that the watch names.
func (t *Target) restrict(w *stepWatch) error {
	if w.Of == "" {
		return nil
	}
	if p, ok := t.process(w.Of); ok {
		w.process = p
		return nil
	}
	node, subtask, ok := t.operator(w.Of)
	if !ok {
		return fmt.Errorf("%q makes no steps; did you mean %q?", w.Of, protocol.Nearest(w.Of, t.Roles()))
	}
	w.from = t.task(node, subtask)
	if w.to = w.from + 1; subtask < 0 {
		w.to = w.from + protocol.TaskID(t.s.options.Graph.Nodes[node].Parallelism)
	}
	return nil
}

// WatchSteps has every named step of the run told to watch, before faults that wait for it
// strike. It must not steer the run.
func (t *Target) WatchSteps(watch step.Watch) {
	t.everyStep = watch
	t.s.steps.Set(t.reached)
}

// reached lets faults strike at a named step. A task that crashes at a step of its own
// ends at that very step.
func (t *Target) reached(c *sim.Context, at protocol.StepReached) {
	if t.everyStep != nil {
		t.everyStep(c, at)
	}
	for i := range t.steps {
		w := &t.steps[i]
		if w.named != at.Step || w.Moment != at.Moment || !w.matches(at.Task, at.Checkpoint, c.Process()) {
			continue
		}
		t.making = c.Self()
		t.count(w, c.Self())
		t.making = sim.NoActor
	}
}

// observe lets faults strike at an event. What acts may crash the process of the actor
// that makes the event: what that still does in this instant is then ignored.
func (t *Target) observe(e *sim.Event) {
	for i := range t.steps {
		w := &t.steps[i]
		if w.named == protocol.StepNone && w.event == protocol.EventKind(e.Kind) && t.matchesEvent(w, e) {
			t.count(w, e.Actor)
		}
	}
}

// matchesEvent compares what an event says of task and checkpoint with what is waited for.
func (t *Target) matchesEvent(w *stepWatch, e *sim.Event) bool {
	task, checkpoint := protocol.NoTask, protocol.NoCheckpoint
	names := w.event.ArgNames()
	if i := slices.Index(names, "task"); i >= 0 {
		task = protocol.TaskID(e.Args[i])
	}
	if i := slices.Index(names, "checkpoint"); i >= 0 {
		checkpoint = protocol.CheckpointID(e.Args[i])
	}
	return w.matches(task, checkpoint, t.s.Kernel.ProcessOf(e.Actor))
}

func (w *stepWatch) matches(task protocol.TaskID, id protocol.CheckpointID, process sim.ProcessID) bool {
	switch {
	case w.Checkpoint != protocol.NoCheckpoint && w.Checkpoint != id:
		return false
	case w.process != sim.NoProcess:
		return w.process == process
	case w.from != protocol.NoTask:
		return w.from <= task && task < w.to
	}
	return true
}

// count notes an arrival, and acts at the one that is waited for.
func (t *Target) count(w *stepWatch, actor sim.ActorID) {
	watch := w.StepWatch // acting may add watches
	watch.Reached++
	if watch.Reached == max(watch.Ordinal, 1) {
		watch.Act(t.placeOf(actor))
	}
}

// placeOf names an actor: its subtask if it is a task, its process and its machine.
func (t *Target) placeOf(actor sim.ActorID) (place protocol.StepPlace) {
	process := t.s.Kernel.ProcessOf(actor)
	if process == sim.NoProcess {
		return place
	}
	place.Process = t.s.Kernel.ProcessName(process)
	place.Role, place.Node = place.Process, t.s.Kernel.NodeName(t.s.Kernel.NodeOf(process))
	for id, live := range t.s.live {
		if live != nil && live.Actor() == actor {
			place.Role = t.Role(protocol.TaskID(id))
		}
	}
	return place
}

// Role is a subtask as faults name it.
func (t *Target) Role(id protocol.TaskID) string {
	node := t.s.Plan.VertexOf(id).Nodes[0]
	return fmt.Sprintf("%s[%d]", t.s.options.Graph.Nodes[node].ID, t.s.Plan.Tasks[id].Subtask)
}
