package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/source"
	"simrun/runtime/state"
	"simrun/sim"
)

func perSecond(records int64) source.Rate {
	return source.Rate{RecordsPerSecond: sim.Ratio{Num: records, Den: 1}}
}

// specs are one of every generated source, bounded.
func specs() []source.Spec {
	jitter := perSecond(3000)
	jitter.Jitter = true
	bursts := perSecond(1000)
	bursts.Steps = []source.Step{
		{ForNanos: 1e8, Factor: sim.Ratio{Num: 1, Den: 1}},
		{ForNanos: 5e7, Factor: sim.Ratio{Num: 0, Den: 1}},
		{ForNanos: 2e8, Factor: sim.Ratio{Num: 7, Den: 2}},
	}
	all := []source.Spec{
		source.NexMark("nexmark", source.NexMarkOptions{Limit: 5000, Rate: jitter}),
		source.NexMark("bids", source.NexMarkOptions{Limit: 5000, Rate: bursts, Stream: source.Bids}),
		source.NexMark("people", source.NexMarkOptions{
			Limit: 50_000, Rate: perSecond(977), Stream: source.Persons,
		}),
	}
	for choice := source.KeysMeasured; choice <= source.KeysUnique; choice++ {
		all = append(all, source.Synthetic(choice.String(), source.SyntheticOptions{
			Keys: 100, KeyChoice: choice, SkewHalves: 2, HotShare: sim.Ratio{Num: 1, Den: 2},
			DuplicateShare: sim.Ratio{Num: 1, Den: 5}, Value: sim.Uniform(0, 99),
			PayloadBytes: sim.Uniform(10, 30), Limit: 3000, OutOfOrderNanos: 1000,
			Rate: []source.Rate{{}, jitter, bursts, perSecond(7), jitter}[choice],
		}))
	}
	return all
}

func TestRecordsFollowFromSplitAndOffsetAlone(t *testing.T) {
	for _, spec := range specs() {
		a := spec.Open(source.Instance{Seed: 5, Vertex: 2, Splits: 3})
		b := spec.Open(source.Instance{Seed: 5, Vertex: 2, Splits: 3})
		other := spec.Open(source.Instance{Seed: 6, Vertex: 2, Splits: 3})
		for split := range int32(3) {
			forward, arrivals := read(a, split, 1e6)
			require.NotEmpty(t, forward)
			require.IsNonDecreasing(t, arrivals, spec.ID)
			for offset := int64(len(forward)) - 1; offset >= 0; offset-- {
				var r record.Record
				arrival, ok := b.Next(split, offset, &r)
				require.True(t, ok)
				require.Equal(t, forward[offset], r)
				require.Equal(t, arrivals[offset], arrival)
				require.Equal(t, protocol.SourceLineage(2, split, offset), r.Lineage)
			}
			again, _ := read(other, split, 1e6)
			require.NotEqual(t, forward, again, "%s: another seed, another stream", spec.ID)
		}
	}
}

func TestLiveOffsetIsTheNumberOfRecordsThatArrivedBefore(t *testing.T) {
	table, err := source.Flights()
	require.NoError(t, err)
	all := append(specs(),
		source.File("flights", table, source.FileOptions{Laps: 1, Speed: sim.Ratio{Num: 900, Den: 1}}),
		source.File("flights", table, source.FileOptions{Laps: 1, Rate: perSecond(4000), ByPartition: true}))
	for _, spec := range all {
		reader := spec.Open(source.Instance{Seed: 1, Splits: 2})
		for split := range int32(2) {
			_, arrivals := read(reader, split, 1e6)
			last := arrivals[len(arrivals)-1]
			if last == 0 {
				require.Zero(t, reader.OffsetAt(split, 1e9), "records without time are never missed")
				continue
			}
			second := arrivals[1]
			instants := []int64{0, 1, last / 3, last / 2, second, second + 1, last, last + 1, 2 * last}
			for _, nanos := range instants {
				before := 0
				for before < len(arrivals) && arrivals[before] < nanos {
					before++
				}
				got := reader.OffsetAt(split, nanos)
				require.LessOrEqual(t, int64(before), got, "%s at %d", spec.ID, nanos)
				require.LessOrEqual(t, got, int64(before)+1, "%s at %d (jitter)", spec.ID, nanos)
			}
		}
	}
}

func TestLimitIsTheNumberOfRecordsOfAllSplits(t *testing.T) {
	for _, splits := range []int{1, 2, 7} {
		spec := source.Synthetic("s", source.SyntheticOptions{Keys: 3, Limit: 1000})
		reader, total := spec.Open(source.Instance{Splits: splits}), 0
		for split := range splits {
			records, _ := read(reader, int32(split), 1e6)
			total += len(records)
		}
		require.Equal(t, 1000, total)
	}
}

