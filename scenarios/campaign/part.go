package campaign

import (
	"cmp"
	"slices"
)

// Part is a range of seeds as one shard of it sees them: its seeds are numbered from 0.
type Part struct {
	Seeds Seeds `json:"seeds"`
	Shard Shard `json:"shard"`
}

// first is the smallest seed of the part.
func (p Part) first() uint64 {
	n := p.Shard.Count
	return p.Seeds.From + (p.Shard.Index+n-p.Seeds.From%n)%n
}

// seed is the position-th seed.
func (p Part) seed(position uint64) uint64 { return p.first() + position*p.Shard.Count }

// length is the number of seeds.
func (p Part) length() uint64 {
	to := p.Seeds.To
	if p.Seeds.Open() {
		to = largestSeed
	}
	if p.first() >= to {
		return 0
	}
	return (to-p.first()-1)/p.Shard.Count + 1
}

// Span is a run of positions: From, up to To, which is not part of it.
type Span struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// Spans are positions, in ascending order without overlap or touch.
type Spans []Span

// plus adds a span.
func (s Spans) plus(added Span) Spans {
	if added.From >= added.To {
		return s
	}
	all := append(slices.Clone(s), added)
	slices.SortFunc(all, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	merged := all[:1]
	for _, next := range all[1:] {
		if last := &merged[len(merged)-1]; next.From <= last.To {
			last.To = max(last.To, next.To)
		} else {
			merged = append(merged, next)
		}
	}
	return merged
}

// gaps are the positions below length that are missing.
func (s Spans) gaps(length uint64) Spans {
	var gaps Spans
	at := uint64(0)
	for _, span := range s {
		if span.From > at {
			gaps = append(gaps, Span{at, min(span.From, length)})
		}
		at = span.To
	}
	if at < length {
		gaps = append(gaps, Span{at, length})
	}
	return gaps
}

// complete is how many positions from 0 on are there without a gap.
func (s Spans) complete() uint64 {
	if len(s) == 0 || s[0].From > 0 {
		return 0
	}
	return s[0].To
}
