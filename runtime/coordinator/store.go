package coordinator

import (
	"simrun/protocol"
	"simrun/sim"
)

// writeOutcome is how a write to a store ended, as far as the writer can know.
type writeOutcome uint8

const (
	writeDone writeOutcome = iota
	// writeFailed: it did not happen and never will.
	writeFailed
	// writeConflict: somebody else has written since.
	writeConflict
	// writeUnknown: it may have happened.
	writeUnknown
)

func outcomeOf(reply *sim.StoreReply) writeOutcome {
	switch reply.Err {
	case sim.StoreOK:
		return writeDone
	case sim.StoreConflict:
		return writeConflict
	case sim.StoreTimedOut:
		return writeUnknown
	}
	return writeFailed
}

// failed reports whether a request has to be made again to be answered.
func failed(reply *sim.StoreReply) bool { return reply.Err != sim.StoreOK }

// operationOutcome is how a request ended, for the log of operations.
func operationOutcome(reply *sim.StoreReply) protocol.OperationOutcome {
	switch outcomeOf(reply) {
	case writeDone:
		return protocol.OutcomeOK
	case writeConflict:
		return protocol.OutcomeConflict
	case writeUnknown:
		return protocol.OutcomeUnknown
	}
	return protocol.OutcomeNone
}
