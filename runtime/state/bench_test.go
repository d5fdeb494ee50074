package state_test

import (
	"testing"
	"time"

	"simrun/runtime/state"
)

const benchKeys = 1000

// keyAt walks the keys in an order that is not theirs.
func keyAt(i int) uint64 { return uint64(i) * 7919 % benchKeys }

// BenchmarkCount is a keyed count as an operator does it, beside the same loop over a bare
// slice and over a Go map: the ratio is what state costs.
func BenchmarkCount(b *testing.B) {
	for _, mode := range []struct {
		name         string
		ahead, apply bool
	}{{"plain", false, false}, {"applied", false, true}, {"applied-journal", true, true}} {
		b.Run(mode.name, func(b *testing.B) {
			backend, journal := newCount()
			i := 0
			for b.Loop() {
				count(backend, journal, i, mode.ahead, mode.apply)
				i++
			}
			perRecord := float64(b.Elapsed()) / float64(b.N)
			b.ReportMetric(perRecord/bareSlice(), "x-slice")
			b.ReportMetric(perRecord/bareMap(), "x-map")
		})
	}
}

func newCount() (*state.Backend, *state.Journal) {
	journal := new(state.Journal)
	spec := state.Spec{Keyed: &state.KeyedSpec{Columns: 2}}
	return state.NewBackend(spec, state.Place{Parallelism: 1, MaxParallelism: 128}, journal), journal
}

func count(backend *state.Backend, journal *state.Journal, i int, ahead, apply bool) {
	if ahead {
		if i%500 == 0 {
			journal.Commit()
			journal.Begin()
		}
		journal.Mark()
	}
	if apply {
		backend.Apply(uint64(i))
	}
	e, _ := backend.Keyed.At(keyAt(i), 0)
	backend.Keyed.Add(e, 1, 1)
}

const bareRounds = 1_000_000

func bareSlice() (nanosPerRecord float64) {
	counts := make([]int64, benchKeys)
	start := time.Now()
	for i := range bareRounds {
		counts[keyAt(i)]++
	}
	return float64(time.Since(start)) / bareRounds
}

func bareMap() (nanosPerRecord float64) {
	counts := make(map[uint64]int64, benchKeys)
	start := time.Now()
	for i := range bareRounds {
		counts[keyAt(i)]++
	}
	return float64(time.Since(start)) / bareRounds
}

// BenchmarkSnapshot is what an image of 100,000 keys costs the task, and then the first
// write to each page.
func BenchmarkSnapshot(b *testing.B) {
	backend, _ := newCount()
	for key := range uint64(100_000) {
		e, _ := backend.Keyed.At(key, 0)
		backend.Keyed.Add(e, 0, 1)
	}
	b.Run("image", func(b *testing.B) {
		for b.Loop() {
			backend.Image()
		}
	})
	b.Run("image-and-touch-all", func(b *testing.B) {
		for b.Loop() {
			backend.Image()
			for key := range uint64(100_000) {
				e, _ := backend.Keyed.Find(key, 0)
				backend.Keyed.Add(e, 0, 1)
			}
		}
	})
}

// BenchmarkTimers registers and fires timers with 10,000 pending.
func BenchmarkTimers(b *testing.B) {
	timers := state.NewTimers(new(state.Journal))
	for i := range int64(10_000) {
		timers.Register(state.Timer{TimeNanos: i, Key: keyAt(int(i))})
	}
	i := int64(10_000)
	for b.Loop() {
		timers.Register(state.Timer{TimeNanos: i + int64(keyAt(int(i))), Key: uint64(i)})
		timers.PopDue(state.EventTime, i)
		i++
	}
}
