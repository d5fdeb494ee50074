package explore

import (
	"fmt"

	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config"
	"simrun/sim"
)

// drawing is a universe under way.
type drawing struct {
	generate.Choice
	s *config.Scenario
	// lengthNanos is how long the input lasts if nothing goes wrong, records how many there
	// are, and widest the most subtasks that an operator can have.
	lengthNanos, records int64
	widest               int
	// pressure says where records wait, if they do.
	pressure pressure
	// open are the streams that nothing reads from yet.
	open []stream
}

// pressure is where records wait for each other.
type pressure uint8

const (
	noPressure pressure = iota
	slowSink
	slowOperator
)

// budget of messages and timers is many times what a universe needs: a run that uses it
// up goes round in circles.
const budget = 2_000_000

// universe draws a job, a cluster and when faults may strike.
func universe(c generate.Choice) (*config.Scenario, generate.Shape, error) {
	d := &drawing{Choice: c, s: config.New("universe")}
	d.cluster()
	d.checkpointing()
	d.network()
	d.failures()
	d.graph()
	d.spread()
	d.s.Run.Detailed = generate.Chance(c, 1, 8)
	d.s.Run.Budget = budget
	if err := d.s.Resolve(); err != nil {
		return nil, generate.Shape{}, fmt.Errorf("a universe that cannot run was drawn: %w", err)
	}
	return d.s, d.shape(), nil
}

func (d *drawing) cluster() {
	c := &d.s.Cluster
	machines := generate.OneOf(d, clusters()...)
	c.TaskManagers, c.Slots, c.Nodes = machines[0], machines[1], machines[2]
	c.JobManagers = generate.OneOf(d, jobManagers()...)
	d.widest = min(c.TaskManagers*c.Slots, 3)
	c.Network.Latency = generate.OneOf(d, networkLatencies()...)
	c.Storage.Latency = generate.OneOf(d, storageLatencies()...)
	c.ExternalLatency = generate.OneOf(d, externalLatencies()...)
	if generate.Chance(d, 1, 4) {
		for range c.Nodes + 1 {
			c.Clocks = append(c.Clocks, runtime.Clock{
				OffsetNanos: generate.OneOf(d, clockOffsets()...), DriftPPM: generate.OneOf(d, clockDrifts()...),
			})
		}
	}
}

func (d *drawing) checkpointing() {
	c := &d.s.Job.Config
	c.Protocol = generate.OneOf(d, protocols()...)
	d.lengthNanos = generate.OneOf(d, lengths()...)
	d.records = generate.OneOf(d, recordCounts()...)
	o := &c.Checkpointing
	o.IntervalNanos = min(generate.OneOf(d, intervals()...), d.lengthNanos/4)
	if d.lengthNanos == longNanos {
		o.IntervalNanos *= 6
	}
	o.TimeoutNanos = generate.OneOf(d, checkpointTimeouts()...) + d.unhurriedNanos()
	o.MinPauseNanos = generate.OneOf(d, minPauses()...)
	if o.TolerableFailures = generate.OneOf(d, tolerances()...); o.TolerableFailures < plentyOfFailures {
		o.TimeoutNanos += 20e9 + 6*d.lengthNanos // behind a long queue they would expire in every attempt
	}
	o.NumRetained = generate.OneOf(d, retentions()...)
	c.DataInlineThresholdBytes = generate.OneOf(d, inlineThresholds()...)
	switch c.Protocol {
	case protocol.HybridOut, protocol.HybridIn:
		c.AlignedTimeoutNanos = generate.OneOf(d, alignedTimeouts()...)
	case protocol.Unaligned, protocol.ChandyLamport: // one at a time where channels are recorded
	default:
		if o.MinPauseNanos == 0 { // Flink: a pause implies that one checkpoint is in progress
			o.MaxConcurrent = generate.OneOf(d, concurrency()...)
		}
	}
}

// plentyOfFailures do not happen in a universe that can recover, however slowly.
const plentyOfFailures = 1_000_000

