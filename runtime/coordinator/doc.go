// Package coordinator is the control plane as processes: job managers, of which one leads,
// and task managers, which exchange messages over a network that may lose, delay and
// repeat them.
//
//	            lease, record                 metadata
//	high availability ◀──▶ JobManager ──▶ checkpoint storage
//	                       │  election         ▲
//	                       │  master: slots,   │ state
//	                       │  failover,        │
//	                       │  CheckpointCoordinator
//	 Deploy, Trigger, Notify, Cancel,          │
//	 Heartbeat ──▶ TaskManager ──▶ task ───────┘
//	           ◀── Register, HeartbeatReply
//	           ◀────────────── TaskState, Acknowledge, Decline
//
// What keeps two leaders, or a task and its zombie, apart: a leader has an epoch, and the
// job's record, one object that is changed by compare-and-swap only, belongs to the
// highest epoch that has written it; a task manager obeys the highest epoch it has heard
// of; a task has an attempt, and messages reach, and acknowledgements count for, exactly
// the attempt that they name.
//
// A checkpoint is complete from the instant at which its pointer is in the record. Nothing
// of it is deleted before the pointer is out of the record again, and whatever else is in
// the storage is deleted in the end.
//
// Duties of the caller (the assembly of a cluster):
//
//  1. spawn one TaskManager or JobManager as an actor of each process, in its Boot, note
//     it in the Directory, and send it rpc.Start;
//  2. give all of them one Directory, and all job managers one History;
//  3. let tasks report every change of their state through TaskManagerHandle, end with it,
//     and number nothing by subtask alone: name state by (checkpoint, task, attempt);
//  4. after a run, read History, and RecoveryPoint for what the store holds.
package coordinator