// Keys computed from the formula of the measured jobs by an independent program.
func TestMeasuredKeysAreThoseOfTheirFormula(t *testing.T) {
	spec := source.Synthetic("s", source.SyntheticOptions{Keys: 1000, PayloadBytes: sim.Constant(1000)})
	reader := spec.Open(source.Instance{Splits: 2})
	for split, want := range measuredKeys {
		records, _ := read(reader, int32(split), int64(len(want)))
		for i, key := range want {
			require.Equal(t, key, records[i].Key, "split %d, record %d", split, i)
			require.EqualValues(t, 1025, records[i].SizeBytes)
		}
	}
}

var measuredKeys = [2][5]uint64{{0, 975, 789, 217, 915}, {250, 157, 239, 279, 837}}

func TestNexMarkHasItsProportionsAndHotKeys(t *testing.T) {
	spec := source.NexMark("n", source.NexMarkOptions{Limit: 100_000})
	records, _ := read(spec.Open(source.Instance{Seed: 9, Splits: 1}), 0, 200_000)
	var tags [3]int
	var hot, coldBidder, prices int
	for n, r := range records {
		tags[r.Tag]++
		people := int64(n)/50 + 1000
		switch r.Tag {
		case source.TagPerson:
			require.EqualValues(t, []int64{people, 200}, []int64{int64(r.Key), int64(r.SizeBytes)})
			require.Less(t, r.A, int64(6))
		case source.TagAuction:
			require.GreaterOrEqual(t, r.A, int64(1000))
			require.LessOrEqual(t, r.A, people+10)
			require.Contains(t, []int64{10, 11, 12, 13, 14}, r.B)
		case source.TagBid:
			if r.Key%100 == 0 {
				hot++
			}
			if r.A%100 != 1 {
				coldBidder++
			}
			if r.B < 100*1000 {
				prices++
			}
		}
	}
	require.Equal(t, [3]int{2000, 6000, 92_000}, tags)
	require.InDelta(t, 0.50, float64(hot)/92_000, 0.02)
	require.InDelta(t, 0.25, float64(coldBidder)/92_000, 0.02)
	require.InDelta(t, 0.50, float64(prices)/92_000, 0.02, "half of the prices lie below 10^3")
}

func TestNexMarkStreamsArePartsOfTheWhole(t *testing.T) {
	events := func(stream source.NexMarkStream) []record.Record {
		spec := source.NexMark("n", source.NexMarkOptions{Limit: 5000, Stream: stream})
		records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 1e5)
		return records
	}
	whole := events(source.AllEvents)
	for stream, tag := range map[source.NexMarkStream]record.Tag{
		source.Persons: source.TagPerson, source.Auctions: source.TagAuction, source.Bids: source.TagBid,
	} {
		part, at := events(stream), 0
		for _, r := range whole {
			if r.Tag == tag {
				r.Lineage = part[at].Lineage
				require.Equal(t, r, part[at])
				at++
			}
		}
		require.Len(t, part, at)
	}
}

func TestSkewedKeysAreDrawnAsTheirWeightsSay(t *testing.T) {
	share := func(o source.SyntheticOptions) (first, second float64) {
		o.Limit = 50_000
		records, _ := read(source.Synthetic("s", o).Open(source.Instance{Splits: 1}), 0, 1e5)
		for _, r := range records {
			if r.Key == 0 {
				first++
			} else if r.Key == 1 {
				second++
			}
		}
		return first / 50_000, second / 50_000
	}
	first, second := share(source.SyntheticOptions{Keys: 10, KeyChoice: source.KeysZipf, SkewHalves: 2})
	require.InDelta(t, 0.341, first, 0.01, "1 over the tenth harmonic number")
	require.InDelta(t, 0.171, second, 0.01)
	first, second = share(source.SyntheticOptions{Keys: 10, KeyChoice: source.KeysZipf, SkewHalves: 1})
	require.InDelta(t, 1.4142, first/second, 0.08)
	first, second = share(source.SyntheticOptions{
		Keys: 10, KeyChoice: source.KeysHot, HotShare: sim.Ratio{Num: 3, Den: 10},
	})
	require.InDelta(t, 0.37, first, 0.01)
	require.InDelta(t, 0.07, second, 0.01)
	first, _ = share(source.SyntheticOptions{Keys: 10, KeyChoice: source.KeysUniform})
	require.InDelta(t, 0.1, first, 0.01)
}

func TestUniqueKeysRepeatInTheirShare(t *testing.T) {
	spec := source.Synthetic("s", source.SyntheticOptions{
		KeyChoice: source.KeysUnique, DuplicateShare: sim.Ratio{Num: 1, Den: 5}, Limit: 20_000,
	})
	records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 1e5)
	seen, duplicates := map[uint64]bool{}, 0
	for _, r := range records {
		if seen[r.Key] {
			duplicates++
		}
		seen[r.Key] = true
	}
	require.InDelta(t, 0.2, float64(duplicates)/20_000, 0.01)
}

