package protocoltest

import "simrun/protocol"

// step feeds one input and carries the effects out, in order and at once, as the
// package comment of protocol demands of every host.
func (w *world) step(t *task, in protocol.Input) {
	defer func() {
		if reason := recover(); reason != nil {
			w.fail(ClassPanic, "%v", reason)
		}
	}()
	in.NowNanos = w.nowNanos
	w.effects.Reset()
	if w.limits.story {
		w.tell("task %d: %s", t.id, in)
	}
	t.machine.Step(in, &w.effects)
	refused := protocol.NoCheckpoint
	for i := 0; i < len(w.effects.List); i++ {
		effect := w.effects.List[i]
		if w.limits.story {
			w.tell("    %s", effect)
		}
		w.carryOut(t, effect)
		if effect.Kind == protocol.EffectPersistInputs && t.snapshot(effect.Checkpoint).refused {
			refused = effect.Checkpoint
		}
	}
	if refused != protocol.NoCheckpoint {
		w.coverage.Refused++
		w.step(t, protocol.Input{Kind: protocol.InputSubsumed, Checkpoint: refused})
	}
}

func (w *world) carryOut(t *task, effect protocol.Effect) {
	switch effect.Kind {
	case protocol.EffectBlock:
		w.block(t, effect)
	case protocol.EffectResume:
		w.resume(t, effect)
	case protocol.EffectPrioritize:
		w.prioritize(t.inputs[effect.Channel], effect)
	case protocol.EffectStartChannelState:
		t.snapshot(effect.Checkpoint).writer = true
	case protocol.EffectPersistInputs:
		w.persistInputs(t, effect.Checkpoint)
	case protocol.EffectInputsDone:
		w.inputsDone(t, effect.Checkpoint)
	case protocol.EffectSnapshot:
		w.takeSnapshot(t, effect.Barrier)
	case protocol.EffectDecline:
		w.decline(t, effect)
	case protocol.EffectForwardCancel:
		w.forwardCancel(t, effect.Checkpoint)
	case protocol.EffectSetTimer:
		t.timers = append(t.timers, timer{id: effect.Checkpoint, atNanos: effect.AtNanos})
	case protocol.EffectClearTimer:
		t.clearTimer(effect.Checkpoint)
	case protocol.EffectAlignmentEnded:
		t.alignmentEnded = effect.Checkpoint
	case protocol.EffectSwitched:
		w.coverage.Switched++
	}
}

func (w *world) block(t *task, effect protocol.Effect) {
	c := t.inputs[effect.Channel]
	if c.blocked || c.unresumed == 0 {
		w.fail(ClassBlocking, "task %d blocks channel %d, which delivered no blocking barrier",
			t.id, effect.Channel)
	}
	c.blocked, c.blockedFor = true, effect.Checkpoint
}

// resume holds "trigger before unblock": what waits behind the barrier of an alignment
// must find its checkpoint decided.
func (w *world) resume(t *task, effect protocol.Effect) {
	c := t.inputs[effect.Channel]
	if c.unresumed == 0 {
		w.fail(ClassBlocking, "task %d resumes channel %d, which does not wait", t.id, effect.Channel)
		return
	}
	if s := t.snapshot(c.blockedFor); c.blocked && !s.taken && !s.declined && !s.passed {
		w.fail(ClassBlocking, "task %d resumes channel %d before checkpoint %d is decided",
			t.id, effect.Channel, c.blockedFor)
	}
	c.unresumed--
	c.blocked, c.stopped = false, false
}

func (w *world) persistInputs(t *task, id protocol.CheckpointID) {
	s := t.snapshot(id)
	if !s.writer || s.persist {
		w.fail(ClassOrder, "task %d persists inputs of checkpoint %d twice or without a writer", t.id, id)
	}
	s.persist = true
	for _, c := range t.inputs {
		w.startInput(c, s)
	}
}

func (w *world) inputsDone(t *task, id protocol.CheckpointID) {
	s := t.snapshot(id)
	if s.inputsDone {
		w.fail(ClassOrder, "task %d closes the inputs of checkpoint %d twice", t.id, id)
	}
	s.inputsDone = true
	for _, c := range t.inputs {
		c.input.Stop(id)
	}
}

