package checkers

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

// fixedReplay answers what a test tells it to.
type fixedReplay struct {
	expected  Expected
	endless   bool
	reached   Expected
	witnesses []Witness
	err       error
}

func (f *fixedReplay) Expected() (*Expected, bool) { return &f.expected, !f.endless }
func (f *fixedReplay) Reached() *Expected          { return &f.reached }
func (f *fixedReplay) Reexecute(w *Witness) error {
	f.witnesses = append(f.witnesses, Witness{Checkpoint: w.Checkpoint,
		Tasks: append([]TaskWitness(nil), w.Tasks...)})
	return f.err
}

// tenDue is a job whose sink must show ten records with a sum of 77.
func tenDue() (*Setup, *fixedReplay) {
	replay := &fixedReplay{expected: Expected{
		Outputs: []ExpectedOutput{{Sink: dbSink, Tally: protocol.Tally{Count: 10, Sum: 77}, Content: 5,
			HasContent: true}},
		States: []ExpectedState{{Operator: delaysOperator, Name: "delays",
			Applied: protocol.Tally{Count: 10, Sum: 77}, Content: 6}},
	}}
	setup := tapeSetup()
	setup.Replay = replay
	return setup, replay
}

func TestEffectsAcceptsTheFoldOfTheInput(t *testing.T) {
	setup, _ := tenDue()
	p := only(t, setup, NewEffects())
	p.external(protocol.OutputVisible, dbSink, txn(0, 1), 4, 70)
	p.external(protocol.OutputVisible, dbSink, txn(0, 2), 6, 7)
	require.Empty(t, p.finish(End{Status: protocol.JobFinished, States: []StateEnd{
		{Operator: delaysOperator, Applied: protocol.Tally{Count: 10, Sum: 77}, Content: 6},
	}}))
}

func TestEffectsNamesWhatIsWrongWithTheOutput(t *testing.T) {
	for class, shown := range map[string][2]int64{"lost": {9, 70}, "duplicated": {11, 80},
		"corrupt": {10, 78}} {
		setup, _ := tenDue()
		p := only(t, setup, NewEffects())
		p.begin(0, 0)
		restored := p.begin(1, 0)
		last := p.external(protocol.OutputVisible, dbSink, txn(1, 1), shown[0], shown[1])
		requireOnly(t, p.finished(), class+"/effects/db", restored, last)
	}
}

func TestEffectsNamesWhatIsWrongWithAState(t *testing.T) {
	for class, state := range map[string]StateEnd{
		"lost":       {Applied: protocol.Tally{Count: 9, Sum: 70}, Content: 6},
		"duplicated": {Applied: protocol.Tally{Count: 11, Sum: 80}, Content: 6},
		"corrupt":    {Applied: protocol.Tally{Count: 10, Sum: 77}, Content: 7},
	} {
		setup, _ := tenDue()
		p := only(t, setup, NewEffects())
		p.external(protocol.OutputVisible, dbSink, txn(0, 1), 10, 77)
		state.Operator = delaysOperator
		got := p.finish(End{Status: protocol.JobFinished, States: []StateEnd{state}})
		require.Len(t, got, 1)
		require.Equal(t, class+"/effects/delays", got[0].Signature)
	}
}

// repeated plays a run that failed once and shows a record twice.
func repeated(setup *Setup, t *testing.T) []Violation {
	p := only(t, setup, NewEffects())
	p.begin(0, 0)
	p.begin(1, 0)
	p.external(protocol.OutputVisible, dbSink, txn(1, 1), 11, 80)
	return p.finished()
}

func TestAtLeastOncePassesItsOwnContractAndIsCaughtUnderTheStrongerOne(t *testing.T) {
	setup, _ := tenDue()
	setup.Contract = protocol.ContractAtLeastOnce
	require.Empty(t, repeated(setup, t))
	setup.Contract = protocol.ContractExactlyOnce
	got := repeated(setup, t)
	require.Len(t, got, 1)
	require.Equal(t, Duplicated, got[0].Class)
}

func TestAtLeastOnceMustNotLoseAndMustNotRepeatWithoutAFailure(t *testing.T) {
	setup, _ := tenDue()
	setup.Contract = protocol.ContractAtLeastOnce
	p := only(t, setup, NewEffects())
	p.begin(1, 0)
	p.external(protocol.OutputVisible, dbSink, txn(1, 1), 9, 70)
	require.Equal(t, Lost, p.finished()[0].Class)
	p = only(t, setup, NewEffects())
	p.external(protocol.OutputVisible, dbSink, txn(0, 1), 11, 80)
	require.Equal(t, Duplicated, p.finished()[0].Class)
}

