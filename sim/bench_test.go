package sim_test

import (
	"fmt"
	"testing"
	"time"

	"simrun/sim"
)

// ticker re-arms a timer with an addressed delay and emits one event a tick: the least
// that an actor of a simulation does.
type ticker struct{ ticks uint64 }

func (a *ticker) Receive(c *sim.Context, m sim.Message) {
	a.ticks++
	c.Emit(7, m.A, int64(a.ticks), 0, 0, 0, 0)
	c.After(delay(uint64(m.A), a.ticks), m)
}

// tickers is a kernel with so many timers pending at all times.
func tickers(pending int) *sim.Kernel {
	k := sim.New(sim.Options{Seed: 1})
	node := k.AddNode(sim.NodeOptions{Name: "node"})
	k.AddProcess(sim.ProcessOptions{Name: "process", Node: node, Boot: func(b *sim.Boot) {
		var actors [256]sim.ActorID
		for i := range actors {
			actors[i] = b.Spawn(fmt.Sprintf("ticker-%d", i), &ticker{})
		}
		for i := range pending {
			b.Send(actors[i%len(actors)], int64(i+1), sim.Message{A: int64(i)})
		}
	}})
	return k
}

// heapEntry is an entry of the queue that the kernel's budget is measured against.
type heapEntry struct {
	time    int64
	tie     uint64
	payload int64
}

func (a heapEntry) before(b heapEntry) bool {
	return a.time < b.time || a.time == b.time && a.tie < b.tie
}

// quaternaryHeap is a bare typed 4-ary heap.
type quaternaryHeap []heapEntry

func (h *quaternaryHeap) push(e heapEntry) {
	*h = append(*h, e)
	s := *h
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(s[parent]) {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = e
}

func (h *quaternaryHeap) pop() heapEntry {
	s := *h
	top, last := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	i := 0
	for {
		first := 4*i + 1
		if first >= len(s) {
			break
		}
		least := first
		for child := first + 1; child < min(first+4, len(s)); child++ {
			if s[child].before(s[least]) {
				least = child
			}
		}
		if !s[least].before(last) {
			break
		}
		s[i] = s[least]
		i = least
	}
	if len(s) > 0 {
		s[i] = last
	}
	return top
}

// heapHold is a bare heap with so many entries, of which one is popped and pushed again.
type heapHold struct {
	heap  quaternaryHeap
	ticks uint64
}

func newHeapHold(pending int) *heapHold {
	h := &heapHold{}
	for i := range pending {
		h.heap.push(heapEntry{int64(i + 1), uint64(i), int64(i)})
	}
	return h
}

func (h *heapHold) step() {
	e := h.heap.pop()
	h.ticks++
	e.time += delay(uint64(e.payload), h.ticks)
	e.tie = h.ticks
	h.heap.push(e)
}

// delay is an addressed delay up to 1 ms; kernel and heap both pay for it.
func delay(a, b uint64) int64 {
	return 1 + int64(sim.Below(sim.Draw(1, sim.PurposeServiceTime, a, b, 0), 1_000_000))
}

// fastest is the least time that n calls of each function took, over some turns: the
// machine is shared, so single measurements mean little.
func fastest(turns, n int, functions ...func()) []time.Duration {
	least := make([]time.Duration, len(functions))
	for turn := range turns {
		for i, f := range functions {
			begin := time.Now()
			for range n {
				f()
			}
			if took := time.Since(begin); turn == 0 || took < least[i] {
				least[i] = took
			}
		}
	}
	return least
}

// BenchmarkEvent is one event: schedule, dispatch, digest. The metric heap-ratio is its
// price over one pop and push of a bare 4-ary heap, both measured in turns.
func BenchmarkEvent(b *testing.B) {
	for _, pending := range []int{1024, 16384} {
		b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
			k, h := tickers(pending), newHeapHold(pending)
			for range 8 * pending {
				k.Step()
				h.step()
			}
			b.ReportAllocs()
			for b.Loop() {
				k.Step()
			}
			const n = 20_000
			least := fastest(50, n, func() { k.Step() }, h.step)
			b.ReportMetric(float64(least[0])/float64(least[1]), "heap-ratio")
			b.ReportMetric(float64(least[0])/n, "least-ns/op")
			b.ReportMetric(float64(least[1])/n, "heap-ns/op")
		})
	}
}
