package network

import "math/bits"

// mulDiv is a*b/c without overflow in between, for non-negative a and b and positive c;
// a result above the largest int64 becomes that.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return 1<<63 - 1
	}
	quotient, _ := bits.Div64(hi, lo, uint64(c))
	return int64(min(quotient, 1<<63-1))
}
