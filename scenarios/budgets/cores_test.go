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

// coresTurns are short, as those of recoverySeeds: so many seeds for each worker.
const (
	coresTurns   = 20
	seedsPerTurn = 40
)

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

// BenchmarkCores is the same, told by clock and by CPU time: the figure by the clock needs an idle
// machine.
func BenchmarkCores(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(trial.GCPercent))
	workers := runtime.GOMAXPROCS(0)
	var one, all turn
	n := 0
	for ; b.Loop(); n++ {
		one, all = one.least(n, campaignTurn(b, 1)), all.least(n, campaignTurn(b, workers))
	}
	seeds := int64(seedsPerTurn)
	b.ReportMetric(perSecond(seeds, one.wall), "seeds/s-alone")
	b.ReportMetric(perSecond(seeds*int64(workers), all.wall), "seeds/s-all")
	b.ReportMetric(perSecond(seeds, one.cpu), "seeds/cpu-s-alone")
	b.ReportMetric(perSecond(seeds*int64(workers), all.cpu), "seeds/cpu-s-all")
	b.ReportMetric(float64(one.wall)/float64(all.wall), "x-cores-by-clock")
	b.ReportMetric(float64(one.cpu)*float64(workers)/float64(all.cpu), "x-cores-by-cpu")
}

// least takes the smaller of each figure.
func (t turn) least(n int, other turn) turn {
	if n == 0 {
		return other
	}
	return turn{min(t.wall, other.wall), min(t.cpu, other.cpu), min(t.waited, other.waited)}
}

// campaignTurn lets each worker run as many seeds, in a memory of its own.
func campaignTurn(t testing.TB, workers int) turn {
	const seeds = seedsPerTurn
	trials, cases := make([]*trial.Trial, workers), make([]*trial.Case, workers)
	for w := range workers {
		trials[w], cases[w] = trial.New(), recoveryCase(t)
		runSeed(t, trials[w], cases[w], uint64(w)) // what is made once is none of the turn
	}
	wall, cpu, waited := time.Now(), cpuTime(), waitTime()
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for seed := range uint64(seeds) {
				runSeed(t, trials[w], cases[w], uint64(w)*seeds+seed+1)
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
