package detection

import "math"

// Coverage of intervals that come from a rate.
const confidence = 0.95

// rateInterval are the bounds of the probability of a detection in one seed, from detections
// in so many seeds (Clopper and Pearson 1934): each end is the probability under which as
// many, or as few, have a chance of 2.5 %.
func rateInterval(detections, seeds uint64) (low, high float64) {
	tail := (1 - confidence) / 2
	high = 1
	if detections > 0 {
		low = bisect(func(p float64) bool { return 1-atMost(detections-1, seeds, p) < tail })
	}
	if detections < seeds {
		high = bisect(func(p float64) bool { return atMost(detections, seeds, p) > tail })
	}
	return low, high
}

// bisect finds where a condition that holds for small probabilities ceases to.
func bisect(holds func(p float64) bool) float64 {
	low, high := 0.0, 1.0
	const halvings = 60
	for range halvings {
		if middle := (low + high) / 2; holds(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// atMost is the probability of at most k successes in n trials.
func atMost(k, n uint64, p float64) float64 {
	if p <= 0 {
		return 1
	}
	if p >= 1 {
		return 0
	}
	sum := 0.0
	for i := uint64(0); i <= k; i++ {
		sum += math.Exp(logChoose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(sum, 1)
}

func logChoose(n, k uint64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// halfAfter is the number of seeds after which half of all streams have detected what each
// seed shows with probability p.
func halfAfter(p float64) float64 {
	switch {
	case p <= 0:
		return math.Inf(1)
	case p >= 0.5:
		return 1
	}
	return math.Ceil(math.Ln2 / -math.Log1p(-p))
}
