package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

func TestTablesForgetTransactionsThatAreSettled(t *testing.T) {
	setup := &Setup{
		Vertices: []Vertex{{Name: "db", Parallelism: 1}}, Checkpoints: true,
		Sinks: []Sink{{Name: "db", Promise: Transactional}},
	}
	suite := New(setup)
	tell := func(at int64, kind protocol.EventKind, args ...int64) {
		e := sim.Event{TimeNanos: at, Kind: uint16(kind)}
		copy(e.Args[:], args)
		suite.Observe(&e)
	}
	tell(0, protocol.TaskDeployed, 0, 0)
	for id := int64(1); id <= 1000; id++ {
		transaction := int64(protocol.MakeTransactionID(0, 0, protocol.CheckpointID(id)))
		tell(id, protocol.TransactionOpened, 0, transaction)
		tell(id, protocol.CheckpointTriggered, id, 0, 0)
		tell(id, protocol.TransactionPreCommitted, 0, transaction, id, 1)
		tell(id, protocol.CheckpointCompleted, id)
		tell(id, protocol.TransactionCommitted, 0, transaction, 1, 7)
		tell(id, protocol.OutputVisible, 0, transaction, 1, 7)
	}
	tables := 0
	for _, c := range suite.checkers {
		var table *transactionTable
		switch c := c.(type) {
		case *TwoPhase:
			table = &c.table
		case *Output:
			table = &c.table
		case *Fencing:
			table = &c.table
		default:
			continue
		}
		tables++
		require.LessOrEqual(t, len(table.tasks[0]), settledTransactions, c.Name())
	}
	require.Equal(t, 3, tables)
}
