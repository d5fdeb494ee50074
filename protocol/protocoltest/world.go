package protocoltest

import (
	"fmt"

	"simrun/protocol"
)

// limits bound a run.
type limits struct {
	triggers   int // checkpoints
	concurrent uint64
	aborts     uint64
	savepoints bool
	weighted   bool // tasks and channels of different speed
	eager      bool // choices only where an alignment can tell the difference
	story      bool
}

func usualLimits() limits {
	return limits{triggers: 4, concurrent: 2, aborts: 3, savepoints: true, weighted: true}
}

// smallLimits leaves the choices that one alignment can tell apart; see eager.go.
func smallLimits() limits { return limits{triggers: 1, concurrent: 1, eager: true} }

func (l limits) told() limits {
	l.story = true
	return l
}

// maxSteps is far beyond what a run of any topology needs.
const maxSteps = 20_000

// world is one run: a job, its coordinator and the choices that drive them.
type world struct {
	topology *Topology
	spec     Spec
	limits   limits
	choice   Choice
	eager    eagerChoices
	policy   protocol.Policy
	contract protocol.Contract

	stopsSender  bool // blocking barriers stop their sender, as in Flink
	drains       bool // tasks finish only when all their data was consumed
	undisturbed  bool // no aborts, one checkpoint at a time: all must complete
	timeoutNanos int64
	nowNanos     int64

	tasks    []*task
	channels []*channel

	pending       []*checkpoint // ascending ids
	lastID        protocol.CheckpointID
	maxConcurrent int
	triggersLeft  int
	abortsLeft    int

	effects  protocol.Effects
	actions  []action
	failure  *Failure
	story    []string
	coverage Coverage
}

// Coverage counts what runs have met, so that a test can ask whether they were worth it.
type Coverage struct {
	Completed, Declined, ForwardedCancels, Refused int
	Switched, SwitchedOutputs, Prioritized         int
	InputElements, OutputElements, HalfRead        int
}

// explore plays one run to its end or its first failure.
func explore(choice Choice, topology *Topology, newMachine func(protocol.TaskShape) protocol.Machine,
	spec Spec, limits limits) *world {
	w := &world{topology: topology, spec: spec, limits: limits, choice: choice}
	w.build(newMachine)
	w.run()
	return w
}

func (w *world) build(newMachine func(protocol.TaskShape) protocol.Machine) {
	w.policy = protocol.PolicyOf(w.spec.Protocol)
	w.contract = w.policy.Contract()
	if w.spec.Strict {
		w.contract = w.spec.Contract
	}
	w.triggersLeft = w.limits.triggers
	if !w.policy.Checkpoints {
		w.triggersLeft = 0
	}
	w.stopsSender = w.choice.Choose(2) == 0
	w.timeoutNanos = 10
	if w.limits.eager {
		w.maxConcurrent = 1
		w.chooseEager()
	} else {
		w.drains = w.choice.Choose(2) == 0
		w.maxConcurrent = 1 + int(w.choice.Choose(w.limits.concurrent))
		w.abortsLeft = int(w.choice.Choose(w.limits.aborts + 1))
		w.timeoutNanos = [...]int64{10, 1, 40}[w.choice.Choose(3)]
	}
	w.undisturbed = w.abortsLeft == 0 && w.maxConcurrent == 1 && !w.spec.DeclineAtEndOfPartition
	for _, link := range w.topology.Links {
		w.channels = append(w.channels, w.newChannel(link))
	}
	for id := range w.topology.Inputs {
		w.tasks = append(w.tasks, w.newTask(protocol.TaskID(id), newMachine))
	}
}

func (w *world) newChannel(link Link) *channel {
	c := &channel{
		Link: link, local: w.isLocal(), weight: w.weight(),
		input: new(protocol.ChannelStatePersister), output: new(protocol.SubpartitionBarrier),
	}
	if w.spec.InputChannel != nil {
		c.input = w.spec.InputChannel(link.Receiver, link.ReceiverChannel)
	}
	if w.spec.OutputChannel != nil {
		c.output = w.spec.OutputChannel(link.Sender, link.SenderChannel)
	}
	return c
}

