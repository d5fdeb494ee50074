package main

import (
	"fmt"

	"simrun/scenarios/config"
	"simrun/scenarios/explore"
	"simrun/scenarios/explore/orders"
	"simrun/scenarios/result"
)

// sweepOrders runs every order of delivery.
func sweepOrders(w *sweep, s *config.Scenario) (string, []failure, error) {
	walked, err := orders.Walk(s, s.Seed, orders.Options{
		Until:    w.until,
		Progress: func(runs int) { w.bar.describe(fmt.Sprintf("%s: %d orders", s.Name, runs)) },
	}, w.each)
	if err != nil {
		return "", nil, err
	}
	return walked.String(), ordersThatFailed(walked), nil
}

// sampleOrders draws orders of delivery by priorities.
func sampleOrders(w *sweep, s *config.Scenario) (string, []failure, error) {
	sampled, err := orders.Sample(s, s.Seed, orders.Options{
		Until:    w.until,
		Progress: func(runs int) { w.bar.describe(fmt.Sprintf("%s: %d orders", s.Name, runs)) },
	}, w.each)
	if err != nil {
		return "", nil, err
	}
	return sampled.String(), ordersThatFailed(&sampled.Result), nil
}

func ordersThatFailed(r *orders.Result) []failure {
	var failures []failure
	for i := range r.Failures {
		f := &r.Failures[i]
		failures = append(failures, failure{r.Case(f), f.Outcome.Signature(),
			fmt.Sprintf("%d orders, the first %v", f.Orders, f.Choices)})
	}
	return failures
}

// differentJobs are the library's recovery scenarios without those that are the same job
// under other faults: a census has faults of its own.
func differentJobs() ([]*config.Scenario, error) {
	all, err := explore.Recovery()
	seen := map[string]bool{}
	var different []*config.Scenario
	for _, s := range all {
		job := s.Clone()
		job.Name, job.Teaches, job.Faults, job.Expect = "", "", nil, config.Expect{Verdict: result.OK}
		if text := string(job.YAML()); !seen[text] {
			seen[text] = true
			different = append(different, s)
		}
	}
	return different, err
}
