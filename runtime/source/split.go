package source

import "simrun/protocol"

// dealing is how the numbered records of a source are dealt out: number n is record
// n/splits of split n%splits.
type dealing struct {
	vertex protocol.VertexID
	splits int64
	limit  int64 // records in all; 0: unbounded
	seed   uint64
	schedule
}

func newDealing(i Instance, rate Rate, limit int64) dealing {
	return dealing{
		vertex: i.Vertex, splits: int64(i.Splits), limit: limit, seed: i.Seed,
		schedule: newSchedule(rate),
	}
}

// Splits is the number of splits.
func (d *dealing) Splits() int { return int(d.splits) }

// number is the record's number in the whole source; false behind its end.
func (d *dealing) number(split int32, offset int64) (n int64, ok bool) {
	n = offset*d.splits + int64(split)
	return n, d.limit == 0 || n < d.limit
}

// OffsetAt is the number of records of the split that arrive before nanos.
func (d *dealing) OffsetAt(split int32, nanos int64) int64 {
	count := d.countBefore(nanos)
	if d.limit > 0 {
		count = min(count, d.limit)
	}
	return (count - int64(split) + d.splits - 1) / d.splits
}

func (d *dealing) lineage(split int32, offset int64) uint64 {
	return protocol.SourceLineage(d.vertex, split, offset)
}
