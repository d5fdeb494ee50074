package config

import (
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
)

// layer says where an option was given; later layers win.
type layer uint8

const (
	layerDefault layer = iota
	layerCluster
	layerJob
)

// optionValues are the options that mean something together only (the protocol), beside
// the job.Config that all others go to.
type optionValues struct {
	config *job.Config
	// mode is execution.checkpointing.mode, unaligned .unaligned.enabled.
	mode      checkpointingMode
	unaligned bool
	// given are the options that a file or --set gave, with their latest node.
	given map[string]*document.Node
}

// checkpointingMode is Flink's CheckpointingMode.
type checkpointingMode uint8

const (
	exactlyOnce checkpointingMode = iota
	atLeastOnce
)

var modeWords = []string{"EXACTLY_ONCE", "AT_LEAST_ONCE"}

// Names of options that the protocol is read from.
const (
	optionInterval       = "execution.checkpointing.interval"
	optionMode           = "execution.checkpointing.mode"
	optionUnaligned      = "execution.checkpointing.unaligned.enabled"
	optionAlignedTimeout = "execution.checkpointing.aligned-checkpoint-timeout"
	optionMaxConcurrent  = "execution.checkpointing.max-concurrent-checkpoints"
	optionLeaseDuration  = "high-availability.kubernetes.leader-election.lease-duration"
)

// Option is one Flink option that the model knows: the source of docs and schema.
type Option struct {
	Name, Default, Doc string
}

// Options lists every option with its default, in the order of the docs.
func Options() []Option {
	s := newScenario()
	fields := optionFields(&s.options)
	options := make([]Option, len(fields))
	for i, f := range fields {
		options[i] = Option{Name: f.Name, Default: f.Value.Write().Text, Doc: f.Doc}
	}
	return options
}

// optionsObject binds a configuration map: option names are flat keys.
func optionsObject(s *Scenario, where layer) binding.Object {
	return binding.Object{
		What:    "configuration",
		Fields:  optionFields(&s.options),
		Given:   func(name string, value *document.Node) { s.options.given[name] = value },
		Unknown: unknownOption,
		Hidden:  where == layerCluster,
	}
}

// optionFields is the one table of options.
func optionFields(o *optionValues) []binding.Field {
	return slices.Concat(checkpointingOptions(o), networkOptions(o.config), restartOptions(o.config),
		failureOptions(o.config), pipelineOptions(o.config))
}

func checkpointingOptions(o *optionValues) []binding.Field {
	c := &o.config.Checkpointing
	return []binding.Field{
		{Name: optionInterval, Value: binding.DurationOr(&c.IntervalNanos, "none", 0),
			Doc: "Base interval of periodic checkpoints; none takes no checkpoints."},
		{Name: "execution.checkpointing.timeout", Value: binding.DurationAtLeast(&c.TimeoutNanos, 10e6),
			Doc: "A checkpoint that takes longer is aborted (CHECKPOINT_EXPIRED)."},
		{Name: "execution.checkpointing.min-pause", Value: binding.Duration(&c.MinPauseNanos),
			Doc: "Least time between a completion and the next periodic trigger."},
		{Name: optionMaxConcurrent, Value: binding.Count(&c.MaxConcurrent, 1, 1000),
			Doc: "How many checkpoints may be in progress at once; 1 with unaligned ones."},
		{Name: "execution.checkpointing.tolerable-failed-checkpoints",
			Value: binding.Count(&c.TolerableFailures, 0, 1<<31-1),
			Doc:   "Consecutive failed checkpoints above this fail the job."},
		{Name: "execution.checkpointing.num-retained", Value: binding.Count(&c.NumRetained, 1, 1000),
			Doc: "Completed checkpoints that are kept."},
		{Name: "execution.checkpointing.externalized-checkpoint-retention",
			Value: binding.Choice(&c.Retention, "retention", "NO_EXTERNALIZED_CHECKPOINTS",
				"DELETE_ON_CANCELLATION", "RETAIN_ON_CANCELLATION"),
			Doc: "What happens to retained checkpoints when the job is cancelled."},
		{Name: optionMode, Value: binding.Choice(&o.mode, "mode", modeWords...),
			Doc: "Whether barriers are aligned or spilled (EXACTLY_ONCE), or only counted."},
		{Name: optionUnaligned, Value: binding.Flag(&o.unaligned),
			Doc: "Barriers overtake buffered data, which becomes part of the checkpoint."},
		{Name: optionAlignedTimeout, Value: binding.Duration(&o.config.AlignedTimeoutNanos),
			Doc: "An aligned barrier turns unaligned after this long; 0 starts unaligned."},
		{Name: "execution.checkpointing.unaligned.max-subtasks-per-channel-state-file",
			Value: binding.Count(&o.config.Network.SubtasksPerChannelFile, 1, 1000),
			Doc:   "Subtasks of a task manager that share a channel-state file."},
		{Name: "execution.checkpointing.checkpoints-after-tasks-finish",
			Value: binding.Flag(&c.CheckpointsAfterTasksFinish),
			Doc:   "Checkpoints go on after some tasks finished."},
		{Name: "execution.checkpointing.data-inline-threshold",
			Value: binding.Size(&o.config.DataInlineThresholdBytes),
			Doc:   "Smaller state travels in the acknowledgement instead of a file."},
		{Name: "execution.checkpointing.storage",
			Value: binding.Choice(&o.config.Storage, "storage", "filesystem", "jobmanager"),
			Doc:   "Where checkpoints are kept; jobmanager is lost with the job manager (unsafe)."},
		{Name: "high-availability.type",
			Value: binding.Choice(&o.config.HighAvailability, "high availability", "store", "NONE"),
			Doc:   "Where pointers to checkpoints and the id counter are; NONE is memory (unsafe)."},
	}
}

