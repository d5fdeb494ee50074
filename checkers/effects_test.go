package checkers

import (
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
