package rpc

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/sim"
)

// ExternalRequest asks an external system for one step.
type ExternalRequest struct {
	// Operation is the kind it was sent with.
	Operation   Kind
	Task        protocol.TaskID
	Attempt     protocol.Attempt
	Transaction protocol.TransactionID
	// Records are those of a write or a prepare, Content their tally. They are the
	// receiver's from the moment at which the request takes effect.
	Records []record.Record
	Content protocol.Tally
	// SizeBytes is the request's size on the network.
	SizeBytes int64
	// Reply is the answer, the same however often it is given.
	Reply ExternalReply
	// Sequence lets the sender match the answer.
	Sequence int64
	// Call names the request in the log of operations.
	Call int
	// ReplyTo is the task's actor.
	ReplyTo sim.ActorID
}

// ExpireOrder tells an external system to give up on transactions of some tasks.
type ExpireOrder struct {
	Tasks []protocol.TaskID
	// Prepared ones, or those that are open.
	Prepared bool
	// Limit is how many at most.
	Limit int
}

// ExternalStatus is how a step ended.
type ExternalStatus uint8

const (
	ExternalOK ExternalStatus = iota
	// ExternalUnknown: no such transaction (timed out, or aborted).
	ExternalUnknown
	// ExternalFenced: a newer attempt has taken over.
	ExternalFenced
)

// ExternalReply answers an ExternalRequest.
type ExternalReply struct {
	Operation   Kind
	Transaction protocol.TransactionID
	Sequence    int64
	Status      ExternalStatus
}
