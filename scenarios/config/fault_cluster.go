package config

import (
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime/job"
)

// FaultCluster is what the scenario's job needs and has, for plan.Recoverable.
func (s *Scenario) FaultCluster() plan.Cluster {
	c := &s.Job.Config
	cluster := plan.Cluster{
		TaskManagers: s.Cluster.TaskManagers, JobManagers: s.Cluster.JobManagers, SlotsEach: s.Cluster.Slots,
		Restarts: restartsOf(c), HeartbeatTimeoutNanos: c.Failure.HeartbeatTimeoutNanos,
		RecordSurvives: c.HighAvailability == job.HighAvailabilityStore,
		StateSurvives:  c.Storage == job.StorageObjectStore,
	}
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		cluster.SlotsNeeded = max(cluster.SlotsNeeded, o.Parallelism)
		if o.Does.Sink == nil || o.Does.Sink.Transactional == "" || o.Does.Sink.TransactionTimeoutNanos <= 0 {
			continue
		}
		timeout := o.Does.Sink.TransactionTimeoutNanos
		if cluster.TransactionTimeoutNanos == 0 || timeout < cluster.TransactionTimeoutNanos {
			cluster.TransactionTimeoutNanos = timeout
		}
	}
	return cluster
}

// restartsOf is how many attempts of a job may fail; -1: any number.
func restartsOf(c *job.Config) int {
	const any = -1
	switch c.Restart.Kind {
	case protocol.RestartNone:
		return 0
	case protocol.RestartFixedDelay:
		return c.Restart.FixedDelay.Attempts
	case protocol.RestartFailureRate:
		return c.Restart.FailureRate.MaxFailures
	case protocol.RestartExponentialDelay:
		if attempts := c.Restart.ExponentialDelay.Attempts; attempts > 0 {
			return attempts
		}
	case protocol.RestartDefault:
		if c.Protocol == protocol.None {
			return 0
		}
	}
	return any
}
