package explore

import (
	"simrun/runtime/job"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/result"
)

// Recovery are the library's recovery scenarios, cut to the size of a campaign's seeds: those
// that hold a plan of faults and expect to get through it. Their own plans are left out,
// since every seed draws one; what takes ten seconds there takes one here.
func Recovery() ([]*config.Scenario, error) {
	var scenarios []*config.Scenario
	for _, name := range library.Names() {
		text, err := library.Read(name)
		if err != nil {
			return nil, err
		}
		s, err := config.Load(name+".yaml", text, config.NoFiles{})
		if err != nil {
			return nil, err
		}
		if len(s.Faults) > 0 && s.Expect.Verdict == result.OK && s.Run.ForNanos == 0 {
			scenarios = append(scenarios, condense(s))
		}
	}
	return scenarios, nil
}

// condensedRecords is about how many records a source of a condensed scenario has.
const condensedRecords = 400

// condense is a scenario with fewer records and, in proportion, shorter times between
// checkpoints; failures are noticed and restarts made as soon as that asks for.
func condense(s *config.Scenario) *config.Scenario {
	s = s.Clone()
	times := int64(1)
	for i := range s.Job.Graph {
		if from := s.Job.Graph[i].Does.Source; from != nil {
			times = max(times, from.Records/condensedRecords)
		}
	}
	for i := range s.Job.Graph {
		if from := s.Job.Graph[i].Does.Source; from != nil {
			own := *from
			own.Records = max(own.Records/times, 1)
			s.Job.Graph[i].Does.Source = &own
		}
	}
	s.Faults = nil
	c := &s.Job.Config
	c.Checkpointing.IntervalNanos = max(c.Checkpointing.IntervalNanos/times, 40e6)
	c.Checkpointing.MinPauseNanos /= times
	c.Checkpointing.TimeoutNanos = max(c.Checkpointing.TimeoutNanos/times, 500e6)
	c.AlignedTimeoutNanos /= times
	quicken(s, c)
	return s
}

// quicken has failures noticed within fractions of a second, and the job restarted at once.
func quicken(s *config.Scenario, c *job.Config) {
	c.Failure = job.Failure{
		HeartbeatIntervalNanos: 50e6, HeartbeatTimeoutNanos: 250e6, CancelTimeoutNanos: 2e9,
		LeaseDurationNanos: 300e6, LeaseRetryNanos: 100e6,
	}
	c.Restart.FixedDelay.DelayNanos = 20e6
	c.Restart.FailureRate.DelayNanos = 20e6
	c.Restart.ExponentialDelay.InitialNanos = 20e6
	c.Restart.ExponentialDelay.MaxNanos = 100e6
	s.Cluster.Network.ConnectionTimeoutNanos = 200e6
	s.Run.ConvergeWithinNanos = 60e9
}
