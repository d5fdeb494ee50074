package generate

import (
	"slices"
	"strconv"
	"strings"

	"simrun/faults/plan"
	"simrun/protocol"
)

// Plan draws a plan: how many faults, of which kinds, where and when. It names only what
// the shape has, and it is recoverable: everything that it takes away comes back or is not
// needed, and no more attempts end than the shape has restarts for. Where the job may fail, a
// few plans end with a poison: then it must.
func Plan(c Choice, shape Shape, profile Profile) plan.Plan {
	d := drawing{Choice: c, shape: &shape, restarts: shape.Restarts, dead: slices.Clone(shape.Dead),
		evenly: profile.Evenly}
	weights := profile.features(&d)
	for n := Between(c, int64(profile.MinFaults), int64(profile.MaxFaults)); n > 0; n-- {
		from := weights
		if failures := failing(weights); d.failFirst && len(d.plan) == 0 && sum(failures) > 0 {
			from = failures
		}
		if sum(from) == 0 {
			break
		}
		if records, ok := c.(*Records); ok {
			records.Next()
		}
		d.add(Feature(pick(c, from)), &profile)
	}
	if shape.MayFail && Chance(&d, uint64(profile.Poisoned.Num), uint64(profile.Poisoned.Den)) {
		d.plan = append(d.plan, poison(&d)...)
	}
	return d.plan
}

// drawing is a plan under way.
type drawing struct {
	Choice
	shape *Shape
	plan  plan.Plan
	// restarts are left to be used up; dead are the processes that do not come back.
	restarts int
	dead     []string
	// drawn are the features of the plan.
	drawn [Features]bool
	// atStep: the fault that is being drawn strikes at a protocol step, if it can.
	atStep bool
	// evenly: faults strike at each step as likely as at any other.
	evenly bool
	// failFirst: the plan's first fault ends an attempt.
	failFirst bool
}

// attempts is how many attempts a fault may end: those that are meant to may do so more than
// once, while what they hit comes back; the others may be the last straw.
func (f Feature) attempts() int {
	if featureSpecs[f].fails {
		return 3
	}
	return 1
}

// add draws the faults of a feature, unless they could use up the job's restarts.
func (d *drawing) add(f Feature, profile *Profile) {
	d.atStep = d.shape.LastCheckpoint > 0 &&
		(Chance(d, uint64(profile.AtStep.Num), uint64(profile.AtStep.Den)) || d.mustStrike() && Chance(d, 1, 2))
	if d.restarts >= f.attempts() && !d.conflicts(f) {
		d.restarts -= f.attempts()
		d.drawn[f] = true
		d.plan = append(d.plan, featureSpecs[f].draw(d)...)
	}
}

// conflicts: nothing that is not synced may be lost.
func (d *drawing) conflicts(f Feature) bool {
	return f == LoseUnsynced && (d.drawn[LoseUnsynced] || d.drawn[CrashStorage]) ||
		f == CrashStorage && d.drawn[LoseUnsynced]
}

func (d *drawing) fault(kind protocol.FaultKind, target string) plan.Fault {
	var f plan.Fault
	f.Kind, f.Targets[0] = kind, target
	return f
}

// instant has a fault strike at a step or a time.
func (d *drawing) instant(f plan.Fault) []plan.Fault {
	d.when(&f)
	return []plan.Fault{f}
}

// lasting has a fault strike at a step or a time, for low to high.
func (d *drawing) lasting(f plan.Fault, low, high int64) []plan.Fault {
	d.when(&f)
	f.LastsNanos = max(roundTime(Between(d, low, high)), minLastsNanos)
	return []plan.Fault{f}
}

// minLastsNanos is the shortest time for which anything lasts.
const minLastsNanos = 1e6

func (d *drawing) when(f *plan.Fault) {
	if !d.atStep {
		f.AtNanos = d.time()
		return
	}
	d.atProtocolStep(f)
}

// time is a moment while faults strike, in whole milliseconds.
func (d *drawing) time() int64 {
	const unit = 1e6
	from, to := (d.shape.FromNanos+unit-1)/unit, d.shape.ToNanos/unit
	if d.mustStrike() {
		to -= (to - from) / 3 // the input may last shorter than was thought
	}
	return Between(d, from, to) * unit
}

// window is how long faults may strike.
func (s *Shape) window() int64 { return max(s.ToNanos-s.FromNanos, 0) }

// down is how long a crashed process is away: not at all, shortly, or for longer than it
// takes others to notice.
func (d *drawing) down() int64 {
	timeout := d.shape.HeartbeatTimeoutNanos
	switch d.Choose(3) {
	case 0:
		return 0
	case 1:
		return roundTime(Between(d, timeout/20, timeout/2))
	}
	return roundTime(Between(d, timeout, timeout*2))
}

func (d *drawing) subtask() string {
	return d.shape.Operators[d.Choose(uint64(len(d.shape.Operators)))].subtask(d)
}

func (o *Operator) subtask(c Choice) string {
	return o.ID + "[" + strconv.Itoa(int(c.Choose(uint64(o.Parallelism)))) + "]"
}

func (d *drawing) taskManager() string {
	return OneOf(d, d.living("task-manager-", d.shape.TaskManagers)...)
}

func (d *drawing) jobManager() string {
	return OneOf(d, d.living("job-manager-", d.shape.JobManagers)...)
}

// standbys: a job manager that is struck need not be the one that leads.
func (d *drawing) standbys() bool {
	return d.shape.LastCheckpoint > 0 && len(d.living("job-manager-", d.shape.JobManagers)) > 1
}

func isJobManager(role string) bool { return strings.HasPrefix(role, "job-manager-") }

// living are the processes that have not been killed for good.
func (d *drawing) living(prefix string, count int) []string {
	var names []string
	for i := range count {
		if name := prefix + strconv.Itoa(i); !slices.Contains(d.dead, name) {
			names = append(names, name)
		}
	}
	return names
}

// process is a task manager or, one time in four, a job manager.
func (d *drawing) process() string {
	if Chance(d, 1, 4) {
		return d.jobManager()
	}
	return d.taskManager()
}

func sum(weights []uint64) uint64 {
	total := uint64(0)
	for _, w := range weights {
		total += w
	}
	return total
}
