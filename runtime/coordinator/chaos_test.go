package coordinator_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Whatever happens to processes, links and stores: ids ascend, nobody restores an older
// checkpoint than one that was notified, the job runs again once everything has healed,
// and nothing is left behind.
func TestJobSurvivesWhateverHeals(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := newWorld(r, setup{
			taskManagers: 3, reachable: true, jobManagers: rapid.IntRange(1, 2).Draw(r, "job managers"),
			seed: rapid.Uint64().Draw(r, "seed"),
			prepare: func(w *world) {
				w.config.Checkpointing.TolerableFailures = protocol.UnlimitedFailures
				w.config.Checkpointing.Retention = protocol.RetainOnCancellation
				w.config.Restart.FixedDelay.Attempts = 1000
				w.config.Failure.CancelTimeoutNanos = 60 * second
			},
		})
		w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
			if kind == protocol.JobRestored {
				require.GreaterOrEqual(r, e.Args[1], w.newestNotified(), "restored older than notified")
			}
		}
		last := int64(0)
		for range rapid.IntRange(1, 6).Draw(r, "faults") {
			last = max(last, w.drawFault(r))
		}
		w.runTo(last + 400)
		completed := w.history.Completed
		require.Equal(r, protocol.JobRunning, w.history.Status)
		w.runTo(last + 440)
		require.Greater(r, w.history.Completed, completed)
		requireAscending(r, w)
		completed = w.history.Completed
		w.kernel.Run(func() bool { return w.history.Completed > completed })
		w.kernel.RunUntil(w.kernel.NowNanos() + second)
		w.requireNoLeaks()
		for _, actor := range w.directory.JobManagers {
			w.kernel.Inject(actor, 0, sim.Message{Kind: rpc.CancelJob})
		}
		w.runTo(last + 460)
		require.Equal(r, protocol.JobCanceled, w.history.Status)
		w.requireNoLeaks()
	})
}

// drawFault schedules one fault and returns when it is over, in seconds.
func (w *world) drawFault(r *rapid.T) int64 {
	at := rapid.Int64Range(8e3, 120e3).Draw(r, "at, ms") * 1e6
	lasts := rapid.Int64Range(1, 90e3).Draw(r, "lasts, ms") * 1e6
	end := at + lasts
	k := w.kernel
	switch rapid.IntRange(0, 7).Draw(r, "fault") {
	case 0:
		p := rapid.SampledFrom(w.managers).Draw(r, "task manager")
		k.At(at, func() { k.Crash(p) })
		k.At(end, func() { k.Restart(p) })
	case 1:
		p := rapid.SampledFrom(w.jobManagers).Draw(r, "job manager")
		k.At(at, func() { k.Crash(p) })
		k.At(end, func() { k.Restart(p) })
	case 2:
		a := rapid.SampledFrom(w.jobNodes).Draw(r, "job node")
		b := rapid.SampledFrom(w.nodes).Draw(r, "node")
		k.At(at, func() { k.Partition(a, b) })
		k.At(end, func() { k.Heal(a, b) })
	case 3:
		n := rapid.SampledFrom(slices.Concat(w.jobNodes, w.nodes)).Draw(r, "paused")
		k.At(at, func() { k.Pause(n, lasts) })
	case 4:
		id := rapid.SampledFrom([]sim.StoreID{w.store, w.ha}).Draw(r, "store")
		fault := sim.StoreFault{
			Puts: rapid.Bool().Draw(r, "puts"), Gets: rapid.Bool().Draw(r, "gets"),
			Deletes: rapid.Bool().Draw(r, "deletes"), Lists: rapid.Bool().Draw(r, "lists"), Remaining: -1,
			Err: rapid.SampledFrom([]sim.StoreError{sim.StoreFailed, sim.StoreTimedOut}).Draw(r, "error"),
		}
		k.At(at, func() { k.StoreAt(id).SetFault(fault) })
		k.At(end, func() { k.StoreAt(id).SetFault(sim.StoreFault{}) })
	case 5:
		task := protocol.TaskID(rapid.IntRange(0, 3).Draw(r, "task"))
		k.At(at, func() {
			if len(w.tasks) > 0 {
				k.Inject(w.task(task).self, 0, sim.Message{Kind: fakeFail})
			}
		})
		end = at
	case 6:
		percent := rapid.Uint64Range(1, 60).Draw(r, "percent lost")
		k.At(at, func() {
			k.SetPostFilter(func(p *sim.Post) sim.Verdict {
				draw := sim.Draw(k.Seed(), sim.PurposeFault, uint64(p.NowNanos), uint64(p.From), uint64(p.To))
				return sim.Verdict{Drop: draw%100 < percent}
			})
		})
		k.At(end, func() { k.SetPostFilter(nil) })
	case 7:
		w.cutOffAfterMetadata(at, lasts, rapid.Int64Range(0, 2e6).Draw(r, "delay"))
		end += 30 * second
	}
	return end/second + 1
}

// cutOffAfterMetadata cuts the stores' answers off from the job managers when, some time
// after at, the metadata of a checkpoint has been written: its pointer may be written, but
// nobody hears of it.
func (w *world) cutOffAfterMetadata(at, lasts, delay int64) {
	k, armed, before := w.kernel, true, w.behave.onEvent
	w.behave.onEvent = func(kind protocol.EventKind, e *sim.Event) {
		before(kind, e)
		if !armed || kind != protocol.MetadataStored || e.TimeNanos < at {
			return
		}
		armed = false
		for _, node := range w.jobNodes {
			k.At(e.TimeNanos+delay, func() { k.PartitionOneWay(w.storeNode, node) })
			k.At(e.TimeNanos+delay+lasts, func() { k.HealOneWay(w.storeNode, node) })
		}
	}
}

func (w *world) newestNotified() (newest int64) {
	for _, f := range w.tasks {
		for _, id := range f.toldOf() {
			newest = max(newest, id)
		}
	}
	return newest
}
