package campaign

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
	"simrun/scenarios/explore"
	"simrun/scenarios/result/tally"
	"simrun/scenarios/trial"
)

// BenchmarkSeed is a seed of the default space: in a bare loop of draw and trial, and in a
// campaign of one worker with its journal. CPU time is of the whole process.
func BenchmarkSeed(b *testing.B) {
	bases, err := explore.Recovery()
	require.NoError(b, err)
	newSource := func() (Source, error) {
		return explore.New(explore.Options{Scenarios: bases, Universes: true})
	}
	b.Run("bare", func(b *testing.B) { benchmarkBare(b, newSource) })
	b.Run("campaign", func(b *testing.B) { benchmarkCampaign(b, newSource) })
}

func benchmarkBare(b *testing.B, newSource func() (Source, error)) {
	space, err := newSource()
	require.NoError(b, err)
	in, seed, begin := trial.New(), uint64(0), cpuTime()
	b.ReportAllocs()
	for b.Loop() {
		s, err := space.Draw(seed)
		require.NoError(b, err)
		c, err := trial.NewCase(s, seed)
		require.NoError(b, err)
		_, err = in.Run(c)
		require.NoError(b, err)
		seed++
	}
	b.ReportMetric(float64(seed)/(cpuTime()-begin).Seconds(), "seeds/cpu-s")
}

func benchmarkCampaign(b *testing.B, newSource func() (Source, error)) {
	b.ReportAllocs()
	p, f := plan(0, uint64(b.N)), Folder(b.TempDir())
	begin := cpuTime()
	progress, err := Run(context.Background(), Options{Plan: p, NewSource: newSource, Disk: f, Workers: 1})
	require.NoError(b, err)
	b.ReportMetric(float64(progress.Tally.Seeds)/(cpuTime()-begin).Seconds(), "seeds/cpu-s")
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestMemoryDoesNotGrowWithSeeds: what a campaign holds after many seeds is what it holds
// after few.
func TestMemoryDoesNotGrowWithSeeds(t *testing.T) {
	healthy := scenario(t)
	c := &campaign{o: Options{Plan: plan(0, 0), NewSource: func() (Source, error) {
		return Among([]*config.Scenario{healthy}), nil
	}}}
	w, err := newWorker(c)
	require.NoError(t, err)
	w.sum = &tally.Tally{}
	held := func(from, to uint64) int64 {
		for seed := from; seed < to; seed++ {
			require.NoError(t, w.seed(seed))
		}
		c.finish(Span{from, to}, w.sum)
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	few := held(0, 300)
	many := held(300, 1500)
	require.Less(t, many-few, int64(200<<10), "%d bytes after 300 seeds, %d after 1500", few, many)
	runtime.KeepAlive(w)
}