// unhurriedNanos is what a checkpoint takes when nothing is in its way: objects and metadata
// are put, each in two steps, and messages go to and fro. One that may not take so long could
// never complete.
func (d *drawing) unhurriedNanos() int64 {
	return 6*worst(d.s.Cluster.Storage.Latency) + 12*worst(d.s.Cluster.Network.Latency) +
		4*worst(d.s.Cluster.ExternalLatency)
}

// worst is what a distribution hardly ever exceeds.
func worst(d sim.Distribution) int64 {
	if d.Kind == sim.DistributionExponential {
		return 5 * d.Low
	}
	return max(d.Low, d.High)
}

func (d *drawing) network() {
	n := &d.s.Job.Config.Network
	n.SegmentSizeBytes = generate.OneOf(d, segmentSizes()...)
	sizes := generate.OneOf(d, buffers()...)
	n.ExclusiveBuffers, n.FloatingBuffers = sizes[0], sizes[1]
	n.MaxOverdraftBuffers = generate.OneOf(d, overdrafts()...)
	if generate.Chance(d, 1, 8) {
		n.Debloat, n.DebloatTargetNanos, n.DebloatPeriodNanos = true, 20e6, 10e6
		n.DebloatSamples, n.MinSegmentSizeBytes, n.StartSegmentSizeBytes = 3, 256, 512
	}
	c := &d.s.Job.Config
	c.BufferTimeoutNanos = generate.OneOf(d, bufferTimeouts()...)
	c.WatermarkIntervalNanos = generate.OneOf(d, watermarkIntervals()...)
	c.Chaining = !generate.Chance(d, 1, 4)
}

// failures are noticed and recovered from fast, in proportion to how short a universe is.
func (d *drawing) failures() {
	c := &d.s.Job.Config
	quicken(d.s, c)
	if d.lengthNanos == longNanos {
		c.Failure.HeartbeatIntervalNanos, c.Failure.HeartbeatTimeoutNanos = 250e6, 1e9
	}
	delay := generate.OneOf[int64](d, 20e6, 10e6, 50e6)
	switch generate.OneOf(d, protocol.RestartFixedDelay, protocol.RestartExponentialDelay,
		protocol.RestartFailureRate) {
	case protocol.RestartFixedDelay:
		c.Restart.Kind = protocol.RestartFixedDelay
		c.Restart.FixedDelay = protocol.FixedDelayOptions{Attempts: 100, DelayNanos: delay}
	case protocol.RestartExponentialDelay:
		c.Restart.Kind = protocol.RestartExponentialDelay
		c.Restart.ExponentialDelay.InitialNanos = delay
	default:
		c.Restart.Kind = protocol.RestartFailureRate
		c.Restart.FailureRate = protocol.FailureRateOptions{
			MaxFailures: 100, IntervalNanos: 60e9, DelayNanos: delay,
		}
	}
	d.s.Cluster.Network.ConnectionTimeoutNanos = generate.OneOf[int64](d, 200e6, 100e6, 1e9)
}

// shape says when faults may strike: after the first checkpoint is complete, as far as one
// can tell, and while there is input left to replay.
func (d *drawing) shape() generate.Shape {
	shape := shapeOf(d.s)
	c := &d.s.Job.Config
	const startNanos = 30e6
	first := c.Checkpointing.IntervalNanos*3/2 + startNanos + 4*d.s.Cluster.Storage.Latency.MeanNanos()
	shape.FromNanos = min(first, d.lengthNanos/2)
	if d.pressure != noPressure {
		shape.FromNanos = d.lengthNanos * 3 / 5 // barriers wait in queues
	}
	shape.ToNanos = startNanos + d.lengthNanos*4/5
	for i, records := range recordsOf(d.s) {
		op := &shape.Operators[i]
		records /= int64(op.Parallelism)
		op.Records = sim.Ratio{Num: shape.FromNanos, Den: d.lengthNanos}.Of(records)
		op.RecordsTo = max(records*4/5, 1)
	}
	shape.MayFail, shape.FirstCheckpoint = true, 2
	last := shape.ToNanos/c.Checkpointing.IntervalNanos - 1
	if d.pressure != noPressure {
		last /= 2
	}
	shape.LastCheckpoint = protocol.CheckpointID(max(last, 3))
	return shape
}
