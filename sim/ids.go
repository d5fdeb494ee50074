package sim

// ActorID numbers the actors of a kernel densely in order of their first spawn. It is an
// index, not an address: hashes use the address, which depends on the name only.
type ActorID int32

// ProcessID numbers the processes of a kernel densely.
type ProcessID int32

// NodeID numbers the nodes of a kernel densely.
type NodeID int32

// ConnectionID names a connection for as long as the kernel lives; it is never reused.
type ConnectionID int32

// StoreID numbers the object stores of a kernel densely.
type StoreID int32

// TimerID names a pending timer. It is never reused while it could be cancelled by
// mistake; NoTimer is never the id of one.
type TimerID uint64

const (
	// NoActor stands where there is no actor.
	NoActor ActorID = -1
	// Outside is the actor as which the world acts: it sends what Kernel.Inject sends and
	// emits what Kernel.Emit emits. It receives nothing.
	Outside ActorID = 0
	// NoProcess is the process of actors that belong to the kernel.
	NoProcess ProcessID = -1
	// NoNode stands where there is no node.
	NoNode NodeID = -1
	// NoConnection is the id of no connection.
	NoConnection ConnectionID = -1
	// NoTimer is the id of no timer; to cancel it does nothing.
	NoTimer TimerID = 0
)

// EventKind is the kind of an event. The kernel gives it no meaning.
type EventKind = uint16

// Cause names the event that brought something about: the Ordinal-th meaningful event of
// Actor, counted from 1. Actor is NoActor where there is none.
type Cause struct {
	Actor   ActorID
	Ordinal uint64
}

// Event is one meaningful event: what observers see, what the trace keeps and what the
// digest is taken over. All of it is integers.
type Event struct {
	TimeNanos   int64
	Actor       ActorID
	Incarnation int32
	Ordinal     uint64 // within the actor, over all its incarnations, from 1
	Kind        EventKind
	Args        [6]int64
	Cause       Cause
}

// Message is what actors send each other. Its meaning belongs to the receiver.
type Message struct {
	Kind uint16
	// Housekeeping marks heartbeats and the like: a run in which nothing else is pending
	// makes no progress any more.
	Housekeeping bool
	// Mail puts the message behind the arrivals of its instant, where timers are, as the
	// mailbox of a task puts a trigger behind what the network does.
	Mail       bool
	A, B, C, D int64
	// Body is nil or a pointer, so that no message allocates on its way.
	Body any
	// Copies are made of 16 bytes at a time. Were the size no multiple of that, the last two
	// would overlap, and to copy a message that was just copied would wait for both.
	_ int64
}

// Actor is an event-callback state machine. Receive runs to completion; it may use the
// context until it returns and must not keep it.
type Actor interface {
	Receive(c *Context, m Message)
}
