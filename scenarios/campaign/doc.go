// Package campaign runs a scenario space over a range of seeds, on all cores, and adds up
// what came of it.
//
//	            ┌─▶ worker: Source.Draw ─▶ trial ─▶ Tally of a block ─┐
//	seeds ──────┤      a failing seed ─▶ cases/… (written at once)    ├─▶ Tally ─▶ tally.json
//	(a shard of ├─▶ worker …                                          │     │
//	 them)      └─▶ worker …                                          ┘     └─▶ journal, now and then
//
//	tally.json of each shard ──Merge──▶ the same bytes as one run over all seeds
//
// What a seed runs is a pure function of the seed, and a Tally does not depend on the order
// in which it is added up, so the result does not depend on the number of workers, on
// scheduling, on interruptions, or on how the seeds were cut into shards. A seed of a
// passing run writes nothing.
//
// Duties of the caller: each worker has a Source of its own, and all of them answer the same
// seed alike; the folder of a campaign belongs to it while it runs.
package campaign
