package external_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/external"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/rpc"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	require.TestingT
	Helper()
}

// bench is an external system and clients that talk to it.
type bench struct {
	t       tester
	kernel  *sim.Kernel
	ledger  *external.Ledger
	process sim.ProcessID
	system  sim.ActorID
	faults  *external.Conditions
	events  []string
	// crashAt is the event at which the system dies, once, for a second.
	crashAt protocol.EventKind
}

// Tasks 0 and 1 are sources; 2 and 3 a transactional sink, 4 an upsert one, 5 appends.
const (
	transactional = protocol.TaskID(2)
	upserting     = protocol.TaskID(4)
	appending     = protocol.TaskID(5)
)

func newPlan(t tester, timeoutNanos int64) *job.Plan {
	from := []job.Input{{From: 0, Exchange: job.Keyed}}
	plan, err := job.Compile(&job.Graph{Nodes: []job.Node{
		{ID: "in", Parallelism: 2, Source: &source.Spec{}},
		{ID: "topic", Parallelism: 2, Inputs: from, Sink: &sink.Spec{
			Kind: sink.Transactional, TransactionTimeoutNanos: timeoutNanos,
		}},
		{ID: "table", Parallelism: 1, Inputs: from, Sink: &sink.Spec{Kind: sink.Upsert}},
		{ID: "log", Parallelism: 1, Inputs: from, Sink: &sink.Spec{Kind: sink.Append}},
	}}, &job.Config{})
	require.NoError(t, err)
	return plan
}

func newBench(t tester, timeoutNanos int64) *bench {
	b := &bench{t: t, faults: &external.Conditions{}}
	b.kernel = sim.New(sim.Options{Observer: func(e *sim.Event) {
		b.events = append(b.events, protocol.EventText(protocol.EventKind(e.Kind), e.Args))
		if kind := protocol.EventKind(e.Kind); kind == b.crashAt && kind != protocol.EventNone {
			b.crashAt = protocol.EventNone
			b.kernel.Crash(b.process)
			b.kernel.At(e.TimeNanos+1e9, func() { b.kernel.Restart(b.process) })
		}
	}})
	b.ledger = external.NewLedger(newPlan(t, timeoutNanos), 1000)
	node := b.kernel.AddNode(sim.NodeOptions{Name: "external"})
	b.process = b.kernel.AddProcess(sim.ProcessOptions{Name: "db", Node: node, Boot: func(boot *sim.Boot) {
		b.system = boot.Spawn("db", external.New(external.Options{
			Latency: sim.Constant(2e6), Detailed: true, Conditions: b.faults,
		}, b.ledger))
		boot.Send(b.system, 1, sim.Message{Kind: rpc.Start})
	}})
	return b
}

// client is one attempt of one sink task: it numbers its requests and repeats them.
type client struct {
	b       *bench
	actor   sim.ActorID
	task    protocol.TaskID
	attempt protocol.Attempt
	last    int64
	open    []*rpc.ExternalRequest
	answers []rpc.ExternalStatus
}

func (b *bench) client(task protocol.TaskID, attempt protocol.Attempt) *client {
	cl := &client{b: b, task: task, attempt: attempt}
	name := fmt.Sprintf("client-%d-%d", task, attempt)
	node := b.kernel.AddNode(sim.NodeOptions{Name: name})
	b.kernel.AddProcess(sim.ProcessOptions{Name: name, Node: node, Boot: func(boot *sim.Boot) {
		cl.actor = boot.Spawn(name, cl)
		boot.Send(cl.actor, 1, sim.Message{Kind: rpc.Retry})
	}})
	return cl
}

func (cl *client) Receive(c *sim.Context, m sim.Message) {
	switch m.Kind {
	case rpc.ExternalAnswer:
		reply := m.Body.(*rpc.ExternalReply)
		if len(cl.open) > 0 && cl.open[0].Sequence == reply.Sequence {
			cl.open = cl.open[1:]
			cl.answers = append(cl.answers, reply.Status)
		}
	case rpc.Retry:
		for _, r := range cl.open {
			c.Post(cl.b.system, 100, sim.Message{Kind: r.Operation, Body: r})
		}
		c.After(1e9, sim.Message{Kind: rpc.Retry})
	default:
		r := m.Body.(*rpc.ExternalRequest)
		c.Post(cl.b.system, 100, sim.Message{Kind: r.Operation, A: r.Sequence, Body: r})
	}
}

// send gives a request with these lineages to the client; it is sent a moment later.
func (cl *client) send(kind rpc.Kind, id protocol.TransactionID, lineages ...uint64) {
	cl.last++
	r := &rpc.ExternalRequest{
		Operation: kind, Task: cl.task, Attempt: cl.attempt, Transaction: id, Sequence: cl.last,
		ReplyTo: cl.actor,
	}
	for _, lineage := range lineages {
		r.Content.Add(lineage)
		r.Records = append(r.Records, record.Record{Lineage: lineage, Key: lineage % 10, A: int64(lineage)})
	}
	cl.open = append(cl.open, r)
	cl.b.kernel.Inject(cl.actor, cl.last, sim.Message{Kind: kind, Body: r})
}

