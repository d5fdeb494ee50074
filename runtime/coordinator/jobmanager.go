package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/step"
	"simrun/sim"
)

// InFlight is what was in all channels of the job at one instant.
type InFlight struct {
	Bytes, Records int64
	// BottleneckNanos is the time that the slowest sink subtask needs for its share.
	BottleneckNanos int64
}

// JobManagerOptions are what a job manager process is started with.
type JobManagerOptions struct {
	// Index is its position in the Directory.
	Index     int32
	Directory *Directory
	Plan      *job.Plan
	Config    *job.Config
	// Checkpoints is the store of checkpoints, HighAvailability that of the leader lease
	// and the job's record; they may be the same.
	Checkpoints, HighAvailability sim.StoreID
	// Lease are the timings of the leader election; zero: those of Config.Failure.
	Lease LeaseOptions
	// History records for the reader of a run; it is no part of the model.
	History *History
	// ScheduleNanos, when not empty, replaces periodic triggering.
	ScheduleNanos []int64
	// RestoreFrom is what the job starts from when it has no checkpoint of its own; it is
	// never deleted (Flink: claim mode NO_CLAIM).
	RestoreFrom *Retained
	// Enumerated says, by VertexID, which sources have a split enumerator that hands splits
	// out on request; of the others, split i belongs to subtask i modulo the parallelism.
	Enumerated []bool
	// Operations, if not nil, takes down the requests for the lease and the job's record.
	Operations *protocol.OperationLog
	// Memory is where the bookkeeping lies; nil: some of its own.
	Memory *Memory
	// InFlight, if not nil, is asked at every trigger, for the history.
	InFlight func() InFlight
	// Steps is told of the protocol steps of the job manager; nil: nobody watches.
	Steps *step.Hook
}

// JobManager is the actor of a job manager process: it takes part in the leader election,
// and while it leads it has a master that runs the job (Flink: JobMaster). What a master
// knows dies with its leadership.
type JobManager struct {
	options  JobManagerOptions
	election election
	master   *master // nil when not leading
}

// NewJobManager makes the actor; its first message must be rpc.Start.
func NewJobManager(o JobManagerOptions) *JobManager {
	if o.Lease == (LeaseOptions{}) {
		o.Lease = leaseOptions(&o.Config.Failure)
	}
	o.Lease.Bug, o.Lease.Operations = o.Config.Bug, o.Operations
	if o.Memory == nil {
		o.Memory = &Memory{}
	}
	if o.History == nil {
		o.History = NewHistory(0, o.Memory)
	}
	o.History.inHeap = o.Config.Storage == job.StorageJobManager
	j := &JobManager{options: o}
	j.election = election{options: o.Lease, store: o.HighAvailability, index: o.Index, steps: o.Steps}
	return j
}

// Receive implements sim.Actor.
func (j *JobManager) Receive(c *sim.Context, m sim.Message) {
	switch m.Kind {
	case rpc.Start:
		j.start(c)
	case rpc.LeaseTimer, leaseLoaded, leaseStored:
		j.elect(c, m)
	default:
		if j.master != nil {
			j.master.receive(c, m)
			j.checkDeposed(c)
		}
	}
}

// checkDeposed ends a leadership that another job manager has taken over.
func (j *JobManager) checkDeposed(c *sim.Context) {
	if j.master != nil && j.master.deposed {
		if j.before(c, protocol.StepStepDown) {
			return
		}
		emit(c, protocol.ZombieFenced, int64(protocol.NoTask), int64(j.master.attempt), fencedLeader)
		j.master.suspend(c)
		j.master = nil
		j.election.stepDown(c)
		j.after(c, protocol.StepStepDown)
	}
}

// start enters the election, in the order of indexes, so that in a new cluster the first
// job manager leads. Without high availability there is none: the first job manager leads,
// and its incarnation is its epoch.
func (j *JobManager) start(c *sim.Context) {
	if j.options.Config.HighAvailability == job.HighAvailabilityStore {
		c.After(int64(j.options.Index)*j.options.Lease.RetryNanos/candidates,
			sim.Message{Kind: rpc.LeaseTimer, Housekeeping: j.options.Index > 0})
		return
	}
	if j.options.Index == 0 {
		j.lead(c, int64(c.Incarnation())+1)
	}
}

func (j *JobManager) elect(c *sim.Context, m sim.Message) {
	j.election.receive(c, m)
	switch {
	case c.Crashed():
	case j.election.leading && j.master == nil:
		j.lead(c, j.election.lease.Epoch)
	case !j.election.leading && j.master != nil && !j.before(c, protocol.StepStepDown):
		j.master.suspend(c)
		j.master = nil
		j.after(c, protocol.StepStepDown)
	}
}

func (j *JobManager) lead(c *sim.Context, epoch int64) {
	if j.before(c, protocol.StepLead) {
		return
	}
	emit(c, protocol.LeaderElected, int64(j.options.Index), epoch)
	j.master = newMaster(&j.options, epoch)
	if !j.after(c, protocol.StepLead) {
		j.master.takeOver(c)
	}
}
