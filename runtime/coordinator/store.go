package coordinator

import "simrun/sim"

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
