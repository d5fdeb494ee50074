package checkers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/checkers"
	"simrun/protocol"
)

// judged is what the checker says of a history.
func judged(history []protocol.Operation) []checkers.Violation {
	suite := checkers.New(&checkers.Setup{})
	return suite.Finish(&checkers.End{Operations: history, Status: protocol.JobFinished})
}

// lease is a request for the lease: a swap from a version to the next.
func lease(client, callNanos, returnNanos, expected int64, value protocol.RegisterValue) protocol.Operation {
	return protocol.Operation{
		Service: protocol.ServiceLease, Kind: protocol.OperationSwap, Outcome: protocol.OutcomeOK, Client: client,
		CallNanos: callNanos, ReturnNanos: returnNanos, Expected: expected, Version: expected + 1, Value: value,
	}
}

func TestALeaseWhoseTokenDoesNotRiseIsReported(t *testing.T) {
	first := lease(0, 10, 20, 0, protocol.RegisterValue{Epoch: 1, Owner: 1})
	renewed := lease(0, 30, 40, 1, protocol.RegisterValue{Epoch: 1, Owner: 1, Counter: 1})
	taken := lease(1, 50, 60, 2, protocol.RegisterValue{Epoch: 2, Owner: 2})
	require.Empty(t, judged([]protocol.Operation{first, renewed, taken}))

	taken.Value.Epoch = 1
	violations := judged([]protocol.Operation{first, renewed, taken})
	require.Len(t, violations, 1)
	require.Equal(t, checkers.NotLinearizable, violations[0].Class)
	require.Equal(t, "swap of job-manager-1 at 50 ns (ok) fits no order of the 2 operations before it; "+
		"the last was swap of job-manager-0 at 30 ns (ok)", violations[0].Detail)
}

func TestAWriteWithoutAnswerMayBeReadAndMayBeMissing(t *testing.T) {
	read := func(callNanos int64, version int64, value protocol.RegisterValue) protocol.Operation {
		return protocol.Operation{
			Service: protocol.ServiceCheckpoints, Kind: protocol.OperationRead, Outcome: protocol.OutcomeOK,
			CallNanos: callNanos, ReturnNanos: callNanos + 5, Version: version, Value: value,
		}
	}
	five, six := protocol.RegisterValue{Epoch: 1, Newest: 5}, protocol.RegisterValue{Epoch: 1, Newest: 6}
	known := lease(0, 10, 20, 0, five)
	lost := lease(0, 30, 0, 1, six)
	known.Service, lost.Service = protocol.ServiceCheckpoints, protocol.ServiceCheckpoints
	lost.Outcome = protocol.OutcomeUnknown

	require.Empty(t, judged([]protocol.Operation{known, lost, read(50, 2, six)}))
	require.Empty(t, judged([]protocol.Operation{known, lost, read(50, 1, five), read(60, 2, six)}))
	require.Len(t, judged([]protocol.Operation{known, lost, read(50, 2, six), read(60, 1, five)}), 1,
		"what was read once cannot be gone again")
	require.Len(t, judged([]protocol.Operation{known, read(50, 2, six)}), 1, "nobody wrote it")
}

// transactions is a model of the service that answers at one instant within each request.
type transactions struct{ log *protocol.TransactionLog }

// ask carries a request out and says the answer.
func (s *transactions) ask(o *protocol.Operation) protocol.OperationOutcome {
	outcome := protocol.LogOK
	switch o.Kind {
	case protocol.OperationBegin:
		outcome = s.log.Begin(o.Transaction, 0, 0)
	case protocol.OperationPrepare:
		outcome = s.log.Prepare(o.Transaction)
	case protocol.OperationCommit:
		outcome = s.log.Commit(o.Transaction)
	case protocol.OperationAbort:
		outcome = s.log.Abort(o.Transaction)
	case protocol.OperationFence:
		s.log.AbortLingering(0, o.Attempt, nil)
	}
	switch outcome {
	case protocol.LogFenced:
		return protocol.OutcomeFenced
	case protocol.LogRefused:
		return protocol.OutcomeRefused
	}
	return protocol.OutcomeOK
}

// history draws requests of three attempts of one task that overlap, and loses answers.
func history(t *rapid.T) []protocol.Operation {
	service := transactions{log: protocol.NewTransactionLog(protocol.TransactionLogOptions{Tasks: 1})}
	var list []protocol.Operation
	for at := int64(1); len(list) < 25; at += 10 {
		attempt := protocol.Attempt(rapid.IntRange(0, 2).Draw(t, "attempt"))
		o := protocol.Operation{
			Service: protocol.ServiceTransactions, Attempt: attempt,
			Kind: protocol.OperationKind(rapid.IntRange(int(protocol.OperationBegin),
				int(protocol.OperationFence)).Draw(t, "kind")),
			CallNanos: at - rapid.Int64Range(0, 30).Draw(t, "early"),
		}
		o.ReturnNanos = at + rapid.Int64Range(0, 30).Draw(t, "late")
		if o.Kind != protocol.OperationFence {
			checkpoint := protocol.CheckpointID(rapid.IntRange(1, 3).Draw(t, "checkpoint"))
			o.Transaction = protocol.MakeTransactionID(0, attempt, checkpoint)
		}
		o.Outcome = service.ask(&o)
		if rapid.IntRange(0, 9).Draw(t, "lost") == 0 {
			o.Outcome = protocol.OutcomeUnknown
		}
		list = append(list, o)
	}
	return list
}

func TestWhatAServiceAnswersOneByOneIsLinearizable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		require.Empty(t, judged(history(t)))
	})
}

func TestACommitThatIsTakenBackIsReported(t *testing.T) {
	id := protocol.MakeTransactionID(0, 1, 1)
	step := func(kind protocol.OperationKind, at int64, outcome protocol.OperationOutcome) protocol.Operation {
		return protocol.Operation{Service: protocol.ServiceTransactions, Kind: kind, Outcome: outcome,
			CallNanos: at, ReturnNanos: at + 5, Transaction: id, Attempt: 1}
	}
	begun := []protocol.Operation{
		step(protocol.OperationBegin, 10, protocol.OutcomeOK), step(protocol.OperationPrepare, 20, protocol.OutcomeOK),
		step(protocol.OperationCommit, 30, protocol.OutcomeOK),
	}
	require.Empty(t, judged(append(begun, step(protocol.OperationAbort, 40, protocol.OutcomeRefused))))
	require.Len(t, judged(append(begun, step(protocol.OperationAbort, 40, protocol.OutcomeOK))), 1)

	overlapping := step(protocol.OperationAbort, 28, protocol.OutcomeOK)
	require.Len(t, judged(append(begun, overlapping)), 1, "no order lets both commit and abort succeed")
}