func TestAnAppendSinkMayRepeatAfterAFailureOnly(t *testing.T) {
	setup, _ := tenDue()
	setup.Sinks[0].Promise = Append
	require.Empty(t, repeated(setup, t))
	p := only(t, setup, NewEffects())
	p.external(protocol.OutputVisible, dbSink, 0, 11, 80)
	require.Equal(t, Duplicated, p.finished()[0].Class)
}

func TestAnUpsertSinkIsJudgedByItsTable(t *testing.T) {
	setup, _ := tenDue()
	setup.Sinks[0].Promise = Upsert
	p := only(t, setup, NewEffects())
	p.external(protocol.OutputVisible, dbSink, 0, 25, 80)
	require.Empty(t, p.finish(End{Status: protocol.JobFinished, Outputs: []OutputEnd{{Sink: dbSink,
		Content: 5}}}))
	p = only(t, setup, NewEffects())
	got := p.finish(End{Status: protocol.JobFinished, Outputs: []OutputEnd{{Sink: dbSink, Content: 4}}})
	require.Len(t, got, 1)
	require.Equal(t, "corrupt/effects/db", got[0].Signature)
}

func TestWithoutCheckpointsNothingIsPromisedAfterAFailure(t *testing.T) {
	setup, _ := tenDue()
	setup.Checkpoints = false
	require.Empty(t, repeated(setup, t))
	p := only(t, setup, NewEffects())
	p.external(protocol.OutputVisible, dbSink, 0, 11, 80)
	require.NotEmpty(t, p.finished(), "without a failure every effect is there once")
}

func TestEffectsWaitsForTheEndOfTheInput(t *testing.T) {
	setup, replay := tenDue()
	require.Empty(t, only(t, setup, NewEffects()).finish(End{Status: protocol.JobRunning}))
	replay.endless = true
	require.Empty(t, only(t, setup, NewEffects()).finished())
}

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

func TestReexecutionHandsOverTheOrderUpToEachCut(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.BufferConsumed, delays, 0, 0, 10, 0)
	p.task(protocol.BufferConsumed, delays, 0, 10, 5, 0)
	p.task(protocol.WatermarkAdvanced, delays, 50)
	p.task(protocol.TimerFired, delays, delaysOperator, 0, 40, 3)
	p.task(protocol.ClockRead, delays, delaysOperator, 1234)
	p.task(protocol.BufferConsumed, delays, 1, 0, 7, 0)
	snapshot(p, 0, 1)                                     // in the middle of channel 0's next buffer
	p.task(protocol.BufferConsumed, delays, 0, 15, 10, 0) // 4 before the cut, 6 after it
	p.task(protocol.BufferConsumed, delays, 1, 7, 3, 0)
	p.suite.ObservePoint(cutAt(1, 19, 7, 0))
	require.Len(t, replay.witnesses, 1)
	require.Equal(t, protocol.CheckpointID(1), replay.witnesses[0].Checkpoint)
	require.Equal(t, []WitnessStep{
		run(0, 0, 15),
		{Kind: StepWatermark, Value: 50},
		{Kind: StepTimer, Operator: delaysOperator, Value: 40, Key: 3},
		{Kind: StepClock, Operator: delaysOperator, Value: 1234},
		run(1, 0, 7),
		run(0, 15, 4),
	}, replay.witnesses[0].Tasks[delays].Steps)
	p.finished()
	require.Equal(t, []WitnessStep{run(0, 19, 6), run(1, 7, 3)}, replay.witnesses[1].Tasks[delays].Steps)
}

func TestReexecutionLeavesOutWhatARestoreTookBack(t *testing.T) {
	p, replay := ordered(t)
	p.task(protocol.BufferConsumed, delays, 0, 0, 10, 0)
	snapshot(p, 0, 1)
	p.suite.ObservePoint(cutAt(1, 10, 0, 0))
	p.task(protocol.BufferConsumed, delays, 1, 0, 7, 0) // rolled back
	p.begin(1, 1)
	p.in(0, protocol.BufferConsumed, delays, 1, 7, 9, 0) // a zombie
	p.in(1, protocol.BufferConsumed, delays, 0, 10, 10, 0)
	p.in(1, protocol.BufferConsumed, delays, 1, 0, 9, 0)
	p.finished()
	require.Equal(t, []WitnessStep{{Kind: StepReset}, run(0, 10, 10), run(1, 0, 9)},
		replay.witnesses[1].Tasks[delays].Steps)
}