// takeSnapshot copies the state and emits the barrier, as one step between two records.
func (w *world) takeSnapshot(t *task, b protocol.Barrier) {
	s := t.snapshot(b.ID)
	w.checkSnapshot(t, s, b)
	s.taken = true
	t.lastSnapshot = b.ID
	s.applied = t.applied
	s.received = append(s.received, t.received...)
	s.sent = append(s.sent, t.sent...)
	timeoutable := false
	for _, c := range t.outputs {
		forEdge := protocol.BarrierForEdge(b, c.UnalignedSupported)
		timeoutable = timeoutable || forEdge.Timeoutable()
		w.decideOutput(c, c.output.Append(forEdge, w.policy.OutputTimeout))
	}
	if timeoutable && w.policy.OutputTimeout {
		t.timers = append(t.timers, timer{id: b.ID, atNanos: b.TriggerNanos + b.TimeoutNanos, output: true})
	}
}

func (w *world) checkSnapshot(t *task, s *snapshot, b protocol.Barrier) {
	inFlight := b.Alignment == protocol.AlignmentUnaligned || b.Alignment == protocol.AlignmentInline
	aligned := b.BlocksUpstream()
	switch open := t.openInputs(); {
	case s.taken || s.declined || s.passed || b.ID <= t.lastSnapshot:
		w.fail(ClassSnapshot, "task %d snapshots checkpoint %d twice, after its end or after %d",
			t.id, b.ID, t.lastSnapshot)
	case b.NeedsChannelState() && !s.writer:
		w.fail(ClassOrder, "task %d snapshots checkpoint %d before it opens its channel state", t.id, b.ID)
	case inFlight && open > 0 && !s.persist:
		w.fail(ClassOrder, "task %d snapshots checkpoint %d before its inputs are recorded", t.id, b.ID)
	case aligned && open > 0 && t.alignmentEnded != b.ID:
		w.fail(ClassOrder, "task %d snapshots checkpoint %d before its alignment ends", t.id, b.ID)
	case b.Alignment == protocol.AlignmentUnaligned && b.TimeoutNanos != protocol.NoTimeout &&
		w.nowNanos < b.TriggerNanos+b.TimeoutNanos:
		w.fail(ClassSwitch, "task %d switches checkpoint %d at %d ns, before its timeout at %d ns",
			t.id, b.ID, w.nowNanos, b.TriggerNanos+b.TimeoutNanos)
	}
}

func (w *world) decline(t *task, effect protocol.Effect) {
	s := t.snapshot(effect.Checkpoint)
	if s.declined || s.passed {
		w.fail(ClassSnapshot, "task %d declines checkpoint %d twice", t.id, effect.Checkpoint)
	}
	s.declined = true
	if w.undisturbed {
		w.fail(ClassDecline, "task %d declines checkpoint %d, which nobody disturbed: %s",
			t.id, effect.Checkpoint, effect.Reason)
	}
	w.coverage.Declined++
	w.abort(effect.Checkpoint)
	w.broadcastCancel(t, effect.Checkpoint)
}

func (w *world) forwardCancel(t *task, id protocol.CheckpointID) {
	s := t.snapshot(id)
	if s.taken || s.declined || s.passed || w.isPending(id) {
		w.fail(ClassSnapshot, "task %d cancels checkpoint %d, which was not aborted before its barrier",
			t.id, id)
	}
	s.passed = true
	w.coverage.ForwardedCancels++
	w.broadcastCancel(t, id)
}

// checkCanceled: behind a consumed cancel marker nothing waits for its checkpoint.
func (w *world) checkCanceled(t *task, id protocol.CheckpointID) {
	for _, c := range t.inputs {
		if c.blocked && c.blockedFor <= id {
			w.fail(ClassBlocking, "task %d keeps channel %d blocked for checkpoint %d, which was canceled",
				t.id, c.ReceiverChannel, c.blockedFor)
		}
	}
	for _, s := range t.snapshots {
		if s.id <= id && s.persist && !s.inputsDone {
			w.fail(ClassOrder, "task %d goes on recording for checkpoint %d, which was canceled", t.id, s.id)
		}
	}
}

func (t *task) clearTimer(id protocol.CheckpointID) {
	kept := t.timers[:0]
	for _, timer := range t.timers {
		if timer.id != id || timer.output {
			kept = append(kept, timer)
		}
	}
	t.timers = kept
}
