package external_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/rpc"
)

// A sink writes into a transaction; readers see the records when it has committed.
func Example() {
	b := newBench(exampleTester{}, 0)
	sinkTask := b.client(2, 0)
	transaction := protocol.MakeTransactionID(2, 0, 1)
	sinkTask.send(rpc.ExternalBegin, transaction)
	sinkTask.send(rpc.ExternalWrite, transaction, 10, 11)
	sinkTask.send(rpc.ExternalPrepare, transaction)
	b.run(1)
	fmt.Println("prepared, visible:", len(b.ledger.Visible()))
	sinkTask.send(rpc.ExternalCommit, transaction)
	b.run(1)
	fmt.Println("committed, visible:", len(b.ledger.Visible()))
	// Output:
	// prepared, visible: 0
	// committed, visible: 2
}

// exampleTester is a tester that panics.
type exampleTester struct{}

func (exampleTester) Helper()                           {}
func (exampleTester) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (exampleTester) FailNow()                          { panic("failed") }
