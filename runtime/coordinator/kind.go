package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Messages of job managers and task managers to themselves.
const (
	registrationTimer = rpc.FirstFree + iota
	settleTimer
	cancelTimer
	retryTimer
	operatorTimer
	finalizeTimer
	leaseStored
	leaseLoaded
	objectsListed
)

// What was fenced: the last argument of protocol.ZombieFenced.
const (
	fencedAcknowledgement = 0
	fencedTask            = 1
	fencedLeader          = 3
)

// controlMessageBytes is the size of a control message on the network.
const controlMessageBytes = 256

// purposeRPC addresses what the handling of a control message takes.
const purposeRPC = sim.PurposeFirstFree + 8

// handlingNanos is what the handling of a control message about a task takes.
func handlingNanos(c *sim.Context, costs *job.Costs, kind rpc.Kind, task protocol.TaskID, id int64) int64 {
	return costs.RPC.At(c.Draw(purposeRPC, uint64(kind), uint64(task), uint64(id)))
}

// post sends a control message over the network; one to nobody is dropped.
func post(c *sim.Context, to sim.ActorID, m sim.Message) {
	if to != sim.NoActor {
		c.Post(to, controlMessageBytes, m)
	}
}

// emit writes an event; arguments beyond those of the kind are 0.
func emit(c *sim.Context, kind protocol.EventKind, args ...int64) {
	var a [protocol.MaxEventArgs]int64
	copy(a[:], args)
	c.Emit(uint16(kind), a[0], a[1], a[2], a[3], a[4], a[5])
}
