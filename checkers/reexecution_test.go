package checkers

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

// ordered is a setup whose operator depends on the order of its inputs.
func ordered(t *testing.T) (*tape, *fixedReplay) {
	setup, replay := tenDue()
	setup.Vertices[1].Order, setup.Sinks[0].Order = TimeDependent, TimeDependent
	p := only(t, setup, NewReexecution())
	p.begin(0, 0)
	return p, replay
}

// cutAt is a checkpoint in which delays had received a and b elements.
func cutAt(id protocol.CheckpointID, a, b int64, content uint64) *protocol.RecoveryPoint {
	p := &protocol.RecoveryPoint{Checkpoint: id, Tasks: make([]protocol.TaskPoint, 4)}
	p.Tasks[delays].Received = []protocol.Chain{{Count: a}, {Count: b}}
	p.Tasks[db].Received = make([]protocol.Chain, 1)
	p.Tasks[delays].States = []protocol.StatePoint{{Operator: delaysOperator, Content: content}}
	return p
}

func snapshot(p *tape, attempt, id int64) {
	for task := int64(0); task < 4; task++ {
		p.in(attempt, protocol.SnapshotStarted, task, id, 0)
	}
}

func run(channel int32, first, elements int64) WitnessStep {
	return WitnessStep{Kind: StepRun, Channel: channel, First: first, Elements: elements}
}

func steps(w *Witness, task int) []WitnessStep { return w.Tasks[task].Steps }

func TestReexecutionHandsOverTheOrderUpToEachCut(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.BufferConsumed, delays, 0, 0, 10, 0)
	p.task(protocol.BufferConsumed, delays, 0, 10, 5, 0)
	p.task(protocol.WatermarkAdvanced, delays, 50) // follows from the channels
	p.task(protocol.BufferConsumed, delays, 1, 0, 7, 0)
	p.task(protocol.ElementsTaken, delays, 0, 15, 4, -1, 0)
	snapshot(p, 0, 1)                                     // in the middle of channel 0's buffer
	p.task(protocol.BufferConsumed, delays, 0, 15, 10, 0) // 4 before the cut, 6 after it
	p.task(protocol.ElementsTaken, delays, 0, 25, 5, 1, 7)
	p.task(protocol.BufferConsumed, delays, 1, 7, 2, 0) // told already
	snapshot(p, 0, 2)
	p.task(protocol.BufferConsumed, delays, 0, 25, 4, 0)
	p.suite.ObservePoint(cutAt(1, 19, 7, 0))
	require.Len(t, replay.witnesses, 1)
	require.Equal(t, protocol.CheckpointID(1), replay.witnesses[0].Checkpoint)
	require.Equal(t, []WitnessStep{run(0, 0, 15), run(1, 0, 7), run(0, 15, 4)}, steps(&replay.witnesses[0], delays))
	p.suite.ObservePoint(cutAt(2, 28, 9, 0))
	turns := WitnessStep{Kind: StepAlternate, Channel: 0, First: 25, Elements: 5, Other: 1, OtherFirst: 7}
	require.Equal(t, []WitnessStep{run(0, 19, 6), turns}, steps(&replay.witnesses[1], delays))
	p.finished()
	require.Equal(t, []WitnessStep{run(0, 28, 1)}, steps(&replay.witnesses[2], delays))
}

func TestReexecutionPlacesTimersAndClockReadsAmongTheElements(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.ClockRead, delays, delaysOperator, 1234, 0, 3)
	p.task(protocol.ClockRead, delays, dbOperator, 1234, 0, 3) // another operator, the same record
	p.task(protocol.BufferConsumed, delays, 0, 0, 10, 0)
	p.task(protocol.ProcessingTimersFired, delays, 2000, 2)
	p.task(protocol.TimerFired, delays, delaysOperator, 1, 1900, 3)
	p.task(protocol.ChannelEnded, delays, 1)
	p.task(protocol.OperatorsFinished, delays, 3000)
	p.finished()
	require.Equal(t, []WitnessStep{
		run(0, 0, 3), {Kind: StepClock, Value: 1234}, run(0, 3, 7),
		{Kind: StepTimers, Value: 2000, Elements: 2}, {Kind: StepEnded, Channel: 1}, {Kind: StepFinish, Value: 3000},
	}, steps(&replay.witnesses[0], delays))
}

