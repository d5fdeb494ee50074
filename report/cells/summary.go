package cells

import (
	"slices"

	"simrun/protocol"
	"simrun/report/stats"
	"simrun/scenarios/result"
)

// Summary is a comparison, reduced to its cells.
type Summary struct {
	Comparison *result.Comparison
	cells      []Cell // in the order protocol, workload, slowdown
}

// Summarize reduces c. Runs may be missing or out of order; a run whose protocol, workload,
// slowdown or seed the comparison does not list is left out.
func Summarize(c *result.Comparison) *Summary {
	s := &Summary{Comparison: c}
	for _, name := range c.Protocols {
		for _, workload := range c.Workloads {
			for _, slowdown := range c.Slowdowns {
				s.cells = append(s.cells, Cell{
					Protocol: name, Workload: workload, Slowdown: slowdown,
					Runs: make([]*result.CellRun, len(c.Seeds)),
				})
			}
		}
	}
	s.placeRuns()
	for i := range s.cells {
		s.cells[i].summarize(c.MeasureFromNanos)
	}
	return s
}

// placeRuns hands each run to its cell.
func (s *Summary) placeRuns() {
	c := s.Comparison
	for i := range c.Runs {
		run := &c.Runs[i]
		p := slices.Index(c.Protocols, run.Protocol)
		w := slices.Index(c.Workloads, run.Workload)
		l := slices.Index(c.Slowdowns, run.Slowdown)
		seed := slices.Index(c.Seeds, run.Seed)
		if p >= 0 && w >= 0 && l >= 0 && seed >= 0 && run.Outcome != nil {
			s.Cell(w, l, p).Runs[seed] = run
		}
	}
}

// Cell is the one at these indices of the comparison's lists.
func (s *Summary) Cell(workload, slowdown, protocol int) *Cell {
	c := s.Comparison
	return &s.cells[(protocol*len(c.Workloads)+workload)*len(c.Slowdowns)+slowdown]
}

// Cells are all of them, in the order protocol, workload, slowdown. They must not be
// changed.
func (s *Summary) Cells() []Cell { return s.cells }

// Baseline is the cell of aligned in the same workload and slowdown, which others are
// compared with; nil if the comparison has none.
func (s *Summary) Baseline(c *Cell) *Cell {
	p := slices.Index(s.Comparison.Protocols, protocol.Aligned)
	if p < 0 {
		return nil
	}
	w := slices.Index(s.Comparison.Workloads, c.Workload)
	l := slices.Index(s.Comparison.Slowdowns, c.Slowdown)
	return s.Cell(w, l, p)
}

// Vacuous are the cells that prove nothing.
func (s *Summary) Vacuous() (vacuous []*Cell) {
	for i := range s.cells {
		if s.cells[i].Vacuous {
			vacuous = append(vacuous, &s.cells[i])
		}
	}
	return vacuous
}

// summarize fills the cell from its runs.
func (c *Cell) summarize(measureFromNanos int64) {
	for m := range c.bySeed {
		c.bySeed[m] = make([]seedValue, len(c.Runs))
	}
	var theories, bounds, volumes []seedValue
	for i, run := range c.Runs {
		if run == nil {
			continue
		}
		f := reduce(run, measureFromNanos)
		for m := range f.values {
			c.bySeed[m][i] = f.values[m]
		}
		theories = append(theories, f.theory)
		bounds = append(bounds, f.bound)
		volumes = append(volumes, f.theoryVolume)
		c.count(run, f)
	}
	for m := range c.bySeed {
		c.Estimates[m] = estimate(c.bySeed[m])
	}
	c.Theory, c.Bound, c.TheoryPersisted = estimate(theories), estimate(bounds), estimate(volumes)
	c.chooseRecovery()
	c.judge()
}

// count adds up what is counted over all checkpoints and seeds.
func (c *Cell) count(run *result.CellRun, f *runFigures) {
	c.Measured += f.measured
	c.Failed += f.failed
	c.Expired += f.expired
	c.Skipped += run.Outcome.Measures.Skipped
	if d := f.values[Duration]; d.present && !d.value.IsExact() {
		c.CensoredSeeds++
	}
	if run.Recovery != nil {
		c.Recoveries++
		if !run.Recovery.Complete {
			c.Unfinished++
		}
	}
}

func estimate(bySeed []seedValue) stats.Estimate {
	var values []stats.Value
	for _, v := range bySeed {
		if v.present {
			values = append(values, v.value)
		}
	}
	return stats.NewEstimate(values)
}

// chooseRecovery takes the run with the median total; seeds break ties by their order.
func (c *Cell) chooseRecovery() {
	var all []*result.Recovery
	for _, run := range c.Runs {
		if run != nil && run.Recovery != nil {
			all = append(all, run.Recovery)
		}
	}
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b *result.Recovery) int {
		return int(min(max(a.TotalNanos()-b.TotalNanos(), -1), 1))
	})
	c.Recovery = all[(len(all)-1)/2]
}
