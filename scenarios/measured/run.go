package measured

import (
	"simrun/protocol"
	"simrun/runtime/job"
)

// Layouts of subtasks over task managers.
const (
	// LayoutOneTaskManager has all subtasks in one: every channel is local.
	LayoutOneTaskManager = "onetm"
	// LayoutSpread has subtask i of every vertex in task manager i.
	LayoutSpread = "spread"
	// LayoutRemote has a task manager for each subtask: every channel is remote.
	LayoutRemote = "remote"
)

// Topologies of the measured jobs.
const (
	// TopologyChain is source, operators, sink in a row.
	TopologyChain = "chain"
	// TopologyUnion is two sources into one operator, and a sink.
	TopologyUnion = "union"
)

// Run is one measured run: its configuration and what was measured.
type Run struct {
	Name, Topology         string
	Protocol               protocol.Name
	AlignedTimeoutNanos    int64
	Parallelism, Depth     int
	Exchange               job.Exchange
	SinkNanos              int64 // service time of a record
	PayloadBytes           int64
	Keys                   int64
	StateBytesPerKey       int64 // 0: a counter
	SourceRecordsPerSecond int64 // over all subtasks; 0: as fast as it can
	SegmentBytes           int64
	BufferTimeoutNanos     int64
	Debloat                bool
	DebloatTargetNanos     int64
	Layout                 string
	StorageBytesPerSecond  int64 // of each writer; 0: unlimited
	StorageLatencyNanos    int64 // at creation, and again at close
	IntervalNanos          int64
	RunNanos               int64
	// RecordsPerSecond were taken by the sinks.
	RecordsPerSecond float64
	// Samples are in the order of the file.
	Samples []Sample

	line          int      // of the file, where the run begins
	configuration []string // as written there
}

// Sample is one line of the file: the figures of one checkpoint and vertex.
type Sample struct {
	Checkpoint int
	Vertex     string
	// Values are by figure column, in the order of Columns.
	Values [figureCount]float64
}

// Vertices are the names of the run's vertices, from the source on.
func (r *Run) Vertices() []string {
	if r.Topology == TopologyUnion {
		return []string{"source", "source2", "u", "sink"}
	}
	names := []string{"source"}
	for i := 1; i <= r.Depth-2; i++ {
		names = append(names, operatorName(i))
	}
	return append(names, "sink")
}

// Unlimited reports whether nothing holds the job back but its machine: neither a slow
// sink nor a limited source.
func (r *Run) Unlimited() bool { return r.SinkNanos == 0 && r.SourceRecordsPerSecond == 0 }
