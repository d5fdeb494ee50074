// Package checkers observes a run and says where it breaks a property: one property a
// file, each opening with the numbered interleaving that it is for.
//
//	kernel ──event──▶ Suite ─┬─▶ History   attempts, checkpoints, restarts: read by all
//	                         └─▶ the checkers that want this kind of event
//	store ──point───▶ Suite ───▶ those that judge completed checkpoints
//	end   ──────────▶ Suite ───▶ all of them ──▶ []Violation
//
// A Violation has a Class, the events that prove it and a Signature that is the same for
// the same bug under every seed.
//
//	cut              every completed checkpoint is a consistent cut of what would be restored
//	frontier         sources' positions and the states that they feed are of one instant
//	fifo             channels deliver what they were fed, in order, also over a restore
//	buffers credits  segments and credits are conserved and bounded
//	coordinator      ids, concurrency, pauses, timeouts, acknowledgements, subsumption, and
//	                 that checkpoints go on
//	restore          the newest completed checkpoint is restored
//	two-phase-commit the invariants I1 to I6 of transactional sinks
//	fencing          old attempts and leaders have no effect
//	output           readers see what was committed, once and whole
//	effects          exactly-once effects of order-free jobs: the fold of the input
//	re-execution     … of the others: a second execution in the witnessed order
//	lineages         … by name, in detailed runs
//	watermarks       event time does not go backwards
//	leaks            files and timers that nobody will clean up
//	linearizability  lease, checkpoint store and transactions do one thing at a time
//	progress         a run goes on once its faults have healed; who waits for whom
//
// Checkers never steer and own their state. They hold under every fault; what a weaker
// contract (at-least-once, none) or a sink's weaker promise allows, they let pass.
//
// Duties of the caller, so that a healthy run never alarms:
//
//  1. Setup describes the job that runs, and its limits are those of its options.
//  2. A task's own actor says TaskInitializing or TaskRunning before it sends or
//     consumes; JobRestored comes before any task of the attempt does.
//  3. BufferSent, BufferReceived and BufferConsumed are of data, not of barriers and
//     other events; the number of a channel's first element goes on over restarts.
//  4. Every credit is announced by CreditGranted, the initial ones too; local channels
//     have none. A pool starts empty in each attempt; tasks that end return all segments.
//  5. Before SnapshotStarted, and before anything else that must be placed among the elements
//     that a task handles, it tells by ElementsTaken or SourceAdvanced what BufferConsumed
//     has not told.
//  6. A commit without effect is no TransactionCommitted; OutputVisible follows it with
//     the same content.
//  7. ObservePoint is called after each CheckpointCompleted with what the store holds,
//     and Finish when the store is quiet.
package checkers