func networkOptions(c *job.Config) []binding.Field {
	n := &c.Network
	return []binding.Field{
		{Name: "taskmanager.memory.segment-size", Value: binding.Size(&n.SegmentSizeBytes),
			Doc: "Size of a network buffer."},
		{Name: "taskmanager.memory.min-segment-size", Value: binding.Size(&n.MinSegmentSizeBytes),
			Doc: "Smallest size that debloating may choose."},
		{Name: "taskmanager.memory.starting-segment-size", Value: binding.Size(&n.StartSegmentSizeBytes),
			Doc: "Size that debloating starts with."},
		{Name: "taskmanager.network.memory.buffers-per-channel",
			Value: binding.Count(&n.ExclusiveBuffers, 0, 1<<20),
			Doc:   "Exclusive buffers of a channel (a constant of Flink since 2.0)."},
		{Name: "taskmanager.network.memory.floating-buffers-per-gate",
			Value: binding.Count(&n.FloatingBuffers, 0, 1<<20),
			Doc:   "Buffers that the channels of a gate share (a constant of Flink since 2.0)."},
		{Name: "taskmanager.network.memory.max-buffers-per-channel",
			Value: binding.Count(&n.MaxBuffersPerChannel, 1, 1<<20),
			Doc:   "Most buffers in one output subpartition (a constant of Flink since 2.0)."},
		{Name: "taskmanager.network.memory.max-overdraft-buffers-per-gate",
			Value: binding.Count(&n.MaxOverdraftBuffers, 0, 1<<20),
			Doc:   "Buffers beyond its pool that a task may take to finish a record (a constant since 2.0)."},
		{Name: "taskmanager.network.memory.buffer-debloat.enabled", Value: binding.Flag(&n.Debloat),
			Doc: "Shrink buffers so that what is in flight takes about the target to consume."},
		{Name: "taskmanager.network.memory.buffer-debloat.target",
			Value: binding.DurationAtLeast(&n.DebloatTargetNanos, 1e6), Doc: "Time that in-flight data should take."},
		{Name: "taskmanager.network.memory.buffer-debloat.period",
			Value: binding.DurationAtLeast(&n.DebloatPeriodNanos, 1e6),
			Doc:   "How often buffer sizes are reconsidered."},
		{Name: "taskmanager.network.memory.buffer-debloat.samples",
			Value: binding.Count(&n.DebloatSamples, 1, 10_000),
			Doc:   "Periods that the throughput is averaged over."},
		{Name: "taskmanager.network.memory.buffer-debloat.threshold-percentages",
			Value: binding.Count(&n.DebloatThresholdPct, 0, 100),
			Doc:   "Changes of the size smaller than this percentage are not made."},
	}
}

