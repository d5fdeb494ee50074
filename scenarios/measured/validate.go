package measured

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

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
		jobs = append(jobs, &work{name: r.Name, cost: r.cost(), do: func(k *sim.Kernel) ([]result.FidelityFigure, error) {
			p, err := Predict(k, r, o.Cores)
			if err != nil {
				return nil, err
			}
			return compare(r, p), nil
		}})
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

// work is a run to be simulated.
type work struct {
	name    string
	cost    int64 // records, roughly
	do      func(k *sim.Kernel) ([]result.FidelityFigure, error)
	figures []result.FidelityFigure
	err     error
}

// doAll simulates on all workers, the longest runs first, so that none is left to run
// alone at the end.
func doAll(ctx context.Context, jobs []*work, o *Options) error {
	workers := o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	queue := make(chan *work)
	var group sync.WaitGroup
	var mutex sync.Mutex
	done := 0
	for range min(workers, len(jobs)) {
		group.Go(func() {
			k := sim.New(sim.Options{})
			for j := range queue {
				j.perform(k)
				mutex.Lock()
				done++
				if o.Progress != nil {
					o.Progress(done, len(jobs))
				}
				mutex.Unlock()
			}
		})
	}
	send(ctx, queue, jobs)
	group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, j := range jobs {
		if j.err != nil {
			return j.err
		}
	}
	return nil
}

func send(ctx context.Context, queue chan<- *work, jobs []*work) {
	defer close(queue)
	longest := slices.Clone(jobs)
	slices.SortStableFunc(longest, func(a, b *work) int { return int(min(max(b.cost-a.cost, -1), 1)) })
	for _, j := range longest {
		select {
		case queue <- j:
		case <-ctx.Done():
			return
		}
	}
}

// perform turns a panic of the model into an error that names the run.
func (w *work) perform(k *sim.Kernel) {
	defer func() {
		if p := recover(); p != nil {
			w.err = fmt.Errorf("run %s: %v", w.name, p)
		}
	}()
	w.figures, w.err = w.do(k)
}

// cost is about how many records are simulated.
func (r *Run) cost() int64 {
	switch {
	case r.Unlimited():
		return 3 * 5 * million * int64(r.Depth)
	case r.SourceRecordsPerSecond > 0:
		return r.SourceRecordsPerSecond * int64(r.Depth) * (r.RunNanos / billion)
	}
	return int64(r.Parallelism*r.Depth) * (r.RunNanos / r.SinkNanos)
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
