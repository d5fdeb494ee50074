package bugs

import (
	"cmp"
	"context"
	"slices"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/explore/orders"
)

// Census crashes jobs at their crash points, one point of each job in turn; order says in
// which order those of a job come. The run that takes a job's census counts, too.
func Census(jobs []*config.Scenario, order func([]census.Point) []census.Point) Explorer {
	runner := &crashes{jobs, order}
	return Explorer{Word: "census", Enumerates: true, New: func() (Runner, error) { return runner, nil }}
}

type crashes struct {
	jobs  []*config.Scenario
	order func([]census.Point) []census.Point
}

// counted is a job under census, and the points of it that are left.
type counted struct {
	census *census.Census
	left   []census.Point
}

// Run implements Runner. There is only one stream.
func (c *crashes) Run(ctx context.Context, bug protocol.Bug, _ int, limit uint64,
	failed func(*Failure) (bool, error)) (runs uint64, err error) {
	open := make([]counted, len(c.jobs))
	for left := true; left; {
		left = false
		for i := range open {
			job := &open[i]
			if runs >= limit || ctx.Err() != nil {
				return runs, nil
			}
			if job.census == nil {
				if job.census, err = census.New(planted(c.jobs[i], bug), c.jobs[i].Seed); err != nil {
					return runs, err
				}
				job.left = c.order(job.census.Points())
				runs++
			}
			if runs == limit || len(job.left) == 0 {
				continue
			}
			runs, left = runs+1, true
			if goOn, err := job.crash(failed); err != nil || !goOn {
				return runs, err
			}
		}
	}
	return runs, nil
}

// crash crashes the job at its next point.
func (j *counted) crash(failed func(*Failure) (bool, error)) (goOn bool, err error) {
	at := j.left[:1]
	j.left = j.left[1:]
	r, err := j.census.Sweep([][]census.Point{at}, census.InOrder)
	s := j.census.Scenario(at...)
	if err != nil || len(r.Failures) == 0 || !failing(s, r.Failures[0].Outcome) {
		return true, err
	}
	return failed(&Failure{s, s.Seed, r.Failures[0].Outcome})
}

// Orders walks the orders of delivery of tiny jobs, one order of each job in turn.
func Orders(jobs []*config.Scenario) Explorer {
	return (&walks{jobs, orders.Walk}).explorer("exhaustive")
}

// Priorities runs orders of delivery of small jobs that priorities draw under each job's own seed,
// one order of each job in turn.
func Priorities(jobs []*config.Scenario) Explorer {
	return (&walks{jobs, sample}).explorer("priorities")
}

func sample(s *config.Scenario, seed uint64, o orders.Options, each census.Each) (*orders.Result, error) {
	r, err := orders.Sample(s, seed, o, each)
	if err != nil {
		return nil, err
	}
	return &r.Result, nil
}

// walks are jobs whose orders are run, and how.
type walks struct {
	jobs []*config.Scenario
	run  func(*config.Scenario, uint64, orders.Options, census.Each) (*orders.Result, error)
}

func (w *walks) explorer(word string) Explorer {
	return Explorer{Word: word, Enumerates: true, New: func() (Runner, error) { return w, nil }}
}

// reached is a failure with the number of runs until it.
type reached struct {
	runs    uint64
	failure *Failure
}

// Run implements Runner. There is only one stream. A walk does not stop at its first failure, so
// those of all jobs are put side by side afterwards.
func (w *walks) Run(ctx context.Context, bug protocol.Bug, _ int, limit uint64,
	failed func(*Failure) (bool, error)) (runs uint64, err error) {
	var all []reached
	most := limit
	for i, job := range w.jobs {
		r, err := w.walk(ctx, planted(job, bug), w.inTurn(i, most))
		if err != nil {
			return runs, err
		}
		runs += uint64(r.Runs)
		for k := range r.Failures {
			if f := &r.Failures[k]; failing(job, f.Outcome) {
				at := uint64(f.Run-1)*uint64(len(w.jobs)) + uint64(i) + 1
				all = append(all, reached{at, &Failure{r.Case(f).Scenario, job.Seed, f.Outcome}})
				most = min(most, at)
			}
		}
	}
	slices.SortFunc(all, func(a, b reached) int { return cmp.Compare(a.runs, b.runs) })
	for _, r := range all {
		if goOn, err := failed(r.failure); err != nil || !goOn {
			return r.runs, err
		}
	}
	return runs, nil
}

// inTurn is how many of so many runs are job i's when each job has one in turn.
func (w *walks) inTurn(i int, runs uint64) int {
	n := uint64(len(w.jobs))
	return int((runs + n - 1 - uint64(i)) / n)
}

func (w *walks) walk(ctx context.Context, job *config.Scenario, most int) (*orders.Result, error) {
	if most == 0 {
		return &orders.Result{}, nil
	}
	o := orders.Options{MostRuns: most, Until: func() bool { return ctx.Err() != nil }}
	return w.run(job, job.Seed, o, census.InOrder)
}

// planted is a job with a bug switched on, and the budget of a drawn universe.
func planted(job *config.Scenario, bug protocol.Bug) *config.Scenario {
	const budget = 2_000_000
	s := job.Clone()
	s.Run.Bug = bug
	if s.Run.Budget == 0 {
		s.Run.Budget = budget
	}
	return s
}
