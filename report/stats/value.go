package stats

import (
	"math"
	"slices"
)

// Value is a number that is known to lie in [Low, High]. Low equals High when it was
// measured; High is +Inf when it was cut off ("at least Low").
type Value struct{ Low, High float64 }

// Exact is a measured value.
func Exact(x float64) Value { return Value{x, x} }

// AtLeast is a value whose measuring was cut off at x (right-censored).
func AtLeast(x float64) Value { return Value{x, math.Inf(1)} }

// IsExact reports whether the value was measured.
func (v Value) IsExact() bool { return v.Low == v.High }

// IsAtLeast reports whether only a lower bound is known, and that it says something.
func (v Value) IsAtLeast() bool { return math.IsInf(v.High, 1) && v.Low > 0 }

// IsUnknown reports whether nothing is known: neither bound says anything.
func (v Value) IsUnknown() bool { return math.IsInf(v.High, 1) && v.Low <= 0 }

// Minus is the difference of two values; as wide as their doubt together.
func (v Value) Minus(o Value) Value { return Value{v.Low - o.High, v.High - o.Low} }

// Over is the ratio v/o of two values that are not negative. A divisor that may be zero
// leaves the ratio without an upper bound; over a measured zero it is unknown, as no axis
// and no interval can hold it.
func (v Value) Over(o Value) Value {
	if o.High <= 0 {
		return Value{0, math.Inf(1)}
	}
	return Value{divide(v.Low, o.High, 0), divide(v.High, o.Low, math.Inf(1))}
}

// divide is x/y, or undecided where it has no value (0/0, ∞/∞).
func divide(x, y, undecided float64) float64 {
	if q := x / y; !math.IsNaN(q) {
		return q
	}
	return undecided
}

// Median is the middle of the values, or the mean of the two in the middle. It panics
// when there are none. The order of values does not matter and is left alone.
func Median(values []Value) Value {
	lows, highs := ends(values)
	return Value{middle(lows), middle(highs)}
}

// ends sorts the lower and the upper ends, each for itself.
func ends(values []Value) (lows, highs []float64) {
	lows = make([]float64, len(values))
	highs = make([]float64, len(values))
	for i, v := range values {
		lows[i], highs[i] = v.Low, v.High
	}
	slices.Sort(lows)
	slices.Sort(highs)
	return lows, highs
}

func middle(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		panic("stats: median of no values")
	}
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1]/2 + sorted[n/2]/2
}
