// Package rpc holds the messages between the processes of the stream processor: job
// manager, task managers, their tasks, and external systems.
//
//	job manager ──Deploy, Trigger, Notify, Cancel──▶ task manager ──▶ task
//	            ◀──State, Ack, Decline, EndOfData────────────────────
//	task ──PartitionRequest, Credit, Resume──▶ task ──Buffer──▶ task
//	task ──Begin, Prepare, Commit, Abort──▶ external system
//
// Each message has one kind; its body, if any, is a pointer that the receiver may keep
// and nobody changes after sending. Duties of the caller: fence by attempt. A message
// may come late, twice or never where the transport allows it.
package rpc
