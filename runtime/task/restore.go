package task

import (
	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// restoring is a task on its way to RUNNING (reference 2.12): objects are read, restored
// output data is put at the head of the subpartitions, operators get their state, then
// restored input data is consumed, and only then are channels joined to their producers.
type restoring struct {
	pending      bool // nothing may be processed yet
	loading      int
	state        *rpc.TaskSnapshot // as read
	channels     *rpc.TaskSnapshot
	snapshot     rpc.TaskSnapshot
	inputsLeft   int // channels with restored data that is not consumed
	outputsLeft  int // producers whose restored output data is not consumed
	withChannels bool
}

// start takes the task up.
func (t *Task) start(c *sim.Context) {
	t.self = c.Self()
	t.restore.pending = true
	t.env.Files[t.d.Locations[t.id].TaskManager].join(t)
	t.pressure.start(t, c)
	restore, checkpoint := t.d.Restore, t.restoredFrom()
	if t.before(c, protocol.StepInitialiseTask, checkpoint) {
		return
	}
	c.Emit(uint16(protocol.TaskDeployed), int64(t.id), int64(t.attempt),
		int64(t.d.Locations[t.id].TaskManager), 0, 0, 0)
	c.Emit(uint16(protocol.TaskInitializing), int64(t.id), int64(t.attempt), int64(checkpoint), 0, 0, 0)
	t.report(c, rpc.TaskInitializing, rpc.CauseNone)
	if t.after(c, protocol.StepInitialiseTask, checkpoint) {
		return
	}
	if restore == nil {
		t.open(c)
		return
	}
	t.readState(c, restore)
}

// readState asks for the objects of the checkpoint.
func (t *Task) readState(c *sim.Context, restore *rpc.Restore) {
	if t.before(c, protocol.StepReadState, restore.Checkpoint) {
		return
	}
	if restore.Handle.HasState {
		t.load(c, restore.Handle.State, rpc.StateLoaded)
	}
	if restore.Handle.HasChannels {
		t.load(c, restore.Handle.Channels, rpc.ChannelStateLoaded)
	}
	if t.restore.loading == 0 {
		t.stateRead(c)
	}
}

// stateRead goes on with everything that was read.
func (t *Task) stateRead(c *sim.Context) {
	if !t.after(c, protocol.StepReadState, t.restoredFrom()) {
		t.open(c)
	}
}

func (t *Task) load(c *sim.Context, key sim.ObjectKey, reply rpc.Kind) {
	t.restore.loading++
	c.Store(t.env.Store).Get(key, sim.Message{Kind: reply})
}

// loaded is the store's answer. A checkpoint that cannot be read fails the task: it is
// not skipped (FLINK-22502).
func (t *Task) loaded(c *sim.Context, kind rpc.Kind, reply *sim.StoreReply) {
	stored, readable := reply.Body.(*rpc.TaskSnapshot)
	if reply.Err != sim.StoreOK || !reply.Found || !readable {
		t.fail(c, rpc.CauseStateUnreadable)
		return
	}
	if kind == rpc.StateLoaded {
		t.restore.state = stored
	} else {
		t.restore.channels = stored
	}
	t.restore.loading--
	if t.restore.loading == 0 {
		t.stateRead(c)
	}
}

// assemble joins what was read: each part comes from its own object, or travelled inline.
func (r *restoring) assemble(handle *rpc.Handle) {
	state, channels := r.state, r.channels
	if state == nil {
		state = handle.Inline
	}
	if channels == nil {
		channels = handle.Inline
	}
	if state == nil { // it had ended before the checkpoint and left nothing
		r.snapshot = rpc.TaskSnapshot{Finished: true}
		return
	}
	r.snapshot = *state
	r.snapshot.Input, r.snapshot.Output = channels.Input, channels.Output
}

// open initialises the operators, which takes time.
func (t *Task) open(c *sim.Context) {
	if t.before(c, protocol.StepInitialiseOperators, t.restoredFrom()) || t.initialiseThrows(c) {
		return
	}
	nanos := t.config.Costs.OpenNanos
	if t.d.Restore != nil {
		bytes := t.d.Restore.Handle.StateBytes + t.d.Restore.Handle.ChannelBytes
		nanos += bytes * t.config.Costs.RestorePicosPerByte / 1000
	}
	for i := range t.services {
		nanos += t.services[i].CallbackNanos
	}
	if t.d.Restore != nil {
		t.restoreState(c)
	}
	if t.restoreOutputs(c); t.busy == ended { // before the state: consumers need not wait for that
		return
	}
	t.busy = pausing
	t.finish.callback = (*Task).opened
	c.AfterRecord(nanos, sim.Message{Kind: rpc.CallbackDone})
}

// initialiseThrows fails the task if user code throws while it takes its state up, or opens.
func (t *Task) initialiseThrows(c *sim.Context) bool {
	return t.throwsAt(c, protocol.CallbackInitialize) || t.throwsAt(c, protocol.CallbackOpen)
}

// callbackDone ends a callback of user code that takes time.
func (t *Task) callbackDone(c *sim.Context) {
	t.busy = free
	next := t.finish.callback
	t.finish.callback = nil
	next(t, c)
}

// opened restores everything in its order.
func (t *Task) opened(c *sim.Context) {
	if t.after(c, protocol.StepInitialiseOperators, t.restoredFrom()) {
		return
	}
	if t.sink != nil {
		t.sink.open(c, t.d.Restore, &t.restore.snapshot)
	}
	if t.restoreInputs(c); t.busy == ended {
		return
	}
	t.restore.pending = false
	t.startTimers(c)
	t.maybeRunning(c)
}

func (t *Task) restoreState(c *sim.Context) {
	t.restore.assemble(&t.d.Restore.Handle)
	s := &t.restore.snapshot
	if s.Operators != nil {
		t.chain.Restore(s.Operators)
	}
	if t.source != nil {
		t.source.restore(s.Positions)
		if t.config.Bug == protocol.BugSplitAddedTwice {
			t.source.splits = append(t.source.splits, t.source.splits...)
		}
	}
	for i := range s.Received {
		t.in[i].Received = s.Received[i]
	}
	for i := range s.Sent {
		t.out[i].sub.Sent = s.Sent[i]
	}
	for i, next := range s.NextChannel {
		t.partitions[i].SetNext(next)
	}
	t.finish.restored(s)
}

// restoreOutputs puts restored output data into the subpartitions, each ended by an
// event that blocks it until the consumer has recovered all of its inputs.
func (t *Task) restoreOutputs(c *sim.Context) {
	t.restore.withChannels = t.d.Restore != nil && protocol.PolicyOf(t.config.Protocol).Alternates()
	if !t.restore.withChannels || t.before(c, protocol.StepReadOutputState, t.restoredFrom()) {
		return
	}
	for i := range t.out {
		if i < len(t.restore.snapshot.Output) {
			pieces := t.restore.snapshot.Output[i]
			if t.config.Bug == protocol.BugOutputRestoredTwice {
				t.out[i].sub.Recover(pieces)
			}
			t.out[i].sub.Recover(pieces)
			t.out[i].sub.NumberRecovered()
			t.emitRestored(c, 1, i, pieces)
		}
		if t.blockOutput(c, i); t.busy == ended {
			return
		}
	}
	for i := range t.out {
		t.send(c, i) // a consumer may have asked while this task was still opening
	}
	t.after(c, protocol.StepReadOutputState, t.restoredFrom())
}

// blockOutput stops a subpartition behind what was restored.
func (t *Task) blockOutput(c *sim.Context, channel int) {
	if t.before(c, protocol.StepBlockOutput, t.restoredFrom()) {
		return
	}
	t.out[channel].sub.Append(t.env.Arena.NewBuffer(network.EndOfOutputStateEvent))
	t.after(c, protocol.StepBlockOutput, t.restoredFrom())
}

// restoreInputs queues restored input data; its channels ask for their partitions when
// it has been consumed, not when it has been read (FLINK-18989).
func (t *Task) restoreInputs(c *sim.Context) {
	reads := t.restore.withChannels && len(t.in) > 0
	if reads && t.before(c, protocol.StepReadInputState, t.restoredFrom()) {
		return
	}
	for i := 0; i < len(t.in) && t.busy != ended; i++ {
		end := &t.in[i]
		end.outputDone = !t.restore.withChannels
		if !end.outputDone {
			t.restore.outputsLeft++
		}
		if i < len(t.restore.snapshot.Input) && len(t.restore.snapshot.Input[i]) > 0 {
			pieces := t.restore.snapshot.Input[i]
			if t.config.Bug == protocol.BugConvertedWhenRead {
				pieces = pieces[:1]
			}
			end.Recover(t.env.Arena, pieces)
			t.emitRestored(c, 0, i, pieces)
			t.restore.inputsLeft++
			t.offer(end)
			continue
		}
		end.recovered = true
		t.requestPartition(c, end.Index)
	}
	if reads {
		t.after(c, protocol.StepReadInputState, t.restoredFrom())
	}
}

func (t *Task) emitRestored(c *sim.Context, side int64, channel int, pieces []record.Piece) {
	if bytes := piecesBytes(pieces); bytes > 0 {
		c.Emit(uint16(protocol.InFlightRestored), int64(t.id), int64(t.d.Restore.Checkpoint), side,
			int64(channel), bytes, 0)
	}
}

// inputStateConsumed: the channel becomes a real one.
func (t *Task) inputStateConsumed(c *sim.Context, end *inputEnd) {
	if t.before(c, protocol.StepConvertChannel, t.restoredFrom()) {
		return
	}
	end.Recovered()
	end.recovered = true
	t.restore.inputsLeft--
	if t.after(c, protocol.StepConvertChannel, t.restoredFrom()) {
		return
	}
	t.requestPartition(c, end.Index)
	t.maybeRunning(c)
}

// outputStateConsumed: when every producer's restored output data is consumed, all go on
// (Flink: UpstreamRecoveryTracker).
func (t *Task) outputStateConsumed(c *sim.Context, end *inputEnd) {
	end.outputDone = true
	t.restore.outputsLeft--
	if t.restore.outputsLeft > 0 || t.before(c, protocol.StepResumeUpstream, t.restoredFrom()) {
		return
	}
	for i := range t.in {
		t.toProducer(c, &t.in[i], sim.Message{Kind: rpc.Resume})
	}
	t.after(c, protocol.StepResumeUpstream, t.restoredFrom())
}

// maybeRunning reports RUNNING once all restored input is consumed.
func (t *Task) maybeRunning(c *sim.Context) {
	if t.running || t.restore.pending || t.restore.inputsLeft > 0 || t.sink != nil && !t.sink.ready {
		return
	}
	if t.before(c, protocol.StepRunTask, t.restoredFrom()) {
		return
	}
	t.running = true
	t.restore.snapshot = rpc.TaskSnapshot{}
	c.Emit(uint16(protocol.TaskRunning), int64(t.id), int64(t.attempt), 0, 0, 0, 0)
	t.report(c, rpc.TaskRunning, rpc.CauseNone)
	t.after(c, protocol.StepRunTask, t.restoredFrom())
}

func (t *Task) report(c *sim.Context, status rpc.TaskStatus, cause rpc.FailureCause) {
	r := t.env.Messages.Reports.New()
	*r = rpc.StateReport{Task: t.id, Attempt: t.attempt, State: status, Cause: cause}
	t.host.Report(c, r)
}
