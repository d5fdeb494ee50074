package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// phase is where a master is with its job.
type phase uint8

const (
	// phaseTakingOver: the record and the checkpoints are being read.
	phaseTakingOver phase = iota
	// phaseWaiting: there are not enough slots.
	phaseWaiting
	// phaseRestoring: the attempt is being made durable, and the checkpoint chosen.
	phaseRestoring
	// phaseDeploying: tasks are deployed, not all of them run.
	phaseDeploying
	phaseRunning
	// phaseCanceling: tasks are being canceled, or the restart delay is not over.
	phaseCanceling
	// phaseEnding: the end of the job is being made durable.
	phaseEnding
	phaseEnded
)

// master runs the job while its job manager leads (Flink: JobMaster). Its epoch marks its
// timers and requests, so that what a former leadership of the same process has left
// under way is told apart.
type master struct {
	options *JobManagerOptions
	epoch   int64
	phase   phase
	status  protocol.JobStatus
	// attempt is the current execution.
	attempt protocol.Attempt
	keeper  keeper
	workers workers
	tasks   []execution // by TaskID
	failover
	checkpoints
	deleter
	enumerators []*enumerator // by VertexID; nil where there is none
	deposed     bool
	// handledNanos is when the last message of a task was handled: they stay in order.
	handledNanos int64
}

func newMaster(o *JobManagerOptions, epoch int64) *master {
	m := &master{options: o, epoch: epoch}
	m.keeper = keeper{options: o, epoch: epoch, deposed: func(*sim.Context) { m.deposed = true }}
	m.workers.registered = make([]worker, len(o.Directory.TaskManagers))
	m.tasks = make([]execution, len(o.Plan.Tasks))
	m.checkpoints.reset(o)
	checkpointing := protocol.PolicyOf(o.Config.Protocol).Checkpoints
	m.failover.restart = protocol.NewRestartStrategy(o.Config.Restart, checkpointing)
	m.enumerators = newEnumerators(o)
	return m
}

// receive routes a message. What the master sent itself carries its epoch.
func (m *master) receive(c *sim.Context, message sim.Message) {
	switch {
	case isOwn(message.Kind):
		if message.D == m.epoch {
			m.receiveOwn(c, message)
		}
	case !m.putOff(c, message):
		m.receiveOther(c, message)
	}
}

// isOwn reports whether a master sends the kind to itself, as a timer or as what it wants
// the store to answer.
func isOwn(kind rpc.Kind) bool {
	return kind >= rpc.StateStored && kind <= rpc.ObjectDeleted ||
		kind >= rpc.CoordinatorTimer && kind <= rpc.DeployTimer || kind >= rpc.FirstFree
}

// putOff delays a task's message by the time that its handling takes; false: it is to be
// handled now.
func (m *master) putOff(c *sim.Context, message sim.Message) bool {
	task, id := protocol.TaskID(message.A), message.B
	switch body := message.Body.(type) {
	case *rpc.StateReport:
		task, id = body.Task, int64(body.Attempt)<<8|int64(body.State)
	case *rpc.Acknowledgement:
		task, id = body.Task, int64(body.Checkpoint)
	case *rpc.DeclineNotice:
		task, id = body.Task, int64(body.Checkpoint)
	default:
		if message.Kind != rpc.EndOfData && message.Kind != rpc.OperatorAsk {
			return false
		}
	}
	nanos := handlingNanos(c, &m.options.Config.Costs, message.Kind, task, id)
	if nanos == 0 || c.From() == c.Self() {
		return false
	}
	m.handledNanos = max(m.handledNanos, c.NowNanos()+nanos)
	c.After(m.handledNanos-c.NowNanos(), message)
	return true
}

func (m *master) receiveOther(c *sim.Context, message sim.Message) {
	switch message.Kind {
	case rpc.Register:
		m.register(c, int32(message.A), int(message.B), message.C)
	case rpc.HeartbeatReply:
		m.heartbeatReply(c, int32(message.B), message.A, message.Body.(*rpc.DeploymentReport))
	case rpc.TaskState:
		m.taskState(c, message.Body.(*rpc.StateReport))
	case rpc.Acknowledge:
		m.acknowledge(c, message.Body.(*rpc.Acknowledgement))
	case rpc.DeclineReport:
		m.decline(c, message.Body.(*rpc.DeclineNotice))
	case rpc.EndOfData:
		m.endOfData(c, protocol.TaskID(message.A), protocol.Attempt(message.B))
	case rpc.OperatorAsk:
		m.askSplit(c, protocol.TaskID(message.A), protocol.Attempt(message.B), message.C)
	case rpc.OperatorTold:
		m.splitTold(c, message)
	case rpc.CancelJob:
		m.cancelJob(c)
	case rpc.TakeCheckpoint:
		m.take(c, protocol.TriggerKind(message.A))
	}
}

func (m *master) receiveOwn(c *sim.Context, message sim.Message) {
	switch message.Kind {
	case rpc.HeartbeatTimer:
		m.beat(c)
	case settleTimer:
		m.settle(c)
	case rpc.RestartTimer:
		m.delayPassed(c, protocol.Attempt(message.A))
	case cancelTimer:
		m.giveUp(c, protocol.Attempt(message.A))
	case rpc.CoordinatorTimer:
		m.timerFired(c, message)
	case finalizeTimer:
		m.writeMetadata(c, protocol.CheckpointID(message.A))
	case operatorTimer:
		m.splitLost(c, message)
	case retryTimer:
		m.retry(c, message)
	case rpc.PointerStored:
		m.keeper.stored(c, message.Body.(*sim.StoreReply))
	case rpc.PointerLoaded:
		m.keeper.loaded(c, message.Body.(*sim.StoreReply))
	case rpc.MetadataStored:
		m.metadataStored(c, protocol.CheckpointID(message.A), message.Body.(*sim.StoreReply))
	case rpc.MetadataLoaded:
		m.metadataLoaded(c, message)
	case rpc.ObjectDeleted:
		m.deleted(c, message.Body.(*sim.StoreReply))
	case objectsListed:
		m.sweep(c, message.Body.(*sim.StoreReply))
	}
}

// What is tried again after storeRetryNanos.
const (
	retryRecord = iota
	retryMetadata
	retryDelete
	retryEnd
	retrySweep
	retryPointer
)

// storeRetryNanos is how long a master waits before it asks a failing store again.
const storeRetryNanos = 1e9

func (m *master) retry(c *sim.Context, message sim.Message) {
	switch message.A {
	case retryRecord:
		m.keeper.retry(c)
	case retryMetadata:
		m.loadMetadata(c)
	case retryDelete:
		m.deleteAgain(c)
	case retrySweep:
		m.sweepAgain = false
		m.sweepOrphans(c, m.sweepTo)
	case retryPointer:
		m.removePointer(c, protocol.CheckpointID(message.B))
	case retryEnd:
		m.end(c, protocol.JobStatus(message.B))
	}
}
