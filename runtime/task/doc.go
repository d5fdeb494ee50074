// Package task is one subtask of a job at work: an actor around a mailbox loop that reads
// buffers, lets operators handle records, writes buffers, and hosts the checkpoint
// protocol.
//
//	producers                                                        consumers
//	    ║ Buffer, Credit                              Buffer, Credit ║
//	    ▼                                                            ▲
//	 input ends ──▶ loop ──▶ serve ──▶ chain ──▶ writer ──▶ output ends
//	    │            ▲ mails                                │
//	    └─ barriers ─┴──▶ protocol.Machine ─effects─▶ snapshot, channel state
//	                                                        │
//	                             store ◀── objects ─────────┴── ack ──▶ job manager
//
// It does one thing at a time. What the network does (arrivals, credits, polls) acts at
// its instant; everything else is a mail and waits for the end of the record in service.
// A record's effects happen all at once at the end of its service: at any instant a task
// is between two records, or inside one with a known rest.
//
// Duties of the host: the task manager spawns the actor of New and sends it rpc.Start; it
// forwards only what is meant for this attempt; it tells the task when a connection that
// it asked for breaks.
package task
