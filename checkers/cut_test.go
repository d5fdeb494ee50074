package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

// records are the first n records of both splits of flights.
func records(n int64) (first, second []uint64) {
	for offset := range n {
		first = append(first, protocol.SourceLineage(0, 0, offset))
		second = append(second, protocol.SourceLineage(0, 1, offset))
	}
	return first, second
}

// tenPoint is a consistent cut: each source has emitted ten records; of split 0, delays
// has applied eight, and the last two are recorded as its input; of split 1 all ten. It
// sent each on to db, which took them all: five are visible, the others wait.
func tenPoint(id protocol.CheckpointID) *protocol.RecoveryPoint {
	a, b := records(10)
	applied := append(append([]uint64(nil), a[:8]...), b...)
	mark := protocol.MixLineage(5) | 1<<63 // a watermark in flight is no record
	return &protocol.RecoveryPoint{Checkpoint: id, Tasks: []protocol.TaskPoint{
		{Task: flights0, Sent: []protocol.Chain{chainOf(append(a, mark)...)},
			Positions: []protocol.SplitPosition{{Split: 0, Offset: 10}}},
		{Task: flights1, Sent: []protocol.Chain{chainOf(b...)},
			Positions: []protocol.SplitPosition{{Split: 1, Offset: 10}}},
		{
			Task: delays, Received: []protocol.Chain{chainOf(a[:8]...), chainOf(b...)},
			Sent:       []protocol.Chain{chainOf(applied...)},
			InputState: [][]uint64{{a[8], a[9], mark}, nil},
			States:     []protocol.StatePoint{{Operator: delaysOperator, Applied: tallyOf(applied...)}},
		},
		{
			Task: db, Received: []protocol.Chain{chainOf(applied...)},
			States: []protocol.StatePoint{{Operator: dbOperator, Applied: tallyOf(applied...)}},
			Transactions: []protocol.TransactionPoint{{
				Transaction: protocol.TransactionID(txn(0, 1)), Content: tallyOf(applied[5:]...),
			}},
		},
	}}
}

// showFive makes the first five records of tenPoint visible.
func showFive(p *tape) {
	a, _ := records(5)
	sum := tallyOf(a...)
	p.external(protocol.OutputVisible, dbSink, txn(0, 0)+1<<40, sum.Count, int64(sum.Sum))
}

// judge plays a checkpoint's life around a point into one checker.
func judge(t *testing.T, c Checker, setup *Setup, point *protocol.RecoveryPoint) []Violation {
	p := only(t, setup, c)
	p.begin(0, 0)
	showFive(p)
	p.checkpoint(1, 0)
	p.suite.ObservePoint(point)
	return p.finished()
}

func TestCutAcceptsAConsistentCut(t *testing.T) {
	require.Empty(t, judge(t, NewCut(), tapeSetup(), tenPoint(1)))
}

func TestCutNamesEachWayToBeInconsistent(t *testing.T) {
	for signature, spoil := range map[string]func(*protocol.RecoveryPoint){
		"orphan/cut/flights-to-delays": func(p *protocol.RecoveryPoint) {
			p.Tasks[delays].Received[1].Extend(99)
		},
		"lost/cut/flights-to-delays": func(p *protocol.RecoveryPoint) {
			p.Tasks[delays].InputState[0] = p.Tasks[delays].InputState[0][1:]
		},
		"duplicated/cut/flights-to-delays": func(p *protocol.RecoveryPoint) {
			p.Tasks[flights1].OutputState = [][]uint64{{7}}
		},
		"reordered/cut/flights-to-delays": func(p *protocol.RecoveryPoint) {
			in := p.Tasks[delays].InputState[0]
			in[0], in[1] = in[1], in[0]
		},
		"lost/cut/delays-to-db": func(p *protocol.RecoveryPoint) {
			p.Tasks[db].Received = nil
		},
		"lost/cut/db": func(p *protocol.RecoveryPoint) {
			p.Tasks[db].Transactions = nil
		},
		"duplicated/cut/db": func(p *protocol.RecoveryPoint) {
			more := &p.Tasks[db].Transactions[0].Content
			more.Add(4)
		},
		"corrupt/cut/db": func(p *protocol.RecoveryPoint) {
			p.Tasks[db].Transactions[0].Content.Sum++
		},
	} {
		point := tenPoint(1)
		spoil(point)
		got := judge(t, NewCut(), tapeSetup(), point)
		require.Len(t, got, 1, signature)
		require.Equal(t, signature, got[0].Signature)
		require.NotEmpty(t, got[0].Witness)
		last := got[0].Witness[len(got[0].Witness)-1]
		require.Equal(t, protocol.CheckpointCompleted, protocol.EventKind(last.Kind))
	}
}

