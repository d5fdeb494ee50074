package acceptance_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	cluster "simrun/runtime"
	"simrun/sim"
)

// seedsVariable sets the number of universes of each test.
const seedsVariable = "SIMRUN_THEORY_SEEDS"

// seeds are the universes of a test: a few, or as many as the environment says.
func seeds(t testing.TB, few int) []uint64 {
	t.Helper()
	n := few
	if text := os.Getenv(seedsVariable); text != "" {
		wanted, err := strconv.Atoi(text)
		require.NoError(t, err, seedsVariable)
		n = max(wanted, few)
	}
	all := make([]uint64, n)
	for i := range all {
		all[i] = uint64(i) + 1
	}
	return all
}

// overSeeds is every pipeline in every universe.
func overSeeds(pipelines []pipeline, seeds []uint64) (all []pipeline) {
	for _, p := range pipelines {
		for _, seed := range seeds {
			p.seed = seed
			all = append(all, p)
		}
	}
	return all
}

// sweep runs the cases on all cores; results are in the order of the cases.
func sweep[C, R any](t testing.TB, cases []C, run func(*sim.Kernel, C) (R, error)) []R {
	t.Helper()
	results, failures := make([]R, len(cases)), make([]error, len(cases))
	next := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			k := sim.New(sim.Options{})
			for i := range next {
				results[i], failures[i] = run(k, cases[i])
			}
		})
	}
	for i := range cases {
		next <- i
	}
	close(next)
	group.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	return results
}

// cache keeps what a sweep found for the tests that look at it.
type cache[R any] struct {
	once  sync.Once
	found []R
}

func (c *cache[R]) of(t *testing.T, find func() []R) []R {
	t.Helper()
	c.once.Do(func() { c.found = find() })
	require.NotEmpty(t, c.found, "the sweep has failed in another test")
	return c.found
}

// observation is one checkpoint as the theory speaks of it.
type observation struct {
	pipeline
	stats *protocol.CheckpointStats
	// drainNanos is T without snapshots and store: from the trigger, when stats counts what
	// is in flight, until the last sink has its last barrier.
	drainNanos int64
	// travelNanos is the part of it from the first barrier at a source.
	travelNanos int64
}

// observe runs the pipeline until its checkpoints have completed.
func observe(k *sim.Kernel, p pipeline) ([]observation, error) {
	w, err := watch(k, p.options(), p.instants(nominalNanos(&p)), nil)
	if err != nil {
		return nil, err
	}
	return w.observations(p)
}

// watched is a run with the times of its barriers, by checkpoint.
type watched struct {
	system            *cluster.System
	injected, arrived []int64
	events            func(*sim.Event)
}

// watch builds a job that is checkpointed at the instants; events, if not nil, sees all.
func watch(k *sim.Kernel, o cluster.Options, instants []int64, events func(*sim.Event)) (*watched, error) {
	w := &watched{events: events}
	o.ScheduleNanos = instants
	var err error
	w.system, err = cluster.Build(k, o, w.event)
	return w, err
}

func (w *watched) event(e *sim.Event) {
	switch protocol.EventKind(e.Kind) {
	case protocol.SnapshotStarted:
		w.started(int(e.Args[1]), e.TimeNanos)
	case protocol.BarrierConsumed:
		w.arrived[e.Args[2]] = e.TimeNanos
	}
	if w.events != nil {
		w.events(e)
	}
}

// started notes the first snapshot of a checkpoint, which is a source's.
func (w *watched) started(checkpoint int, nanos int64) {
	for len(w.injected) <= checkpoint {
		w.injected, w.arrived = append(w.injected, 0), append(w.arrived, 0)
	}
	if w.injected[checkpoint] == 0 {
		w.injected[checkpoint] = nanos
	}
}

const limitNanos = 3000 * second

// complete runs until so many checkpoints have completed.
func (w *watched) complete(checkpoints int) error {
	k, history := w.system.Kernel, w.system.History
	for history.Completed < int64(checkpoints) {
		if k.NowNanos() > limitNanos || history.Failed > 0 {
			lines, _ := w.system.Waits()
			return fmt.Errorf("%d of %d checkpoints completed, %d failed by %d ns: %v",
				history.Completed, checkpoints, history.Failed, k.NowNanos(), lines)
		}
		k.RunUntil(k.NowNanos() + 5*millisecond)
	}
	return nil
}

func (w *watched) observations(p pipeline) ([]observation, error) {
	if err := w.complete(p.checkpoints); err != nil {
		return nil, fmt.Errorf("%v: %w", &p, err)
	}
	var all []observation
	for _, s := range w.system.History.Checkpoints {
		all = append(all, observation{
			pipeline: p, stats: s, drainNanos: w.arrived[s.ID] - s.TriggerNanos,
			travelNanos: w.arrived[s.ID] - w.injected[s.ID],
		})
	}
	return all, nil
}
