package census

import (
	"fmt"
	"slices"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// Result is what came of crashing a scenario at many points.
type Result struct {
	// What was crashed at: "single crash points", "pairs of crash points".
	What string
	// Runs were made; Survived of them came through.
	Runs, Survived int
	// Reachable pairs of kinds there are, and Covered of them were run. Of single points
	// both are the number of points.
	Reachable, Covered int
	// Failures are the runs that did not, in the order of their points.
	Failures []Failure
}

// Failure is a run that did not survive its crashes.
type Failure struct {
	Points  []Point
	Outcome *result.Outcome
}

// Survived reports whether a run came through what struck it: every crash struck, and the
// verdict is ok.
func Survived(o *result.Outcome) bool {
	missed := func(f result.Fault) bool { return !f.Fired }
	return o.Verdict == result.OK && !slices.ContainsFunc(o.Faults, missed)
}

// String is "1,284 / 1,284 single crash points survived" and, where not all that is
// reachable was run, how much of it was: "97.3 % of reachable pairs".
func (r *Result) String() string {
	text := fmt.Sprintf("%s / %s %s survived", grouped(r.Survived), grouped(r.Runs), r.What)
	if r.Covered < r.Reachable {
		permille := r.Covered * 1000 / r.Reachable
		text += fmt.Sprintf(", %d.%d %% of reachable pairs", permille/10, permille%10)
	}
	return text
}

// grouped writes a number with a comma at every thousand.
func grouped(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}

// Singles crashes the scenario at each of its points, one run each. The error is that of a
// run that could not be made.
func (c *Census) Singles(each Each) (*Result, error) {
	plans := make([][]Point, len(c.points))
	for i := range c.points {
		plans[i] = c.points[i : i+1]
	}
	r, err := c.Sweep(plans, each)
	if err != nil {
		return nil, err
	}
	r.What, r.Reachable, r.Covered = "single crash points", len(plans), len(plans)
	return r, nil
}

// Sweep crashes the scenario at the points of each list, one run a list. The error is that of
// a run that could not be made.
func (c *Census) Sweep(plans [][]Point, each Each) (*Result, error) {
	outcomes, errors := make([]*result.Outcome, len(plans)), make([]error, len(plans))
	each(len(plans), func(i int) { outcomes[i], errors[i] = c.crash(plans[i]) })
	r := &Result{What: "runs with crash points", Runs: len(plans), Reachable: len(plans), Covered: len(plans)}
	for i, o := range outcomes {
		switch {
		case errors[i] != nil:
			return nil, fmt.Errorf("%v: %w", plans[i], errors[i])
		case Survived(o):
			r.Survived++
		default:
			r.Failures = append(r.Failures, Failure{plans[i], o})
		}
	}
	return r, nil
}

// crash runs the scenario with crashes at the points. A run that panics leaves its memory
// behind.
func (c *Census) crash(points []Point) (*result.Outcome, error) {
	w, err := c.worker()
	if err != nil {
		return nil, err
	}
	o, err := w.run(Plan(points...))
	if err == nil && !panicked(o) {
		c.give(w)
	}
	return o, err
}

func panicked(o *result.Outcome) bool {
	return slices.ContainsFunc(o.Violations, func(f result.Finding) bool { return f.Class == "panic" })
}

// Case is a failure as a case file.
func (c *Census) Case(f *Failure) *config.Case {
	o := f.Outcome
	recorded := config.NewCase(c.Scenario(f.Points...), c.seed)
	recorded.Verdict, recorded.Events = o.Verdict, uint64(o.Events)
	recorded.Digest, recorded.Trail = o.Digest, o.Trail
	if len(o.Violations) > 0 {
		recorded.Class, recorded.Signature = o.Violations[0].Class, o.Violations[0].Signature
	}
	return recorded
}