func TestReexecutionSeesAStateThatTheOrderDoesNotExplain(t *testing.T) {
	p, replay := ordered(t)
	replay.reached = Expected{States: []ExpectedState{{Operator: delaysOperator, Name: "delays", Content: 6}}}
	snapshot(p, 0, 1)
	p.suite.ObservePoint(cutAt(1, 0, 0, 7))
	got := p.finished()
	require.Len(t, got, 1)
	require.Equal(t, "corrupt/re-execution/delays", got[0].Signature)
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

func TestReexecutionSeesAWitnessThatIsNoExecution(t *testing.T) {
	p, replay := ordered(t)
	replay.err = errors.New("delays read element 5 before it was sent")
	got := p.finished()
	require.Len(t, got, 1)
	require.Equal(t, "corrupt/re-execution/witness", got[0].Signature)
	require.Contains(t, got[0].Detail, "element 5")
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

// named is a detailed run in which db must show records 1, 2 and 3 of split 0.
func named(t *testing.T) *tape {
	setup, replay := tenDue()
	setup.Detailed = true
	names := []uint64{source(1), source(2), source(3)}
	replay.expected = Expected{
		Outputs: []ExpectedOutput{{Sink: dbSink, Lineages: names}},
		States:  []ExpectedState{{Operator: dbOperator, Name: "db", Lineages: names}},
	}
	p := only(t, setup, NewLineages())
	p.begin(0, 0)
	return p
}

func source(offset int64) uint64 { return protocol.SourceLineage(0, 0, offset) }

func applyRecord(p *tape, attempt, offset int64) sim.Event {
	return p.in(attempt, protocol.RecordApplied, db, dbOperator, 0, int64(source(offset)), 9)
}

func show(p *tape, offset int64) sim.Event {
	return p.external(protocol.RecordVisible, dbSink, txn(0, 1), int64(source(offset)), 9)
}

func TestLineagesAcceptsEachRecordOnceInTheEffectiveHistory(t *testing.T) {
	p := named(t)
	applyRecord(p, 0, 1)
	snapshot(p, 0, 1)
	applyRecord(p, 0, 2) // rolled back
	p.begin(1, 1)
	applyRecord(p, 0, 3) // a zombie
	applyRecord(p, 1, 3)
	applyRecord(p, 1, 2)
	show(p, 3)
	show(p, 1)
	show(p, 2)
	require.Empty(t, p.finished())
}

func TestLineagesNamesTheRecordThatIsMissing(t *testing.T) {
	p := named(t)
	applyRecord(p, 0, 1)
	last := applyRecord(p, 0, 2)
	applyRecord(p, 0, 3)
	show(p, 1)
	show(p, 3)
	got := p.finished()
	requireOnly(t, got, "lost/lineages/db", last)
	require.Contains(t, got[0].Detail, "source 0, split 0, offset 2")
}

func TestLineagesNamesTheRecordThatIsThereTwice(t *testing.T) {
	p := named(t)
	for offset := int64(1); offset <= 3; offset++ {
		applyRecord(p, 0, offset)
	}
	show(p, 1)
	first := show(p, 2)
	show(p, 3)
	second := show(p, 2)
	requireOnly(t, p.finished(), "duplicated/lineages/db", first, second)
}

func TestLineagesNamesTheRecordThatMustNotBeThere(t *testing.T) {
	p := named(t)
	for offset := int64(1); offset <= 3; offset++ {
		applyRecord(p, 0, offset)
		show(p, offset)
	}
	extra := show(p, 4)
	requireOnly(t, p.finished(), "orphan/lineages/db", extra)
}

func TestLineagesSeesARestoreThatRepeatsAnEffect(t *testing.T) {
	p := named(t)
	applyRecord(p, 0, 1)
	first := applyRecord(p, 0, 2)
	snapshot(p, 0, 1)
	p.begin(1, 1)
	again := applyRecord(p, 1, 2)
	applyRecord(p, 1, 3)
	for offset := int64(1); offset <= 3; offset++ {
		show(p, offset)
	}
	requireOnly(t, p.finished(), "duplicated/lineages/db", first, again)
}

func TestLineageNameTellsSourceRecordsFromDerivedOnes(t *testing.T) {
	require.Equal(t, "source 2, split 3, offset 40", LineageName(protocol.SourceLineage(2, 3, 40)))
	require.Equal(t, "#ffffffffffffffff", LineageName(1<<64-1))
}
