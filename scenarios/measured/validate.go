package measured

import (
	"context"
	"fmt"

	"simrun/scenarios/result"
	"simrun/sim"
)

// Options say what to validate against.
type Options struct {
	// Source names the measurements.
	Source string
	Runs   []*Run
	// Recoveries adds the measured recovery times of the given measurements.
	Recoveries bool
	// Cores of the machine that everything was measured on; 0: 2, as in the given file.
	Cores int
	// Workers simulate at the same time; 0: as many as there are processors.
	Workers int
	// Progress, if not nil, is told how many runs are done. It is called from several
	// goroutines.
	Progress func(done, total int)
}

// DefaultCores are those of the machine of the given measurements.
const DefaultCores = 2

// Validate simulates every run and compares. The result does not depend on Workers.
func Validate(ctx context.Context, o Options) (*result.Fidelity, error) {
	if o.Cores == 0 {
		o.Cores = DefaultCores
	}
	f := &result.Fidelity{Source: o.Source, Cores: o.Cores}
	var jobs []*work
	for _, r := range o.Runs {
		f.Runs = append(f.Runs, result.MeasuredRun{
			Name: r.Name, Summary: r.Summary(), Protocol: string(r.Protocol),
		})
		jobs = append(jobs, r.work(o.Cores))
	}
	if o.Recoveries {
		jobs = append(jobs, recoveryWork(f, o.Cores)...)
	}
	if err := doAll(ctx, jobs, &o); err != nil {
		return nil, err
	}
	for _, j := range jobs {
		f.Figures = append(f.Figures, j.figures...)
	}
	f.Bands = bands(f.Figures)
	return f, nil
}

// work is the simulation of the run, and the comparison.
func (r *Run) work(cores int) *work {
	return &work{name: r.Name, cost: r.cost(), do: func(k *sim.Kernel) ([]result.FidelityFigure, error) {
		p, err := Predict(k, r, cores)
		if err != nil {
			return nil, err
		}
		return compare(r, p), nil
	}}
}

// Summary says in a few words what the run is.
func (r *Run) Summary() string {
	text := fmt.Sprintf("%s, %d x %d", r.Protocol, r.Parallelism, r.Depth)
	add := func(holds bool, format string, args ...any) {
		if holds {
			text += ", " + fmt.Sprintf(format, args...)
		}
	}
	add(r.AlignedTimeoutNanos > 0, "timeout %d ms", r.AlignedTimeoutNanos/million)
	add(r.Topology == TopologyUnion, "union")
	add(true, "%s", r.Exchange)
	add(r.Layout != LayoutRemote, "%s", r.Layout)
	add(r.SinkNanos > 0, "sink %g ms", float64(r.SinkNanos)/million)
	add(r.SourceRecordsPerSecond > 0, "source %d/s", r.SourceRecordsPerSecond)
	add(true, "payload %d B", r.PayloadBytes)
	add(r.SegmentBytes != 32<<10, "segment %d B", r.SegmentBytes)
	add(r.Keys != 1000, "%d keys", r.Keys)
	add(r.StateBytesPerKey > 0, "%d B of state a key", r.StateBytesPerKey)
	add(r.Debloat, "debloating")
	add(r.StorageBytesPerSecond > 0, "storage %g MB/s", float64(r.StorageBytesPerSecond)/million)
	add(r.StorageLatencyNanos > 0, "storage latency %d ms", r.StorageLatencyNanos/million)
	return text
}
