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