func TestCutLetsAReceiverBeAheadUnderAtLeastOnceOnly(t *testing.T) {
	setup := tapeSetup()
	setup.Contract = protocol.ContractAtLeastOnce
	point := tenPoint(1)
	point.Tasks[delays].Received[1].Extend(99)
	require.Empty(t, judge(t, NewCut(), setup, point))
	require.NotEmpty(t, judge(t, NewCut(), tapeSetup(), point))
	point.Tasks[delays].InputState[0] = nil
	require.NotEmpty(t, judge(t, NewCut(), setup, point), "nothing may be lost")
}

func TestCutCountsATransactionOnceWhenItBecomesVisible(t *testing.T) {
	p := only(t, tapeSetup(), NewCut())
	showFive(p)
	rest := tenPoint(1).Tasks[db].Transactions[0].Content
	p.external(protocol.OutputVisible, dbSink, txn(0, 1), rest.Count, int64(rest.Sum))
	p.suite.ObservePoint(tenPoint(1))
	require.Empty(t, p.finished())
}

func TestCutTakesWhatWasVisibleBeforeARetainedCheckpointAsGiven(t *testing.T) {
	setup := tapeSetup()
	setup.RestoredFrom = 1
	p := only(t, setup, NewCut())
	p.suite.ObservePoint(tenPoint(1)) // nobody saw its first five records become visible
	p.suite.ObservePoint(tenPoint(2))
	require.Empty(t, p.finished())
	spoiled := tenPoint(3)
	spoiled.Tasks[db].Transactions = nil
	p.suite.ObservePoint(spoiled)
	require.NotEmpty(t, p.finished())
}

func TestFrontierAcceptsPositionsThatMatchTheState(t *testing.T) {
	require.Empty(t, judge(t, NewFrontier(), tapeSetup(), tenPoint(1)))
}

func TestFrontierSeesAPositionThatIsOneRecordOff(t *testing.T) {
	for _, offset := range []int64{9, 11} {
		point := tenPoint(1)
		point.Tasks[flights0].Positions[0].Offset = offset
		got := judge(t, NewFrontier(), tapeSetup(), point)
		require.Len(t, got, 1)
		require.Equal(t, "state-offset-skew/frontier/delays", got[0].Signature)
		require.Len(t, got[0].Witness, 2, "trigger and completion")
	}
}

func TestFrontierSeesAStateThatHoldsAnotherRecord(t *testing.T) {
	point := tenPoint(1)
	applied := &point.Tasks[delays].States[0].Applied
	applied.Remove(protocol.SourceLineage(0, 1, 9))
	applied.Add(protocol.SourceLineage(0, 1, 10))
	got := judge(t, NewFrontier(), tapeSetup(), point)
	require.Len(t, got, 1)
	require.Equal(t, "state-offset-skew/frontier/delays", got[0].Signature)
}

func TestFrontierLetsAStateBeAheadUnderAtLeastOnceOnly(t *testing.T) {
	setup := tapeSetup()
	setup.Contract = protocol.ContractAtLeastOnce
	ahead := tenPoint(1)
	ahead.Tasks[delays].States[0].Applied.Add(protocol.SourceLineage(0, 1, 10))
	require.Empty(t, judge(t, NewFrontier(), setup, ahead))
	require.NotEmpty(t, judge(t, NewFrontier(), tapeSetup(), ahead))
	ahead.Tasks[flights1].Positions[0].Offset = 12
	require.NotEmpty(t, judge(t, NewFrontier(), setup, ahead), "nothing may be lost")
}

func TestFrontierFollowsPositionsThatGoBack(t *testing.T) {
	p := only(t, tapeSetup(), NewFrontier())
	far := tenPoint(1)
	far.Tasks[flights0].Positions[0].Offset = 1000
	p.suite.ObservePoint(far)
	require.Len(t, p.suite.Violations(), 1)
	p.suite.ObservePoint(tenPoint(2))
	require.Zero(t, p.suite.Violations()[0].Repeats)
}
