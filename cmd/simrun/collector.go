package main

import (
	"math"
	"runtime"
	"runtime/debug"

	"simrun/scenarios/trial"
)

// heapBytesPerCore is several times what the runs of a worker and their garbage come to, and as
// much as a history of thousands of operations may need that no order explains.
const heapBytesPerCore = 256 << 20

// collectSeldom sets the garbage collector for a command that runs many seeds, and returns what
// puts it back. Garbage may grow to several times what lives, for runs reuse their memory and
// little does; but a single run that is as large as a thousand others does not take that several
// times over. A limit that the user has set (GOMEMLIMIT) stays.
func collectSeldom() (restore func()) {
	percent, limit := debug.SetGCPercent(trial.GCPercent), debug.SetMemoryLimit(-1)
	if limit == math.MaxInt64 {
		debug.SetMemoryLimit(heapBytesPerCore * int64(runtime.GOMAXPROCS(0)))
	}
	return func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
