package figures

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// quantity says how numbers of an axis are written and where its round numbers lie.
type quantity struct {
	format func(float64) string
	// unitStep is the ratio of one unit to the next: 1024 for bytes, 1000 otherwise.
	unitStep float64
}

// logAxis sets a up from smallest to largest of values that are above 0, widened by the
// share head (0 to 1) of its length for what is written on top. If there are zeros, they
// get a place of their own at the foot: what lies at floor or below is drawn there.
func logAxis(a *plot.Axis, values []float64, head float64, q quantity) (floor float64) {
	low, high, zeros := positiveRange(values)
	a.Scale = plot.LogScale{}
	a.Min, a.Max = low/1.25, high*1.25
	if widest := a.Min * 20; a.Max < widest {
		a.Max = widest // a flat line is flat: noise must not fill the axis
		a.Min /= 2
	}
	if zeros {
		a.Min /= math.Pow(a.Max/a.Min, 0.12)
	}
	top := a.Max
	a.Max *= math.Pow(a.Max/a.Min, head/(1-head))
	floor = a.Min
	a.Min /= math.Pow(a.Max/a.Min, 0.02) // so that markers on the floor are whole
	a.Tick.Marker = logTicker{q: q, above: low / 1.25, below: top, zero: zeros, floor: floor}
	return floor
}

// positiveRange is the smallest and the largest above 0, and whether others are at 0.
func positiveRange(values []float64) (low, high float64, zeros bool) {
	low, high = math.Inf(1), 0
	for _, v := range values {
		if v <= 0 {
			zeros = true
			continue
		}
		low, high = min(low, v), max(high, v)
	}
	if high == 0 {
		return 1, 10, true
	}
	return low, high, zeros
}

// logTicker labels round numbers: powers of ten, or 1, 2 and 5 where those are few.
type logTicker struct {
	q     quantity
	above float64 // no ticks under this, that is where zero is
	below float64 // nor over this, where something is written
	zero  bool
	floor float64
}

// Ticks implements plot.Ticker.
func (t logTicker) Ticks(low, high float64) []plot.Tick {
	ticks := t.decades(low, high, []float64{1})
	if len(ticks) < 3 {
		ticks = t.decades(low, high, []float64{1, 2, 5})
	}
	if len(ticks) > 7 {
		ticks = everySecond(ticks)
	}
	if t.zero {
		ticks = append(ticks, plot.Tick{Value: t.floor, Label: "0"})
	}
	return ticks
}

// decades are the ticks at the given multiples of powers of ten of each unit.
func (t logTicker) decades(low, high float64, multiples []float64) (ticks []plot.Tick) {
	for unit := 1 / t.q.unitStep; unit <= high; unit *= t.q.unitStep {
		for _, power := range []float64{1, 10, 100} {
			for _, m := range multiples {
				v := unit * power * m
				if v >= max(low, t.above) && v <= min(high, t.below) {
					ticks = append(ticks, plot.Tick{Value: v, Label: t.q.format(v)})
				}
			}
		}
	}
	return ticks
}

func everySecond(ticks []plot.Tick) (kept []plot.Tick) {
	for i := 0; i < len(ticks); i += 2 {
		kept = append(kept, ticks[i])
	}
	return kept
}

// linearAxis sets a up from a little below 0, so that markers on it are whole, to a little
// above the largest value.
func linearAxis(a *plot.Axis, largest, head float64, q quantity) {
	if largest <= 0 {
		largest = 1
	}
	a.Min, a.Max = -0.02*largest, largest*1.04/(1-head)
	a.Tick.Marker = plot.TickerFunc(func(low, high float64) (ticks []plot.Tick) {
		step := niceStep(largest)
		for i := 0; float64(i)*step <= largest*1.04; i++ {
			v := float64(i) * step
			ticks = append(ticks, plot.Tick{Value: v, Label: q.format(v)})
		}
		return ticks
	})
}

// niceStep is 1, 2 or 5 times a power of ten, for three to eight steps up to largest.
func niceStep(largest float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(largest)))
	for _, m := range []float64{0.1, 0.2, 0.5, 1} {
		if largest/(power*m) <= 8 {
			return power * m
		}
	}
	return 2 * power
}

// tickNanos writes times in seconds where minutes would not be round.
func tickNanos(nanos float64) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e9, " s"}, {1e6, " ms"}, {1e3, " µs"}} {
		if math.Abs(nanos) >= u.size*0.9999 {
			return number(nanos/u.size) + u.name
		}
	}
	if nanos == 0 {
		return "0 s"
	}
	return number(nanos) + " ns"
}

// number writes a round number, in groups of three digits from a thousand on.
func number(x float64) string {
	text := strconv.FormatFloat(x, 'g', 12, 64)
	if x >= 1000 && x < 1e12 && x == math.Trunc(x) {
		text = strconv.FormatFloat(x, 'f', 0, 64)
		for i := len(text) - 3; i > 0; i -= 3 {
			text = text[:i] + "," + text[i:]
		}
	}
	return text
}
