package campaign

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestEverySeedIsInOneShard(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Uint64Range(0, 1000).Draw(t, "from")
		seeds := Seeds{From: from, To: from + rapid.Uint64Range(1, 100).Draw(t, "length")}
		count := rapid.Uint64Range(1, 9).Draw(t, "count")
		var all []uint64
		for index := range count {
			p := Part{Seeds: seeds, Shard: Shard{index, count}}
			for position := range p.length() {
				require.Equal(t, index, p.seed(position)%count)
				all = append(all, p.seed(position))
			}
		}
		slices.Sort(all)
		require.Len(t, all, int(seeds.To-seeds.From))
		for i, seed := range all {
			require.Equal(t, seeds.From+uint64(i), seed)
		}
	})
}

func TestSpansAreASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var spans Spans
		var set [64]bool
		for range rapid.IntRange(0, 12).Draw(t, "spans") {
			from := rapid.Uint64Range(0, 63).Draw(t, "from")
			to := rapid.Uint64Range(from, 64).Draw(t, "to")
			before := slices.Clone(spans)
			after := spans.plus(Span{from, to})
			require.Equal(t, before, spans, "what was there is left as it was")
			spans = after
			for i := from; i < to; i++ {
				set[i] = true
			}
		}
		var members [64]bool
		for i, span := range spans {
			require.True(t, i == 0 || spans[i-1].To < span.From, "in order and apart: %v", spans)
			for at := span.From; at < span.To; at++ {
				members[at] = true
			}
		}
		require.Equal(t, set, members)
		for _, gap := range spans.gaps(64) {
			for at := gap.From; at < gap.To; at++ {
				require.False(t, members[at])
				members[at] = true
			}
		}
		require.NotContains(t, members[:], false, "spans and gaps are everything")
		complete := slices.Index(set[:], false)
		if complete < 0 {
			complete = 64
		}
		require.EqualValues(t, complete, spans.complete())
	})
}

// TestJoinedPartsAreThoseOfOneCampaign cuts a range into pieces, and each piece into shards.
func TestJoinedPartsAreThoseOfOneCampaign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := Part{Seeds: Seeds{From: rapid.Uint64Range(0, 50).Draw(t, "from")}, Shard: WholeRange()}
		var parts []Part
		at := whole.Seeds.From
		for range rapid.IntRange(1, 5).Draw(t, "pieces") {
			piece := Seeds{From: at, To: at + rapid.Uint64Range(1, 30).Draw(t, "length")}
			count := rapid.Uint64Range(1, 5).Draw(t, "shards")
			for index := range count {
				parts = append(parts, Part{Seeds: piece, Shard: Shard{index, count}})
			}
			at = piece.To
		}
		whole.Seeds.To = at
		parts = rapid.Permutation(parts).Draw(t, "order")
		var owners []owned
		for _, p := range parts {
			owners = append(owners, owned{part: p})
		}
		require.NoError(t, checkOverlap(owners))
		require.NoError(t, checkShards(owners))
		require.Equal(t, []Part{whole}, joined(parts))
	})
}

func TestOverlapIsFoundWhereThereIsOne(t *testing.T) {
	part := rapid.Custom(func(t *rapid.T) Part {
		from := rapid.Uint64Range(0, 40).Draw(t, "from")
		count := rapid.Uint64Range(1, 6).Draw(t, "count")
		return Part{Seeds: Seeds{From: from, To: from + rapid.Uint64Range(1, 30).Draw(t, "length")},
			Shard: Shard{rapid.Uint64Range(0, count-1).Draw(t, "index"), count}}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := part.Draw(t, "a"), part.Draw(t, "b")
		shared := false
		for i := range a.length() {
			for j := range b.length() {
				shared = shared || a.seed(i) == b.seed(j)
			}
		}
		seed, found := a.shares(b)
		require.Equal(t, shared, found, "%v %v %d", a, b, seed)
	})
}
