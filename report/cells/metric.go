package cells

import (
	"simrun/report/units"
)

// Metric is a figure of a cell.
type Metric uint8

// The metrics, in the order in which tables and JSON show them.
const (
	// Duration is the end-to-end duration of a checkpoint: trigger to last acknowledgement.
	Duration Metric = iota
	// StartDelay and Alignment are those of the subtask with the longest.
	StartDelay
	Alignment
	// Checkpointed is what was uploaded, in-flight data included; Persisted the latter.
	Checkpointed
	Persisted
	// Throughput is records a second taken by the sinks.
	Throughput
	// Latency is the 99th percentile, from source to sink.
	Latency
	// RecoveryTime is all four parts of recovery after a crash.
	RecoveryTime
	// MetricCount is the number of metrics.
	MetricCount
)

// metricSpec is a metric's key in JSON and CSV, its words, and how it is written.
type metricSpec struct {
	key, label string
	format     units.Format
}

var metricSpecs = [MetricCount]metricSpec{
	Duration:     {"duration_nanos", "Checkpoint duration", units.Nanos},
	StartDelay:   {"start_delay_nanos", "Start delay", units.Nanos},
	Alignment:    {"alignment_nanos", "Alignment time", units.Nanos},
	Checkpointed: {"checkpointed_bytes", "Checkpointed data", units.Bytes},
	Persisted:    {"persisted_bytes", "Persisted in-flight data", units.Bytes},
	Throughput:   {"records_per_second", "Records per second", units.Count},
	Latency:      {"latency_nanos", "End-to-end latency, 99th percentile", units.Nanos},
	RecoveryTime: {"recovery_nanos", "Recovery time", units.Nanos},
}

// Key is the metric's name in JSON and CSV, with its unit last.
func (m Metric) Key() string { return metricSpecs[m].key }

// Label is the metric's name for people.
func (m Metric) Label() string { return metricSpecs[m].label }

// Format writes a number of the metric with its unit.
func (m Metric) Format(x float64) string { return metricSpecs[m].format(x) }
