package checkers

import (
	"simrun/protocol"
	"simrun/sim"
)

// witnessRecorder keeps, per task, what the run decided since the last completed
// checkpoint: what is older was handed over, what is rolled back is dropped. So its memory
// is that of the work between two checkpoints. Per buffer it keeps one step at most.
type witnessRecorder struct {
	tasks   []taskRecorder
	witness Witness
}

type taskRecorder struct {
	steps []WitnessStep
	// taken is up to which element each channel is in the steps; handed up to which it was
	// handed over.
	taken, handed []int64
	// emitted is how many of the attempt's records of a source are in the steps.
	emitted int64
	// finished: the operators have finished; in what was handed over, if ended.
	finished, ended bool
	marks           []snapshotMark
}

// snapshotMark is where a task was when it took its snapshot for a checkpoint.
type snapshotMark struct {
	checkpoint protocol.CheckpointID
	steps      int
	taken      []int64
}

// witnessKinds are what a witness is made of.
func witnessKinds() []protocol.EventKind {
	return []protocol.EventKind{
		protocol.BufferConsumed, protocol.ElementsTaken, protocol.SourceAdvanced, protocol.SplitAssigned,
		protocol.WatermarkAdvanced, protocol.WatermarkStatusChanged, protocol.ProcessingTimersFired,
		protocol.ClockRead, protocol.ChannelEnded, protocol.OperatorsFinished, protocol.SnapshotStarted,
	}
}

func (w *witnessRecorder) reset(s *Setup) {
	n := countTasks(s)
	if cap(w.tasks) < n {
		w.tasks = append(w.tasks[:cap(w.tasks)], make([]taskRecorder, n-cap(w.tasks))...)
	}
	w.tasks = w.tasks[:n]
	channels := make([]int32, n+1)
	for _, l := range s.Links {
		widen(channels, l.Receiver, l.ReceiverChannel)
	}
	for i := range w.tasks {
		t := &w.tasks[i]
		t.steps, t.marks, t.emitted, t.finished, t.ended = t.steps[:0], t.marks[:0], 0, false, false
		t.handed = resized(t.handed, int(channels[i+1]))
		t.taken = resized(t.taken, int(channels[i+1]))
	}
}

// observe records one event of the newest attempt.
func (w *witnessRecorder) observe(e *sim.Event, h *History) {
	task := e.Args[0]
	if !h.knows(task) || h.AttemptOf(e, task) != h.Attempt() {
		return
	}
	t, a := &w.tasks[task], &e.Args
	switch protocol.EventKind(e.Kind) {
	case protocol.BufferConsumed:
		t.took(a[1], a[2], a[2]+a[3])
	case protocol.ElementsTaken:
		t.tookInTurns(a)
	case protocol.SourceAdvanced:
		t.emit(a[1] + a[2])
		t.add(WitnessStep{Kind: StepRecords, Elements: a[2], Value: a[3]})
	case protocol.SplitAssigned:
		t.add(WitnessStep{Kind: StepSplit, Channel: int32(a[1]), Value: a[2]})
	case protocol.WatermarkAdvanced:
		t.addOfSource(WitnessStep{Kind: StepWatermark, Value: a[1]})
	case protocol.WatermarkStatusChanged:
		t.addOfSource(WitnessStep{Kind: StepStatus, Value: a[2]})
	case protocol.ProcessingTimersFired:
		t.add(WitnessStep{Kind: StepTimers, Value: a[1], Elements: a[2]})
	case protocol.ClockRead:
		t.readClock(a)
	case protocol.ChannelEnded:
		t.add(WitnessStep{Kind: StepEnded, Channel: int32(a[1])})
	case protocol.OperatorsFinished:
		t.finished = true
		t.add(WitnessStep{Kind: StepFinish, Value: a[1]})
	case protocol.SnapshotStarted:
		t.mark(protocol.CheckpointID(a[1]))
	}
}

func (t *taskRecorder) add(s WitnessStep) { t.steps = append(t.steps, s) }

// addOfSource adds what only a source decides: elsewhere it follows from the channels.
func (t *taskRecorder) addOfSource(s WitnessStep) {
	if len(t.taken) == 0 {
		t.add(s)
	}
}

// took adds the elements [first, upTo) of a channel, as far as they are not there yet, to
// the run before when it goes on there.
func (t *taskRecorder) took(channel, first, upTo int64) {
	if channel < 0 || channel >= int64(len(t.taken)) || t.taken[channel] >= upTo {
		return
	}
	first = max(first, t.taken[channel])
	t.taken[channel] = upTo
	if last := t.last(); last != nil && last.Kind == StepRun && int64(last.Channel) == channel &&
		last.First+last.Elements == first {
		last.Elements += upTo - first
		return
	}
	t.add(WitnessStep{Kind: StepRun, Channel: int32(channel), First: first, Elements: upTo - first})
}

