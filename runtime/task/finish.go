package task

import (
	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// finishing is how a task ends by itself (FLIP-147, reference 1.3): all input has come,
// operators flush, EndOfData goes downstream, and the task waits for a checkpoint that
// holds its last state to complete, so that sinks can commit. Then it ends its partitions.
type finishing struct {
	callback  func(*Task, *sim.Context) // what follows the user code that runs now
	done      bool                      // the operators have finished; only mails are handled
	operators bool                      // for the snapshot: they had finished
	closing   bool                      // only checkpoints that have begun are waited for
	partition bool                      // every input partition has ended
	final     protocol.CheckpointID     // acknowledged after the operators finished
	covered   bool                      // a completed checkpoint holds the last state
	wasDone   bool                      // finished before the checkpoint it was restored from
}

// inputEnded: no record follows on the channel.
func (t *Task) inputEnded(c *sim.Context, end *inputEnd) {
	end.endOfData = true
	t.tellProcessed(c, end)
	for i := range t.in {
		if !t.in[i].endOfData {
			return
		}
	}
	t.endOfData(c)
}

// tellProcessed lets the producer of a channel know that its records were all processed
// (Flink: InputGate.acknowledgeAllRecordsProcessed).
func (t *Task) tellProcessed(c *sim.Context, end *inputEnd) {
	if !t.awaitsFinalCheckpoint() || end.sender == sim.NoActor || end.Ended() {
		return
	}
	m := sim.Message{Kind: rpc.AllProcessed, A: int64(t.shape.Inputs[end.Index].PeerChannel)}
	if end.Local {
		c.Send(end.sender, 1, m)
		return
	}
	c.TransmitAddressed(end.connection, end.sender, eventSizeBytes, uint64(t.id), uint64(end.Index), m)
}

// allProcessed notes that the consumer of a channel has processed its records.
func (t *Task) allProcessed(c *sim.Context, channel int64) {
	t.out[channel].processed = true
	t.maybeFinished(c)
}

// endOfData flushes the operators and says so downstream.
func (t *Task) endOfData(c *sim.Context) {
	if t.finish.done {
		return
	}
	if t.finish.wasDone {
		t.operatorsFinished(c)
		return
	}
	t.lastWatermark(c)
}

// lastWatermark lets every window and timer fire before the operators finish.
func (t *Task) lastWatermark(c *sim.Context) {
	t.tellTaken(c)
	c.Emit(uint16(protocol.OperatorsFinished), int64(t.id), c.ClockNanos(), 0, 0, 0, 0)
	t.chain.ClockNanos = c.ClockNanos()
	input := 0
	var next func(*Task, *sim.Context)
	next = func(t *Task, c *sim.Context) {
		if input < len(t.inputs) || input == 0 {
			t.chain.Watermark(input, operator.EndOfTime, operator.Unlimited)
			t.reportLate(c)
			input++
			t.emitChain(c, next)
			return
		}
		if t.throwsAt(c, protocol.CallbackFinish) {
			return
		}
		t.chain.Finish()
		t.witness.reads = t.witness.reads[:0] // the clock of operators-finished
		t.emitChain(c, (*Task).operatorsFinished)
	}
	next(t, c)
}

func (t *Task) operatorsFinished(c *sim.Context) {
	t.finish.done, t.finish.operators = true, true
	if t.sink != nil {
		if t.sink.finish(c); t.busy == ended {
			return
		}
	}
	t.broadcastEvent(c, network.EndOfDataEvent, 0)
	c.Post(t.host.JobManager(), requestSizeBytes, sim.Message{
		Kind: rpc.EndOfData, A: int64(t.id), B: int64(t.attempt),
	})
	t.maybeFinished(c)
}

// partitionEnded: the producer has gone; for the protocol the channel counts as if its
// barrier had come.
func (t *Task) partitionEnded(c *sim.Context, end *inputEnd) {
	t.tellTaken(c)
	c.Emit(uint16(protocol.ChannelEnded), int64(t.id), int64(end.Index), 0, 0, 0, 0)
	t.endChannel(end)
	end.Gate().Retire(&end.InputChannel)
	t.machineStep(c, protocol.Input{Kind: protocol.InputEndOfPartition, Channel: end.Index})
	if t.busy == ended {
		return
	}
	t.maybeFinished(c)
}

// acknowledged notes a snapshot that was taken after the operators finished.
func (f *finishing) acknowledged(t *Task, cp *localCheckpoint) {
	if cp.snapshot.Finished && f.final == protocol.NoCheckpoint {
		f.final = cp.id
	}
}

// completed notes that the last state is durable.
func (f *finishing) completed(t *Task, c *sim.Context, id protocol.CheckpointID) {
	if f.done && f.final != protocol.NoCheckpoint && id >= f.final {
		f.covered = true
	}
	t.maybeFinished(c)
}

func (f *finishing) restored(s *rpc.TaskSnapshot) { f.wasDone = s.Finished }

// maybeFinished ends the task when nothing is left to wait for.
func (t *Task) maybeFinished(c *sim.Context) {
	if !t.finish.done || t.busy == ended {
		return
	}
	if t.awaitsFinalCheckpoint() && !t.processed() {
		return
	}
	if t.awaitsFinalCheckpoint() && !t.finish.covered && t.config.Bug != protocol.BugFinalCommitSkipped {
		return
	}
	for i := range t.in {
		if !t.in[i].Ended() {
			return
		}
	}
	if t.sink != nil && !t.sink.settled() {
		return
	}
	t.finish.closing = true
	if t.checkpoints.anyStarted() {
		return
	}
	if !t.finish.partition {
		t.finish.partition = true
		t.broadcastEvent(c, network.EndOfPartitionEvent, 0)
	}
	if t.drained() {
		t.finished(c)
	}
}

// awaitsFinalCheckpoint: with checkpoints on, side effects of the last records wait for
// one that covers them.
func (t *Task) awaitsFinalCheckpoint() bool {
	return protocol.PolicyOf(t.config.Protocol).Checkpoints && t.config.CheckpointsAfterTasksFinish
}

// processed reports whether every consumer that is there still has processed everything.
// Were it enough that the network took the last buffer, then (1) a source hands it over and
// finishes, (2) the next checkpoint is triggered at its consumer, which has no running
// producer, and (3) the buffer comes, after the cut, from a task that is behind it
// (Flink: StreamTask.afterInvoke waits for getAllDataProcessedFuture).
func (t *Task) processed() bool {
	for i := range t.out {
		if !t.out[i].processed && !t.out[i].sub.Released() {
			return false
		}
	}
	return true
}

// drained reports whether everything written has been taken by its consumers.
func (t *Task) drained() bool {
	for i := range t.out {
		if t.out[i].sub.Waiting() && !t.out[i].sub.Released() {
			return false
		}
	}
	for _, p := range t.partitions {
		if p.Pool.InUse() > 0 {
			return false
		}
	}
	return true
}

func (t *Task) finished(c *sim.Context) {
	if t.before(c, protocol.StepFinishTask, protocol.NoCheckpoint) {
		return
	}
	c.Emit(uint16(protocol.TaskFinished), int64(t.id), int64(t.attempt), 0, 0, 0, 0)
	t.report(c, rpc.TaskFinished, rpc.CauseNone)
	t.end(c)
	t.env.Steps.After(c, protocol.StepFinishTask, t.id, protocol.NoCheckpoint)
}

// sourceEnded: the source has emitted its last record.
func (t *Task) sourceEnded(c *sim.Context) { t.endOfData(c) }
