package task

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/rpc"
	"simrun/runtime/state"
	"simrun/sim"
)

// workspace is what an attempt of a task works with, and what means nothing afterwards: the
// next attempt that gets it finds it empty, and grown.
type workspace struct {
	owner       *Task
	ahead       ahead
	mails       []mail
	effects     []protocol.Effect
	checkpoints []*localCheckpoint
	places      network.Places

	machine protocol.Machine // of protocol name, for the shape
	name    protocol.Name
	shape   protocol.TaskShape

	chain *operator.Chain // of the nodes of the graph, at the place
	graph *job.Graph
	nodes []int
	place state.Place
}

// Workspaces recycles what tasks are made of and what they work with, from run to run. It
// has no effect on what is simulated.
type Workspaces struct {
	all   [][]*workspace // by task
	lent  []int          // by task: the first ones
	taken int

	tasks          sim.Slab[Task]
	inputs         sim.Slab[inputEnd]
	outputs        sim.Slab[outputEnd]
	gates          sim.Slab[*network.Gate]
	functionInputs sim.Slab[network.Input]
	readings       sim.Slab[reading]
	flags          sim.Slab[bool]
	lowest         sim.Slab[lowestWatermark]
	positions      sim.Slab[int]
	services       sim.Slab[service]
	sources        sim.Slab[sourceReader]
	splits         sim.Slab[split]
	sinks          sim.Slab[sinkDriver]
	requests       sim.Slab[*rpc.ExternalRequest]
	twoPhase       sim.Slab[protocol.TwoPhaseEffect]
	files          sim.Slab[channelFile]
	members        sim.Slab[fileMember]
	sharers        sim.Slab[*fileMember]
}

// maxWorkspaces bounds what is kept: a job that restarts for ever leaves the rest to the
// garbage collector.
const maxWorkspaces = 256

// Room for as much as a task usually has of it: those who share a file of in-flight data,
// and a sink's requests that were not answered yet.
const (
	membersRoom  = 5
	requestsRoom = 8
)

// Reset takes everything back: no task of the run before works any more.
func (w *Workspaces) Reset() {
	for task, lent := range w.lent {
		for _, one := range w.all[task][:lent] {
			one.takeBack()
		}
		w.lent[task] = 0
	}
	w.taken = 0
	w.tasks.Reset()
	w.inputs.Reset()
	w.outputs.Reset()
	w.gates.Reset()
	w.functionInputs.Reset()
	w.readings.Reset()
	w.flags.Reset()
	w.lowest.Reset()
	w.positions.Reset()
	w.services.Reset()
	w.sources.Reset()
	w.splits.Reset()
	w.sinks.Reset()
	w.requests.Reset()
	w.twoPhase.Reset()
	w.files.Reset()
	w.members.Reset()
	w.sharers.Reset()
}

// lend gives a task a machine, a chain, and lists to work with, until Reset.
func (w *Workspaces) lend(t *Task) {
	one := w.next(t.id)
	one.owner, t.workspace = t, one
	t.ahead.read, t.ahead.stamps, t.ahead.calls = one.ahead.read, one.ahead.stamps, one.ahead.calls
	t.mails.list, t.effects.List, t.checkpoints.list = one.mails, one.effects, one.checkpoints
	t.machine, t.chain = one.machineFor(t), one.chainFor(t)
}

// next is a workspace that nobody has; one of the same task fits best.
func (w *Workspaces) next(task protocol.TaskID) *workspace {
	for int(task) >= len(w.all) {
		w.all, w.lent = append(w.all, nil), append(w.lent, 0)
	}
	if w.lent[task] < len(w.all[task]) {
		w.lent[task]++
		return w.all[task][w.lent[task]-1]
	}
	one := &workspace{}
	if w.taken++; w.taken <= maxWorkspaces {
		w.all[task] = append(w.all[task], one)
		w.lent[task]++
	}
	return one
}

// machineFor is a machine in the state of a new one.
func (w *workspace) machineFor(t *Task) protocol.Machine {
	shape := protocol.TaskShape{
		Task: t.id, Channels: len(t.shape.Inputs),
		DeclineAtEndOfPartition: !t.config.CheckpointsAfterTasksFinish, Bug: t.config.Bug,
	}
	if own := t.config.Machine; own != nil {
		w.machine, w.name = own(shape), protocol.None
		return w.machine
	}
	if old, again := w.machine.(protocol.Resetter); again && w.name == t.config.Protocol && w.shape == shape {
		old.Reset()
	} else {
		w.machine, w.name, w.shape = protocol.NewMachine(t.config.Protocol, shape), t.config.Protocol, shape
	}
	return w.machine
}

// chainFor is a chain of the task's operators with empty state. Their functions are made
// anew: nothing but declared state may live on in them, and that is empty.
func (w *workspace) chainFor(t *Task) *operator.Chain {
	graph, place := t.d.Plan.Graph, t.place()
	if w.chain != nil && w.graph == graph && w.place == place && slices.Equal(w.nodes, t.vertex.Nodes) {
		w.chain.Reset()
	} else {
		w.chain, w.graph, w.place, w.nodes = t.newChain(), graph, place, t.vertex.Nodes
		w.chain.Fired = func(at int, timer state.Timer) {
			w.owner.fired = append(w.owner.fired, firing{at, timer})
		}
		w.chain.ClockRead = func(operator int, nanos int64) {
			w.owner.witness.reads = append(w.owner.witness.reads, clockRead{operator, nanos})
		}
	}
	return w.chain
}

// takeBack leaves the lists, as they have grown, to the next task.
func (w *workspace) takeBack() {
	t := w.owner
	if t == nil {
		return
	}
	w.owner = nil
	clear(t.mails.list)
	clear(t.checkpoints.list)
	w.mails, w.effects, w.checkpoints = t.mails.list[:0], t.effects.List[:0], t.checkpoints.list[:0]
	w.places = t.ahead.foresight.Return()
	w.ahead = t.ahead.emptied()
}

// emptied are the lists of a run, and nothing else of it.
func (a *ahead) emptied() ahead {
	return ahead{read: a.read[:0], stamps: a.stamps[:0], calls: a.calls[:0]}
}
