package acceptance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// observation is one checkpoint as the theory speaks of it.
type observation struct {
	stats *protocol.CheckpointStats
	// drainNanos is from the barriers' start at the sources until the last sink had its last
	// barrier.
	drainNanos int64
	injected   int64
}

// watched is a run with its barriers' times.
type watched struct {
	system   *runtime.System
	injected []int64 // by checkpoint: first source snapshot
	arrived  []int64 // last barrier consumed
	observe  func(*sim.Event)
}

func watch(t testing.TB, o runtime.Options, observe func(*sim.Event)) *watched {
	t.Helper()
	w := &watched{observe: observe}
	var err error
	w.system, err = runtime.New(o, w.event)
	require.NoError(t, err)
	return w
}

func (w *watched) event(e *sim.Event) {
	switch protocol.EventKind(e.Kind) {
	case protocol.SnapshotStarted:
		if id := int(e.Args[1]); id >= len(w.injected) {
			w.injected = append(w.injected, make([]int64, id+1-len(w.injected))...)
			w.arrived = append(w.arrived, make([]int64, id+1-len(w.arrived))...)
			w.injected[id] = e.TimeNanos
		}
	case protocol.BarrierConsumed:
		w.arrived[e.Args[2]] = e.TimeNanos
	}
	if w.observe != nil {
		w.observe(e)
	}
}

// until runs until so many checkpoints have completed.
func (w *watched) until(t testing.TB, checkpoints int64, limitNanos int64) []observation {
	t.Helper()
	k := w.system.Kernel
	for w.system.History.Completed < checkpoints {
		require.Less(t, k.NowNanos(), limitNanos, "checkpoints take too long")
		require.Zero(t, w.system.History.Failed)
		k.RunUntil(k.NowNanos() + 10*millisecond)
	}
	var all []observation
	for _, s := range w.system.History.Checkpoints {
		if s.Status == protocol.CheckpointSucceeded {
			all = append(all, observation{
				stats: s, injected: w.injected[s.ID], drainNanos: w.arrived[s.ID] - w.injected[s.ID],
			})
		}
	}
	return all
}
