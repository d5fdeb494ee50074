// Package sim is the kernel of a deterministic simulation: virtual time, the order of
// events, addressed randomness, and a world to run in, of nodes with cores and clocks, of
// processes that crash, of a network and of object stores.
//
//	node                                 node
//	+- process -------+                  +- process -------+
//	| actor <-Send-> actor               |     actor       |
//	|   |             |  Post, Transmit  |       ^         |   Put   +- store --+
//	|   +-------------+-> NIC -link- NIC-+-------+         |-------->| objects  |
//	| Durable         |                  | Durable         |         +----------+
//	+-----------------+                  +-----------------+
//	  cores   clock                        cores   clock
//
// An actor is a state machine with one method, Receive, which is called for one message
// at a time and runs to completion. All it may touch is the Context that it is handed.
// There are no goroutines: a run is one thread that takes the next event, and the next.
//
// # Order
//
// Events are ordered by time. Within an instant controls come first (Kernel.At, the ends of
// CPU work); then the actors, in the order of a hash of seed, time and name; and for one
// actor what a pause held back, the end of its own record, the arrivals and the mails, each
// by a hash of the sender and then in order of sending. Nothing is ordered by insertion, so
// adding an actor changes the order of no others. It works because a message takes at
// least 1 ns: all of an instant is known before its first event runs. Only to itself an
// actor may send without delay.
//
// # Randomness
//
// A draw is a pure function of seed, purpose and ids (Draw). There is no generator that
// could be shifted: two runs under one seed that differ in one respect are the same in all
// others. The same holds for latencies, which are drawn by what is sent.
//
// # Events and digests
//
// What matters to users is emitted as events: numbers, with a cause. The digest of a run is
// taken over these, per actor, and combined so that their interleaving does not matter. Two
// runs with equal digests did the same; FirstDivergence finds where they did not.
//
// # Duties of the caller
//
//  1. Actors share nothing but what they send; a Body that was sent belongs to the receiver.
//  2. No goroutine, clock, map iteration, floating point number or global randomness in an
//     actor.
//  3. A Context is not kept after Receive, an Event not after the observer's call.
//  4. A Boot function reaches durable things only; it must not hand old volatile state to
//     a new incarnation.
//  5. Heartbeats and the like are marked as housekeeping, or a run that is stuck looks busy.
//
// Errors of the caller panic with the names involved and the virtual time.
package sim
