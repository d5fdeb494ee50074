package shrink

// Lower looks for the lowest number below value that still fails: on the ladder 0, 1, 2, 5,
// 10, 20, 50, … times finest, by halving what lies between a number that fails and one that
// does not. It is the lowest rung found, or value itself. fails may be called for a number
// that it cannot use; it says no. Whether it is monotone does not matter, but then the
// result need not be the lowest.
func Lower(value, finest int64, fails func(int64) bool) int64 {
	rungs := ladder(value, finest)
	if len(rungs) == 0 {
		return value
	}
	if fails(rungs[0]) {
		return rungs[0]
	}
	low, high := 0, len(rungs) // fails is false at low and true at high
	for high-low > 1 {
		if middle := (low + high) / 2; fails(rungs[middle]) {
			high = middle
		} else {
			low = middle
		}
	}
	if high == len(rungs) {
		return value
	}
	return rungs[high]
}

// Round looks for a number with fewer digits beside value that still fails: cut or raised
// to its first digit, to its first two, … It is that number, or value itself.
func Round(value int64, fails func(int64) bool) int64 {
	grid := int64(1)
	for grid <= value/10 {
		grid *= 10
	}
	for ; grid > 1; grid /= 10 {
		cut := value / grid * grid
		if cut == value {
			break
		}
		for _, rounded := range []int64{cut, cut + grid} {
			if fails(rounded) {
				return rounded
			}
		}
	}
	return value
}

// ladder has the rungs below value, from 0 up.
func ladder(value, finest int64) []int64 {
	if value <= 0 {
		return nil
	}
	rungs := []int64{0}
	for decade := finest; decade < value && decade > 0; decade *= 10 {
		for _, rung := range [...]int64{decade, 2 * decade, 5 * decade} {
			if rung < value && rung > 0 {
				rungs = append(rungs, rung)
			}
		}
	}
	return rungs
}
