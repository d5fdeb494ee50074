package budgets_test

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"simrun/scenarios/budgets"
	"simrun/scenarios/trial"
)

// coresTurns are short, as those of recoverySeeds.
const coresTurns = 20

// turn is what the workers of one turn have cost.
type turn struct {
	wall, cpu time.Duration
	// waited is what goroutines have waited for each other, all together.
	waited time.Duration
}

// cores is what each of as many workers as cores does, over what one alone does. The clock
// says that on an idle machine only: elsewhere it tells of the neighbours. So the ratio is
// made of what neighbours cannot change: the CPU time for a seed with all workers over that
// with one (they may fight over caches, the allocator and the collector, and all that
// costs CPU time), and the time in which no worker waits for another.
func cores(t *testing.T) []budgets.Row {
	defer debug.SetGCPercent(debug.SetGCPercent(trial.GCPercent))
	workers := runtime.GOMAXPROCS(0)
	var one, all turn
	for n := range coresTurns {
		one, all = one.least(n, campaignTurn(t, 1)), all.least(n, campaignTurn(t, workers))
	}
	perSeed := float64(one.cpu) * float64(workers) / float64(all.cpu)
	waiting := float64(all.waited) / (float64(all.wall) * float64(workers))
	reached := perSeed * (1 - waiting)
	return []budgets.Row{{
		Budget: "campaign over cores", Wanted: ">= 0.9 x cores",
		Reached: fmt.Sprintf("%.2f x (CPU time per seed %.2f x, waiting %.2f %%; by the clock %.2f x)",
			reached, perSeed, 100*waiting, float64(one.wall)/float64(all.wall)),
		Ratio: reached / 0.9,
		Note:  fmt.Sprintf("%d workers against one, least of %d turns", workers, coresTurns),
	}}
}

// least takes the smaller of each figure.
func (t turn) least(n int, other turn) turn {
	if n == 0 {
		return other
	}
	return turn{min(t.wall, other.wall), min(t.cpu, other.cpu), min(t.waited, other.waited)}
}

// campaignTurn lets each worker run as many seeds, in a memory of its own.
func campaignTurn(t *testing.T, workers int) turn {
	const seeds = 40
	wall, cpu, waited := time.Now(), cpuTime(), waitTime()
	var group sync.WaitGroup
	for w := range workers {
		tr, c := trial.New(), recoveryCase(t)
		group.Go(func() {
			for seed := range uint64(seeds) {
				runSeed(t, tr, c, uint64(w)*seeds+seed+1)
			}
		})
	}
	group.Wait()
	return turn{time.Since(wall), cpuTime() - cpu, waitTime() - waited}
}

// waitTime is what goroutines of this process have waited for locks, of Go's runtime too.
func waitTime() time.Duration {
	sample := []metrics.Sample{{Name: "/sync/mutex/wait/total:seconds"}}
	metrics.Read(sample)
	return time.Duration(sample[0].Value.Float64() * 1e9)
}
