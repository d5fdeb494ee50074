package sim

import "math/bits"

// DistributionKind is the shape of a distribution.
type DistributionKind uint8

const (
	// DistributionConstant is always Low.
	DistributionConstant DistributionKind = iota
	// DistributionUniform is evenly spread over Low..High, both included.
	DistributionUniform
	// DistributionExponential has the mean Low, cut at 64 half-lives.
	DistributionExponential
	// DistributionTail is Low, but High in the share Rare of all draws: "99.9 % are fast".
	DistributionTail
	// DistributionPareto has the minimum Low, the shape Rare and the cut-off High.
	DistributionPareto
)

// Distribution is a distribution of non-negative integers, mostly nanoseconds. It is a
// plain value: comparable, with a text form that parses back. The zero value is always 0.
type Distribution struct {
	Kind      DistributionKind
	Low, High int64
	Rare      Ratio
}

// Constant is the distribution of one value.
func Constant(value int64) Distribution { return Distribution{Kind: DistributionConstant, Low: value} }

// Uniform is evenly spread over low..high.
func Uniform(low, high int64) Distribution {
	return Distribution{Kind: DistributionUniform, Low: low, High: high}
}

// Exponential is the exponential distribution with a mean.
func Exponential(mean int64) Distribution {
	return Distribution{Kind: DistributionExponential, Low: mean}
}

// Tail is usual in most draws, and rare in the share of them that the ratio says.
func Tail(usual, rare int64, share Ratio) Distribution {
	return Distribution{DistributionTail, usual, rare, share}
}

// Pareto is the Pareto distribution with a minimum and a shape, whose values are cut at
// limit. Its mean is MeanNanos only approximately.
func Pareto(minimum, limit int64, shape Ratio) Distribution {
	return Distribution{DistributionPareto, minimum, limit, shape}
}

// At is the value that a draw stands for. It is monotone in the draw for all but Tail,
// whose rare values are those of the lowest draws.
func (d Distribution) At(draw uint64) int64 {
	switch d.Kind {
	case DistributionConstant:
		return d.Low
	case DistributionUniform:
		return d.Low + int64(Below(draw, uint64(d.High-d.Low)+1))
	case DistributionExponential:
		return exponentialAt(d.Low, draw)
	case DistributionTail:
		if Chance(draw, d.Rare) {
			return d.High
		}
		return d.Low
	case DistributionPareto:
		return paretoAt(d, draw)
	}
	panic("sim: a distribution of kind " + decimal(int64(d.Kind)))
}

// MeanNanos is the mean, rounded down.
func (d Distribution) MeanNanos() int64 {
	switch d.Kind {
	case DistributionUniform:
		return d.Low + (d.High-d.Low)/2
	case DistributionTail:
		return d.Low + Ratio{d.Rare.Num, d.Rare.Den}.Of(d.High-d.Low)
	case DistributionPareto:
		if d.Rare.Num <= d.Rare.Den {
			return d.High
		}
		return min(scale(uint64(d.Low), uint64(d.Rare.Num), uint64(d.Rare.Num-d.Rare.Den)), d.High)
	}
	return d.Low
}

// Times is the distribution with every value multiplied by r.
func (d Distribution) Times(r Ratio) Distribution {
	d.Low = r.Of(d.Low)
	d.High = r.Of(d.High)
	return d
}

// logBits is the precision of logarithms.
const logBits = 32

// lnTwo is the natural logarithm of 2, in fixed point with logBits bits.
const lnTwo uint64 = 0xB17217F8

// negativeLog2 is -log2((draw+1)/2^64), in fixed point with logBits bits. It takes one
// squaring a bit, so it is exact to the last bit and the same on every machine.
func negativeLog2(draw uint64) uint64 {
	if draw == maxDraw {
		return 0
	}
	x := draw + 1
	zeros := bits.LeadingZeros64(x)
	mantissa := x << zeros // in [1,2), scaled by 2^63
	log := uint64(63-zeros) << logBits
	for bit := uint64(1) << (logBits - 1); bit != 0; bit >>= 1 {
		high, low := bits.Mul64(mantissa, mantissa) // in [1,4), scaled by 2^126
		if high>>63 != 0 {
			mantissa = high
			log |= bit
		} else {
			mantissa = high<<1 | low>>63
		}
	}
	return 64<<logBits - log
}

const maxDraw uint64 = 1<<64 - 1

// exponentialAt is -mean*ln(u), u evenly in (0,1], rounded to the nearest; larger draws
// give larger values.
func exponentialAt(mean int64, draw uint64) int64 {
	high, low := bits.Mul64(negativeLog2(^draw), lnTwo)
	high, low = bits.Mul64(uint64(mean), high<<(64-logBits)|low>>logBits)
	low, carry := bits.Add64(low, 1<<(logBits-1), 0)
	if high += carry; high>>(logBits-1) != 0 {
		return maxNanos
	}
	return int64(high<<(64-logBits) | low>>logBits)
}

// paretoAt is minimum*u^(-1/shape), cut at the limit.
func paretoAt(d Distribution, draw uint64) int64 {
	exponent := scale(negativeLog2(^draw), uint64(d.Rare.Den), uint64(d.Rare.Num))
	if exponent>>logBits >= 62 {
		return d.High
	}
	high, low := bits.Mul64(uint64(d.Low), exponentiate(uint64(exponent)&(1<<logBits-1)))
	whole := uint64(exponent) >> logBits
	value := high<<2 | low>>62 // times 2^fraction
	if high>>61 != 0 || whole >= 63 || value > uint64(d.High)>>whole {
		return d.High
	}
	return int64(value << whole)
}

// exponentiate is 2^fraction, scaled by 2^62, for a fraction in fixed point with logBits
// bits: the product of the roots of 2 that its bits stand for.
func exponentiate(fraction uint64) uint64 {
	result := uint64(1) << 62
	for i, root := range rootsOfTwo {
		if fraction>>(logBits-1-i)&1 != 0 {
			high, low := bits.Mul64(result, root)
			result = high<<1 | low>>63
		}
	}
	return result
}

// rootsOfTwo holds 2^(1/2), 2^(1/4), 2^(1/8) ..., each scaled by 2^63.
var rootsOfTwo = [20]uint64{
	0xB504F333F9DE6484, 0x9837F0518DB8A96F, 0x8B95C1E3EA8BD6E6, 0x85AAC367CC487B14,
	0x82CD8698AC2BA1D7, 0x8164D1F3BC030773, 0x80B1ED4FD999AB6C, 0x8058D7D2D5E5F6B0,
	0x802C6436D0E04F50, 0x8016302F17467628, 0x800B179C82028FD0, 0x80058BAF7FEE3B5D,
	0x8002C5D00FDCFCB6, 0x800162E61BED4A48, 0x8000B17292F702A3, 0x800058B92ABBAE02,
	0x80002C5C8DADE4D7, 0x8000162E44EAF636, 0x80000B1721FA7C18, 0x8000058B90DE7E4C,
}
