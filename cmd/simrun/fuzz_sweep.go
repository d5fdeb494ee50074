package main

import (
	"fmt"

	"simrun/scenarios/config"
	"simrun/scenarios/explore"
	"simrun/scenarios/explore/census"
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

// crashesAtATime is how many points are crashed at between two looks at the clock.
const crashesAtATime = 64

// spread are the points in an order in which the first ones are of the whole run.
func spread(points []census.Point) []census.Point {
	const stride = 64
	var order []census.Point
	for from := range stride {
		for i := from; i < len(points); i += stride {
			order = append(order, points[i])
		}
	}
	return order
}

// sweepCrashes crashes at every point that the scenario gets to.
func sweepCrashes(w *sweep, s *config.Scenario) (string, []failure, error) {
	c, err := census.New(s, s.Seed)
	if err != nil {
		return "", nil, err
	}
	points := spread(c.Points())
	sum := census.Result{What: "single crash points"}
	for sum.Runs < len(points) && !w.until() {
		var plans [][]census.Point
		for _, p := range points[sum.Runs:min(sum.Runs+crashesAtATime, len(points))] {
			plans = append(plans, []census.Point{p})
		}
		r, err := c.Sweep(plans, w.each)
		if err != nil {
			return "", nil, err
		}
		sum.Runs, sum.Survived = sum.Runs+r.Runs, sum.Survived+r.Survived
		sum.Failures = append(sum.Failures, r.Failures...)
		w.bar.describe(fmt.Sprintf("%s: %d of %d crash points", s.Name, sum.Runs, len(points)))
	}
	said := sum.String()
	if sum.Runs < len(points) {
		said += fmt.Sprintf(", of %d that there are", len(points))
	}
	var failures []failure
	for i := range sum.Failures {
		f := &sum.Failures[i]
		signature := f.Outcome.Signature()
		if signature == "" {
			signature = string(f.Outcome.Verdict)
		}
		failures = append(failures, failure{c.Case(f), signature, fmt.Sprint(f.Points[0])})
	}
	return said, failures, nil
}
