// Package external is a system outside of the job that its sinks write to: a process of
// its own, with durable content and transactions.
//
//	sink task ──begin, write, prepare──▶ System ──▶ Ledger (durable)
//	          ◀──────────answer────────            ├ TransactionLog: what is in doubt
//	          ──commit, abort, recover──▶          └ visible: records in order, tables
//
// A request is applied at one instant, some latency after it came, and is durable before
// it is answered. Requests of one task and attempt are applied in the order of their
// sequence numbers and each once: a repeated one is answered again, and one that comes
// before its predecessor is dropped, as the sender repeats everything that was not
// answered. So a crash of the system loses nothing that it has answered.
//
// Duties of the caller: number requests from 1 in each attempt; repeat in order what is
// not answered; keep the Ledger over restarts of the process.
package external
