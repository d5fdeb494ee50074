package generate

// Shape is what a plan may name, and what the system can take: the part of a scenario that
// a generator of plans needs to know.
type Shape struct {
	Operators []Operator
	// TaskManagers and JobManagers are numbered from 0: "task-manager-0", "job-manager-0".
	TaskManagers, JobManagers int
	// Nodes are the machines of the task managers, "node-0" on; each job manager and each
	// external system has a machine of its own.
	Nodes     int
	Externals []string
	// Dead are processes that the scenario itself takes away for good.
	Dead []string

	// Faults strike from FromNanos (a first checkpoint is complete) to ToNanos (input is
	// left, so that there is something to replay).
	FromNanos, ToNanos int64
	// A process that is silent for HeartbeatTimeoutNanos is given up; a connection breaks
	// ConnectionTimeoutNanos after its link was cut.
	HeartbeatTimeoutNanos, ConnectionTimeoutNanos int64
	// CheckpointNanos is about how long a checkpoint is in progress.
	CheckpointNanos int64

	// Restarts is how many attempts may fail before the job gives up.
	Restarts int
	// TolerableFailures is how many checkpoints in a row may fail before the attempt does.
	TolerableFailures int
	// Steps are the protocol steps that the system goes through while faults may strike.
	Steps []Step
}

// Operator is one operator of the job.
type Operator struct {
	ID          string
	Parallelism int
	// Sink: it hands records to an external system.
	Sink bool
	// Records is about how many records a subtask has taken when faults begin to strike,
	// and RecordsTo when they no longer do.
	Records, RecordsTo int64
}

// Step is a protocol step at which a fault can strike.
type Step struct {
	Name string
	// First to Last are the ordinals with which the step falls between Shape.FromNanos and
	// ToNanos, as far as one can tell before the run.
	First, Last int64
}

// Count is how often the step is there to be struck.
func (s *Step) Count() int64 { return s.Last - s.First + 1 }
