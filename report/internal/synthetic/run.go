package synthetic

import (
	"simrun/protocol"
	"simrun/report/theory"
	"simrun/scenarios/result"
)

// cellRun is one run: triggers at a fixed schedule, skipped while a checkpoint runs.
func (g *generator) cellRun(workload, slowdown string, seed uint64) result.CellRun {
	outcome := &result.Outcome{
		Scenario: workload, Protocol: g.protocol, Seed: seed, Digest: protocol.MixLineage(seed),
		Verdict: result.OK, JobState: protocol.JobRunning, Events: 100_000, Records: 480_000,
		VirtualNanos: runNs, JobNanos: runNs,
	}
	var busyUntil int64
	for at := second; at < runNs-timeoutNs; at += intervalNs {
		if at < busyUntil {
			outcome.Measures.Skipped++
			continue
		}
		id := protocol.CheckpointID(len(outcome.Checkpoints) + 1)
		c := g.checkpoint(id, at)
		busyUntil = at + c.EndToEndNanos
		outcome.Checkpoints = append(outcome.Checkpoints, c)
	}
	g.measure(&outcome.Measures)
	return result.CellRun{
		Protocol: g.protocol, Workload: workload, Slowdown: slowdown, Seed: seed,
		Outcome: outcome, Recovery: g.recovery(seed), Pipeline: g.pipeline,
	}
}

// checkpoint has what was in flight, and what the protocol makes of it.
func (g *generator) checkpoint(id protocol.CheckpointID, at int64) protocol.CheckpointStats {
	c := protocol.CheckpointStats{ID: id, Status: protocol.CheckpointSucceeded, TriggerNanos: at}
	fill := 0.6 * g.luck * g.noise(0.15)
	if g.slowdown <= 1 {
		fill *= 0.02 * g.slowdown
	}
	c.InFlightBytes = int64(fill * 2 * 4 * 32 * 4096)
	c.InFlightRecords = c.InFlightBytes / 100
	c.BottleneckNanos = int64(float64(c.InFlightRecords) / 4 * g.slowdown * 0.9e6 * g.scale * g.noise(0.1))
	state := int64(40_000 * g.scale * g.noise(0.05))
	wait, left := g.wait(&c)
	c.PersistedBytes = left
	c.CheckpointedBytes = left + 4*state
	upload := theory.Upload{TotalBytes: c.CheckpointedBytes, LargestBytes: c.CheckpointedBytes / 12}
	t := theory.UnalignedDuration(g.pipeline, upload, theory.Upload{})
	c.EndToEndNanos = wait + int64(float64(t)*g.noise(0.2))
	g.subtasks(&c, wait, state)
	if c.EndToEndNanos > timeoutNs {
		c.Status, c.Reason, c.EndToEndNanos = protocol.CheckpointFailed, protocol.CheckpointExpired, timeoutNs
		c.Subtasks = c.Subtasks[:8]
		c.CheckpointedBytes, c.PersistedBytes = 8*state/3, 0
	}
	c.CompletedNanos = at + c.EndToEndNanos + millisecond
	return c
}

// wait is how long the barrier does not overtake, and the in-flight data left then.
func (g *generator) wait(c *protocol.CheckpointStats) (nanos, leftBytes int64) {
	drain := int64(float64(c.BottleneckNanos) * g.noise(0.02))
	switch g.protocol {
	case protocol.Unaligned:
		return 0, c.InFlightBytes
	case protocol.HybridOut:
		nanos = min(drain, g.pipeline.AlignedTimeoutNanos)
		return nanos, theory.LeftAt(c.InFlightBytes, nanos, drain)
	case protocol.AtLeastOnce:
		return int64(float64(drain) * 1.25 * g.noise(0.1)), 0
	}
	return drain, 0
}

// subtasks are four a stage; half of the wait is start delay, the rest alignment.
func (g *generator) subtasks(c *protocol.CheckpointStats, wait, state int64) {
	for task := range 12 {
		s := protocol.SubtaskStats{
			Task: protocol.TaskID(task), EndToEndNanos: c.EndToEndNanos, CheckpointedBytes: state / 3,
			SyncNanos: millisecond, AsyncNanos: 5 * millisecond, StartDelayNanos: millisecond / 5,
		}
		if stage := int64(task / 4); stage > 0 {
			s.StartDelayNanos += wait * stage / 2 * int64(task+20) / 32
			s.AlignmentNanos = wait / 10 * int64(task) / 11
			s.PersistedBytes = c.PersistedBytes / 8
			s.CheckpointedBytes += s.PersistedBytes
		}
		if g.protocol == protocol.AtLeastOnce {
			s.AlignmentNanos = 0
		}
		c.Subtasks = append(c.Subtasks, s)
	}
}

func (g *generator) measure(m *result.Measures) {
	offered := 8000.0
	m.MeasuredNanos = runNs - warmUpNs
	m.RecordsPerSecond = int64(offered / max(1, g.slowdown) * g.noise(0.01))
	m.LatencyP50Nanos = int64(30e6 * g.scale * g.slowdown * g.noise(0.1))
	if g.slowdown > 1 {
		m.LatencyP50Nanos *= 20
	}
	m.LatencyP99Nanos = int64(float64(m.LatencyP50Nanos) * 2 * g.noise(0.1))
	m.LatencyMaxNanos = 2 * m.LatencyP99Nanos
	m.SourceBackpressuredPermille = 20
	if g.slowdown > 1 {
		m.SourceBackpressuredPermille = int64(1000 - 900/g.slowdown)
	}
}

// recovery is missing where nothing could be restored, and cut off where the sink is so
// slow that catching up takes longer than the run.
func (g *generator) recovery(seed uint64) *result.Recovery {
	if g.slowdown >= 50 && seed%2 == 0 && g.protocol != protocol.Unaligned {
		return nil
	}
	replay := 2e9
	if g.protocol == protocol.Aligned || g.protocol == protocol.AtLeastOnce {
		replay += 0.5e9 * g.slowdown
	}
	restore := 0.15e9
	if g.protocol == protocol.Unaligned || g.protocol == protocol.HybridOut {
		restore = 0.4e9
	}
	return &result.Recovery{
		FailureNanos: 100*second + int64(seed)*second, Checkpoint: 12,
		DetectNanos: second, RestartNanos: int64(1.5e9 * g.noise(0.1)),
		RestoreNanos: int64(restore * g.noise(0.2)), ReplayNanos: int64(replay * g.noise(0.3)),
		CatchUpNanos: int64(1.2e9 * g.noise(0.4)),
		Complete:     g.slowdown < 50 || g.protocol == protocol.Unaligned,
	}
}
