package protocoltest

import (
	"fmt"
	"strings"

	"simrun/protocol"
)

// Spec says which protocol a machine claims to be and how hard to try it.
type Spec struct {
	// Protocol stamps the barriers (protocol.Options) and gives the contract.
	Protocol protocol.Name
	// Contract, when Strict, replaces the protocol's own: at-least-once must be caught
	// under exactly-once.
	Strict   bool
	Contract protocol.Contract
	// DeclineAtEndOfPartition makes tasks with checkpoints-after-tasks-finish = false.
	DeclineAtEndOfPartition bool
	// Runs is the number of seeds for every topology; 0 stands for DefaultRuns.
	Runs int
	// FirstSeed is the first of them.
	FirstSeed uint64
	// ExhaustiveRuns bounds the enumeration of the tiny job; 0 stands for
	// DefaultExhaustiveRuns.
	ExhaustiveRuns int
	// InputChannel and OutputChannel make the channels' halves of a protocol, for a
	// task's input or output channel; nil stands for those of package protocol.
	InputChannel  func(protocol.TaskID, protocol.ChannelIndex) InputChannel
	OutputChannel func(protocol.TaskID, protocol.ChannelIndex) OutputChannel
}

// DefaultRuns and DefaultExhaustiveRuns take about a second together.
const (
	DefaultRuns           = 200
	DefaultExhaustiveRuns = 20_000
)

// InputChannel is the part of a protocol that sits in an input channel; see
// protocol.ChannelStatePersister.
type InputChannel interface {
	Start(id protocol.CheckpointID) (protocol.QueuedData, bool)
	OnBarrier(id protocol.CheckpointID, sequence int64)
	ShouldPersist() (protocol.CheckpointID, bool)
	Stop(id protocol.CheckpointID)
}

// OutputChannel is the part of a protocol that sits in an output channel; see
// protocol.SubpartitionBarrier.
type OutputChannel interface {
	Append(b protocol.Barrier, canTimeOut bool) protocol.SubpartitionDecision
	Timeout(id protocol.CheckpointID) protocol.SubpartitionDecision
	Polled(id protocol.CheckpointID) protocol.SubpartitionDecision
	Abort(id protocol.CheckpointID) protocol.SubpartitionDecision
}

// Class sorts failures: those of the cut bear its words, the others say which duty of a
// machine was broken.
type Class string

// The classes beside those of protocol.CutClass.
const (
	// ClassTorn: recorded channel state holds part of a record.
	ClassTorn Class = "torn-record"
	// ClassStuck: nothing can move, but records, tasks or checkpoints are left.
	ClassStuck Class = "stuck"
	// ClassSnapshot: a snapshot was taken twice, out of order, or after its decline.
	ClassSnapshot Class = "snapshot"
	// ClassBlocking: a channel was blocked or resumed against the rules.
	ClassBlocking Class = "blocking"
	// ClassOrder: effects came in an order that a host cannot carry out.
	ClassOrder Class = "order"
	// ClassSwitch: a checkpoint turned unaligned before its timeout.
	ClassSwitch Class = "switch"
	// ClassDecline: a checkpoint was declined that nothing had disturbed.
	ClassDecline Class = "needless-decline"
	// ClassPanic: the machine panicked.
	ClassPanic Class = "panic"
)

// Failure is one way in which a machine broke its contract, with the shortest story
// among the runs that showed it.
type Failure struct {
	Class    Class
	Detail   string
	Topology string
	// Run names the seed or the number of the enumerated run.
	Run string
	// Story is the run, one step a line, in the canonical text of package protocol.
	Story []string
}

// String is the failure on one line, without its story.
func (f Failure) String() string {
	return fmt.Sprintf("%s: %s (topology %s, %s, %d steps)",
		f.Class, f.Detail, f.Topology, f.Run, len(f.Story))
}

// TB is the part of testing.TB that Run needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
}

// Run checks a machine and reports every failure with its story.
func Run(t TB, newMachine func(protocol.TaskShape) protocol.Machine, spec Spec) {
	t.Helper()
	for _, failure := range Check(newMachine, spec) {
		t.Errorf("%s\n\t%s", failure, strings.Join(failure.Story, "\n\t"))
	}
}

// Check plays a machine through every topology under random schedules and through a
// tiny job under every schedule, and returns the first failure of each class, in the
// order in which the classes were met.
func Check(newMachine func(protocol.TaskShape) protocol.Machine, spec Spec) []Failure {
	var found failures
	runs, enumerated := spec.Runs, spec.ExhaustiveRuns
	if runs == 0 {
		runs = DefaultRuns
	}
	if enumerated == 0 {
		enumerated = DefaultExhaustiveRuns
	}
	enumeration := new(Exhaustive)
	for n := 0; n < enumerated; n++ {
		choice := &recording{from: enumeration}
		run := explore(choice, tiny(), newMachine, spec, smallLimits())
		found.add(run, choice, fmt.Sprintf("enumerated run %d", n))
		if !enumeration.Next() {
			break
		}
	}
	for _, topology := range Topologies() {
		for seed := spec.FirstSeed; seed < spec.FirstSeed+uint64(runs); seed++ {
			choice := &recording{from: Seeded(seed)}
			run := explore(choice, topology, newMachine, spec, usualLimits())
			found.add(run, choice, fmt.Sprintf("seed %d", seed))
		}
	}
	return found.tell(newMachine, spec)
}

// Explore plays one run and returns its failure, if any, with its story.
func Explore(choice Choice, topology *Topology, newMachine func(protocol.TaskShape) protocol.Machine,
	spec Spec) *Failure {
	w := explore(choice, topology, newMachine, spec, usualLimits().told())
	return w.failure
}

// failures keeps the shortest failing run of every class.
type failures struct{ runs []failingRun }

type failingRun struct {
	failure  Failure
	choices  []uint64
	topology *Topology
	limits   limits
}

func (f *failures) add(w *world, choice *recording, run string) {
	if w.failure == nil {
		return
	}
	w.failure.Run = run
	found := failingRun{*w.failure, choice.made, w.topology, w.limits}
	for i := range f.runs {
		if f.runs[i].failure.Class == found.failure.Class {
			if len(found.choices) < len(f.runs[i].choices) {
				f.runs[i] = found
			}
			return
		}
	}
	f.runs = append(f.runs, found)
}

// tell plays the failing runs again, writing their stories down.
func (f *failures) tell(newMachine func(protocol.TaskShape) protocol.Machine, spec Spec) []Failure {
	var told []Failure
	for _, run := range f.runs {
		w := explore(&replay{run.choices}, run.topology, newMachine, spec, run.limits.told())
		if w.failure == nil {
			panic("protocoltest: a machine behaves differently when its run is played again")
		}
		w.failure.Run = run.failure.Run
		told = append(told, *w.failure)
	}
	return told
}
