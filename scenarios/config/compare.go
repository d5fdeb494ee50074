package config

import (
	"simrun/protocol"
	"simrun/scenarios/config/binding"
	"simrun/sim"
)

// Compare is a grid of runs over one scenario: protocols x slowdowns x seeds.
type Compare struct {
	Protocols []protocol.Name
	// Slowdowns are offered rate x service time / parallelism at the bottleneck: 1 is as
	// much as it can take.
	Slowdowns []sim.Ratio
	Seeds     int
	// Bottleneck is the sink whose service time is set from the slowdown.
	Bottleneck string
	// OfferedPerSecond are the records that reach the bottleneck when nothing holds them
	// back.
	OfferedPerSecond sim.Ratio
	// WarmUpNanos come before the first measured checkpoint.
	WarmUpNanos int64
	// Checkpoints are triggered every SpacingNanos after the warm-up.
	Checkpoints  int
	SpacingNanos int64
	// StretchAbove is the slowdown above which warm-up and spacing grow in proportion, so
	// that buffers fill and drain as often between two checkpoints whatever the slowdown;
	// 0: they do not.
	StretchAbove sim.Ratio
	// AlignedTimeoutNanos is when hybrid protocols turn unaligned.
	AlignedTimeoutNanos int64
	// Recovery repeats each run with a crash of a task manager at a random moment.
	Recovery bool
}

func newCompare() Compare {
	return Compare{
		Protocols: []protocol.Name{protocol.Aligned, protocol.Unaligned, protocol.HybridOut, protocol.AtLeastOnce},
		Slowdowns: []sim.Ratio{{Num: 1, Den: 2}, {Num: 2, Den: 1}, {Num: 5, Den: 1}, {Num: 10, Den: 1},
			{Num: 20, Den: 1}, {Num: 50, Den: 1}},
		Seeds: 5, StretchAbove: sim.Ratio{Num: 0, Den: 1}, WarmUpNanos: 10e9, Checkpoints: 4, SpacingNanos: 10e9,
		AlignedTimeoutNanos: DefaultAlignedTimeoutNanos, Recovery: true,
	}
}

func compareFields(c *Compare) binding.Value {
	return binding.Object{What: "compare", Fields: []binding.Field{
		{Name: "protocols", Value: binding.List(&c.Protocols, zero[protocol.Name], protocolWord),
			Doc: "The protocols that run side by side."},
		{Name: "slowdowns", Value: binding.List(&c.Slowdowns, oneRatio, ratioValue),
			Doc: "Offered rate times service time over parallelism at the bottleneck; 1 is its capacity."},
		{Name: "seeds", Value: binding.Count(&c.Seeds, 1, 10_000), Doc: "Number of universes: the sample."},
		{Name: "bottleneck", Value: binding.Text(&c.Bottleneck), Required: true,
			Doc: "The sink whose service time is set from the slowdown."},
		{Name: "offered",
			Value: binding.Rate(&c.OfferedPerSecond.Num, &c.OfferedPerSecond.Den), Required: true,
			Doc: "Records that reach the bottleneck when nothing holds them back."},
		{Name: "warm-up", Value: binding.Duration(&c.WarmUpNanos),
			Doc: "Virtual time before the first checkpoint."},
		{Name: "checkpoints", Value: binding.Count(&c.Checkpoints, 1, 1000),
			Doc: "How many are triggered and measured."},
		{Name: "spacing", Value: binding.DurationAtLeast(&c.SpacingNanos, 1e6),
			Doc: "Time between two triggers."},
		{Name: "stretch-above", Value: ratio(&c.StretchAbove),
			Doc: "Slowdown above which warm-up and spacing grow in proportion; 0 is never."},
		{Name: "aligned-timeout", Value: binding.DurationAtLeast(&c.AlignedTimeoutNanos, 1e6),
			Doc: "When hybrid protocols turn unaligned."},
		{Name: "recovery", Value: binding.Flag(&c.Recovery),
			Doc: "Measure recovery from a crash at a random moment too."},
	}}
}

func protocolWord(p *protocol.Name) binding.Value {
	return binding.Word(p, "protocol", protocolNames())
}

func oneRatio() sim.Ratio { return sim.One }

func ratioValue(r *sim.Ratio) binding.Value { return ratio(r) }

// At is the comparison at one slowdown: warm-up and spacing stretched.
func (c *Compare) At(slowdown sim.Ratio) *Compare {
	at := *c
	if c.StretchAbove.Num > 0 && c.StretchAbove.Less(slowdown) {
		factor := sim.Ratio{
			Num: slowdown.Num * c.StretchAbove.Den, Den: slowdown.Den * c.StretchAbove.Num,
		}
		at.WarmUpNanos, at.SpacingNanos = factor.Of(c.WarmUpNanos), factor.Of(c.SpacingNanos)
	}
	return &at
}

// InstantsNanos is the schedule of triggers, from the job's start.
func (c *Compare) InstantsNanos() []int64 {
	instants := make([]int64, c.Checkpoints)
	for i := range instants {
		instants[i] = c.WarmUpNanos + int64(i)*c.SpacingNanos
	}
	return instants
}

// LastInstantNanos is the last trigger of the schedule.
func (c *Compare) LastInstantNanos() int64 {
	return c.WarmUpNanos + int64(c.Checkpoints-1)*c.SpacingNanos
}

// ServiceNanos is the bottleneck's service time at a slowdown: slowdown x parallelism over
// the offered rate.
func (c *Compare) ServiceNanos(slowdown sim.Ratio, parallelism int) int64 {
	perSecond := c.OfferedPerSecond
	return sim.Ratio{
		Num: slowdown.Num * int64(parallelism) * perSecond.Den,
		Den: slowdown.Den * perSecond.Num,
	}.Of(1e9)
}