func (b *bench) run(seconds int64) { b.kernel.RunUntil(b.kernel.NowNanos() + seconds*1e9) }

func tallyOf(lineages ...uint64) (t protocol.Tally) {
	for _, lineage := range lineages {
		t.Add(lineage)
	}
	return t
}

func TestOutputIsVisibleWhenCommitted(t *testing.T) {
	b := newBench(t, 0)
	cl := b.client(transactional, 0)
	id := protocol.MakeTransactionID(transactional, 0, 1)
	cl.send(rpc.ExternalBegin, id)
	cl.send(rpc.ExternalWrite, id, 1, 2)
	cl.send(rpc.ExternalPrepare, id, 3)
	b.run(1)
	require.Empty(t, b.ledger.Visible())
	require.Equal(t, 1, b.ledger.OpenTransactions())
	cl.send(rpc.ExternalCommit, id)
	b.run(1)
	require.Equal(t, []rpc.ExternalStatus{0, 0, 0, 0}, cl.answers)
	require.Len(t, b.ledger.Visible(), 3)
	require.EqualValues(t, 3, b.ledger.Visible()[2].Record.Lineage)
	require.Equal(t, tallyOf(1, 2, 3), b.ledger.Content(1))
	args := fmt.Sprintf("sink=1 transaction=%d records=3 sum=%d", id, int64(tallyOf(1, 2, 3).Sum))
	require.Contains(t, b.events, "transaction-committed "+args)
	shown := uint64(0)
	for _, visible := range b.ledger.Visible() {
		shown += visible.Record.Content()
	}
	require.Contains(t, b.events, fmt.Sprintf("output-visible %s content=%d", args, int64(shown)))
}

func TestSecondCommitIsFineAndShowsNothing(t *testing.T) {
	b := newBench(t, 0)
	cl := b.client(transactional, 0)
	id := protocol.MakeTransactionID(transactional, 0, 1)
	cl.send(rpc.ExternalBegin, id)
	cl.send(rpc.ExternalPrepare, id, 7)
	cl.send(rpc.ExternalCommit, id)
	cl.send(rpc.ExternalCommit, id)
	b.run(1)
	require.Equal(t, []rpc.ExternalStatus{0, 0, 0, 0}, cl.answers)
	require.Equal(t, tallyOf(7), b.ledger.Content(1))
}

func TestARestartedSystemTellsWhatACrashKeptItFromTelling(t *testing.T) {
	b := newBench(t, 0)
	first, second := b.client(transactional, 0), b.client(transactional+1, 0)
	ids := []protocol.TransactionID{
		protocol.MakeTransactionID(transactional, 0, 1), protocol.MakeTransactionID(transactional+1, 0, 1),
	}
	for i, cl := range []*client{first, second} {
		cl.send(rpc.ExternalBegin, ids[i])
		cl.send(rpc.ExternalPrepare, ids[i], uint64(7+i))
	}
	b.run(1)
	b.crashAt = protocol.TransactionCommitted
	first.send(rpc.ExternalCommit, ids[0])
	b.run(3)
	b.crashAt = protocol.TransactionAborted
	second.send(rpc.ExternalAbort, ids[1])
	b.run(3)
	args := fmt.Sprintf("sink=1 transaction=%d", ids[0])
	require.Contains(t, b.events, fmt.Sprintf("output-visible %s records=1 sum=%d content=%d", args,
		int64(tallyOf(7).Sum), int64(b.ledger.Visible()[0].Record.Content())))
	require.Equal(t, []rpc.ExternalStatus{0, 0, 0}, first.answers)
	require.Equal(t, []rpc.ExternalStatus{0, 0, 0}, second.answers)
	require.Equal(t, tallyOf(7), b.ledger.Content(1))
}

func TestRecoveryTellsOfEveryTransactionThatItAbortedAlsoAcrossACrash(t *testing.T) {
	b := newBench(t, 0)
	zombie, next := b.client(transactional, 0), b.client(transactional, 1)
	var ids []protocol.TransactionID
	for n := range uint64(3) {
		ids = append(ids, protocol.MakeTransactionID(transactional, 0, protocol.CheckpointID(int64(n)+1)))
		zombie.send(rpc.ExternalBegin, ids[n])
		zombie.send(rpc.ExternalPrepare, ids[n], n+1)
	}
	b.run(1)
	b.crashAt = protocol.TransactionAborted
	next.send(rpc.ExternalRecover, 0)
	b.run(3)
	for _, id := range ids {
		require.Contains(t, b.events, fmt.Sprintf("transaction-aborted sink=1 transaction=%d", id))
	}
}