func TestKeysMayHaveNames(t *testing.T) {
	spec := source.Synthetic("s", source.SyntheticOptions{
		KeyNames: []string{"red", "green"}, KeyChoice: source.KeysUniform, Limit: 50,
	})
	records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 100)
	seen := map[string]bool{}
	for _, r := range records {
		seen[state.KeyText(r.Key)] = true
	}
	require.Equal(t, map[string]bool{"red": true, "green": true}, seen)
	for _, o := range []source.SyntheticOptions{
		{KeyNames: []string{"turquoise"}}, {KeyNames: []string{"red"}, KeyChoice: source.KeysUnique},
	} {
		require.Panics(t, func() { source.Synthetic("s", o) })
	}
}

func TestSourceWithoutRewindSaysSo(t *testing.T) {
	spec := source.Synthetic("s", source.SyntheticOptions{Keys: 1, Rate: perSecond(10)})
	require.Contains(t, spec.Contract(), "rewinds to any offset")
	live := spec.WithoutRewind()
	require.False(t, live.Rewindable)
	require.Contains(t, live.Contract(), "CANNOT REWIND")
	require.Equal(t, 4, live.SplitCount(4))
}

func TestSourcesRefuseImpossibleOptions(t *testing.T) {
	require.Panics(t, func() { source.Synthetic("s", source.SyntheticOptions{}) })
	silent := perSecond(5)
	silent.Steps = []source.Step{{ForNanos: 1e9, Factor: sim.Ratio{Num: 0, Den: 1}}}
	spec := source.NexMark("n", source.NexMarkOptions{Rate: silent})
	require.Panics(t, func() { spec.Open(source.Instance{Splits: 1}) })
}

func TestReadingDoesNotAllocate(t *testing.T) {
	table, err := source.Flights()
	require.NoError(t, err)
	for _, spec := range append(specs(), source.File("f", table, source.FileOptions{})) {
		reader, r, offset := spec.Open(source.Instance{Splits: 2}), new(record.Record), int64(0)
		require.Zero(t, testing.AllocsPerRun(200, func() {
			reader.Next(1, offset, r)
			offset++
		}), spec.ID)
	}
}

func TestWatermarkIsTheMinimumOverSplitsLessTheBound(t *testing.T) {
	g := source.NewWatermarkGenerator(source.WatermarkStrategy{OutOfOrderNanos: 5, IdleNanos: 100}, 3, 0)
	_, advanced, idle := g.Next(1)
	require.False(t, advanced || idle, "no split has been assigned yet")
	g.Add(1, 1)
	g.Record(0, 50, 1)
	_, advanced, _ = g.Next(2)
	require.False(t, advanced, "split 1 has said nothing")
	before := g.Record(1, 30, 2)
	g.Restore(1, before)
	_, advanced, _ = g.Next(2)
	require.False(t, advanced, "its record was taken back")
	g.Record(1, 30, 2)
	nanos, advanced, _ := g.Next(3)
	require.True(t, advanced)
	require.EqualValues(t, 24, nanos)
	g.Record(0, 60, 90)
	nanos, _, idle = g.Next(102)
	require.EqualValues(t, 54, nanos, "split 1 is idle")
	require.False(t, idle)
	_, _, idle = g.Next(190)
	require.True(t, idle)
	g.Record(1, 40, 191)
	nanos, advanced, idle = g.Next(191)
	require.False(t, advanced || idle)
	require.EqualValues(t, 54, nanos)
	g.End(1)
	g.Record(0, 70, 192)
	nanos, _, _ = g.Next(193)
	require.EqualValues(t, 64, nanos)
}

func TestScheduleKeepsItsRateOverBursts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := source.Rate{RecordsPerSecond: sim.Ratio{
			Num: rapid.Int64Range(1, 1e7).Draw(t, "num"), Den: rapid.Int64Range(1, 1000).Draw(t, "den")}}
		spec := source.Synthetic("s", source.SyntheticOptions{Keys: 1, Rate: rate})
		reader := spec.Open(source.Instance{Splits: 1})
		n := rapid.Int64Range(0, 1e6).Draw(t, "n")
		var r record.Record
		arrival, ok := reader.Next(0, n, &r)
		require.True(t, ok)
		slot := sim.Ratio{Num: 1e9 * rate.RecordsPerSecond.Den, Den: rate.RecordsPerSecond.Num}
		require.Equal(t, slot.Of(n), arrival)
		if arrival > 0 {
			require.GreaterOrEqual(t, n, reader.OffsetAt(0, arrival))
			require.Greater(t, reader.OffsetAt(0, arrival+1), n)
		}
	})
}
