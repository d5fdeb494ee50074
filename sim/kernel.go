package sim

import "fmt"

// Options configure a kernel. The zero value is a kernel of seed 0 that keeps no trace.
type Options struct {
	Seed uint64
	// Observer sees every meaningful event as it happens. The event is valid during the
	// call only. It must not steer the run, except through Kernel.Crash and the like.
	Observer func(*Event)
	// TraceWindow is the number of latest events that Kernel.Trace keeps.
	TraceWindow int
	// Link is between nodes for which SetLink said nothing. Default: 100 us, unlimited.
	Link LinkOptions
	// LoopbackLatency is between processes of one node. Default: 20 us.
	LoopbackLatency Distribution
	// BreakTimeoutNanos is how long a partition must last for connections across it to
	// break, and how long a peer that cannot be reached stays unnoticed. Default: 20 s.
	BreakTimeoutNanos int64
	// InstantLimit bounds what actors tell themselves within one instant, so that a
	// loop without time is reported and not run for ever. Default: 1,000,000.
	InstantLimit int
	// Turns, if not nil, decides in which order messages of several senders come to a
	// process. TurnNanos is the time from turn to turn of a process; longer than what else
	// happens between them, it leaves nothing to chance. Default: 100 ms.
	Turns     Turns
	TurnNanos int64
}

func (o Options) withDefaults() Options {
	if o.Link.LatencyNanos == (Distribution{}) {
		o.Link.LatencyNanos = Constant(100_000)
	}
	if o.LoopbackLatency == (Distribution{}) {
		o.LoopbackLatency = Constant(20_000)
	}
	if o.BreakTimeoutNanos == 0 {
		o.BreakTimeoutNanos = 20_000_000_000
	}
	if o.InstantLimit == 0 {
		o.InstantLimit = 1_000_000
	}
	if o.TurnNanos == 0 {
		o.TurnNanos = 100_000_000
	}
	return o
}

// Kernel is one simulated world: nodes, processes, actors, a network, object stores and
// one virtual clock. It is used from one thread.
type Kernel struct {
	options  Options
	now      int64
	sequence uint64
	queue    radixQueue
	slots    slots
	round    round
	settling []settler

	actors    []*actor
	spares    []*actor
	names     map[string]ActorID
	processes []*process
	nodes     []*node
	network   network
	stores    []*Store
	replies   Slab[StoreReply]
	context   Context

	trace      trace
	meaningful int // pending, without housekeeping
	pending    int // pending messages and CPU work
	controls   int // pending At actions
	dispatched uint64
	activeAt   int64
	// branchJitter is what every message may take longer since Branch.
	branchJitter int64
}

// settler is a shared resource whose users changed in this instant: it re-stamps what is
// left once, when the instant is over.
type settler interface{ settle() }

// New makes a kernel at virtual time 0 with nothing in it.
func New(o Options) *Kernel {
	k := &Kernel{names: map[string]ActorID{}}
	k.Reset(o)
	return k
}

// Reset takes everything out of the kernel, as if it were new, but keeps its memory.
func (k *Kernel) Reset(o Options) {
	k.options = o.withDefaults()
	k.now, k.sequence, k.dispatched, k.activeAt = 0, 0, 0, 0
	k.meaningful, k.pending, k.controls, k.branchJitter = 0, 0, 0, 0
	k.queue.clear()
	k.slots.clear()
	k.round.clear()
	clear(k.settling)
	k.settling = k.settling[:0]
	for _, a := range k.actors {
		*a = actor{}
	}
	k.spares = append(k.spares, k.actors...)
	k.actors = k.actors[:0]
	clear(k.names)
	k.replies.Reset()
	k.processes, k.nodes, k.stores = k.processes[:0], k.nodes[:0], k.stores[:0]
	k.network.clear(k)
	k.trace.clear(k.options)
	k.context = Context{k: k}
	k.addActor("outside", nil, NoProcess, NoNode)
	k.context.actor = k.actors[Outside]
}

// another lengthens a list by an element, which is one that the list has had before if an
// earlier run has left it there.
func another[T any](list []*T) ([]*T, *T) {
	n := len(list)
	if n < cap(list) && list[:n+1][n] != nil {
		return list[:n+1], list[:n+1][n]
	}
	made := new(T)
	return append(list, made), made
}

// Seed is what the kernel draws from now: the run's seed or, since Branch, another.
func (k *Kernel) Seed() uint64 { return k.options.Seed }

// Branch gives the run another future. What has happened stays; from now on the kernel draws
// from another seed (latencies, the order within an instant, what actors ask it to draw), and
// every message between processes takes up to jitterNanos longer, since most of what is
// constant would else be the same in every future. On a connection order is kept, as always.
func (k *Kernel) Branch(seed uint64, jitterNanos int64) {
	k.options.Seed, k.branchJitter = seed, jitterNanos
}

// NowNanos is the virtual time.
func (k *Kernel) NowNanos() int64 { return k.now }

// failf reports an error of the programmer: it panics with the virtual time.
func (k *Kernel) failf(format string, args ...any) {
	panic(fmt.Sprintf("sim: at %d ns: ", k.now) + fmt.Sprintf(format, args...))
}