func TestAbortedOutputIsNeverVisible(t *testing.T) {
	b := newBench(t, 0)
	cl := b.client(transactional, 0)
	id := protocol.MakeTransactionID(transactional, 0, 1)
	cl.send(rpc.ExternalBegin, id)
	cl.send(rpc.ExternalPrepare, id, 7)
	cl.send(rpc.ExternalAbort, id)
	cl.send(rpc.ExternalCommit, id)
	b.run(1)
	require.Equal(t, rpc.ExternalUnknown, cl.answers[3])
	require.Empty(t, b.ledger.Visible())
	require.Zero(t, b.ledger.OpenTransactions())
	require.Contains(t, b.events, fmt.Sprintf("transaction-aborted sink=1 transaction=%d", id))
}

func TestRecoveryAbortsWhatFormerAttemptsLeftAndFencesThem(t *testing.T) {
	b := newBench(t, 0)
	zombie, next := b.client(transactional, 0), b.client(transactional, 1)
	old := protocol.MakeTransactionID(transactional, 0, 4)
	other := protocol.MakeTransactionID(transactional+1, 0, 4)
	zombie.send(rpc.ExternalBegin, old)
	neighbour := b.client(transactional+1, 0)
	neighbour.send(rpc.ExternalBegin, other)
	b.run(1)
	next.send(rpc.ExternalRecover, 0)
	b.run(1)
	require.Equal(t, protocol.LogAborted, b.ledger.Transactions().Status(old))
	require.Equal(t, protocol.LogOpen, b.ledger.Transactions().Status(other))
	zombie.send(rpc.ExternalWrite, old, 1)
	zombie.send(rpc.ExternalBegin, protocol.MakeTransactionID(transactional, 0, 5))
	b.run(1)
	fenced := rpc.ExternalFenced
	require.Equal(t, []rpc.ExternalStatus{rpc.ExternalOK, fenced, fenced}, zombie.answers)
}

func TestTransactionTimesOutAlsoWhilePrepared(t *testing.T) {
	b := newBench(t, 10e9)
	cl := b.client(transactional, 0)
	id := protocol.MakeTransactionID(transactional, 0, 1)
	cl.send(rpc.ExternalBegin, id)
	cl.send(rpc.ExternalPrepare, id, 1)
	b.run(9)
	b.kernel.Crash(b.process)
	b.kernel.Restart(b.process)
	require.Equal(t, 1, b.ledger.OpenTransactions())
	b.run(2)
	require.Contains(t, b.events, fmt.Sprintf("transaction-timed-out sink=1 transaction=%d", id))
	cl.send(rpc.ExternalCommit, id)
	b.run(1)
	require.Equal(t, rpc.ExternalUnknown, cl.answers[2])
}

func TestPlainWritesAreVisibleAtOnce(t *testing.T) {
	b := newBench(t, 0)
	cl, table := b.client(appending, 0), b.client(upserting, 0)
	cl.send(rpc.ExternalWrite, 0, 5, 6)
	table.send(rpc.ExternalWrite, 0, 13)
	table.send(rpc.ExternalWrite, 0, 23)
	b.run(1)
	require.Equal(t, tallyOf(5, 6), b.ledger.Content(3))
	require.Nil(t, b.ledger.Table(3))
	row, found := b.ledger.Table(2).Get(3)
	require.True(t, found)
	require.EqualValues(t, 23, row.A)
	require.Contains(t, b.events, "record-visible sink=3 transaction=0 lineage=5 key=5")
}

func TestATableTakesNothingOfAnAttemptThatANewerOneHasReplaced(t *testing.T) {
	b := newBench(t, 0)
	zombie, next := b.client(upserting, 0), b.client(upserting, 1)
	late, again := b.client(appending, 0), b.client(appending, 1)
	zombie.send(rpc.ExternalWrite, 0, 13)
	b.run(1)
	next.send(rpc.ExternalWrite, 0, 23)
	again.send(rpc.ExternalWrite, 0, 1)
	b.run(1)
	zombie.send(rpc.ExternalWrite, 0, 33)
	late.send(rpc.ExternalWrite, 0, 1)
	b.run(1)
	require.Equal(t, []rpc.ExternalStatus{rpc.ExternalOK, rpc.ExternalFenced}, zombie.answers)
	require.Equal(t, []rpc.ExternalStatus{rpc.ExternalOK}, late.answers)
	row, _ := b.ledger.Table(2).Get(3)
	require.EqualValues(t, 23, row.A)
}

func TestStalledAndSlowSystemTakesLonger(t *testing.T) {
	b := newBench(t, 0)
	b.faults.Stalled = true
	cl := b.client(appending, 0)
	cl.send(rpc.ExternalWrite, 0, 1)
	b.run(4)
	require.Empty(t, b.ledger.Visible())
	b.faults.Stalled = false
	b.kernel.Inject(b.system, 1, sim.Message{Kind: rpc.ExternalResume})
	b.run(1)
	require.Len(t, b.ledger.Visible(), 1)
	b.faults.Slower = sim.Ratio{Num: 1000, Den: 1}
	cl.send(rpc.ExternalWrite, 0, 2)
	b.run(1)
	require.Len(t, b.ledger.Visible(), 1)
	b.run(3)
	require.Len(t, b.ledger.Visible(), 2)
}
