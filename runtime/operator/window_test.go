package operator_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

var single = state.Place{Parallelism: 1, MaxParallelism: 128}

func chainOf(specs ...operator.Spec) *operator.Chain { return operator.NewChain(specs, single) }

// happening is one input of a chain: a record, or a watermark if key is negative.
type happening struct {
	key         int
	nanos, a    int64
	isWatermark bool
}

// happenings draws records whose times lie around a watermark that moves on.
func happenings(t *rapid.T) (all []happening) {
	watermark := int64(-20)
	for range rapid.IntRange(0, 60).Draw(t, "happenings") {
		if rapid.IntRange(0, 3).Draw(t, "kind") == 3 {
			watermark += rapid.Int64Range(0, 15).Draw(t, "advance")
			all = append(all, happening{nanos: watermark, isWatermark: true})
			continue
		}
		all = append(all, happening{
			key: rapid.IntRange(0, 2).Draw(t, "key"), a: rapid.Int64Range(-9, 9).Draw(t, "a"),
			nanos: watermark + rapid.Int64Range(-12, 25).Draw(t, "time"),
		})
	}
	return append(all, happening{nanos: operator.EndOfTime, isWatermark: true})
}

// result is what a window emitted.
type result struct{ key, start, last, value, count int64 }

// feed runs happenings through a chain and lists what its window emits; after each it
// calls then.
func feed(c *operator.Chain, all []happening, then func(happening)) (results []result, late int) {
	for i, h := range all {
		if h.isWatermark {
			c.Watermark(0, h.nanos, operator.Unlimited)
		} else {
			r := record.Record{Lineage: uint64(i), Key: uint64(h.key), TimeNanos: h.nanos, A: h.a}
			c.Process(0, &r)
			late += len(c.Late)
		}
		for _, r := range c.Out.Records {
			if r.IsRecord() {
				results = append(results, result{int64(r.Key), r.C, r.TimeNanos, r.A, r.B})
			}
		}
		then(h)
	}
	return results, late
}

// naiveWindow is a window as its definition has it: all of its values, no accumulator.
type naiveWindow struct {
	key, start, end int64
	values          []int64
}

func (w *naiveWindow) result(aggregate operator.Aggregate) result {
	value := int64(0)
	switch aggregate {
	case operator.Count:
		value = int64(len(w.values))
	case operator.Sum:
		for _, v := range w.values {
			value += v
		}
	case operator.Min:
		value = slices.Min(w.values)
	case operator.Max:
		value = slices.Max(w.values)
	case operator.Last:
		value = w.values[len(w.values)-1]
	case operator.Mean:
		for _, v := range w.values {
			value += v
		}
		for mean := int64(-10); ; mean++ {
			if (mean+1)*int64(len(w.values)) > value {
				value = mean
				break
			}
		}
	}
	return result{w.key, w.start, w.end - 1, value, int64(len(w.values))}
}

// naive keeps windows in a list and looks at all of them for everything.
type naive struct {
	o         operator.WindowOptions
	watermark int64
	windows   []*naiveWindow
	results   []result
	late      int
}

func (n *naive) assign(h happening) (windows [][2]int64) {
	if n.o.Assigner == operator.Session {
		return [][2]int64{{h.nanos, h.nanos + n.o.GapNanos}}
	}
	slide := n.o.SlideNanos
	if n.o.Assigner == operator.Tumbling {
		slide = n.o.SizeNanos
	}
	for start := h.nanos; start > h.nanos-n.o.SizeNanos; start-- {
		if (start-n.o.OffsetNanos)%slide == 0 {
			windows = append(windows, [2]int64{start, start + n.o.SizeNanos})
		}
	}
	return windows
}

func (n *naive) record(h happening) {
	taken := false
	for _, bounds := range n.assign(h) {
		w := &naiveWindow{key: int64(h.key), start: bounds[0], end: bounds[1]}
		kept := slices.Clone(n.windows)
		for _, old := range n.windows {
			same := old.key == w.key && old.start == w.start
			if n.o.Assigner == operator.Session {
				same = old.key == w.key && old.start <= bounds[1] && bounds[0] <= old.end
			}
			if same {
				w.start, w.end = min(w.start, old.start), max(w.end, old.end)
				w.values = append(w.values, old.values...)
				kept = slices.DeleteFunc(kept, func(x *naiveWindow) bool { return x == old })
			}
		}
		if w.end-1+n.o.LatenessNanos <= n.watermark {
			continue
		}
		taken = true
		w.values = append(w.values, h.a)
		n.windows = append(kept, w)
		if n.o.Running || w.end-1 <= n.watermark {
			n.results = append(n.results, w.result(n.o.Aggregate))
		}
	}
	if !taken {
		n.late++
	}
}