func TestReexecutionFollowsASource(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.SplitAssigned, flights0, 3, 0)
	p.task(protocol.ClockRead, flights0, delaysOperator, 77, -1, 4)
	p.task(protocol.SourceAdvanced, flights0, 0, 10, 99)
	p.task(protocol.WatermarkAdvanced, flights0, 50)
	p.task(protocol.SourceAdvanced, flights0, 10, 1, 98)
	p.task(protocol.WatermarkStatusChanged, flights0, 0, 1)
	p.finished()
	require.Equal(t, []WitnessStep{
		{Kind: StepSplit, Channel: 3}, {Kind: StepSource, Elements: 4}, {Kind: StepClock, Value: 77},
		{Kind: StepSource, Elements: 6}, {Kind: StepRecords, Elements: 10, Value: 99},
		{Kind: StepWatermark, Value: 50}, {Kind: StepSource, Elements: 1},
		{Kind: StepRecords, Elements: 1, Value: 98}, {Kind: StepStatus, Value: 1},
	}, steps(&replay.witnesses[0], flights0))
}

func TestReexecutionLeavesOutWhatARestoreTookBack(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.BufferConsumed, delays, 0, 0, 10, 0)
	snapshot(p, 0, 1)
	p.suite.ObservePoint(cutAt(1, 10, 0, 0))
	p.task(protocol.BufferConsumed, delays, 1, 0, 7, 0) // rolled back
	p.task(protocol.OperatorsFinished, delays, 0)       // and so are the operators' ends
	p.begin(1, 1)
	p.in(0, protocol.BufferConsumed, delays, 1, 7, 9, 0) // a zombie
	p.in(1, protocol.BufferConsumed, delays, 0, 10, 10, 0)
	p.in(1, protocol.BufferConsumed, delays, 1, 0, 9, 0)
	snapshot(p, 1, 2)
	p.suite.ObservePoint(cutAt(2, 20, 9, 0))
	require.Equal(t, []WitnessStep{{Kind: StepReset}, run(0, 10, 10), run(1, 0, 9)},
		steps(&replay.witnesses[1], delays))
}

// (1) A leader cancels, and stands still; (2) its successor starts the job again; (3) the first one
// wakes up and starts its next attempt, which no task manager takes.
func TestReexecutionTakesNothingBackForAFormerLeader(t *testing.T) {
	p, replay := ordered(t)
	p.by(jobManager, protocol.LeaderElected, 0, 1)
	snapshot(p, 0, 1)
	p.suite.ObservePoint(cutAt(1, 0, 0, 0))
	p.by(standby, protocol.LeaderElected, 1, 2)
	p.by(standby, protocol.JobRestored, 2, 1)
	p.in(2, protocol.BufferConsumed, delays, 0, 0, 10, 0)
	p.by(jobManager, protocol.JobRestored, 1, 1)
	snapshot(p, 2, 2)
	p.suite.ObservePoint(cutAt(2, 10, 0, 0))
	require.Equal(t, []WitnessStep{{Kind: StepReset}, run(0, 0, 10)}, steps(&replay.witnesses[1], delays))
}

func TestReexecutionKnowsTasksThatHadFinished(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.OperatorsFinished, flights0, 5)
	for task := int64(flights1); task < 4; task++ {
		p.in(0, protocol.SnapshotStarted, task, 1, 0)
	}
	p.suite.ObservePoint(cutAt(1, 0, 0, 0))
	require.Equal(t, []WitnessStep{{Kind: StepFinish, Value: 5}}, steps(&replay.witnesses[0], flights0))
	p.begin(1, 1)
	for task := int64(flights1); task < 4; task++ {
		p.in(1, protocol.SnapshotStarted, task, 2, 0)
	}
	p.suite.ObservePoint(cutAt(2, 0, 0, 0))
	require.Len(t, replay.witnesses, 2, "it had finished before the restored checkpoint too")
}

func TestReexecutionFollowsARestoreFromACheckpointThatNobodySawComplete(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.BufferConsumed, delays, 0, 0, 10, 0)
	snapshot(p, 0, 1)
	p.task(protocol.BufferConsumed, delays, 0, 10, 7, 0) // rolled back
	p.begin(1, 1)
	require.Equal(t, []WitnessStep{run(0, 0, 10)}, steps(&replay.witnesses[0], delays))
	p.in(1, protocol.BufferConsumed, delays, 0, 10, 5, 0)
	p.finished()
	require.Equal(t, []WitnessStep{{Kind: StepReset}, run(0, 10, 5)}, steps(&replay.witnesses[1], delays))
}

