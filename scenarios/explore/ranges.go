package explore

import (
	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/source"
	"simrun/sim"
)

// What a universe is drawn from: what users have, made small. In each list the first entry
// is the simplest; an entry that stands twice is drawn twice as often. Times are nanoseconds
// of virtual time, sizes bytes.

// protocols takes those that keep state exact more often: the others promise less, so that
// less can be seen to go wrong.
func protocols() []protocol.Name {
	return []protocol.Name{
		protocol.Aligned, protocol.Aligned, protocol.Aligned, protocol.Unaligned, protocol.Unaligned,
		protocol.Unaligned, protocol.HybridOut, protocol.HybridOut, protocol.HybridIn, protocol.ChandyLamport,
		protocol.AtLeastOnce,
	}
}

// checkpointing are the options of the coordinator.
func intervals() []int64          { return []int64{100e6, 50e6, 70e6, 150e6} }
func checkpointTimeouts() []int64 { return []int64{1e9, 2e9, 300e6, 100e6, 50e6, 20e6} }
func minPauses() []int64          { return []int64{0, 0, 20e6, 60e6} }
func concurrency() []int          { return []int{1, 1, 2, 3} }
func tolerances() []int           { return []int{plentyOfFailures, plentyOfFailures, plentyOfFailures, 3, 0} }
func retentions() []int           { return []int{1, 1, 2, 3} }
func inlineThresholds() []int64   { return []int64{20 << 10, 0, 0, 1 << 10} }
func alignedTimeouts() []int64    { return []int64{20e6, 5e6, 50e6} }

// Networks.
func segmentSizes() []int32 { return []int32{32 << 10, 4 << 10, 4 << 10, 2 << 10, 1 << 10} }

// buffers are exclusive ones of a channel and floating ones of a gate.
func buffers() [][2]int32 {
	return [][2]int32{{2, 8}, {2, 8}, {2, 2}, {1, 1}, {1, 8}, {0, 1}, {0, 2}, {0, 6}}
}
func overdrafts() []int32     { return []int32{5, 5, 1, 0} }
func bufferTimeouts() []int64 { return []int64{100e6, 20e6, 5e6, 0} }
func networkLatencies() []sim.Distribution {
	return []sim.Distribution{
		sim.Constant(200e3), sim.Uniform(100e3, 2e6), sim.Uniform(100e3, 8e6), sim.Constant(5e6),
		sim.Exponential(1e6),
	}
}

// Storage and external systems. A put takes the latency twice.
func storageLatencies() []sim.Distribution {
	return []sim.Distribution{
		sim.Constant(2e6), sim.Uniform(1e6, 6e6), sim.Constant(15e6), sim.Exponential(8e6),
		sim.Uniform(1e6, 60e6), sim.Tail(2e6, 80e6, sim.Ratio{Num: 1, Den: 10}),
	}
}
func externalLatencies() []sim.Distribution {
	return []sim.Distribution{sim.Constant(1e6), sim.Uniform(200e3, 4e6), sim.Uniform(1e6, 20e6)}
}

// Machines: task managers, slots of each, nodes.
func clusters() [][3]int {
	return [][3]int{{2, 2, 2}, {2, 2, 2}, {3, 1, 3}, {3, 2, 2}, {1, 3, 1}, {4, 1, 4}, {2, 3, 1}}
}
func jobManagers() []int { return []int{1, 1, 2, 3} }

// Clock errors of a machine, where machines have any.
func clockOffsets() []int64 { return []int64{0, 5e6, 50e6, 500e6} }
func clockDrifts() []int64  { return []int64{0, 100, -1000, 5000} }

// Inputs: how long they last if nothing goes wrong, and how many records there are in all.
func lengths() []int64      { return []int64{400e6, 300e6, 600e6, 800e6, 400e6, 600e6, longNanos} }
func recordCounts() []int64 { return []int64{100, 200, 300} }
func keyCounts() []int64    { return []int64{20, 5, 100} }
func sourceSplits() []int   { return []int{0, 0, 0, 3, 5} }

// fileCounts are splits that readers ask for one by one, as small files: many more than readers.
func fileCounts() []int { return []int{30, 12, 60} }
func payloads() []sim.Distribution {
	return []sim.Distribution{
		sim.Constant(75), sim.Constant(200), sim.Constant(487), sim.Constant(1000), sim.Uniform(100, 3000),
		sim.Uniform(3<<10, 10<<10),
	}
}
func keyChoices() []source.KeyChoice {
	return []source.KeyChoice{source.KeysUniform, source.KeysMeasured, source.KeysHot, source.KeysZipf}
}
func disorders() []int64          { return []int64{0, 10e6, 40e6} }
func idleTimeouts() []int64       { return []int64{0, 0, 20e6, 50e6} }
func watermarkIntervals() []int64 { return []int64{20e6, 5e6, 50e6} }

// Operators.
func aggregates() []operator.Aggregate {
	return []operator.Aggregate{
		operator.Count, operator.Sum, operator.Mean, operator.Min, operator.Max, operator.Last,
	}
}
func emissions() []operator.Emission {
	return []operator.Emission{operator.EmitUpdate, operator.EmitInput}
}
func windowSizes() []int64 { return []int64{50e6, 100e6, 200e6} }
func batches() []int       { return []int{1, 1, 5, 20} }

// longNanos is the length of a universe whose times are those of longer jobs: what goes wrong
// slowly, or is noticed only after seconds, shows in these.
const longNanos = 10e9
