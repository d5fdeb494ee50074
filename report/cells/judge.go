package cells

import (
	"fmt"
	"math/big"
	"strings"

	"simrun/protocol"
	"simrun/report/units"
	"simrun/scenarios/result"
)

// backpressuredPermille is the share of time in which a source must have been
// backpressured, where it is oversubscribed, for its run to be about backpressure.
const backpressuredPermille = 500

// judge writes the cell's notes: first what makes it vacuous, then what else to know.
func (c *Cell) judge() {
	oversubscribed := AboveOne(c.Slowdown)
	c.noteSeeds(true, "source ended before the last measured checkpoint", func(r *result.CellRun) bool {
		return r.Outcome.Measures.SourceEnded
	})
	c.noteSeeds(true, "source backpressured less than half of the time", func(r *result.CellRun) bool {
		return oversubscribed && r.Outcome.Measures.SourceBackpressuredPermille < backpressuredPermille
	})
	c.noteSeeds(true, "vacuous", func(r *result.CellRun) bool { return r.Outcome.Verdict == result.Vacuous })
	if missing := len(c.Runs) - c.Seeds(); missing > 0 {
		c.Vacuous = true
		c.Notes = append(c.Notes, fmt.Sprintf("%d of %d seeds did not run", missing, len(c.Runs)))
	}
	if c.Measured == 0 && c.Protocol != protocol.None {
		c.Vacuous = true
		c.Notes = append(c.Notes, "no checkpoint was measured")
	}
	for _, verdict := range []result.Verdict{result.Violation, result.Stuck, result.Failed} {
		c.noteSeeds(false, "verdict "+string(verdict), func(r *result.CellRun) bool {
			return r.Outcome.Verdict == verdict
		})
	}
	c.noteLoss()
}

// noteSeeds adds a note that names the seeds of which it holds.
func (c *Cell) noteSeeds(vacuous bool, what string, holds func(*result.CellRun) bool) {
	var seeds []string
	for _, run := range c.Runs {
		if run != nil && holds(run) {
			seeds = append(seeds, fmt.Sprint(run.Seed))
		}
	}
	if len(seeds) == 0 {
		return
	}
	c.Vacuous = c.Vacuous || vacuous
	c.Notes = append(c.Notes, what+" (seed "+strings.Join(seeds, ", ")+")")
}

// noteLoss says what was lost on the way to the medians.
func (c *Cell) noteLoss() {
	note := func(format string, args ...any) { c.Notes = append(c.Notes, fmt.Sprintf(format, args...)) }
	if c.Failed > 0 {
		note("%d of %d checkpoints failed, %d of them expired (%s)", c.Failed, c.Measured, c.Expired,
			units.Percent(c.FailedShare()))
	}
	if c.Estimates[Duration].Median.IsAtLeast() {
		note("median duration is a lower bound: the checkpoint of the median was cut off")
	}
	if c.Skipped > 0 {
		note("%d triggers skipped because the previous checkpoint still ran", c.Skipped)
	}
	if c.Recoveries < c.Seeds() && c.Recoveries > 0 {
		note("recovery measured in %d of %d runs", c.Recoveries, c.Seeds())
	}
	if c.Unfinished > 0 {
		note("%d of %d recoveries had not caught up when the run ended", c.Unfinished, c.Recoveries)
	}
}

// AboveOne reports whether a slowdown, as written, is above 1: the sinks cannot keep up.
func AboveOne(slowdown string) bool {
	ratio, ok := new(big.Rat).SetString(slowdown)
	return ok && ratio.Cmp(big.NewRat(1, 1)) > 0
}
