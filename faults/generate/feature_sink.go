package generate

import (
	"simrun/faults/plan"
	"simrun/protocol"
)

// failRequests has requests of one kind, or all, to an external system fail, or be carried out
// and their answers lost: a lost commit, and one that comes twice.
func failRequests(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultFail, OneOf(d, d.shape.Ledgers...))
	f.Operation = OneOf(d, protocol.ExternalCommit, protocol.ExternalPrepare, protocol.ExternalWrite,
		protocol.ExternalBegin, protocol.ExternalAbort, protocol.StorageAny)
	f.Unknown, f.Count = Chance(d, 1, 2), Between(d, 1, 4)
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

// expireTransactions has an external system give up on what is open; what is prepared may be of
// a completed checkpoint.
func expireTransactions(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultExpire, d.writers())
	f.Count = OneOf[int64](d, 0, 1, 2)
	return d.instant(f)
}

func fenceWriters(d *drawing) []plan.Fault {
	return d.instant(d.fault(protocol.FaultFence, d.writers()))
}

// writers are a transactional sink, or one of its subtasks.
func (d *drawing) writers() string {
	var sinks []*Operator
	for i := range d.shape.Operators {
		if op := &d.shape.Operators[i]; op.Commits {
			sinks = append(sinks, op)
		}
	}
	sink := OneOf(d, sinks...)
	if Chance(d, 1, 2) {
		return sink.subtask(d)
	}
	return sink.ID
}
