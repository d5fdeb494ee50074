package runtime

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/sim"
)

// Options are one run's whole configuration: machines, job, and how much to tell.
type Options struct {
	Seed    uint64
	Cluster Cluster
	Graph   *job.Graph
	Config  job.Config
	// RestoreFrom starts the job from a retained checkpoint of another run.
	RestoreFrom *Retained
	// Detailed adds an event per record, for checkers that prove lineage exactly.
	Detailed bool
	// RecordMode serves every record by an event of its own: the reference for the faster
	// way, with the same digests.
	RecordMode bool
	// KeepOutput is the number of committed records that each external system keeps, for
	// checkers that compare content.
	KeepOutput int
	// Bug is the planted bug that is switched on; NoBug in a healthy run.
	Bug protocol.Bug
	// KeptCheckpoints is the number of latest checkpoints whose statistics are kept, so that
	// a run of any length is bounded in memory; 0: all.
	KeptCheckpoints int
	// Unforeseen leaves out what is in flight at each trigger, which only closed forms ask
	// for (CheckpointStats.InFlightBytes and the like stay 0).
	Unforeseen bool
	// TraceWindow is the number of latest events that the kernel keeps.
	TraceWindow int
	// ScheduleNanos, when not empty, replaces periodic triggering: the virtual times at which
	// checkpoints are triggered.
	ScheduleNanos []int64
	// Deliveries, when not empty, are the choices at the turns by which buffers, barriers and
	// the coordinator's messages come to a process that several senders send to (sim.Turns):
	// which path is next. Where the list ends, and in an ordinary order, it is the one that
	// has waited longest.
	Deliveries []int
	// Turn, if not nil, is shown what waits at each turn, and what Deliveries choose of it, and
	// says which to take. Where one message waits only, nothing of Deliveries is used up.
	Turn func(waiting []Delivery, choice int) int
	// Branch, if not nil, gives the run another future from a moment on.
	Branch *Branch
}

// Branch is where a run leaves the future that its seed gives it (sim.Kernel.Branch). The
// input, and what a record costs, stay those of the run's seed.
type Branch struct {
	AtNanos     int64
	Seed        uint64
	JitterNanos int64
}

// Cluster are the machines and what joins them.
type Cluster struct {
	TaskManagers int
	Slots        int // per task manager
	Nodes        int // task managers are spread over them; 1: all on one machine
	Cores        int // per node
	// JobManagers: one leads, the others stand by. They run on a node of their own.
	JobManagers int
	Network     Network
	Storage     Storage
	// ExternalLatency is what an external system takes for a request.
	ExternalLatency sim.Distribution
	// Clocks are offsets and drifts of the nodes' clocks, by node.
	Clocks []Clock
}

// Network is what joins the nodes.
type Network struct {
	Latency                sim.Distribution
	LoopbackLatencyNanos   int64 // between processes of one node
	LinkBytesPerSecond     int64 // 0: unlimited
	NICBytesPerSecond      int64 // per node; 0: unlimited
	ConnectionTimeoutNanos int64 // a partition this long breaks connections
}

// Storage is the object store.
type Storage struct {
	Latency              sim.Distribution // at creation, and again at close
	BytesPerSecond       int64            // in total; 0: unlimited
	WriterBytesPerSecond int64            // per object being written; 0: unlimited
}

// Clock is a node's clock error.
type Clock struct {
	OffsetNanos int64
	DriftPPM    int64
}