func failureOptions(c *job.Config) []binding.Field {
	f := &c.Failure
	return []binding.Field{
		{Name: "heartbeat.interval", Value: binding.DurationAtLeast(&f.HeartbeatIntervalNanos, 1e6),
			Doc: "Time between heartbeats of job manager and task managers."},
		{Name: "heartbeat.timeout", Value: binding.DurationAtLeast(&f.HeartbeatTimeoutNanos, 1e6),
			Doc: "Silence after which the other side is given up."},
		{Name: "task.cancellation.timeout", Value: binding.DurationAtLeast(&f.CancelTimeoutNanos, 1e6),
			Doc: "A task manager whose tasks take longer to cancel is given up."},
		{Name: optionLeaseDuration, Value: binding.DurationAtLeast(&f.LeaseDurationNanos, 2e6),
			Doc: "A leader that has not renewed its lease for so long may be replaced."},
		{Name: "high-availability.kubernetes.leader-election.retry-period",
			Value: binding.DurationAtLeast(&f.LeaseRetryNanos, 1e6),
			Doc:   "How often the leader renews its lease, and the others look at it."},
	}
}

func pipelineOptions(c *job.Config) []binding.Field {
	return []binding.Field{
		{Name: "execution.buffer-timeout.interval",
			Value: binding.DurationOr(&c.BufferTimeoutNanos, "-1 ms", -1),
			Doc:   "How often partly filled buffers are sent; 0 after every record, -1 ms never."},
		{Name: "pipeline.auto-watermark-interval",
			Value: binding.DurationAtLeast(&c.WatermarkIntervalNanos, 1e6),
			Doc:   "How often sources emit watermarks."},
		{Name: "pipeline.operator-chaining.enabled", Value: binding.Flag(&c.Chaining),
			Doc: "Operators joined by a forward exchange run in one task."},
		{Name: "pipeline.max-parallelism", Value: binding.Count(&c.MaxParallelism, -1, 32768),
			Doc: "Number of key groups; -1 derives it from the parallelism."},
	}
}

// DefaultOptions are Flink's defaults: what a job runs with that configures nothing.
func DefaultOptions() job.Config {
	return job.Config{
		Checkpointing:               protocol.DefaultCoordinatorOptions(),
		CheckpointsAfterTasksFinish: true,
		DataInlineThresholdBytes:    20 << 10,
		Network:                     job.DefaultNetwork(),
		Restart:                     defaultRestart(),
		Failure: job.Failure{
			HeartbeatIntervalNanos: 10e9, HeartbeatTimeoutNanos: 50e9, CancelTimeoutNanos: 180e9,
			LeaseDurationNanos: 15e9, LeaseRetryNanos: 5e9,
		},
		BufferTimeoutNanos:     100e6,
		WatermarkIntervalNanos: 200e6,
		Chaining:               true,
		MaxParallelism:         -1,
		Costs:                  DefaultCosts(),
	}
}

// unmodelled are options of Flink that a user may well try, and why they do nothing here.
var unmodelled = []struct{ prefix, why string }{
	{"state.backend.incremental", "snapshots are full here"},
	{"execution.checkpointing.incremental", "snapshots are full here"},
	{"state.changelog", "the changelog state backend is not modelled"},
	{"state.backend", "keyed state lives on the heap here"},
	{"execution.checkpointing.dir", "there is one object store: cluster.storage"},
	{"state.checkpoints.dir", "there is one object store: cluster.storage"},
	{"taskmanager.numberOfTaskSlots", "it is cluster.slots"},
	{"parallelism.default", "each operator says its own parallelism"},
	{"pipeline.object-reuse", "it makes no difference here"},
	{"jobmanager.execution.failover-strategy", "failover is of the whole job here (full)"},
}

// unknownOption explains an option of Flink that is not modelled; nil for any other key.
func unknownOption(key *document.Node) *document.Error {
	for _, u := range unmodelled {
		if strings.HasPrefix(key.Text, u.prefix) {
			return document.Errorf(key, "an option of docs/options.md",
				"option %s has no place here: %s", key.Text, u.why)
		}
	}
	return nil
}
