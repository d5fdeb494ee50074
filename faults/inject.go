package faults

import (
	"fmt"
	"slices"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/sim"
)

// Firing is what became of one fault of the plan.
type Firing struct {
	// Fired: it struck, at FiredNanos.
	Fired      bool
	FiredNanos int64
	// Healed: it ended, at HealedNanos.
	Healed      bool
	HealedNanos int64
	// Err is why the target refused it.
	Err error
	// StepReached counts how often the run made the step at which it strikes.
	StepReached int64

	// What it was done to: with "here" resolved, and as the target numbers it.
	disturbance protocol.Disturbance
	target      int64
}

// Injection is a plan under way.
type Injection struct {
	plan    plan.Plan
	world   World
	target  Target
	firings []Firing
	watches []protocol.StepWatch // by fault; of those at steps
}

// Inject schedules the faults of a plan. It fails, before anything is scheduled, when a
// fault names a step that the target does not have.
func Inject(p plan.Plan, world World, target Target) (*Injection, error) {
	in := &Injection{
		plan: p, world: world, target: target,
		firings: make([]Firing, len(p)), watches: make([]protocol.StepWatch, len(p)),
	}
	if err := checkSteps(p, target); err != nil {
		return nil, err
	}
	for i := range p {
		if err := in.schedule(i); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// checkSteps refuses steps that do not exist, and what would come before an event.
func checkSteps(p plan.Plan, target Target) error {
	var steps []string
	for i := range p {
		f := &p[i]
		if f.Step == "" {
			continue
		}
		if steps == nil {
			steps = target.Steps()
		}
		if !slices.Contains(steps, f.Step) {
			return &StepError{Fault: i, Step: f.Step, Problem: "is no protocol step",
				Nearest: protocol.Nearest(f.Step, steps)}
		}
		if _, isEvent := protocol.EventStep(f.Step); isEvent && f.Moment == protocol.Before {
			return &StepError{Fault: i, Step: f.Step, Problem: "is an event: nothing can strike before it"}
		}
	}
	return nil
}

// StepError names a step of a plan that the system under test does not have.
type StepError struct {
	Fault   int // position in the plan
	Step    string
	Problem string // half a sentence
	Nearest string // the step that was most likely meant
}

// Error names fault, step and the nearest one.
func (e *StepError) Error() string {
	text := fmt.Sprintf("fault %d: %q %s", e.Fault, e.Step, e.Problem)
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return text
}

func (in *Injection) schedule(i int) error {
	f := &in.plan[i]
	if f.Step != "" {
		in.watches[i] = protocol.StepWatch{
			Step: f.Step, Moment: f.Moment, Of: f.Of, Checkpoint: f.Checkpoint, Ordinal: f.Ordinal,
			Act: func(at protocol.StepPlace) { in.strike(i, at) },
		}
		return in.target.OnStep(&in.watches[i])
	}
	in.world.At(f.AtNanos, func() { in.strike(i, protocol.StepPlace{}) })
	return nil
}

// strike applies a fault and schedules its end.
func (in *Injection) strike(i int, at protocol.StepPlace) {
	f, firing := &in.plan[i], &in.firings[i]
	firing.disturbance = f.Disturbance
	for t, target := range f.Targets {
		firing.disturbance.Targets[t] = at.Resolve(target)
	}
	firing.target, firing.Err = in.target.Apply(&firing.disturbance)
	if firing.Err != nil {
		return
	}
	firing.Fired, firing.FiredNanos = true, in.world.NowNanos()
	in.emit(protocol.FaultInjected, i)
	if ends(f) {
		in.world.At(firing.FiredNanos+f.LastsNanos, func() { in.heal(i) })
	}
}

// ends reports whether a fault has an end that Revert brings about. User code that threw
// has thrown.
func ends(f *plan.Fault) bool { return !f.Permanent() && plan.Ends(f.Kind) }

func (in *Injection) heal(i int) {
	firing := &in.firings[i]
	if err := in.target.Revert(&firing.disturbance); err != nil {
		firing.Err = err
		return
	}
	firing.Healed, firing.HealedNanos = true, in.world.NowNanos()
	in.emit(protocol.FaultHealed, i)
}

func (in *Injection) emit(kind protocol.EventKind, i int) {
	in.world.Emit(sim.EventKind(kind), int64(i), int64(in.plan[i].Kind), in.firings[i].target, 0, 0, 0)
}

// ActiveSince reports whether a fault has struck since then, or one that struck before had
// not ended by then.
func (in *Injection) ActiveSince(nanos int64) bool {
	for i := range in.firings {
		f := &in.firings[i]
		lasted := f.Healed && f.HealedNanos >= nanos || !f.Healed && ends(&in.plan[i])
		if f.Fired && (f.FiredNanos >= nanos || lasted) {
			return true
		}
	}
	return false
}

// Firings say what became of each fault, by position in the plan. They belong to the
// injection.
func (in *Injection) Firings() []Firing {
	for i := range in.firings {
		in.firings[i].StepReached = in.watches[i].Reached
	}
	return in.firings
}

// NotFired are the positions of faults that never struck.
func (in *Injection) NotFired() []int {
	var missed []int
	for i := range in.firings {
		if !in.firings[i].Fired {
			missed = append(missed, i)
		}
	}
	return missed
}

// Fired counts the faults that struck.
func (in *Injection) Fired() int { return len(in.firings) - len(in.NotFired()) }
