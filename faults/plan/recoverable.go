package plan

import (
	"slices"
	"strconv"
	"strings"

	"simrun/protocol"
)

// Cluster is what a job needs and has, as far as it decides which plans it can survive.
type Cluster struct {
	TaskManagers, JobManagers int
	// SlotsEach are those of a task manager, SlotsNeeded those of the job.
	SlotsEach, SlotsNeeded int
	// Restarts is how many attempts may fail before the job does; negative: any number.
	Restarts int
	// TransactionTimeoutNanos is the shortest after which an external system gives up on a
	// transaction; 0: none does.
	TransactionTimeoutNanos int64
	// HeartbeatTimeoutNanos is how long a lost process may go unnoticed.
	HeartbeatTimeoutNanos int64
	// RecordSurvives: the job's record is in a high-availability store. StateSurvives:
	// checkpoints are in the storage, not in the job manager's heap.
	RecordSurvives, StateSurvives bool
}

// UnrecoverableError says which fault takes away what.
type UnrecoverableError struct {
	// Fault is its position in the plan; -1: the faults together.
	Fault  int
	Reason string
}

// Error is position and reason.
func (e *UnrecoverableError) Error() string {
	if e.Fault < 0 {
		return "the faults together: " + e.Reason
	}
	return "fault " + strconv.Itoa(e.Fault) + ": " + e.Reason
}

// Recoverable says whether a plan leaves a job what it cannot do without, whatever the order
// in which things happen: so any stall, failure or loss under a plan that passes is a bug. It
// is careful: a plan that it refuses may be survived by luck. The error is an
// *UnrecoverableError.
//
// It refuses a plan that
//   - takes the storage, an external system, a link, the last job manager or slots that are
//     needed away for good, or lets anything stand still for ever;
//   - throws or poisons in every attempt, or ends more attempts than there are restarts for;
//   - may destroy a completed checkpoint: what is not synced when the storage crashes, what
//     the job manager's heap holds when it dies, the pointers that no store holds;
//   - makes external systems give up on what is prepared, at once or by an outage as long as
//     their timeout.
func Recoverable(p Plan, c Cluster) error {
	r := recovery{plan: p, cluster: c}
	for i := range p {
		r.lasting(i)
		r.attemptsEnded(i)
		r.durable(i)
	}
	r.together()
	if r.err == nil {
		return nil
	}
	return r.err
}

// recovery goes over a plan and keeps the first thing that cannot be survived.
type recovery struct {
	plan    Plan
	cluster Cluster
	err     *UnrecoverableError

	attempts    int64    // that may fail, at most
	outageNanos int64    // of what keeps transactions from being committed, in sum
	dead        []string // processes that do not come back
}

func (r *recovery) refuse(fault int, reason string) {
	if r.err == nil {
		r.err = &UnrecoverableError{fault, reason}
	}
}

// together is what only the whole plan shows.
func (r *recovery) together() {
	jobManagers, taskManagers := 0, 0
	for _, role := range r.dead {
		here := strings.HasPrefix(role, protocol.Here)
		if here || strings.HasPrefix(role, "job-manager-") {
			jobManagers++
		}
		if here || strings.HasPrefix(role, "task-manager-") {
			taskManagers++
		}
	}
	if jobManagers >= max(r.cluster.JobManagers, 1) {
		r.refuse(-1, "no job manager is left")
	}
	if left := (r.cluster.TaskManagers - taskManagers) * r.cluster.SlotsEach; left < r.cluster.SlotsNeeded {
		r.refuse(-1, strconv.Itoa(left)+" slots are left of "+strconv.Itoa(r.cluster.SlotsNeeded)+
			" that are needed")
	}
	if r.cluster.Restarts >= 0 && r.attempts > int64(r.cluster.Restarts) {
		r.refuse(-1, strconv.FormatInt(r.attempts, 10)+" attempts may fail, and the job gives up after "+
			strconv.Itoa(r.cluster.Restarts))
	}
	timeout := r.cluster.TransactionTimeoutNanos
	if timeout > 0 && r.outageNanos > 0 && r.outageNanos+r.cluster.HeartbeatTimeoutNanos >= timeout {
		r.refuse(-1, "outages of "+formatTime(r.outageNanos)+
			" may outlast transactions, which external systems give up after "+formatTime(timeout))
	}
}

// durable refuses what may destroy a completed checkpoint or what it holds.
func (r *recovery) durable(i int) {
	f := &r.plan[i]
	crashesJobManager := f.Kind == protocol.FaultCrash && isJobManager(f.Targets[0])
	switch {
	case crashesJobManager && !r.cluster.RecordSurvives:
		r.refuse(i, "the job's record dies with its job manager (high-availability.type: NONE)")
	case crashesJobManager && !r.cluster.StateSurvives:
		r.refuse(i, "checkpoints die with their job manager (execution.checkpointing.storage: jobmanager)")
	case f.Kind == protocol.FaultExpire && f.Prepared:
		r.refuse(i, "what is prepared may be of a completed checkpoint, and its output is lost")
	case f.Kind == protocol.FaultUnsync && slices.ContainsFunc(r.plan, f.mayLoseUnsynced):
		r.refuse(i, "a crash of the storage may lose a completed checkpoint that is not synced")
	}
}

// isJobManager reports whether a role may be a job manager: one is, and who makes a step may
// be.
func isJobManager(role string) bool {
	return strings.HasPrefix(role, "job-manager-") || role == protocol.Here || role == protocol.HereProcess
}

// mayLoseUnsynced reports whether a fault may crash the storage while what was put under an
// unsync is not durable. When steps are made is not known.
func (f *Fault) mayLoseUnsynced(crash Fault) bool {
	if crash.Kind != protocol.FaultCrash || crash.Targets[0] != storage {
		return false
	}
	if f.Step != "" || crash.Step != "" {
		return true
	}
	isAfter := !f.Permanent() && crash.AtNanos > f.AtNanos+f.LastsNanos+f.ByNanos
	return crash.AtNanos >= f.AtNanos && !isAfter
}

const storage = "storage"
