package checkers

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// pointComparison holds a completed checkpoint against what re-executed tasks have come to.
type pointComparison struct {
	point    *protocol.RecoveryPoint
	restored sim.Event
	report   *Report
}

// compare goes through the first tasks in the order of the data, and through operators as
// a whole. It reports the first task that differs, and whether anything does: what follows
// a difference differs because of it.
func (c *pointComparison) compare(want *Expected, tasks int) bool {
	for task := range min(tasks, len(want.Tasks), len(c.point.Tasks)) {
		if want.Tasks[task].Executed && c.task(task, &want.Tasks[task], &c.point.Tasks[task]) {
			return true
		}
	}
	for i := range want.States {
		w := &want.States[i]
		applied, content := stateAt(c.point, w.Operator)
		if c.state(w.Name, applied, w.Applied, content, w.Content) {
			return true
		}
	}
	return false
}

// task compares one task: what it has read, what it holds, what it has sent.
func (c *pointComparison) task(task int, want *ReachedTask, got *protocol.TaskPoint) bool {
	for _, w := range want.Positions {
		for _, g := range got.Positions {
			if g.Split == w.Split && g.Offset != w.Offset {
				return c.violate(StateOffsetSkew, task, fmt.Sprintf(
					"%s goes on with split %d at offset %d and had read up to %d",
					c.name(task), w.Split, g.Offset, w.Offset))
			}
		}
	}
	for i := range min(len(want.Received), len(got.Received)) {
		if w, g := want.Received[i], got.Received[i].Count; w != g {
			return c.violate(StateOffsetSkew, task, fmt.Sprintf(
				"%s had taken %d elements of channel %d and its snapshot says %d", c.name(task), w, i, g))
		}
	}
	for _, w := range want.States {
		for _, g := range got.States {
			if g.Operator == w.Operator &&
				c.state(c.report.History().role(int64(task)), g.Applied, w.Applied, g.Content, w.Content) {
				return true
			}
		}
	}
	return c.sent(task, want.Sent, got.Sent)
}

// sent compares what a task had sent.
func (c *pointComparison) sent(task int, want, got []protocol.Chain) bool {
	for i := range min(len(want), len(got)) {
		w, g := want[i], got[i]
		if w != g {
			return c.violate(byCount(protocol.Tally{Count: g.Count}, protocol.Tally{Count: w.Count}), task,
				fmt.Sprintf("%s has sent %d elements to channel %d; in the witnessed order %d are due, or others",
					c.name(task), g.Count, i, w.Count))
		}
	}
	return false
}

// state compares an operator's state.
func (c *pointComparison) state(role string, got, want protocol.Tally, content, wantContent uint64) bool {
	switch {
	case got != want:
		return c.reportAs(byCount(got, want), role, fmt.Sprintf(
			"the state of %s must hold the effects of %d records and holds those of %d", role, want.Count, got.Count))
	case content != wantContent:
		return c.reportAs(Corrupt, role, fmt.Sprintf(
			"the state of %s holds the effects of the right %d records, but other values than in the witnessed order",
			role, want.Count))
	}
	return false
}

func (c *pointComparison) name(task int) string { return c.report.History().name(int64(task)) }

func (c *pointComparison) violate(class Class, task int, detail string) bool {
	return c.reportAs(class, c.report.History().role(int64(task)), detail)
}

// reportAs reports with the restore before the checkpoint, its trigger and its completion.
func (c *pointComparison) reportAs(class Class, role, detail string) bool {
	triggered, ended := eventsOf(c.report.History(), c.point.Checkpoint)
	c.report.Violate(class, role, detail, c.restored, triggered, ended)
	return true
}

// stateAt sums an operator's state over its subtasks.
func stateAt(p *protocol.RecoveryPoint, operator uint64) (applied protocol.Tally, content uint64) {
	for i := range p.Tasks {
		for _, s := range p.Tasks[i].States {
			if s.Operator == operator {
				applied, content = applied.Plus(s.Applied), content+s.Content
			}
		}
	}
	return applied, content
}
