package census

import (
	"strconv"

	"simrun/faults/plan"
	"simrun/protocol"
)

// Kind is a sort of crash point: which side of which step, and who dies.
type Kind struct {
	Step   protocol.Step
	Moment protocol.Moment
	// Process: the process dies in which the step is made, not only the task.
	Process bool
}

// String is "before sync-snapshot, the process".
func (k Kind) String() string {
	who := "the task"
	if k.Process {
		who = "the process"
	}
	return k.Moment.String() + " " + k.Step.String() + ", " + who
}

// Point is one place at which a run can be crashed.
type Point struct {
	Kind
	// Role makes the step: a subtask or a process.
	Role string
	// Ordinal is which of the role's arrivals at this side of the step it is, from 1.
	Ordinal int64
}

// String is "before sync-snapshot, the process: counts[1], time 3".
func (p Point) String() string {
	return p.Kind.String() + ": " + p.Role + ", time " + strconv.FormatInt(p.Ordinal, 10)
}

// restartNanos is how long a crashed process is gone: so short that nobody but its own
// registration and broken connections may have told of it.
const restartNanos = 100e6

// Fault is the crash at the point.
func (p Point) Fault() plan.Fault {
	f := plan.Fault{When: plan.When{
		Step: p.Step.String(), Moment: p.Moment, Of: p.Role, Ordinal: p.Ordinal,
	}}
	f.Kind, f.Targets[0] = protocol.FaultCrash, protocol.Here
	if p.Process {
		f.Targets[0], f.LastsNanos = protocol.HereProcess, restartNanos
	}
	return f
}

// Plan is the crashes at the given points.
func Plan(points ...Point) plan.Plan {
	p := make(plan.Plan, len(points))
	for i := range points {
		p[i] = points[i].Fault()
	}
	return p
}

// kindsAt are the sorts of crash that a side of a step allows.
func kindsAt(s protocol.Step, m protocol.Moment) []Kind {
	ended := (s == protocol.StepFinishTask || s == protocol.StepTaskCanceled) && m == protocol.After
	if !s.OfTask() || ended {
		return []Kind{{s, m, true}}
	}
	return []Kind{{s, m, false}, {s, m, true}}
}
