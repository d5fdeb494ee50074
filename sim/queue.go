package sim

import "math/bits"

// entry is a pending event as the queue sees it: when, and in which slot the rest lies.
type entry struct {
	time int64
	slot int32
}

// radixQueue is a monotone radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, JACM 1990):
// virtual time never runs backwards, so an entry lies in the bucket of the highest bit in
// which its time differs from last, the latest time taken out. Bucket 0 holds the entries
// of last itself. It orders times only; the order within an instant is made by round.
type radixQueue struct {
	last     int64
	size     int
	occupied uint64 // bit b: buckets[b] is not empty
	buckets  [64][]entry
}

// push adds e; its time must not be before last.
func (q *radixQueue) push(e entry) {
	b := bits.Len64(uint64(e.time ^ q.last))
	q.buckets[b&63] = append(q.buckets[b&63], e)
	q.occupied |= 1 << (b & 63)
	q.size++
}

// advance moves last on to the earliest time pending, whose entries are then all in
// bucket 0. It reports false, and changes nothing, if that time is after limit or nothing
// is pending. Bucket 0 must be empty.
func (q *radixQueue) advance(limit int64) bool {
	if q.occupied == 0 {
		return false
	}
	lowest := bits.TrailingZeros64(q.occupied)
	source := q.buckets[lowest]
	earliest := source[0].time
	for _, e := range source[1:] {
		earliest = min(earliest, e.time)
	}
	if earliest > limit {
		return false
	}
	q.last = earliest
	q.buckets[lowest] = source[:0]
	q.occupied &^= 1 << lowest
	for _, e := range source {
		b := bits.Len64(uint64(e.time^earliest)) & 63
		q.buckets[b] = append(q.buckets[b], e)
		q.occupied |= 1 << b
	}
	return true
}

// due is whether entries of the instant last are waiting.
func (q *radixQueue) due() bool { return q.occupied&1 != 0 }

// take empties bucket 0 and returns what was in it, valid until the next push.
func (q *radixQueue) take() []entry {
	taken := q.buckets[0]
	q.buckets[0] = taken[:0]
	q.occupied &^= 1
	q.size -= len(taken)
	return taken
}

// rewind lets an empty queue start again at now, which may be before last if the last
// entries taken were cancelled ones.
func (q *radixQueue) rewind(now int64) {
	if q.size == 0 {
		q.last = now
	}
}

// sweep drops the entries that keep refuses.
func (q *radixQueue) sweep(keep func(slot int32) bool) {
	for b := range q.buckets {
		kept := q.buckets[b][:0]
		for _, e := range q.buckets[b] {
			if keep(e.slot) {
				kept = append(kept, e)
			}
		}
		q.size -= len(q.buckets[b]) - len(kept)
		q.buckets[b] = kept
		if len(kept) == 0 {
			q.occupied &^= 1 << b
		}
	}
}

// clear empties the queue and keeps its memory.
func (q *radixQueue) clear() {
	for b := range q.buckets {
		q.buckets[b] = q.buckets[b][:0]
	}
	q.last, q.size, q.occupied = 0, 0, 0
}