func TestReexecutionSeesAStateThatTheOrderDoesNotExplain(t *testing.T) {
	p, replay := ordered(t)
	replay.reached = Expected{States: []ExpectedState{{Operator: delaysOperator, Name: "delays", Content: 6}}}
	triggered := p.master(protocol.CheckpointTriggered, 1, 0, 0)
	snapshot(p, 0, 1)
	completed := p.master(protocol.CheckpointCompleted, 1, 0, 0)
	p.suite.ObservePoint(cutAt(1, 0, 0, 7))
	requireOnly(t, p.finished(), "corrupt/re-execution/delays", triggered, completed)
}

// reachedAt is what re-executed tasks have come to when a run did all right.
func reachedAt() Expected {
	want := Expected{Tasks: make([]ReachedTask, 4)}
	want.Tasks[flights0] = ReachedTask{Executed: true, Sent: []protocol.Chain{chainOf(1, 2)},
		Positions: []protocol.SplitPosition{{Split: 0, Offset: 2}}}
	want.Tasks[delays] = ReachedTask{Executed: true, Received: []int64{2, 0},
		Sent:   []protocol.Chain{chainOf(3, 4)},
		States: []protocol.StatePoint{{Operator: delaysOperator, Applied: tallyOf(1, 2), Content: 7}}}
	return want
}

func pointAt() *protocol.RecoveryPoint {
	p := cutAt(1, 2, 0, 7)
	p.Tasks[flights0].Positions = []protocol.SplitPosition{{Split: 0, Offset: 2}}
	p.Tasks[flights0].Sent = []protocol.Chain{chainOf(1, 2)}
	p.Tasks[delays].Sent = []protocol.Chain{chainOf(3, 4)}
	p.Tasks[delays].States[0].Applied = tallyOf(1, 2)
	return p
}

func TestReexecutionComparesEveryTaskAndReportsTheFirstThatDiffers(t *testing.T) {
	for _, c := range []struct {
		signature string
		change    func(*protocol.RecoveryPoint)
	}{
		{"", func(*protocol.RecoveryPoint) {}},
		{"state-offset-skew/re-execution/flights", func(p *protocol.RecoveryPoint) {
			p.Tasks[flights0].Positions[0].Offset = 1
			p.Tasks[delays].States[0].Content = 8
		}},
		{"state-offset-skew/re-execution/delays", func(p *protocol.RecoveryPoint) { p.Tasks[delays].Received[0].Count = 3 }},
		{"lost/re-execution/delays", func(p *protocol.RecoveryPoint) { p.Tasks[delays].States[0].Applied = tallyOf(1) }},
		{"duplicated/re-execution/delays", func(p *protocol.RecoveryPoint) {
			p.Tasks[delays].States[0].Applied = tallyOf(1, 2, 2)
		}},
		{"corrupt/re-execution/delays", func(p *protocol.RecoveryPoint) { p.Tasks[delays].States[0].Content = 8 }},
		{"corrupt/re-execution/delays", func(p *protocol.RecoveryPoint) { p.Tasks[delays].Sent[0] = chainOf(4, 3) }},
		{"lost/re-execution/flights", func(p *protocol.RecoveryPoint) { p.Tasks[flights0].Sent[0] = chainOf(1) }},
		{"duplicated/re-execution/flights", func(p *protocol.RecoveryPoint) {
			p.Tasks[flights0].Sent[0] = chainOf(1, 2, 2)
		}},
	} {
		p, replay := ordered(t)
		replay.reached = reachedAt()
		point := pointAt()
		c.change(point)
		snapshot(p, 0, 1)
		p.suite.ObservePoint(point)
		got := p.finished()
		if c.signature == "" {
			require.Empty(t, got)
			continue
		}
		require.Len(t, got, 1, c.signature)
		require.Equal(t, c.signature, got[0].Signature, got[0].Detail)
		require.Len(t, replay.witnesses, 1, "nothing later could be equal")
	}
}

func TestReexecutionSeesOutputThatTheOrderDoesNotExplain(t *testing.T) {
	for class, due := range map[string]protocol.Tally{
		"lost": {Count: 11, Sum: 77}, "duplicated": {Count: 9, Sum: 77}, "corrupt": {Count: 10, Sum: 1},
	} {
		p, replay := ordered(t)
		replay.reached = Expected{Outputs: []ExpectedOutput{{Sink: dbSink, Tally: due}}}
		last := visible(p, txn(0, 1))
		requireOnly(t, p.finished(), class+"/re-execution/db", last)
	}
}