func (w *world) isLocal() bool {
	if w.limits.eager {
		return !w.eager.remote
	}
	return w.choice.Choose(3) == 2
}

func (w *world) newTask(id protocol.TaskID, newMachine func(protocol.TaskShape) protocol.Machine) *task {
	t := &task{id: id, weight: w.weight()}
	for _, at := range w.topology.Inputs[id] {
		t.inputs = append(t.inputs, w.channels[at])
	}
	for _, at := range w.topology.Outputs[id] {
		t.outputs = append(t.outputs, w.channels[at])
	}
	t.received = make([]protocol.Chain, len(t.inputs))
	t.sent = make([]protocol.Chain, len(t.outputs))
	t.machine = newMachine(protocol.TaskShape{
		Task: id, Channels: len(t.inputs), DeclineAtEndOfPartition: w.spec.DeclineAtEndOfPartition,
	})
	return t
}

func (w *world) weight() uint64 {
	if !w.limits.weighted {
		return 1
	}
	return [...]uint64{4, 1, 16}[w.choice.Choose(3)]
}

// run performs enabled actions until there is none.
func (w *world) run() {
	for steps := 0; w.failure == nil; steps++ {
		if steps == maxSteps {
			w.fail(ClassStuck, "the run does not come to rest")
			return
		}
		w.nowNanos++
		for _, t := range w.tasks {
			w.fireTimers(t)
		}
		w.enumerate()
		if len(w.actions) > 0 {
			w.perform(w.pick())
			continue
		}
		if !w.skipToTimer() && !w.expirePassedOver() {
			w.checkAtRest()
			return
		}
	}
}

// skipToTimer lets time pass until the next timer.
func (w *world) skipToTimer() bool {
	next := int64(-1)
	for _, t := range w.tasks {
		for _, timer := range t.timers {
			if next < 0 || timer.atNanos < next {
				next = timer.atNanos
			}
		}
	}
	w.nowNanos = max(w.nowNanos, next-1)
	return next >= 0
}

// checkAtRest holds liveness: nothing can move, so nothing may be left.
func (w *world) checkAtRest() {
	for _, p := range w.pending {
		w.fail(ClassStuck, "checkpoint %d neither completes nor is declined: %s",
			p.barrier.ID, w.waitingFor(p))
	}
	for _, c := range w.channels {
		if c.blocked || c.unresumed > 0 {
			w.fail(ClassStuck, "task %d never resumes channel %d", c.Receiver, c.ReceiverChannel)
		}
	}
	for _, t := range w.tasks {
		if !t.finished {
			w.fail(ClassStuck, "task %d never finishes: %v", t.id, t.machine)
		}
	}
}

func (w *world) waitingFor(p *checkpoint) string {
	text := "waits for"
	for _, t := range w.tasks {
		if p.waiting[t.id] {
			text += fmt.Sprintf(" task %d (%v)", t.id, t.machine)
		}
	}
	return text
}

// fail keeps the first failure of the run.
func (w *world) fail(class Class, format string, args ...any) {
	if w.failure == nil {
		w.failure = &Failure{
			Class: class, Detail: fmt.Sprintf(format, args...), Topology: w.topology.Name, Story: w.story,
		}
	}
}

func (w *world) tell(format string, args ...any) {
	w.story = append(w.story, fmt.Sprintf("%4d ", w.nowNanos)+fmt.Sprintf(format, args...))
}

func (c *Coverage) add(o Coverage) {
	c.Completed += o.Completed
	c.Declined += o.Declined
	c.ForwardedCancels += o.ForwardedCancels
	c.Refused += o.Refused
	c.Switched += o.Switched
	c.SwitchedOutputs += o.SwitchedOutputs
	c.Prioritized += o.Prioritized
	c.InputElements += o.InputElements
	c.OutputElements += o.OutputElements
	c.HalfRead += o.HalfRead
}
