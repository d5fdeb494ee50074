package scenarios

import (
	"strconv"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/config/units"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// runCell runs one place of the grid, and its twin with a crash.
func (g *grid) runCell(t *trial.Trial, i int) error {
	cell, run := &g.cells[i], &g.comparison.Runs[i]
	s, err := cell.scenario(run.Protocol)
	if err != nil {
		return err
	}
	c, err := cell.trialCase(s, run.Seed)
	if err != nil {
		return err
	}
	run.Pipeline = pipelineOf(s, c)
	if run.Outcome, err = timed(t, c); err != nil {
		return err
	}
	if !cell.compare.Recovery || run.Protocol == protocol.None {
		return nil
	}
	c.Plan = cell.crash(s, run.Seed)
	c.Until, c.ForNanos = trial.UntilRecovered, c.Plan[0].AtNanos+recoveryLimitNanos
	twin, err := timed(t, c)
	if err != nil {
		return err
	}
	if len(twin.Recoveries) > 0 {
		run.Recovery = &twin.Recoveries[0]
	}
	return nil
}

// recoveryLimitNanos is when a recovery that does not end is given up.
const recoveryLimitNanos = 600e9

// scenario is the workload under a protocol, with the sink as slow as the cell wants.
func (c *cell) scenario(name protocol.Name) (*config.Scenario, error) {
	s, err := c.workload.config.UseProtocol(name, c.compare.AlignedTimeoutNanos)
	if err != nil {
		return nil, err
	}
	o := c.bottleneck(s)
	mean := c.compare.ServiceNanos(c.compare.Slowdowns[c.slowdown], o.Parallelism)
	o.Does.Sink.Service = withMean(o.Does.Sink.Service, mean)
	return s, nil
}

// withMean is a distribution of the same shape with another mean; constant where it has
// no shape.
func withMean(d sim.Distribution, mean int64) sim.Distribution {
	if d.MeanNanos() == 0 {
		return sim.Constant(mean)
	}
	return d.Times(sim.Ratio{Num: mean, Den: d.MeanNanos()})
}

func (c *cell) bottleneck(s *config.Scenario) *config.Operator {
	for i := range s.Job.Graph {
		if s.Job.Graph[i].ID == c.compare.Bottleneck {
			return &s.Job.Graph[i]
		}
	}
	panic("scenarios: no bottleneck " + c.compare.Bottleneck + " in " + s.Name)
}

// trialCase runs on the schedule of instants that all protocols share, and long enough
// for the last checkpoint to complete or expire. Measured runs have no checkers: those
// have seen the scenario elsewhere, and the grid is large.
func (c *cell) trialCase(s *config.Scenario, seed uint64) (*trial.Case, error) {
	tc, err := trial.NewCase(s, seed)
	if err != nil {
		return nil, err
	}
	tc.Unchecked, tc.Until = true, trial.UntilResolved
	tc.Options.ScheduleNanos = c.compare.InstantsNanos()
	tc.ForNanos = c.compare.LastInstantNanos() + s.Job.Config.Checkpointing.TimeoutNanos + 1e9
	tc.MeasureFromNanos = c.compare.WarmUpNanos
	tc.MeasureToNanos = c.compare.LastInstantNanos()
	return tc, nil
}

// crash is the fault of the twin: one task manager, at a moment between the first
// measured checkpoint and the last, both drawn from the seed.
func (c *cell) crash(s *config.Scenario, seed uint64) plan.Plan {
	span := uint64(c.compare.LastInstantNanos() - c.compare.WarmUpNanos + 1)
	at := c.compare.WarmUpNanos + int64(sim.Below(sim.Draw(seed, sim.PurposeFault, 0, 0, 0), span))
	victim := sim.Below(sim.Draw(seed, sim.PurposeFault, 1, 0, 0), uint64(s.Cluster.TaskManagers))
	fault := plan.Fault{When: plan.When{AtNanos: at}}
	fault.Kind = protocol.FaultCrash
	fault.Targets[0] = "task-manager-" + strconv.FormatUint(victim, 10)
	return plan.Plan{fault}
}

// conditions are what a reader of the report must know of a workload.
func conditions(s *config.Scenario) []result.Condition {
	job, cluster := &s.Job.Config, &s.Cluster
	count := strconv.Itoa
	list := []result.Condition{
		{Name: "task managers", Value: count(cluster.TaskManagers)},
		{Name: "slots each", Value: count(cluster.Slots)},
		{Name: "nodes", Value: count(cluster.Nodes)},
		{Name: "cores each", Value: count(cluster.Cores)},
		{Name: "network", Value: cluster.Network.Latency.String() + ", " +
			units.FormatBandwidth(cluster.Network.LinkBytesPerSecond)},
		{Name: "storage", Value: cluster.Storage.Latency.String() + ", " +
			units.FormatBandwidth(cluster.Storage.BytesPerSecond)},
		{Name: "segment size", Value: units.FormatSize(int64(job.Network.SegmentSizeBytes))},
		{Name: "buffers per channel, floating, overdraft",
			Value: count(int(job.Network.ExclusiveBuffers)) + ", " +
				count(int(job.Network.FloatingBuffers)) + ", " + count(int(job.Network.MaxOverdraftBuffers))},
		{Name: "checkpoint timeout", Value: units.FormatDuration(job.Checkpointing.TimeoutNanos)},
		{Name: "aligned timeout of hybrids", Value: units.FormatDuration(s.Compare.AlignedTimeoutNanos)},
		{Name: "triggers", Value: count(s.Compare.Checkpoints) + ", every " +
			units.FormatDuration(s.Compare.SpacingNanos) + " after " + units.FormatDuration(s.Compare.WarmUpNanos)},
		{Name: "offered rate",
			Value: units.FormatRate(s.Compare.OfferedPerSecond.Num, s.Compare.OfferedPerSecond.Den)},
	}
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		list = append(list, result.Condition{Name: "parallelism of " + o.ID, Value: count(o.Parallelism)})
	}
	for i := range list {
		list[i].Workload = s.Name
	}
	return list
}