func TestReexecutionNamesTheRecordInDetailedRuns(t *testing.T) {
	p, replay := ordered(t)
	replay.reached = Expected{Outputs: []ExpectedOutput{{
		Sink: dbSink, Tally: tallyOf(source(1), source(2)), Lineages: []uint64{source(1), source(2)},
	}}}
	show(p, 1)
	sum := tallyOf(source(1))
	p.external(protocol.OutputVisible, dbSink, txn(0, 1), sum.Count, int64(sum.Sum))
	got := p.finished()
	require.Len(t, got, 1)
	require.Equal(t, "lost/re-execution/db", got[0].Signature)
	require.Contains(t, got[0].Detail, "source 0, split 0, offset 2")
}

func TestReexecutionJudgesATableByItsContent(t *testing.T) {
	for _, c := range []struct {
		order    Order
		restored bool
		caught   bool
	}{{MergeOrder, false, true}, {MergeOrder, true, true}, {TimeDependent, false, true}, {TimeDependent, true, false}} {
		setup, replay := tenDue()
		setup.Vertices[1].Order, setup.Sinks[0].Order, setup.Sinks[0].Promise = c.order, c.order, Upsert
		replay.reached = Expected{Outputs: []ExpectedOutput{{Sink: dbSink, Content: 5, HasContent: true}}}
		p := only(t, setup, NewReexecution())
		p.begin(0, 0)
		if c.restored {
			p.begin(1, 0)
		}
		got := p.finish(End{Status: protocol.JobFinished, Outputs: []OutputEnd{{Sink: dbSink, Content: 4}}})
		require.Equal(t, c.caught, len(got) == 1, "%v", c)
	}
}

func TestReexecutionSeesAWitnessThatIsNoExecution(t *testing.T) {
	p, replay := ordered(t)
	replay.err = errors.New("delays read element 5 before it was sent")
	got := p.finished()
	require.Len(t, got, 1)
	require.Equal(t, "corrupt/re-execution/witness", got[0].Signature)
	require.Contains(t, got[0].Detail, "element 5")
}

func TestReexecutionBlamesTheTaskThatCouldNotFollow(t *testing.T) {
	p, replay := ordered(t)
	replay.err = &Divergence{Class: Orphan, Task: delays, Detail: "it took element 5, which was never sent"}
	got := p.finished()
	require.Len(t, got, 1)
	require.Equal(t, "orphan/re-execution/delays", got[0].Signature)
}

func TestReexecutionBlamesATaskBeforeTheOneThatCouldNotFollow(t *testing.T) {
	p, replay := ordered(t)
	replay.err = &Divergence{Class: Orphan, Task: delays, Detail: "it took element 1, which was never sent"}
	replay.reached = reachedAt()
	point := pointAt()
	point.Tasks[flights0].Sent[0] = chainOf(1, 2, 2)
	snapshot(p, 0, 1)
	p.suite.ObservePoint(point)
	got := p.finished()
	require.Len(t, got, 1)
	require.Equal(t, "duplicated/re-execution/flights", got[0].Signature)
}

func TestReexecutionGivesUpWhereItCannotGoBack(t *testing.T) {
	p, replay := ordered(t)
	snapshot(p, 0, 1)
	p.suite.ObservePoint(cutAt(1, 0, 0, 0))
	p.begin(1, 0) // an older one: RestoreRules tells
	visible(p, txn(1, 1))
	require.Empty(t, p.finished())
	require.Len(t, replay.witnesses, 1)
}

func TestReexecutionEndsWithTheFirstFailureWithoutCheckpoints(t *testing.T) {
	setup, replay := tenDue()
	setup.Vertices[1].Order, setup.Sinks[0].Order, setup.Checkpoints = MergeOrder, MergeOrder, false
	p := only(t, setup, NewReexecution())
	p.begin(0, 0)
	p.begin(1, 0)
	require.Empty(t, p.finished())
	require.Empty(t, replay.witnesses)
}

func TestReexecutionAllocatesNothingPerBuffer(t *testing.T) {
	p, _ := ordered(t)
	first := int64(0)
	e := sim.Event{Actor: taskActors + delays, Kind: sim.EventKind(protocol.BufferConsumed)}
	e.Args = [6]int64{delays, 0, 0, 10}
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		e.Args[2] = first
		first += 10
		p.suite.Observe(&e)
	}))
}
