package task

import "math/bits"

// subBuckets is the number of buckets in each power of two: values are kept to 1/64.
const (
	subBucketBits = 6
	subBuckets    = 1 << subBucketBits
)

// Histogram counts durations in buckets that grow with them (after HdrHistogram). It is
// made of integers, so two that counted the same are the same.
type Histogram struct {
	counts []int64
	total  int64
	max    int64
}

// Add counts one duration in nanoseconds; negative ones count as zero.
func (h *Histogram) Add(nanos int64) {
	nanos = max(nanos, 0)
	if h.counts == nil {
		h.counts = make([]int64, (64-subBucketBits)*subBuckets)
	}
	h.counts[bucketOf(nanos)]++
	h.total++
	h.max = max(h.max, nanos)
}

// Borrow lets an empty histogram count in the memory of another, which must not be used
// any more.
func (h *Histogram) Borrow(from *Histogram) {
	if from.counts == nil {
		from.counts = make([]int64, (64-subBucketBits)*subBuckets)
	}
	clear(from.counts)
	h.counts = from.counts
}

func bucketOf(v int64) int {
	if v < subBuckets {
		return int(v)
	}
	shift := bits.Len64(uint64(v)) - subBucketBits - 1
	return (shift+1)*subBuckets + int(v>>shift) - subBuckets
}

// upperOf is the largest value of a bucket.
func upperOf(bucket int) int64 {
	if bucket < subBuckets {
		return int64(bucket)
	}
	shift := bucket/subBuckets - 1
	return int64(bucket%subBuckets+subBuckets+1)<<shift - 1
}

// Count is the number of durations.
func (h *Histogram) Count() int64 { return h.total }

// Max is the longest one.
func (h *Histogram) Max() int64 { return h.max }

// PermilleNanos is the duration that permille of 1000 do not exceed, to 1/64 of itself.
func (h *Histogram) PermilleNanos(permille int64) int64 {
	if h.total == 0 {
		return 0
	}
	wanted := (h.total*permille + 999) / 1000
	seen := int64(0)
	for bucket, count := range h.counts {
		seen += count
		if seen >= wanted && count > 0 {
			return min(upperOf(bucket), h.max)
		}
	}
	return h.max
}
