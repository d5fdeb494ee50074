// Package protocoltest is the conformance kit that every checkpoint protocol must pass.
// It brings its own host, so that a protocol is tried before it meets the runtime: small
// jobs whose records are numbered, with bounded queues at both ends of every channel,
// records that span buffers, tasks that finish, and a coordinator that triggers and
// gives up. A choice decides what happens next; everything else follows.
//
//	       choice: which step is next?
//	          │
//	┌─────────▼──────────────────────────────────────────────────────────┐
//	│ coordinator ── trigger, aborted, completed ──► mails of the tasks  │
//	│      ▲  acknowledge, decline                                       │
//	│ ┌────┴───┐ emit  ┌────────────┐ poll ┌───────────┐ consume ┌─────┐ │
//	│ │ source ├──────►│output queue├─────►│input queue├────────►│task │ │
//	│ └────────┘       └────────────┘      └───────────┘         └──▲──┘ │
//	└───────────────────────────────────────────────────────────────┼────┘
//	                           Machine under test: Step(input) ─► effects
//
// The kit carries effects out exactly as the package comment of protocol says, and checks
//
//   - the cut of every completed checkpoint (protocol.CheckCut, protocol.CheckStates):
//     no orphan, nothing lost, recorded twice, reordered or torn;
//   - the order of effects: trigger before unblock, the end of an alignment before its
//     snapshot, recording before a snapshot that leaves data in flight;
//   - one snapshot or one end per checkpoint and task; every channel that waits resumed
//     exactly once; no switch before the timeout; nothing waits behind a cancel marker;
//   - liveness: at rest every record is consumed, every task has finished, no channel
//     waits, and every checkpoint completed or was declined. One that nobody disturbed
//     must complete.
//
// # Duties of the caller
//
//  1. Give a function that makes a new machine, or one that was Reset, for every task.
//  2. Name the protocol that stamps the barriers; its contract is checked, or a stronger
//     one (Spec.Strict) under which a weaker protocol must be caught.
//  3. Machines must be functions of their inputs: a failing run is played again to tell
//     its story.
//
// A kit that cannot fail is worth nothing: its own tests hold that it fails each of some
// thirty wrong machines and channels, in the class that their mistake leads to, and that
// its runs meet what they are for.
package protocoltest
