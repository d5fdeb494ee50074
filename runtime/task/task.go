package task

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/step"
	"simrun/sim"
)

// Host is the task manager as its tasks see it.
type Host interface {
	// JobManager is whom to report to now.
	JobManager() sim.ActorID
	// ConnectionTo opens, or finds, the connection to another task manager on behalf of a
	// task, which is told rpc.LostConnection when it breaks.
	ConnectionTo(c *sim.Context, task protocol.TaskID, taskManager int32) sim.ConnectionID
	// Report passes on a change of the task's state; a final one is the task's last word.
	Report(c *sim.Context, r *rpc.StateReport)
}

// Env is what the tasks of one run share: none of it is simulated state of a task, all of
// it survives a task's end.
type Env struct {
	Arena *network.Arena
	// Store is the checkpoint storage.
	Store sim.StoreID
	// Externals are the external systems' actors, by node of the graph; -1 for none.
	Externals []sim.ActorID
	Faults    *FaultSwitches
	Metrics   *Metrics
	// Files are those of each task manager, by index.
	Files []ChannelFiles
	// Batches recycle memory; nil recycles nothing.
	Batches *record.Batches
	// Workspaces and Messages are where the tasks and what they send lie.
	Workspaces *Workspaces
	Messages   *rpc.Memory
	// Operations, if not nil, takes down the sinks' requests for steps of transactions.
	Operations *protocol.OperationLog
	// Detailed adds an event per record.
	Detailed bool
	// RecordMode serves every record by an event of its own: the reference for runs that
	// are handled in one go.
	RecordMode bool
	Seed       uint64
	// Steps is told of the protocol steps of all tasks; nil: nobody watches.
	Steps *step.Hook
}

// busyKind is why a task does not take up the next thing.
type busyKind uint8

const (
	free busyKind = iota
	serving
	pausing // synchronous part of a snapshot, opening, closing
	writing // blocked for a segment in the middle of a record (hard backpressure)
	polling // waits for a local channel's answer
	ended
)

// Task is one attempt of one subtask: an actor around a mailbox loop (Flink: StreamTask).
// It does one thing at a time: between two things it handles mails, in order.
type Task struct {
	d       *rpc.Deployment
	host    Host
	env     *Env
	id      protocol.TaskID
	attempt protocol.Attempt
	self    sim.ActorID
	shape   *job.Task
	vertex  *job.Vertex
	config  *job.Config
	network *job.Network

	busy    busyKind
	running bool // reported RUNNING; before that it restores
	mails   mailbox

	workspace *workspace
	machine   protocol.Machine
	effects   protocol.Effects

	chain    *operator.Chain
	services []service
	fired    []firing
	source   *sourceReader
	sink     *sinkDriver

	inputs   []network.Input
	gates    []*network.Gate
	in       []inputEnd
	turn     int                     // the input that was read last
	inactive []bool                  // by input: every channel is idle
	lowest   []lowestWatermark       // by input
	urgent   []protocol.ChannelIndex // channels in which an event overtook data

	partitions []*network.Partition
	writer     network.Writer
	out        []outputEnd
	firstOut   []int // flat index of each partition's first subpartition

	serve       inService
	ahead       ahead
	witness     witness
	checkpoints localCheckpoints
	pressure    pressure
	file        *channelFile // shared, for in-flight data
	fileMember  *fileMember
	finish      finishing
	timers      ownTimers
	restore     restoring
	doomed      bool // a fault crashes it at the step that it makes now
}

// New builds the task of a deployment. It takes up work with rpc.Start.
func New(d *rpc.Deployment, host Host, env *Env) *Task {
	t := env.Workspaces.tasks.New()
	*t = Task{
		d: d, host: host, env: env, id: d.Task, attempt: d.Attempt,
		shape: &d.Plan.Tasks[d.Task], vertex: d.Plan.VertexOf(d.Task),
		config: d.Config, network: &d.Config.Network, self: sim.NoActor,
	}
	t.buildInputs()
	t.buildOutputs()
	t.buildChain()
	return t
}

