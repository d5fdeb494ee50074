package external_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/external"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestLedgerKeepsNoMoreRecordsThanAskedFor(t *testing.T) {
	b := newBench(t, 0)
	*b.ledger = *external.NewLedger(newPlan(t, 0), 2)
	cl := b.client(appending, 0)
	cl.send(rpc.ExternalWrite, 0, 1, 2, 3)
	b.run(1)
	require.Len(t, b.ledger.Visible(), 2)
	require.Equal(t, tallyOf(1, 2, 3), b.ledger.Content(3))
}

// Crashes of the system, and lost and repeated messages, change neither what becomes
// visible nor its order.
func TestCrashesAndLossesChangeNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := newBench(r, 0)
		percent := rapid.Uint64Range(0, 60).Draw(r, "percent lost")
		b.kernel.SetPostFilter(func(p *sim.Post) sim.Verdict {
			draw := sim.Draw(1, sim.PurposeFault, uint64(p.NowNanos), uint64(p.From), uint64(p.Message.A))
			lossy := p.NowNanos < 60e9
			return sim.Verdict{Drop: lossy && draw%100 < percent, Duplicate: draw%3 == 0}
		})
		for range rapid.IntRange(0, 5).Draw(r, "crashes") {
			at := rapid.Int64Range(1, 60e9).Draw(r, "crash at")
			b.kernel.At(at, func() { b.kernel.Crash(b.process) })
			b.kernel.At(at+rapid.Int64Range(1, 9e9).Draw(r, "down"), func() { b.kernel.Restart(b.process) })
		}
		cl, log := b.client(transactional, 0), b.client(appending, 0)
		var want, logged []uint64
		lineage := uint64(0)
		for n := range rapid.IntRange(1, 8).Draw(r, "transactions") {
			id := protocol.MakeTransactionID(transactional, 0, protocol.CheckpointID(int64(n)+1))
			cl.send(rpc.ExternalBegin, id)
			for range rapid.IntRange(0, 4).Draw(r, "writes") {
				lineage++
				cl.send(rpc.ExternalWrite, id, lineage)
				want = append(want, lineage)
				log.send(rpc.ExternalWrite, 0, 1000+lineage)
				logged = append(logged, 1000+lineage)
			}
			cl.send(rpc.ExternalPrepare, id)
			cl.send(rpc.ExternalCommit, id)
			b.run(rapid.Int64Range(0, 5).Draw(r, "pause"))
		}
		b.run(200)
		require.Empty(r, cl.open)
		require.Empty(r, log.open)
		var got, gotLogged []uint64
		for _, c := range b.ledger.Visible() {
			if c.Sink == 1 {
				got = append(got, c.Record.Lineage)
			} else {
				gotLogged = append(gotLogged, c.Record.Lineage)
			}
		}
		require.Equal(r, want, got)
		require.Equal(r, logged, gotLogged)
		require.Zero(r, b.ledger.OpenTransactions())
	})
}

func TestARefusedRequestAndWhatCameBehindItComeAgainInOrder(t *testing.T) {
	b := newBench(t, 0)
	cl := b.client(transactional, 0)
	id := protocol.MakeTransactionID(transactional, 0, 1)
	refused := &external.RequestFault{Operation: rpc.ExternalWrite, Remaining: 1}
	b.faults.Faults = []*external.RequestFault{refused}
	cl.send(rpc.ExternalBegin, id)
	cl.send(rpc.ExternalWrite, id, 1, 2)
	cl.send(rpc.ExternalPrepare, id, 3)
	cl.send(rpc.ExternalCommit, id)
	b.kernel.RunUntil(900e6)
	require.Equal(t, []rpc.ExternalStatus{0}, cl.answers, "nothing overtakes what was refused")
	require.EqualValues(t, 1, refused.Struck)
	b.run(2)
	require.Equal(t, []rpc.ExternalStatus{0, 0, 0, 0}, cl.answers)
	require.Equal(t, tallyOf(1, 2, 3), b.ledger.Content(1))
}

func TestACommitWhoseAnswerIsLostIsDoneOnce(t *testing.T) {
	b := newBench(t, 0)
	cl := b.client(transactional, 0)
	id := protocol.MakeTransactionID(transactional, 0, 1)
	b.faults.Faults = []*external.RequestFault{{Operation: rpc.ExternalCommit, Remaining: -1, Applied: true}}
	cl.send(rpc.ExternalBegin, id)
	cl.send(rpc.ExternalPrepare, id, 7)
	cl.send(rpc.ExternalCommit, id)
	b.kernel.RunUntil(900e6)
	require.Equal(t, tallyOf(7), b.ledger.Content(1))
	require.Len(t, cl.answers, 2)
	b.run(2)
	require.Len(t, cl.answers, 3)
	require.Equal(t, tallyOf(7), b.ledger.Content(1))
}

func TestASystemGivesUpOnOpenOrOnPreparedTransactions(t *testing.T) {
	for _, prepared := range []bool{false, true} {
		b := newBench(t, 0)
		cl := b.client(transactional, 0)
		first := protocol.MakeTransactionID(transactional, 0, 1)
		second := protocol.MakeTransactionID(transactional, 0, 2)
		cl.send(rpc.ExternalBegin, first)
		cl.send(rpc.ExternalPrepare, first, 7)
		cl.send(rpc.ExternalBegin, second)
		b.run(1)
		b.kernel.Inject(b.system, 1, sim.Message{Kind: rpc.ExternalExpire, Body: &rpc.ExpireOrder{
			Tasks: []protocol.TaskID{transactional + 1, transactional}, Prepared: prepared, Limit: 1,
		}})
		cl.send(rpc.ExternalCommit, first)
		cl.send(rpc.ExternalWrite, second, 8)
		b.run(1)
		wanted := []rpc.ExternalStatus{0, 0, 0, rpc.ExternalOK, rpc.ExternalUnknown}
		if prepared {
			wanted = []rpc.ExternalStatus{0, 0, 0, rpc.ExternalUnknown, rpc.ExternalOK}
		}
		require.Equal(t, wanted, cl.answers)
	}
}

func TestAFencedAttemptCommitsAndDoesNothingNew(t *testing.T) {
	b := newBench(t, 0)
	cl, next := b.client(transactional, 0), b.client(transactional, 1)
	first := protocol.MakeTransactionID(transactional, 0, 1)
	cl.send(rpc.ExternalBegin, first)
	cl.send(rpc.ExternalPrepare, first, 7)
	b.run(1)
	b.kernel.Inject(b.system, 1, sim.Message{Kind: rpc.ExternalFence, A: int64(transactional), B: 1})
	cl.send(rpc.ExternalCommit, first)
	cl.send(rpc.ExternalBegin, protocol.MakeTransactionID(transactional, 0, 2))
	next.send(rpc.ExternalBegin, protocol.MakeTransactionID(transactional, 1, 3))
	b.run(1)
	require.Equal(t, []rpc.ExternalStatus{0, 0, 0, rpc.ExternalFenced}, cl.answers)
	require.Equal(t, []rpc.ExternalStatus{0}, next.answers)
}