// last is the step that may still grow; nil after a mark.
func (t *taskRecorder) last() *WitnessStep {
	n := len(t.steps)
	if n == 0 || len(t.marks) > 0 && t.marks[len(t.marks)-1].steps == n {
		return nil
	}
	return &t.steps[n-1]
}

// tookInTurns adds elements of one channel, or alternately of two.
func (t *taskRecorder) tookInTurns(a *[6]int64) {
	channel, first, elements, other := a[1], a[2], a[3], a[4]
	if other < 0 {
		t.took(channel, first, first+elements)
		return
	}
	if max(channel, other) >= int64(len(t.taken)) || channel < 0 {
		return
	}
	t.add(WitnessStep{Kind: StepAlternate, Channel: int32(channel), First: first, Elements: elements,
		Other: int32(other), OtherFirst: a[5]})
	t.taken[channel], t.taken[other] = first+(elements+1)/2, a[5]+elements/2
}

// emit adds the records of a source up to one of the attempt, as far as they are not there.
func (t *taskRecorder) emit(upTo int64) {
	if upTo > t.emitted {
		t.add(WitnessStep{Kind: StepSource, Elements: upTo - t.emitted})
		t.emitted = upTo
	}
}

// readClock places what was read before the element or record that was being handled.
func (t *taskRecorder) readClock(a *[6]int64) {
	if channel, element := a[3], a[4]; channel >= 0 && channel < int64(len(t.taken)) {
		t.took(channel, t.taken[channel], element)
	} else {
		t.emit(element)
	}
	s := WitnessStep{Kind: StepClock, Value: a[2]}
	if last := t.last(); last != nil && *last == s {
		return
	}
	t.add(s)
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
	m.taken = append(m.taken[:0], t.taken...)
}

// upTo hands over the witness up to a checkpoint. It fails when a task that had not
// finished took no snapshot that anybody saw.
func (w *witnessRecorder) upTo(id protocol.CheckpointID) (*Witness, bool) {
	for i := range w.tasks {
		if t := &w.tasks[i]; t.markOf(id) < 0 && !t.finished {
			return nil, false
		}
	}
	w.witness.Checkpoint = id
	w.witness.Tasks = widened(w.witness.Tasks, len(w.tasks))
	for i := range w.tasks {
		out := &w.witness.Tasks[i]
		out.Steps = w.tasks[i].handOver(id, out.Steps[:0])
	}
	return &w.witness, true
}

// widened is s with n elements, whatever they hold.
func widened[T any](s []T, n int) []T {
	if cap(s) < n {
		return append(s[:cap(s)], make([]T, n-cap(s))...)
	}
	return s[:n]
}

func (t *taskRecorder) markOf(id protocol.CheckpointID) int {
	for at := len(t.marks) - 1; at >= 0; at-- {
		if t.marks[at].checkpoint == id {
			return at
		}
	}
	return -1
}

// handOver appends the steps up to the mark of a checkpoint, and keeps what comes after it.
// Without a mark the task had finished before.
func (t *taskRecorder) handOver(id protocol.CheckpointID, to []WitnessStep) []WitnessStep {
	at, cut := t.markOf(id), len(t.steps)
	if at >= 0 {
		cut = t.marks[at].steps
		copy(t.handed, t.marks[at].taken)
	} else {
		copy(t.handed, t.taken)
	}
	for i := range t.steps[:cut] {
		t.ended = t.ended || t.steps[i].Kind == StepFinish
	}
	to = append(to, t.steps[:cut]...)
	t.steps = append(t.steps[:0], t.steps[cut:]...)
	left := 0
	for i := at + 1; i < len(t.marks); i++ {
		t.marks[i].steps -= cut
		t.marks[left], t.marks[i] = t.marks[i], t.marks[left]
		left++
	}
	t.marks = t.marks[:left]
	return to
}

// takeBack drops what was decided since the last checkpoint that was handed over.
func (w *witnessRecorder) takeBack() {
	for i := range w.tasks {
		t := &w.tasks[i]
		t.steps, t.marks = append(t.steps[:0], WitnessStep{Kind: StepReset}), t.marks[:0]
		t.emitted, t.finished = 0, t.ended
		copy(t.taken, t.handed)
	}
}

// rest hands over everything that is left.
func (w *witnessRecorder) rest() *Witness {
	w.witness.Checkpoint = protocol.NoCheckpoint
	w.witness.Tasks = widened(w.witness.Tasks, len(w.tasks))
	for i := range w.tasks {
		w.witness.Tasks[i].Steps = append(w.witness.Tasks[i].Steps[:0], w.tasks[i].steps...)
	}
	return &w.witness
}
