package faults

import (
	"fmt"

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

	target int64
}

// Injection is a plan under way.
type Injection struct {
	plan    plan.Plan
	world   World
	target  Target
	firings []Firing
}

// Inject schedules the faults of a plan. It fails, before anything is scheduled, when a
// fault names a step that the target does not have.
func Inject(p plan.Plan, world World, target Target) (*Injection, error) {
	in := &Injection{plan: p, world: world, target: target, firings: make([]Firing, len(p))}
	if err := checkSteps(p, target.Steps()); err != nil {
		return nil, err
	}
	for i := range p {
		if err := in.schedule(i); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// checkSteps refuses steps that do not exist.
func checkSteps(p plan.Plan, steps []string) error {
	for i := range p {
		if step := p[i].Step; step != "" && !contains(steps, step) {
			return &StepError{Fault: i, Step: step, Nearest: protocol.Nearest(step, steps)}
		}
	}
	return nil
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// StepError names a step of a plan that the system under test does not have.
type StepError struct {
	Fault   int // position in the plan
	Step    string
	Nearest string // the step that was most likely meant
}

// Error names fault, step and the nearest one.
func (e *StepError) Error() string {
	text := fmt.Sprintf("fault %d: %q is no protocol step", e.Fault, e.Step)
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return text
}

func (in *Injection) schedule(i int) error {
	f := &in.plan[i]
	if f.Step != "" {
		return in.target.OnStep(f.Step, f.Ordinal, func() { in.strike(i) })
	}
	in.world.At(f.AtNanos, func() { in.strike(i) })
	return nil
}

// strike applies a fault and schedules its end.
func (in *Injection) strike(i int) {
	f, firing := &in.plan[i], &in.firings[i]
	firing.target, firing.Err = in.target.Apply(&f.Disturbance)
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
	if err := in.target.Revert(&in.plan[i].Disturbance); err != nil {
		firing.Err = err
		return
	}
	firing.Healed, firing.HealedNanos = true, in.world.NowNanos()
	in.emit(protocol.FaultHealed, i)
}

func (in *Injection) emit(kind protocol.EventKind, i int) {
	in.world.Emit(sim.EventKind(kind), int64(i), int64(in.plan[i].Kind), in.firings[i].target, 0, 0, 0)
}

// Firings say what became of each fault, by position in the plan. They belong to the
// injection.
func (in *Injection) Firings() []Firing { return in.firings }

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
