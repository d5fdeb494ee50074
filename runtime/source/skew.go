package source

import (
	"simrun/runtime/record"
	"simrun/sim"
)

// Skew makes a key hot: of the records of every split from offset First to Last, a Share,
// drawn by split and offset, has the key of the source's first record.
type Skew struct {
	Share       sim.Ratio
	First, Last int64
}

// Skewed is the source with a hot key. What a record holds besides its key, and when it
// arrives, is as before; and it still follows from split and offset alone.
func (s Spec) Skewed(skew Skew) Spec {
	open := s.Open
	s.Open = func(i Instance) Reader {
		r := &skewedReader{Reader: open(i), skew: skew, seed: i.Seed, vertex: uint64(i.Vertex)}
		var first record.Record
		if _, ok := r.Reader.Next(0, 0, &first); ok {
			r.hot = first.Key
		}
		return r
	}
	return s
}

type skewedReader struct {
	Reader
	skew         Skew
	seed, vertex uint64
	hot          uint64
}

// Next is the record of (split, offset), with the hot key if it is drawn.
func (s *skewedReader) Next(split int32, offset int64, r *record.Record) (arrivalNanos int64, ok bool) {
	arrivalNanos, ok = s.Reader.Next(split, offset, r)
	if ok && offset >= s.skew.First && offset <= s.skew.Last {
		draw := sim.Draw(s.seed, sim.PurposeFault, s.vertex, uint64(split), uint64(offset))
		if sim.Chance(draw, s.skew.Share) {
			r.Key = s.hot
		}
	}
	return arrivalNanos, ok
}