func (n *naive) advance(watermark int64) {
	slices.SortFunc(n.windows, func(a, b *naiveWindow) int {
		return cmp.Or(cmp.Compare(a.end, b.end), cmp.Compare(a.key, b.key), cmp.Compare(a.start, b.start))
	})
	for _, w := range n.windows {
		if n.watermark < w.end-1 && w.end-1 <= watermark && !n.o.Running {
			n.results = append(n.results, w.result(n.o.Aggregate))
		}
	}
	n.watermark = max(n.watermark, watermark)
	n.windows = slices.DeleteFunc(n.windows, func(w *naiveWindow) bool {
		return n.watermark == operator.EndOfTime || w.end-1+n.o.LatenessNanos <= n.watermark
	})
}

// timers are the ends and the cleanup times that lie ahead.
func (n *naive) timers() (count int) {
	for _, w := range n.windows {
		if w.end-1 > n.watermark {
			count++
		}
		if n.o.LatenessNanos > 0 {
			count++
		}
	}
	return count
}

func windowOptions(t *rapid.T) operator.WindowOptions {
	return operator.WindowOptions{
		Assigner:      operator.Assigner(rapid.IntRange(0, 2).Draw(t, "assigner")),
		SizeNanos:     rapid.Int64Range(1, 12).Draw(t, "size"),
		SlideNanos:    rapid.Int64Range(1, 12).Draw(t, "slide"),
		GapNanos:      rapid.Int64Range(1, 6).Draw(t, "gap"),
		OffsetNanos:   rapid.Int64Range(-3, 3).Draw(t, "offset"),
		LatenessNanos: rapid.SampledFrom([]int64{0, 0, 3, 10}).Draw(t, "lateness"),
		Aggregate:     operator.Aggregate(rapid.IntRange(0, 5).Draw(t, "aggregate")), Field: operator.FieldA,
		Running: rapid.Bool().Draw(t, "running"),
	}
}

func TestWindowsEmitWhatTheirDefinitionSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := windowOptions(t)
		if o.Assigner == operator.Session && o.Aggregate == operator.Last {
			o.Aggregate = operator.Max // the order within merged sessions is nobody's promise
		}
		all := happenings(t)
		n := naive{o: o, watermark: operator.NoWatermark}
		c := chainOf(operator.Window("w", o))
		results, late := feed(c, all, func(h happening) {
			if h.isWatermark {
				n.advance(h.nanos)
			} else {
				n.record(h)
			}
			require.Equal(t, n.timers(), c.Backend(0).Timers.Len(state.EventTime), "timers")
		})
		require.Equal(t, n.results, results)
		require.Equal(t, n.late, late)
		points := c.Points()
		require.Zero(t, points[0].Content, "every window is forgotten at the end of time")
	})
}

func TestProcessingTimeWindowsGoByTheClock(t *testing.T) {
	c := chainOf(operator.Window("w", operator.WindowOptions{
		Domain: state.ProcessingTime, SizeNanos: 10, Aggregate: operator.Count,
	}))
	_, pending := c.NextProcessingTimer()
	require.False(t, pending)
	for _, now := range []int64{3, 9, 12} {
		c.ClockNanos = now
		c.Process(0, &record.Record{Key: 5, TimeNanos: 777})
		require.Empty(t, c.Out.Records)
	}
	c.Watermark(0, 1000, operator.Unlimited)
	require.Len(t, c.Out.Records, 1, "only the watermark passes")
	next, _ := c.NextProcessingTimer()
	require.EqualValues(t, 9, next)
	require.Equal(t, 1, c.FireProcessingTimers(12, operator.Unlimited))
	require.EqualValues(t, 2, c.Out.Records[0].A)
	next, _ = c.NextProcessingTimer()
	require.EqualValues(t, 19, next)
}

func TestWindowWithoutLengthIsRefused(t *testing.T) {
	for _, o := range []operator.WindowOptions{
		{Assigner: operator.Tumbling}, {Assigner: operator.Session, SizeNanos: 5},
		{Assigner: operator.Sliding, SizeNanos: 5}, {SizeNanos: 5, LatenessNanos: -1},
	} {
		require.Panics(t, func() { operator.Window("w", o) })
	}
}
