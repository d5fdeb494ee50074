package generate

import "simrun/sim"

// Choice decides between alternatives.
type Choice interface {
	// Choose picks one of n alternatives, 0 to n-1; 0 is the simplest. n must be positive.
	Choose(n uint64) uint64
}

// Seed decides by a seed: the i-th choice is a pure function of the seed and i.
type Seed struct {
	seed, made uint64
}

// NewSeed makes a Choice that a seed drives.
func NewSeed(seed uint64) *Seed { return &Seed{seed: seed} }

// Choose picks one of n alternatives.
func (s *Seed) Choose(n uint64) uint64 {
	mustHaveAlternatives(n)
	s.made++
	return sim.Below(sim.Draw(s.seed, sim.PurposeFault, s.made, 0, 0), n)
}

// Bytes decides by a fuzzer's bytes: as many as n needs for each choice; when they are
// used up, every further choice is the simplest.
type Bytes struct{ rest []byte }

// NewBytes makes a Choice that bytes drive. It keeps data.
func NewBytes(data []byte) *Bytes { return &Bytes{rest: data} }

// Choose picks one of n alternatives.
func (b *Bytes) Choose(n uint64) uint64 {
	mustHaveAlternatives(n)
	x := uint64(0)
	for span := n - 1; span > 0; span >>= 8 {
		if len(b.rest) == 0 {
			return 0
		}
		x, b.rest = x<<8|uint64(b.rest[0]), b.rest[1:]
	}
	return x % n
}

func mustHaveAlternatives(n uint64) {
	if n == 0 {
		panic("generate: a choice between no alternatives")
	}
}
