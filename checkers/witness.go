package checkers

import (
	"simrun/protocol"
	"simrun/sim"
)

// witnessRecorder keeps, per task, what the run decided since the last completed
// checkpoint: what is older was handed over, what is rolled back is dropped. So its memory
// is that of the work between two checkpoints.
type witnessRecorder struct {
	detailed bool
	tasks    []taskRecorder
	witness  Witness
}

type taskRecorder struct {
	steps []WitnessStep
	// handed is up to which element each channel was handed over; a buffer that a cut
	// goes through is consumed half before it and half after it.
	handed   []int64
	consumed []int64
	marks    []snapshotMark
}

// snapshotMark is where a task was when it took its snapshot for a checkpoint.
type snapshotMark struct {
	checkpoint protocol.CheckpointID
	steps      int
	consumed   []int64
}

func (w *witnessRecorder) reset(s *Setup) {
	w.detailed = s.Detailed
	n := countTasks(s)
	if cap(w.tasks) < n {
		w.tasks = make([]taskRecorder, n)
	}
	w.tasks = w.tasks[:n]
	channels := make([]int32, n+1)
	for _, l := range s.Links {
		widen(channels, l.Receiver, l.ReceiverChannel)
	}
	for i := range w.tasks {
		t := &w.tasks[i]
		t.steps, t.marks = t.steps[:0], t.marks[:0]
		t.handed = resized(t.handed, int(channels[i+1]))
		t.consumed = resized(t.consumed, int(channels[i+1]))
	}
}

// observe records one event of the newest attempt.
func (w *witnessRecorder) observe(e *sim.Event, h *History) {
	task := e.Args[0]
	if !h.knows(task) || h.AttemptOf(e, task) != h.Attempt() {
		return
	}
	t := &w.tasks[task]
	switch protocol.EventKind(e.Kind) {
	case protocol.BufferConsumed:
		t.consume(e.Args[1], e.Args[2], e.Args[3], !w.detailed)
	case protocol.RecordApplied:
		t.add(WitnessStep{Kind: StepRecord, Operator: uint64(e.Args[1]), Channel: int32(e.Args[2]),
			Lineage: uint64(e.Args[3]), Key: uint64(e.Args[4])})
	case protocol.WatermarkAdvanced:
		t.add(WitnessStep{Kind: StepWatermark, Value: e.Args[1]})
	case protocol.TimerFired:
		t.add(WitnessStep{Kind: StepTimer, Operator: uint64(e.Args[1]), Channel: int32(e.Args[2]),
			Value: e.Args[3], Key: uint64(e.Args[4])})
	case protocol.ClockRead:
		t.add(WitnessStep{Kind: StepClock, Operator: uint64(e.Args[1]), Value: e.Args[2]})
	case protocol.SnapshotStarted:
		t.mark(protocol.CheckpointID(e.Args[1]))
	}
}

func (t *taskRecorder) add(s WitnessStep) { t.steps = append(t.steps, s) }

// consume adds a run of elements, without what was handed over already, to the run before
// it when it goes on there.
func (t *taskRecorder) consume(channel, first, elements int64, keep bool) {
	if channel < 0 || channel >= int64(len(t.consumed)) {
		return
	}
	from, to := max(first, t.handed[channel]), first+elements
	t.consumed[channel] = to
	if !keep || from >= to {
		return
	}
	if n := len(t.steps); n > 0 && (len(t.marks) == 0 || t.marks[len(t.marks)-1].steps < n) {
		if last := &t.steps[n-1]; last.Kind == StepRun && int64(last.Channel) == channel &&
			last.First+last.Elements == from {
			last.Elements += to - from
			return
		}
	}
	t.add(runOf(channel, from, to))
}

func runOf(channel, from, to int64) WitnessStep {
	return WitnessStep{Kind: StepRun, Channel: int32(channel), First: from, Elements: to - from}
}

