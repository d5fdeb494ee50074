package orders

import (
	"fmt"
	"slices"
	"strconv"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// Result is what came of running orders.
type Result struct {
	// Scenario is the one that was run, with its seed.
	Scenario *config.Scenario
	// Runs were made, each of another order; Survived of them came through.
	Runs, Survived int
	// Twins are orders that were left where they come to what another one has come to.
	Twins int
	// Exhausted: no order is left. Shortened: runs had more choices than were varied, so that
	// only the orders of the first ones are meant.
	Exhausted, Shortened bool
	// Failures are the first order of each signature that did not come through.
	Failures []Failure
}

// Failure is an order that a job did not survive.
type Failure struct {
	// Choices are the turns' (config.Run.Deliveries).
	Choices []int
	// Run is which of the walk's runs this was, from 1.
	Run int
	// Orders that failed with this signature.
	Orders  int
	Outcome *result.Outcome
}

// written are choices as a scenario holds them, where an empty list leaves the order to the
// network.
func written(choices []int) []int {
	if len(choices) == 0 {
		return []int{0}
	}
	return choices
}

func (r *Result) add(choices []int, o *result.Outcome) {
	r.Runs++
	if o.Verdict == result.OK {
		r.Survived++
		return
	}
	known := func(f Failure) bool { return f.Outcome.Signature() == o.Signature() }
	if i := slices.IndexFunc(r.Failures, known); i >= 0 {
		r.Failures[i].Orders++
		return
	}
	r.Failures = append(r.Failures, Failure{written(choices), r.Runs, 1, o})
}

// String is "all 1,716 orders of delivery survive" or, where not all were run or did,
// "1,000 of 1,716 orders of delivery survived".
func (r *Result) String() string {
	text := fmt.Sprintf("%s of %s orders of delivery survived", grouped(r.Survived), grouped(r.Runs))
	switch {
	case r.Exhausted && r.Survived == r.Runs:
		text = fmt.Sprintf("all %s orders of delivery survive", grouped(r.Runs))
	case !r.Exhausted:
		text += ", and there are more"
	}
	if r.Shortened {
		text += " (later turns in the order of waiting)"
	}
	return text
}

// grouped writes a number with a comma at every thousand.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// Case is a failure as a case file.
func (r *Result) Case(f *Failure) *config.Case {
	s, o := r.Scenario.Clone(), f.Outcome
	s.Run.Deliveries = f.Choices
	c := config.NewCase(s, s.Seed)
	c.Verdict, c.Events, c.Digest, c.Trail = o.Verdict, uint64(o.Events), o.Digest, o.Trail
	if len(o.Violations) > 0 {
		c.Class, c.Signature = o.Violations[0].Class, o.Violations[0].Signature
	}
	return c
}