// Receive handles one message. What interrupts the record in service goes to the network
// at once; everything else is a mail and waits for the end of the record.
func (t *Task) Receive(c *sim.Context, m sim.Message) {
	if t.busy == ended {
		return
	}
	if m.Kind == rpc.Forwarded {
		return
	}
	if t.ahead.active {
		t.interruptAhead(c, m.Kind)
	}
	switch m.Kind {
	case rpc.Buffer:
		t.receiveBuffer(c, m.A, m.Body.(*network.Buffer))
	case rpc.Credit:
		t.receiveCredit(c, m.A, int32(m.B))
	case rpc.Resume:
		t.resumeOutput(c, m.A)
	case rpc.Poll:
		t.answerPoll(c, m.A)
	case rpc.AllProcessed:
		t.allProcessed(c, m.A)
	case rpc.Recycle:
		t.recycleLocal(c, m.A, m.Body.(*network.Buffer))
	case rpc.DataAvailable:
		t.localAvailable(c, m.A)
	case rpc.NewBufferSize:
		t.out[m.A].sub.SetSize(int32(m.B))
	case rpc.PartitionRequest:
		t.acceptConsumer(c, m.Body.(*rpc.ChannelRequest))
	case rpc.RecordDone:
		t.recordDone(c)
	case rpc.StallOver:
		t.stallOver(c)
	case rpc.CPUDone:
		t.cpuDone(c)
	case rpc.AheadDone:
		t.aheadDone(c)
	case rpc.SnapshotDue:
		t.snapshotDue(c, protocol.CheckpointID(m.A))
	case rpc.SyncDone:
		t.syncDone(c)
	case rpc.Serialized, rpc.AcknowledgeDue, rpc.StateStored, rpc.ChannelStateStored, rpc.Wake:
		t.asyncDone(c, &m)
	case rpc.CallbackDone:
		t.callbackDone(c)
	case rpc.FlushTimer:
		t.flushAll(c)
	case rpc.CancelTask:
		t.cancel(c)
		return
	case rpc.Kill:
		t.fail(c, rpc.FailureCause(m.A))
		return
	case rpc.LostConnection:
		t.fail(c, rpc.CauseConnectionLost)
		return
	default:
		t.mails.put(m, c.From())
	}
	t.loop(c)
}

// handleMail does what waited for the end of a record.
func (t *Task) handleMail(c *sim.Context, m sim.Message, from sim.ActorID) {
	switch m.Kind {
	case rpc.Start:
		t.start(c)
	case rpc.Trigger:
		t.triggered(c, m.Body.(*protocol.Barrier))
	case rpc.NotifyDone:
		t.notifyComplete(c, protocol.CheckpointID(m.C))
	case rpc.NotifyAbort:
		t.notifyAborted(c, protocol.CheckpointID(m.C), protocol.CheckpointID(m.D))
	case rpc.AlignmentTimer:
		t.alignmentTimer(c, protocol.CheckpointID(m.A))
	case rpc.OutputTimer:
		t.outputTimer(c, protocol.CheckpointID(m.A))
	case rpc.ProcessingTimer:
		t.processingTimer(c)
	case rpc.WatermarkTimer:
		t.watermarkTimer(c)
	case rpc.DebloatTimer:
		t.debloat(c)
	case rpc.SourceReady:
		t.timers.source = sim.NoTimer
	case rpc.Retry:
		t.askAgain(c)
	case rpc.OperatorTell:
		t.assignSplits(c, m.Body.(*rpc.SplitAssignment))
	case rpc.StateLoaded, rpc.ChannelStateLoaded:
		t.loaded(c, m.Kind, m.Body.(*sim.StoreReply))
	case rpc.ObjectDeleted:
	case rpc.ExternalAnswer:
		t.sink.reply(c, m.Body.(*rpc.ExternalReply))
	case rpc.Release:
		t.releaseOutput(c, m.A)
	default:
		if t.sink == nil || !t.sink.mail(c, m) {
			panic(fmt.Sprintf("task %d attempt %d: message %d from actor %d at %d ns",
				t.id, t.attempt, m.Kind, from, c.NowNanos()))
		}
	}
}

// mailbox is the queue of mails, first in, first out.
type mailbox struct {
	list []mail
	head int
}

type mail struct {
	m    sim.Message
	from sim.ActorID
}

func (b *mailbox) put(m sim.Message, from sim.ActorID) {
	b.list = append(b.list, mail{m, from})
}

func (b *mailbox) empty() bool { return b.head == len(b.list) }

func (b *mailbox) take() mail {
	next := b.list[b.head]
	b.list[b.head] = mail{}
	b.head++
	if b.head == len(b.list) {
		b.list, b.head = b.list[:0], 0
	}
	return next
}
