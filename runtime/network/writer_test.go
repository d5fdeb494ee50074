package network

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// exchanges draws result partitions of every kind with few segments each.
func exchanges(t *rapid.T) []*Partition {
	n := small(rapid.Int32Range(4, 40).Draw(t, "segment"), 1, rapid.Int32Range(0, 3).Draw(t, "floating"), 3,
		rapid.Int32Range(0, 2).Draw(t, "overdraft"))
	var partitions []*Partition
	for range rapid.IntRange(1, 3).Draw(t, "partitions") {
		exchange := rapid.SampledFrom([]job.Exchange{job.Forward, job.Keyed, job.Rebalance, job.Broadcast}).Draw(t, "exchange")
		subs := rapid.IntRange(1, 3).Draw(t, "subpartitions")
		if exchange == job.Forward {
			subs = 1
		}
		p := partitionOf(n, exchange, subs)
		if exchange == job.Keyed && rapid.Bool().Draw(t, "re-keyed") {
			p.edge.KeyBy = func(r *record.Record) uint64 { return r.Lineage % 5 }
		}
		partitions = append(partitions, p)
	}
	return partitions
}

// routeModel says where each element of a partition goes, from the definition of its
// exchange.
func routeModel(p *Partition, elements []record.Record) [][]uint64 {
	subs := len(p.Subpartitions)
	to, turn := make([][]uint64, subs), int(p.next)
	for _, r := range elements {
		only := -1
		switch {
		case !r.IsRecord() || p.edge.Exchange == job.Broadcast:
		case p.edge.Exchange == job.Keyed:
			key := r.Key
			if p.edge.KeyBy != nil {
				key = p.edge.KeyBy(&r)
			}
			only = state.KeyGroup(key, 128) * subs / 128
		case p.edge.Exchange == job.Rebalance:
			turn = (turn + 1) % subs
			only = turn
		default:
			only = 0
		}
		for s := range subs {
			if only < 0 || s == only {
				to[s] = append(to[s], r.Lineage)
			}
		}
	}
	return to
}

func someElements(t *rapid.T, first int64) []record.Record {
	var elements []record.Record
	for i := range rapid.Int64Range(0, 6).Draw(t, "elements") {
		r := sized(first+i, rapid.Int32Range(1, 60).Draw(t, "bytes"))
		if chance(t, 6, "watermark") {
			r.Tag = record.TagWatermark
		}
		elements = append(elements, r)
	}
	return elements
}

func TestWriterGoesOnWhereItWasBlocked(t *testing.T) {
	blocks := 0
	rapid.Check(t, func(t *rapid.T) {
		partitions := exchanges(t)
		var all []record.Record
		wanted := make([]func() [][]uint64, len(partitions))
		for i, p := range partitions {
			before := *p
			wanted[i] = func() [][]uint64 { return routeModel(&before, all) }
		}
		got := make([][][]uint64, len(partitions))
		for i, p := range partitions {
			got[i] = make([][]uint64, len(p.Subpartitions))
		}
		w := Writer{Partitions: partitions}
		for range rapid.IntRange(1, 5).Draw(t, "calls") {
			elements := someElements(t, int64(len(all)))
			all = append(all, elements...)
			w.Begin(elements)
			for !w.Resume() {
				blocks++
				p := w.Blocked()
				require.False(t, p.Pool.CanTake())
				pollOne(t, partitions, p, got)
			}
			require.Nil(t, w.Blocked())
		}
		for i, p := range partitions {
			for s := range p.Subpartitions {
				got[i][s] = append(got[i][s], lineages(drained(&p.Subpartitions[s]))...)
				require.Equal(t, len(wanted[i]()[s]), len(got[i][s]))
				if len(got[i][s]) > 0 {
					require.Equal(t, wanted[i]()[s], got[i][s])
				}
				require.EqualValues(t, len(got[i][s]), p.Subpartitions[s].Sent.Count)
			}
		}
	})
	require.Positive(t, blocks, "the property never blocked")
}

// pollOne takes a buffer out of a partition that has none left.
func pollOne(t *rapid.T, partitions []*Partition, full *Partition, got [][][]uint64) {
	for i, p := range partitions {
		if p != full {
			continue
		}
		from := rapid.IntRange(0, len(p.Subpartitions)-1).Draw(t, "from")
		for n := range p.Subpartitions {
			at := (from + n) % len(p.Subpartitions)
			s := &p.Subpartitions[at]
			s.Flush()
			if b := s.Poll(); b != nil {
				got[i][at] = append(got[i][at], lineages(b.Piece.Elements)...)
				s.LetGo(b)
				return
			}
		}
	}
}

func TestReadyListsWhatFinishedABufferOnce(t *testing.T) {
	p := partitionOf(small(10, 2, 8, 10, 0), job.Rebalance, 2)
	w := Writer{Partitions: []*Partition{p}}
	w.Begin([]record.Record{sized(0, 25), sized(1, 3), sized(2, 3)})
	require.True(t, w.Resume())
	require.Equal(t, []int32{0}, p.Ready)
	p.Subpartitions[0].Seen()
	p.Ready = p.Ready[:0]
	w.Begin([]record.Record{sized(3, 7), sized(4, 1)})
	require.True(t, w.Resume())
	require.Equal(t, []int32{1}, p.Ready)
	require.EqualValues(t, 0, p.Next())
	p.SetNext(1)
	require.EqualValues(t, 1, p.Next())
}

