package measured

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// The measuring procedure (data/README.md).
const (
	warmUpNanos = 5 * billion
	// Runs that nothing but the machine holds back repeat themselves at once: so long is
	// measured of them, and so many checkpoints, after a shorter warm-up.
	unlimitedWarmUpNanos  = billion / 2
	unlimitedWindowNanos  = 3 * billion
	unlimitedCheckpoints  = 2
	firstSampleCheckpoint = 2
)

// Prediction is what the simulation of a run says.
type Prediction struct {
	// RecordsPerSecond were taken by the sinks in the measured time.
	RecordsPerSecond float64
	// Samples are as in Run: completed checkpoints, by vertex.
	Samples []Sample
	Records int64 // taken by sinks over the whole run
}

// Predict simulates a run on a machine with so many cores. The kernel is used again.
func Predict(k *sim.Kernel, r *Run, cores int) (*Prediction, error) {
	s, err := runtime.Build(k, r.Options(seed, cores), nil)
	if err != nil {
		return nil, fmt.Errorf("run %s: %w", r.Name, err)
	}
	window := r.simulate(s)
	p := &Prediction{Records: s.Metrics.Taken}
	if window > 0 {
		p.RecordsPerSecond = float64(s.Metrics.TakenInWindow) * billion / float64(window)
	}
	for _, c := range s.History.Checkpoints {
		if c.Status == protocol.CheckpointSucceeded {
			p.Samples = append(p.Samples, r.samplesOf(s, c)...)
		}
	}
	return p, nil
}

// seed: the runs draw next to nothing, so one universe stands for all.
const seed = 1

// simulate runs the job and gives the length of the measured time.
func (r *Run) simulate(s *runtime.System) (windowNanos int64) {
	if !r.Unlimited() {
		s.Metrics.FromNanos = min(warmUpNanos, r.RunNanos/2)
		s.Run(runtime.RunOptions{LimitNanos: r.RunNanos})
		return s.Kernel.NowNanos() - s.Metrics.FromNanos
	}
	s.Metrics.FromNanos = min(unlimitedWarmUpNanos, r.RunNanos/2)
	end := min(s.Metrics.FromNanos+unlimitedWindowNanos, r.RunNanos)
	s.Run(runtime.RunOptions{LimitNanos: end})
	for s.History.Completed < firstSampleCheckpoint-1+unlimitedCheckpoints && end < r.RunNanos {
		end = min(end+billion/4, r.RunNanos)
		s.Run(runtime.RunOptions{LimitNanos: end})
	}
	return s.Kernel.NowNanos() - s.Metrics.FromNanos
}

// samplesOf are the figures of a checkpoint as the measurements have them: a line for each
// vertex.
func (r *Run) samplesOf(s *runtime.System, c *protocol.CheckpointStats) []Sample {
	whole := [...]float64{
		float64(c.EndToEndNanos) / million, float64(c.CheckpointedBytes),
		float64(c.ProcessedBytes), float64(c.PersistedBytes),
	}
	samples := make([]Sample, len(s.Plan.Vertices))
	for v := range s.Plan.Vertices {
		vertex := &s.Plan.Vertices[v]
		sample := &samples[v]
		sample.Checkpoint, sample.Vertex = int(c.ID), vertex.Name
		copy(sample.Values[:], whole[:])
		var aggregated [len(vertexMetrics)]aggregate
		for i := range c.Subtasks {
			if s.Plan.Tasks[c.Subtasks[i].Task].Vertex == vertex.ID {
				for m, value := range vertexValues(&c.Subtasks[i]) {
					aggregated[m].add(value)
				}
			}
		}
		for m := range aggregated {
			aggregated[m].into(sample.Values[len(whole)+len(aggregates)*m:])
		}
	}
	return samples
}

// vertexValues are a subtask's figures in the order of vertexMetrics.
func vertexValues(s *protocol.SubtaskStats) [len(vertexMetrics)]float64 {
	return [...]float64{
		float64(s.EndToEndNanos) / million, float64(s.StartDelayNanos) / million,
		float64(s.AlignmentNanos) / million, float64(s.ProcessedBytes), float64(s.PersistedBytes),
		float64(s.SyncNanos) / million, float64(s.AsyncNanos) / million, float64(s.CheckpointedBytes),
	}
}

// aggregate is minimum, average and maximum over subtasks.
type aggregate struct {
	min, sum, max float64
	n             int
}

func (a *aggregate) add(v float64) {
	if a.n == 0 {
		a.min, a.max = v, v
	}
	a.min, a.max, a.sum = min(a.min, v), max(a.max, v), a.sum+v
	a.n++
}

func (a *aggregate) into(values []float64) {
	if a.n > 0 {
		values[0], values[1], values[2] = a.min, a.sum/float64(a.n), a.max
	}
}
