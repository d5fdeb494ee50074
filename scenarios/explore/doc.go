// Package explore says what a campaign's seed runs.
//
//	Options ─New─▶ Space ─Draw(seed)─▶ *config.Scenario, resolved: job, cluster, plan of faults
//	                 │
//	                 ├── a base scenario (of the library, or named by a user) with a drawn plan, or
//	                 └── a drawn universe: topology, options, machines, rates, plan
//
// A draw is a pure function of Options and seed; every seed's draw can be run. What is drawn
// needs no more virtual time than a second or three, so that a run costs about a millisecond.
//
// Duties of the caller: Draw is not to be called concurrently on one Space; a Space is cheap.
package explore
