package explore

import (
	"slices"

	"simrun/faults/generate"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/scenarios/config"
)

// shapeOf is what plans may name in a scenario, and what it can take: all but when.
func shapeOf(s *config.Scenario) generate.Shape {
	c := &s.Job.Config
	shape := generate.Shape{
		TaskManagers: s.Cluster.TaskManagers, JobManagers: s.Cluster.JobManagers, Nodes: s.Cluster.Nodes,
		HeartbeatTimeoutNanos:  c.Failure.HeartbeatTimeoutNanos,
		ConnectionTimeoutNanos: s.Cluster.Network.ConnectionTimeoutNanos,
		CheckpointNanos:        2*s.Cluster.Storage.Latency.MeanNanos() + c.Costs.SyncBaseNanos,
		Restarts:               restarts(c), TolerableFailures: c.Checkpointing.TolerableFailures,
	}
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		shape.Operators = append(shape.Operators, operatorOf(o))
		takesFrom(s, &shape.Operators[i], o)
		if o.Does.Sink != nil {
			name := externalOf(o.Does.Sink)
			if !slices.Contains(shape.Externals, name) {
				shape.Externals = append(shape.Externals, name)
			}
			if shape.Operators[i].Commits && !slices.Contains(shape.Ledgers, name) {
				shape.Ledgers = append(shape.Ledgers, name)
			}
		}
	}
	shape.Restarts -= len(s.Faults)
	for i := range s.Faults {
		if f := &s.Faults[i]; f.Kind == protocol.FaultCrash && f.LastsNanos == plan.Forever {
			shape.Dead = append(shape.Dead, f.Targets[0])
		}
	}
	return shape
}

// operatorOf is what plans need to know of an operator: all but how many records it takes.
func operatorOf(o *config.Operator) generate.Operator {
	does := &o.Does
	return generate.Operator{
		ID: o.ID, Parallelism: o.Parallelism,
		Commits: does.Sink != nil && does.Sink.Transactional != "",
		Reads:   does.Source != nil, Rated: does.Source != nil && does.Source.Rate.Num > 0,
		Timers: does.Window != nil || does.WindowJoin != nil || does.Process != nil || does.Fraud != nil,
	}
}

// takesFrom finds a source whose records an operator takes as they are.
func takesFrom(s *config.Scenario, op *generate.Operator, o *config.Operator) {
	for _, in := range o.From {
		for i := range s.Job.Graph {
			from := &s.Job.Graph[i]
			if from.ID != in.ID || from.Does.Source == nil {
				continue
			}
			op.Splits = int64(from.Does.Source.Splits)
			if op.Splits == 0 {
				op.Splits = int64(from.Parallelism)
			}
			if op.SplitRecords = from.Does.Source.Records / op.Splits; op.SplitRecords > 0 {
				op.Source = from.ID
			}
		}
	}
}

// restarts is how many attempts of a job may fail.
func restarts(c *job.Config) int {
	const plenty = 100
	switch c.Restart.Kind {
	case protocol.RestartNone:
		return 0
	case protocol.RestartFixedDelay:
		return min(c.Restart.FixedDelay.Attempts, plenty)
	case protocol.RestartFailureRate:
		return min(c.Restart.FailureRate.MaxFailures, plenty)
	case protocol.RestartDefault:
		if c.Protocol == protocol.None {
			return 0
		}
	}
	return plenty
}

func externalOf(s *config.Sink) string { return s.Transactional + s.Upsert + s.Append } // one is set

// recordsOf is about how many records each operator takes, in the order of the graph.
func recordsOf(s *config.Scenario) []int64 {
	const unknown = 1000 // of a file, or without end
	records := make([]int64, len(s.Job.Graph))
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		if o.Does.Source != nil {
			records[i] = o.Does.Source.Records
			if records[i] == 0 {
				records[i] = unknown
			}
		}
		for _, in := range o.From {
			for j := range i {
				if s.Job.Graph[j].ID == in.ID {
					records[i] += emitted(&s.Job.Graph[j], records[j])
				}
			}
		}
	}
	return records
}

// emitted is about how many records an operator makes of those that it takes. A join of two
// halves makes a pair of every two of a key; keys may be hot.
func emitted(o *config.Operator, records int64) int64 {
	switch {
	case o.Does.FlatMap != nil:
		return records * int64(o.Does.FlatMap.Copies)
	case o.Does.Join != nil:
		return records * records / 8
	}
	return records
}
