package tally

import (
	"encoding/json"
	"fmt"
	"math/bits"
)

// subBits set the width of a bucket: a 32nd of its value.
const subBits = 5

// Histogram counts values that are not negative in log-linear buckets (HdrHistogram, Tene
// 2012): exact below 64, then 32 buckets to each power of two. All histograms have the
// same buckets, so that they add up.
type Histogram struct {
	counts []uint64 // by bucket; as long as the largest value needs
}

// bucketOf is the bucket of a value.
func bucketOf(value uint64) int {
	shift := max(bits.Len64(value)-subBits-1, 0)
	return shift<<subBits + int(value>>shift)
}

// lowest is the smallest value of a bucket.
func lowest(bucket int) int64 {
	shift := max(bucket>>subBits-1, 0)
	return int64(uint64(bucket-shift<<subBits) << shift)
}

// Add counts a value; negative ones count as 0.
func (h *Histogram) Add(value int64) { h.add(bucketOf(uint64(max(value, 0))), 1) }

func (h *Histogram) add(bucket int, n uint64) {
	for len(h.counts) <= bucket {
		h.counts = append(h.counts, 0)
	}
	h.counts[bucket] = sum(h.counts[bucket], n)
}

// Plus adds another histogram's counts.
func (h *Histogram) Plus(o *Histogram) {
	for bucket, n := range o.counts {
		if n > 0 {
			h.add(bucket, n)
		}
	}
}

// Count is the number of values.
func (h *Histogram) Count() uint64 {
	total := uint64(0)
	for _, n := range h.counts {
		total = sum(total, n)
	}
	return total
}

// Permille is the value below which so many of a thousand values lie, rounded down to its
// bucket; 0 for an empty histogram.
func (h *Histogram) Permille(permille uint64) int64 {
	high, low := bits.Mul64(h.Count(), permille)
	rank, _ := bits.Div64(high, low, 1000)
	seen, last := uint64(0), 0
	for bucket, n := range h.counts {
		if n == 0 {
			continue
		}
		seen, last = sum(seen, n), bucket
		if seen > rank {
			return lowest(bucket)
		}
	}
	return lowest(last)
}

// MarshalJSON writes the buckets that hold something as pairs of lowest value and count.
func (h Histogram) MarshalJSON() ([]byte, error) {
	pairs := [][2]uint64{}
	for bucket, n := range h.counts {
		if n > 0 {
			pairs = append(pairs, [2]uint64{uint64(lowest(bucket)), n})
		}
	}
	return json.Marshal(pairs)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (h *Histogram) UnmarshalJSON(text []byte) error {
	var pairs [][2]uint64
	if err := json.Unmarshal(text, &pairs); err != nil {
		return err
	}
	h.counts = nil
	for _, pair := range pairs {
		bucket := bucketOf(pair[0])
		if pair[1] == 0 || uint64(lowest(bucket)) != pair[0] {
			return fmt.Errorf("a histogram has no bucket that begins at %d", pair[0])
		}
		h.add(bucket, pair[1])
	}
	return nil
}

// sum adds and stays at the largest number instead of wrapping around, which keeps it
// associative.
func sum(a, b uint64) uint64 {
	total, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return 1<<64 - 1
	}
	return total
}
