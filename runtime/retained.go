package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/external"
)

// Retained is a completed checkpoint of a run that is over, with the external systems as
// that run left them: what a new run of the job starts from (Flink: run -s <path>). The
// new run continues the systems' ledgers, so the old one must not go on.
type Retained struct {
	Checkpoint *coordinator.Retained
	ledgers    []*External
}

// Retain takes a retained checkpoint out of the run. Its error says what is missing.
func (c *System) Retain(id protocol.CheckpointID) (*Retained, error) {
	metadata := c.History.Find(id)
	if metadata == nil {
		return nil, fmt.Errorf("checkpoint %d is not retained", id)
	}
	checkpoint, err := coordinator.Retain(c.Kernel.StoreAt(c.store), metadata)
	if err != nil {
		return nil, err
	}
	c.memory.Leave()
	return &Retained{Checkpoint: checkpoint, ledgers: c.Externals}, nil
}

// ledger is the external system's content that a run starts with.
func (c *System) ledger(name string) *external.Ledger {
	l := c.findLedger(name)
	l.Recycle(&c.memory.batches)
	return l
}

func (c *System) findLedger(name string) *external.Ledger {
	if from := c.options.RestoreFrom; from != nil {
		for _, e := range from.ledgers {
			if e.Name == name {
				return e.Ledger
			}
		}
	}
	return external.NewLedger(c.Plan, c.options.KeepOutput)
}
