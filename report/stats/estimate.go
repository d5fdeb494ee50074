package stats

import "math/big"

// Estimate is a median over seeds with an interval for it. The zero Estimate is of no
// values: N is 0 and nothing else means anything.
type Estimate struct {
	N         int
	Median    Value
	Low, High Value
	// Coverage is the probability that the interval holds the true median, for
	// independent seeds of any distribution: 0.95 or more from six seeds on, less for
	// fewer, where the interval is simply smallest to largest.
	Coverage float64
}

// NewEstimate is the estimate from one value a seed. No values give the zero Estimate.
func NewEstimate(values []Value) Estimate {
	if len(values) == 0 {
		return Estimate{}
	}
	lows, highs := ends(values)
	low, high, coverage := IntervalRanks(len(values))
	return Estimate{
		N:        len(values),
		Median:   Value{middle(lows), middle(highs)},
		Low:      Value{lows[low-1], highs[low-1]},
		High:     Value{lows[high-1], highs[high-1]},
		Coverage: coverage,
	}
}

// IntervalRanks says which order statistics (1 is the smallest) of n values enclose the
// median with a probability of at least 95 %, as close together as that allows, and how
// large the probability is. For n < 6 no pair reaches 95 %: then it is smallest and
// largest, with what they do reach (n = 5: 93.75 %, 3: 75 %, 1: 0).
//
// The number of values below the true median is binomial(n, 1/2), whatever their
// distribution, so [x(k), x(n+1-k)] misses it with probability 2 P(B <= k-1)
// (Conover, Practical Nonparametric Statistics, 3.2). Computed in integers: exact.
func IntervalRanks(n int) (low, high int, coverage float64) {
	all := new(big.Int).Lsh(big.NewInt(1), uint(n))
	binomial, below := big.NewInt(1), big.NewInt(1) // C(n, 0), and their sum so far
	low = 1
	missed := new(big.Int).Set(below)
	for k := 1; 2*(k+1) <= n+1; k++ {
		binomial.Mul(binomial, big.NewInt(int64(n-k+1)))
		binomial.Quo(binomial, big.NewInt(int64(k)))
		below.Add(below, binomial)
		if new(big.Int).Mul(below, big.NewInt(40)).Cmp(all) > 0 {
			break
		}
		low = k + 1
		missed.Set(below)
	}
	return low, n + 1 - low, covered(missed, all)
}

// covered is 1 - 2 missed/all.
func covered(missed, all *big.Int) float64 {
	hit := new(big.Int).Sub(all, new(big.Int).Lsh(missed, 1))
	if hit.Sign() <= 0 {
		return 0
	}
	coverage, _ := new(big.Rat).SetFrac(hit, all).Float64()
	return coverage
}