func (t *taskRecorder) mark(id protocol.CheckpointID) {
	n := len(t.marks)
	if n < cap(t.marks) {
		t.marks = t.marks[:n+1]
	} else {
		t.marks = append(t.marks, snapshotMark{})
	}
	m := &t.marks[n]
	m.checkpoint, m.steps = id, len(t.steps)
	m.consumed = append(m.consumed[:0], t.consumed...)
}

// upTo hands over the witness up to a completed checkpoint. It fails when a task that had
// not finished took no snapshot that anybody saw.
func (w *witnessRecorder) upTo(p *protocol.RecoveryPoint) (*Witness, bool) {
	w.witness.Checkpoint = p.Checkpoint
	w.witness.Tasks = resized(w.witness.Tasks, len(w.tasks))
	for i := range w.tasks {
		if i >= len(p.Tasks) {
			return nil, false
		}
		steps, ok := w.tasks[i].handOver(&p.Tasks[i], p.Checkpoint, !w.detailed)
		if !ok {
			return nil, false
		}
		w.witness.Tasks[i].Steps = steps
	}
	return &w.witness, true
}

// handOver cuts the steps off at the mark of a checkpoint, fills up to what the task had
// received with the run that the cut goes through, and keeps what comes after it.
func (t *taskRecorder) handOver(
	p *protocol.TaskPoint, id protocol.CheckpointID, keep bool,
) ([]WitnessStep, bool) {
	at := len(t.marks) - 1
	for at >= 0 && t.marks[at].checkpoint != id {
		at--
	}
	cut := len(t.steps)
	switch {
	case at >= 0:
		cut = t.marks[at].steps
	case !p.Finished:
		return nil, false
	}
	before, after := append([]WitnessStep(nil), t.steps[:cut]...), t.steps[cut:]
	for channel := range t.handed {
		if channel >= len(p.Received) {
			break
		}
		from := max(t.handed[channel], consumedAt(t, at, channel))
		t.handed[channel] = max(t.handed[channel], p.Received[channel].Count)
		if to := t.handed[channel]; keep && to > from {
			before = append(before, runOf(int64(channel), from, to))
		}
	}
	t.keepAfter(after, at, cut)
	return before, true
}

func consumedAt(t *taskRecorder, mark, channel int) int64 {
	if mark < 0 {
		return t.consumed[channel]
	}
	return t.marks[mark].consumed[channel]
}

// keepAfter drops the marks up to the one at index at, and from the steps after it what
// has been handed over of a run that the cut goes through.
func (t *taskRecorder) keepAfter(after []WitnessStep, at, cut int) {
	kept := t.steps[:0]
	removed := make([]int, 0, 4) // positions, in after, of steps that vanish
	for i, s := range after {
		if s.Kind == StepRun {
			from, to := max(s.First, t.handed[s.Channel]), s.First+s.Elements
			if from >= to {
				removed = append(removed, i)
				continue
			}
			s.First, s.Elements = from, to-from
		}
		kept = append(kept, s)
	}
	t.steps = kept
	left := t.marks[:0]
	for _, m := range t.marks[at+1:] {
		m.steps -= cut
		for i := len(removed) - 1; i >= 0; i-- {
			if removed[i] < m.steps {
				m.steps -= 1
			}
		}
		left = append(left, m)
	}
	t.marks = left
}

// takeBack drops what was decided since the last completed checkpoint.
func (w *witnessRecorder) takeBack() {
	for i := range w.tasks {
		t := &w.tasks[i]
		t.steps, t.marks = append(t.steps[:0], WitnessStep{Kind: StepReset}), t.marks[:0]
		copy(t.consumed, t.handed)
	}
}

// rest hands over everything that is left.
func (w *witnessRecorder) rest() *Witness {
	w.witness.Checkpoint = protocol.NoCheckpoint
	w.witness.Tasks = resized(w.witness.Tasks, len(w.tasks))
	for i := range w.tasks {
		w.witness.Tasks[i].Steps = w.tasks[i].steps
	}
	return &w.witness
}
