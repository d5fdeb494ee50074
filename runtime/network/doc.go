// Package network is the data plane between tasks, as pure bookkeeping: segments, pools,
// subpartitions, credits, floating buffers, rotation, debloating. It sends nothing; the
// task does.
//
//	Writer ─▶ Partition                             Gate ─▶ task
//	          ├ Subpartition [▮▮▮▯]──wire, credit──▶ ├ InputChannel [▮▮]
//	          └ Subpartition [▮▯]  ──poll, local ──▶ └ InputChannel
//	            Pool: 2 per subpartition + 8,          2 exclusive per channel,
//	            10 per subpartition, 5 overdraft       8 floating per gate
//
// Records are real and buffers have their true sizes, so that a barrier finds the
// half-full buffer and the half-read record where Flink would. Duties of the caller:
//
//  1. ask Pool.Available of every partition before a record is started;
//  2. after Writer.Resume said false, resume when Blocked has a segment back;
//  3. send what CanPoll shows, data only against credit;
//  4. call LetGo when the memory behind a polled buffer is free, and Gate.Recycle when the
//     receiver's buffer is; send and empty Gate.Grants after each call.
package network
