package sim

import "math/bits"

// entry is a pending event as the queue sees it: when, and in which slot the rest lies.
type entry struct {
	time int64
	slot int32
}

// radixQueue is a monotone radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, JACM 1990):
// virtual time never runs backwards, so an entry lies in the bucket of the highest bit in
// which its time differs from floor. When the lowest bucket in use is short, it is not
// spread over lower ones but sorted into near:
//
//	near (sorted, latest first) | buckets ... 17, 18, 19 ...
//	      everything < horizon  |        everything else, none of it < floor
//
// It orders times only; the order within an instant is made by round.
type radixQueue struct {
	floor    int64
	horizon  int64
	size     int
	occupied uint64 // bit b: buckets[b] is not empty
	near     []entry
	buckets  [64][]entry
}

const (
	nearFill  = 24 // a bucket of at most so many entries is sorted into near
	nearLimit = 64 // near goes back to the buckets when it has more
)

// push adds e; its time must not be before that of an entry taken out.
func (q *radixQueue) push(e entry) {
	q.size++
	if e.time < q.horizon {
		q.insert(e)
		if len(q.near) > nearLimit && q.near[0].time >= q.floor {
			q.spill()
		}
		return
	}
	q.file(e)
}

// file puts e into its bucket.
func (q *radixQueue) file(e entry) {
	b := bits.Len64(uint64(e.time^q.floor)) & 63
	q.buckets[b] = append(q.buckets[b], e)
	q.occupied |= 1 << b
}

// insert puts e in its place in near.
func (q *radixQueue) insert(e entry) {
	q.near = append(q.near, e)
	near := q.near
	i := len(near) - 1
	for ; i > 0 && near[i-1].time < e.time; i-- {
		near[i] = near[i-1]
	}
	near[i] = e
}

// spill puts back into the buckets what is not before floor. All buckets below the
// horizon are empty then, so the order of buckets stays right. Only what was pushed from
// outside, before a floor that had run ahead, is before it.
func (q *radixQueue) spill() {
	kept := 0
	for kept < len(q.near) && q.near[kept].time >= q.floor {
		q.file(q.near[kept])
		kept++
	}
	q.near = q.near[:copy(q.near, q.near[kept:])]
	q.horizon = q.floor
}

// peek is the earliest entry; it reports false if there is none.
func (q *radixQueue) peek() (entry, bool) {
	if len(q.near) == 0 && !q.refill() {
		return entry{}, false
	}
	return q.near[len(q.near)-1], true
}

// holds is whether more entries of an instant are there of which one was popped already.
func (q *radixQueue) holds(time int64) bool {
	last := len(q.near) - 1
	return last >= 0 && q.near[last].time == time
}

// pop takes out the entry that peek gave.
func (q *radixQueue) pop() {
	q.near = q.near[:len(q.near)-1]
	q.size--
}

// refill sorts the lowest bucket in use into near, which is empty. A long bucket is first
// spread over lower ones, by the earliest time in it.
func (q *radixQueue) refill() bool {
	for q.occupied != 0 {
		lowest := bits.TrailingZeros64(q.occupied)
		source := q.buckets[lowest]
		q.buckets[lowest] = source[:0]
		q.occupied &^= 1 << lowest
		if len(source) > nearFill && lowest > 0 {
			q.spread(source)
			continue
		}
		q.horizon = (q.floor>>lowest + 1) << lowest
		if lowest == 63 {
			q.horizon = maxNanos
		}
		q.settleNear(source)
		return true
	}
	return false
}

// settleNear sorts entries into near, which is empty.
func (q *radixQueue) settleNear(source []entry) {
	near := append(q.near, source...)
	for i := 1; i < len(near); i++ {
		e := near[i]
		at := i
		for ; at > 0 && near[at-1].time < e.time; at-- {
			near[at] = near[at-1]
		}
		near[at] = e
	}
	q.near = near
}

func (q *radixQueue) spread(source []entry) {
	q.floor = source[0].time
	for _, e := range source[1:] {
		q.floor = min(q.floor, e.time)
	}
	for _, e := range source {
		q.file(e)
	}
}

// rewind lets an empty queue start again at now.
func (q *radixQueue) rewind(now int64) {
	if q.size == 0 {
		q.floor, q.horizon = now, 0
	}
}

// sweep drops the entries that keep refuses.
func (q *radixQueue) sweep(keep func(slot int32) bool) {
	q.near = q.sift(q.near, keep)
	for b := range q.buckets {
		q.buckets[b] = q.sift(q.buckets[b], keep)
		if len(q.buckets[b]) == 0 {
			q.occupied &^= 1 << b
		}
	}
}

func (q *radixQueue) sift(entries []entry, keep func(slot int32) bool) []entry {
	kept := entries[:0]
	for _, e := range entries {
		if keep(e.slot) {
			kept = append(kept, e)
		}
	}
	q.size -= len(entries) - len(kept)
	return kept
}

// clear empties the queue and keeps its memory.
func (q *radixQueue) clear() {
	for b := range q.buckets {
		q.buckets[b] = q.buckets[b][:0]
	}
	q.near = q.near[:0]
	q.floor, q.horizon, q.size, q.occupied = 0, 0, 0, 0
}
