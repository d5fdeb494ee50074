package coordinator_test

import (
	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// fakeTask stands for a task: it has no data and no channels. A source passes a barrier
// on to every task of the other vertex, which answers at the first one.
type fakeTask struct {
	w     *world
	d     *rpc.Deployment
	tm    coordinator.TaskManagerHandle
	self  sim.ActorID
	state rpc.TaskStatus
	// seen are the checkpoints that were triggered, told what it was told.
	seen   []protocol.CheckpointID
	told   []sim.Message
	splits []int32
	noMore bool
	// answers counts the requests for splits that were answered.
	answers int64
}

const (
	fakeBarrier = rpc.FirstFree + iota
	fakeAcknowledge
	fakeStored
	fakeRunning
	fakeFinish
	fakeFail
	fakeConnect
	fakeCanceled
	fakeRequest
)

func (w *world) newTask(d *rpc.Deployment, tm coordinator.TaskManagerHandle) sim.Actor {
	f := &fakeTask{w: w, d: d, tm: tm}
	w.tasks = append(w.tasks, f)
	return f
}

func (f *fakeTask) report(c *sim.Context, state rpc.TaskStatus, cause rpc.FailureCause) {
	f.state = state
	id, attempt := int64(f.d.Task), int64(f.d.Attempt)
	kind := [...]protocol.EventKind{0, protocol.TaskInitializing, protocol.TaskRunning, protocol.TaskFinished,
		protocol.TaskCanceled, protocol.TaskFailed}[state]
	c.Emit(uint16(kind), id, attempt, int64(cause), 0, 0, 0)
	f.tm.Report(c, &rpc.StateReport{Task: f.d.Task, Attempt: f.d.Attempt, State: state, Cause: cause})
	if state >= rpc.TaskFinished {
		c.Exit()
	}
}

func (f *fakeTask) Receive(c *sim.Context, m sim.Message) {
	f.self = c.Self()
	switch m.Kind {
	case rpc.Start:
		f.report(c, rpc.TaskInitializing, rpc.CauseNone)
		c.After(1e6, sim.Message{Kind: fakeRunning})
	case fakeRunning:
		f.running(c)
	case fakeRequest:
		request := m.Body.(*rpc.ChannelRequest)
		request.ConsumerActor = c.Self()
		manager := f.w.directory.TaskManagers[m.A].Actor
		c.Post(manager, 100, sim.Message{Kind: rpc.PartitionRequest, Body: request})
	case rpc.Trigger:
		f.told = append(f.told, m)
		f.trigger(c, m.Body.(*protocol.Barrier).ID)
	case fakeBarrier:
		f.trigger(c, protocol.CheckpointID(m.A))
	case fakeAcknowledge:
		f.snapshot(c, protocol.CheckpointID(m.A))
	case fakeStored:
		f.stored(c, protocol.CheckpointID(m.A), m.Body.(*sim.StoreReply))
	case rpc.NotifyDone, rpc.NotifyAbort, rpc.PartitionRequest:
		f.told = append(f.told, m)
	case rpc.OperatorTell:
		assignment := m.Body.(*rpc.SplitAssignment)
		if assignment.Answers != f.answers {
			return
		}
		f.answers++
		f.splits = append(f.splits, assignment.Splits...)
		f.noMore = f.noMore || assignment.NoMore
		if !f.noMore {
			f.ask(c)
		}
	case rpc.CancelTask:
		f.cancel(c)
	case fakeCanceled:
		f.report(c, rpc.TaskCanceled, rpc.CauseNone)
	case fakeFinish:
		f.report(c, rpc.TaskFinished, rpc.CauseNone)
	case fakeFail, rpc.LostConnection:
		cause := rpc.CauseUserCode
		if m.Kind == rpc.LostConnection {
			cause = rpc.CauseConnectionLost
		}
		f.report(c, rpc.TaskFailed, cause)
	case fakeConnect:
		f.tm.ConnectionTo(c, f.d.Task, int32(m.A))
	}
}

func (f *fakeTask) running(c *sim.Context) {
	if f.w.behave.onStart != nil {
		if cause := f.w.behave.onStart(f); cause != rpc.CauseNone {
			f.report(c, rpc.TaskFailed, cause)
			return
		}
	}
	f.report(c, rpc.TaskRunning, rpc.CauseNone)
	if f.isSource() && f.d.Splits == nil {
		f.ask(c)
	}
}

func (f *fakeTask) cancel(c *sim.Context) {
	switch {
	case f.w.behave.ignoresCancel != nil && f.w.behave.ignoresCancel(f):
	case f.w.behave.cancelNanos != nil:
		c.After(f.w.behave.cancelNanos(f), sim.Message{Kind: fakeCanceled})
	default:
		f.report(c, rpc.TaskCanceled, rpc.CauseNone)
	}
}

func (f *fakeTask) ask(c *sim.Context) {
	m := sim.Message{Kind: rpc.OperatorAsk, A: int64(f.d.Task), B: int64(f.d.Attempt), C: f.answers}
	c.Post(f.tm.JobManager(), 100, m)
}

func (f *fakeTask) isSource() bool { return f.d.Plan.IsSource(f.d.Plan.VertexOf(f.d.Task)) }

func (f *fakeTask) trigger(c *sim.Context, id protocol.CheckpointID) {
	for _, seen := range f.seen {
		if seen == id {
			return
		}
	}
	f.seen = append(f.seen, id)
	for _, out := range f.d.Plan.Tasks[f.d.Task].Outputs {
		if peer := f.peer(out.Peer); peer != nil {
			c.Post(peer.self, 50, sim.Message{Kind: fakeBarrier, A: int64(id)})
		}
	}
	answer, delay := acknowledges, int64(1e6)
	if f.w.behave.onTrigger != nil {
		answer, delay = f.w.behave.onTrigger(f, id)
	}
	switch answer {
	case acknowledges:
		c.After(delay, sim.Message{Kind: fakeAcknowledge, A: int64(id)})
	case declines:
		f.decline(c, id, protocol.CheckpointAsyncException)
	}
}

func (f *fakeTask) peer(id protocol.TaskID) *fakeTask {
	for _, other := range f.w.tasks {
		if other.d.Task == id && other.d.Attempt == f.d.Attempt && other.self != 0 {
			return other
		}
	}
	return nil
}

func (f *fakeTask) snapshot(c *sim.Context, id protocol.CheckpointID) {
	bytes := f.w.behave.stateBytes
	snapshot := &rpc.TaskSnapshot{Task: f.d.Task, Attempt: f.d.Attempt, Checkpoint: id}
	if bytes <= f.w.behave.inlineBytes {
		f.acknowledge(c, id, rpc.Handle{Inline: snapshot, StateBytes: bytes})
		return
	}
	key := rpc.StateKey(id, f.d.Task, f.d.Attempt)
	c.Store(f.w.store).Put(key, bytes, snapshot, sim.Message{Kind: fakeStored, A: int64(id)})
}

func (f *fakeTask) stored(c *sim.Context, id protocol.CheckpointID, reply *sim.StoreReply) {
	if reply.Err != sim.StoreOK {
		f.decline(c, id, protocol.CheckpointAsyncException)
		return
	}
	c.Emit(uint16(protocol.ObjectStored), int64(f.d.Task), int64(id), reply.SizeBytes, 0, 0, 0)
	f.acknowledge(c, id, rpc.Handle{State: reply.Key, HasState: true, StateBytes: reply.SizeBytes})
}

func (f *fakeTask) acknowledge(c *sim.Context, id protocol.CheckpointID, h rpc.Handle) {
	c.Post(f.tm.JobManager(), 200, sim.Message{Kind: rpc.Acknowledge, Body: &rpc.Acknowledgement{
		Task: f.d.Task, Attempt: f.d.Attempt, Checkpoint: id, Handle: h,
		Stats: protocol.SubtaskStats{CheckpointedBytes: h.StateBytes},
	}})
}

func (f *fakeTask) decline(c *sim.Context, id protocol.CheckpointID, reason protocol.FailureReason) {
	c.Post(f.tm.JobManager(), 200, sim.Message{Kind: rpc.DeclineReport, Body: &rpc.DeclineNotice{
		Task: f.d.Task, Attempt: f.d.Attempt, Checkpoint: id, Reason: reason,
	}})
}
