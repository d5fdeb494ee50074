package scenarios

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/config/units"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// DefaultComparison are the scenarios that are compared if the user names none: real
// flights and a NexMark stream, into a slow sink.
func DefaultComparison() []string { return []string{"flights-backpressure", "nexmark-backpressure"} }

// CompareOptions are what a comparison is made of.
type CompareOptions struct {
	// Scenarios each have a compare section; all have the same slowdowns and schedule.
	Scenarios []*Scenario
	// Protocols and Seeds, if not empty and not 0, replace those of the scenarios.
	Protocols []protocol.Name
	Seeds     int
	// Command reproduces the comparison, for the report.
	Command string
	// Progress, if not nil, is told after each run; never by two goroutines at once.
	Progress func(done, total int)
	// Workers is the number of runs at a time; 0: one per core.
	Workers int
}

// Compare runs every protocol on the same universes: protocols x workloads x slowdowns x
// seeds, each with a twin in which a task manager crashes at a random moment. The result
// does not depend on the number of workers. The error is about the input, or that of ctx.
func Compare(ctx context.Context, o CompareOptions) (*result.Comparison, error) {
	g, err := newGrid(o)
	if err != nil {
		return nil, err
	}
	if err := g.runAll(ctx); err != nil {
		return nil, err
	}
	return g.comparison, nil
}

// grid is a comparison under way.
type grid struct {
	o          CompareOptions
	comparison *result.Comparison
	cells      []cell // by run, as comparison.Runs

	mutex sync.Mutex
	done  int
	err   error
}

// cell is one run's place in the grid.
type cell struct {
	workload *Scenario
	compare  *config.Compare
	slowdown int
}

func newGrid(o CompareOptions) (*grid, error) {
	first := o.Scenarios[0].config.Compare
	for _, s := range o.Scenarios {
		if err := comparable(s.config, first); err != nil {
			return nil, err
		}
	}
	if len(o.Protocols) == 0 {
		o.Protocols = first.Protocols
	}
	if o.Seeds == 0 {
		o.Seeds = first.Seeds
	}
	c := &result.Comparison{
		Name: "backpressure", Protocols: o.Protocols, Command: o.Command,
		TimeoutNanos:     o.Scenarios[0].config.Job.Config.Checkpointing.TimeoutNanos,
		MeasureFromNanos: first.WarmUpNanos,
	}
	for _, s := range o.Scenarios {
		c.Workloads = append(c.Workloads, s.Name())
		c.Conditions = append(c.Conditions, conditions(s.config)...)
	}
	for _, slowdown := range first.Slowdowns {
		c.Slowdowns = append(c.Slowdowns, units.FormatDecimal(slowdown.Num, slowdown.Den))
	}
	for i := range o.Seeds {
		c.Seeds = append(c.Seeds, o.Scenarios[0].DefaultSeed()+uint64(i))
	}
	g := &grid{o: o, comparison: c}
	g.lay()
	return g, nil
}

// comparable refuses scenarios that cannot stand in one grid.
func comparable(s *config.Scenario, first *config.Compare) error {
	switch {
	case s.Compare == nil:
		return &config.Error{File: s.Name, Message: "the scenario has no compare section",
			Expected: "compare: {bottleneck: id of a sink, offered: 2000/s}"}
	case first == nil || fmt.Sprint(s.Compare.Slowdowns) != fmt.Sprint(first.Slowdowns) ||
		s.Compare.WarmUpNanos != first.WarmUpNanos:
		return &config.Error{File: s.Name,
			Message: "the scenarios are compared at different slowdowns or after different warm-ups"}
	}
	return nil
}

// lay makes a run for every protocol, workload, slowdown and seed, in that order.
func (g *grid) lay() {
	c := g.comparison
	for _, name := range c.Protocols {
		for w, workload := range c.Workloads {
			for slowdown := range c.Slowdowns {
				for _, seed := range c.Seeds {
					s := g.o.Scenarios[w]
					c.Runs = append(c.Runs, result.CellRun{
						Protocol: name, Workload: workload, Slowdown: c.Slowdowns[slowdown], Seed: seed,
					})
					g.cells = append(g.cells, cell{
						workload: s, slowdown: slowdown, compare: s.config.Compare.At(s.config.Compare.Slowdowns[slowdown]),
					})
				}
			}
		}
	}
}

// runAll shares the runs among workers; each fills its own places of the result.
func (g *grid) runAll(ctx context.Context) error {
	workers := g.o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			t := trial.New()
			for i := range next {
				g.finished(g.runCell(t, i))
			}
		})
	}
	for i := range g.cells {
		if ctx.Err() != nil || g.failed() {
			break
		}
		next <- i
	}
	close(next)
	group.Wait()
	if g.err != nil {
		return g.err
	}
	return ctx.Err()
}

func (g *grid) finished(err error) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.done++
	if err != nil && g.err == nil {
		g.err = err
	}
	if g.o.Progress != nil {
		g.o.Progress(g.done, len(g.cells))
	}
}

func (g *grid) failed() bool {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.err != nil
}
