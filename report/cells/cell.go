package cells

import (
	"simrun/protocol"
	"simrun/report/stats"
	"simrun/scenarios/result"
)

// Cell is what the runs of one protocol, workload and slowdown say together.
type Cell struct {
	Protocol protocol.Name
	Workload string
	Slowdown string
	// Runs are the cell's, by seed in the comparison's order; nil where one is missing.
	Runs []*result.CellRun
	// Estimates are over seeds; N is 0 where no run has the metric.
	Estimates [MetricCount]stats.Estimate
	// Theory and Bound are the closed forms' durations, TheoryPersisted their in-flight
	// data: medians like the measured ones.
	Theory, Bound, TheoryPersisted stats.Estimate
	// Measured checkpoints of all runs; Failed of them, for any reason; Expired of those.
	Measured, Failed, Expired int
	// Skipped are trigger instants at which the previous checkpoint still ran.
	Skipped int64
	// CensoredSeeds are those whose own median duration is only "at least".
	CensoredSeeds int
	// Recovery is that of the run with the median total (the lower one of two): its four
	// parts belong together, which medians of parts would not. Nil: no run has one.
	Recovery *result.Recovery
	// Recoveries is how many runs have one, Unfinished how many of them ended before they
	// had caught up.
	Recoveries, Unfinished int
	// Vacuous cells prove nothing; Notes say why, and what else a reader must know.
	Vacuous bool
	Notes   []string

	bySeed [MetricCount][]seedValue
}

// seedValue is one seed's value of a metric, if its run has one.
type seedValue struct {
	value   stats.Value
	present bool
}

// FailedShare is the share of measured checkpoints that failed or expired, 0 to 1.
func (c *Cell) FailedShare() float64 { return share(c.Failed, c.Measured) }

// ExpiredShare is the share of measured checkpoints that expired, 0 to 1.
func (c *Cell) ExpiredShare() float64 { return share(c.Expired, c.Measured) }

// Seeds is the number of runs in the cell.
func (c *Cell) Seeds() int {
	n := 0
	for _, run := range c.Runs {
		if run != nil {
			n++
		}
	}
	return n
}

// Ratio is the estimate of base's metric over c's, paired by seed: how many times less c
// needs (or how many times more, below 1). Seeds for which one of the two is missing, or
// both are only "at least", do not count.
func (c *Cell) Ratio(m Metric, base *Cell) stats.Estimate {
	return c.paired(m, base, func(own, other stats.Value) stats.Value { return other.Over(own) })
}

// Difference is the estimate of c's metric minus base's, paired by seed like Ratio.
func (c *Cell) Difference(m Metric, base *Cell) stats.Estimate {
	return c.paired(m, base, stats.Value.Minus)
}

func (c *Cell) paired(m Metric, base *Cell, combine func(own, other stats.Value) stats.Value) stats.Estimate {
	var values []stats.Value
	for i, own := range c.bySeed[m] {
		other := base.bySeed[m][i]
		if !own.present || !other.present || !own.value.IsExact() && !other.value.IsExact() {
			continue
		}
		if v := combine(own.value, other.value); !v.IsUnknown() {
			values = append(values, v)
		}
	}
	return stats.NewEstimate(values)
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