// contentOf is all of a partition's data with its pieces.
func contentOf(p *Partition) (pieces [][]record.Piece) {
	for s := range p.Subpartitions {
		pieces = append(pieces, p.Subpartitions[s].Overtaken(nil))
	}
	return pieces
}

func TestForeseenElementsLandWhereTheWriterPutsThem(t *testing.T) {
	foreseen := 0
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "same for both")
		build := func() []*Partition {
			n := small(64, 2, 8, 10, 5)
			keyed := partitionOf(n, job.Keyed, 2)
			keyed.edge.KeyBy = func(r *record.Record) uint64 { return r.Lineage ^ seed }
			return []*Partition{keyed, partitionOf(n, job.Rebalance, 3), partitionOf(n, job.Forward, 1)}
		}
		one, other := build(), build()
		first, second := Writer{Partitions: one}, Writer{Partitions: other}
		ahead := NewForesight(other)
		require.True(t, ahead.Possible())
		requireSame := func() {
			for i := range one {
				require.Equal(t, contentOf(one[i]), contentOf(other[i]))
				require.Equal(t, one[i].Next(), other[i].Next())
				require.Equal(t, one[i].Ready, other[i].Ready)
			}
		}
		drain := func(when string) {
			if !rapid.Bool().Draw(t, "drain "+when) {
				return
			}
			for i := range one {
				for s := range one[i].Subpartitions {
					require.Equal(t, drained(&one[i].Subpartitions[s]), drained(&other[i].Subpartitions[s]))
					require.Equal(t, one[i].Subpartitions[s].Sent, other[i].Subpartitions[s].Sent)
				}
			}
		}
		n := int64(0)
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			elements := someElements(t, n)
			n += int64(len(elements))
			ahead.Begin()
			half := rapid.IntRange(0, len(elements)).Draw(t, "placed first")
			placed := ahead.Place(elements[:half])
			if placed == half {
				placed += ahead.Place(elements[half:])
			}
			requireSame()
			seen := 0
			for _, upTo := range []int{rapid.IntRange(0, placed).Draw(t, "seen first"), placed} {
				ahead.Reveal(seen, upTo)
				write(t, &first, elements[seen:upTo])
				requireSame()
				seen = upTo
				drain("in the middle of a run")
			}
			ahead.Forget()
			foreseen += placed
			write(t, &first, elements[placed:])
			write(t, &second, elements[placed:])
			requireSame()
			drain("between two runs")
		}
	})
	require.Positive(t, foreseen, "the property foresaw nothing")
}

func write(t require.TestingT, w *Writer, elements []record.Record) {
	w.Begin(elements)
	require.True(t, w.Resume())
}

func TestNothingIsForeseenThatWouldTakeOrFillASegment(t *testing.T) {
	p := partitionOf(small(10, 2, 8, 10, 0), job.Forward, 1)
	ahead := NewForesight([]*Partition{p})
	ahead.Begin()
	r := sized(0, 4)
	require.Zero(t, ahead.Place([]record.Record{r}), "no segment is open")
	w := Writer{Partitions: []*Partition{p}}
	w.Begin([]record.Record{r})
	require.True(t, w.Resume())
	ahead.Begin()
	require.Equal(t, 1, ahead.Place([]record.Record{r, sized(1, 2)}), "the second one would fill the segment")
	ahead.Forget()
	ahead.Begin()
	require.Zero(t, ahead.Place([]record.Record{record.Watermark(5)}), "it goes to everybody")
	require.False(t, NewForesight([]*Partition{partitionOf(small(10, 2, 8, 10, 0), job.Broadcast, 2)}).Possible())
}

func TestOutputPoolHasFlinksSize(t *testing.T) {
	n := job.DefaultNetwork()
	options := PartitionOptions{Edge: &job.Edge{Exchange: job.Keyed, Unaligned: true}, Subpartitions: 4,
		MaxParallelism: 128, Network: &n, Arena: &Arena{}}
	p := NewPartition(options)
	require.EqualValues(t, 4*2+8, p.Pool.Target())
	require.True(t, p.Unaligned())
	for range 4*2 + 8 + 5 {
		require.True(t, p.Pool.take(0))
	}
	require.False(t, p.Pool.CanTake())
	options.Bug = protocol.BugOverdraftUnlimited
	p = NewPartition(options)
	for range 100 {
		require.True(t, p.Pool.take(0))
	}
	n.ExclusiveBuffers, n.OutputFloatingBuffers, options.Bug = 0, 0, protocol.NoBug
	require.EqualValues(t, 5, NewPartition(options).Pool.Target(), "one a subpartition and one more")
}

func TestRebalanceStartsAtAnAddressedChannel(t *testing.T) {
	seen := [4]int{}
	for seed := range uint64(400) {
		at := FirstChannel(seed, 3, 1, 4)
		require.Equal(t, at, FirstChannel(seed, 3, 1, 4))
		seen[at]++
	}
	for _, n := range seen {
		require.InDelta(t, 100, n, 40)
	}
}
