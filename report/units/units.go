package units

import (
	"math"
	"strconv"
	"strings"

	"simrun/report/stats"
)

// scale is one unit and how many base units it is.
type scale struct {
	suffix string
	size   float64
}

var timeScales = []scale{{" ns", 1}, {" µs", 1e3}, {" ms", 1e6}, {" s", 1e9}}
var longTimeScales = []scale{{" min", 60e9}, {" h", 3600e9}}
var byteScales = []scale{{" B", 1}, {" KB", 1 << 10}, {" MB", 1 << 20}, {" GB", 1 << 30}, {" TB", 1 << 40}}
var countScales = []scale{{"", 1}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}}

// longNanos is the time from which minutes read better than seconds.
const longNanos = 1000e9

// Format is a way to write a quantity.
type Format func(x float64) string

// Nanos writes a time: "0 s", "450 ns", "1.24 s", "16.7 min" (from 1,000 s on).
func Nanos(nanos float64) string {
	if nanos == 0 {
		return "0 s"
	}
	if math.Abs(nanos) >= longNanos {
		return scaled(nanos, longTimeScales)
	}
	return scaled(nanos, timeScales)
}

// Bytes writes a size: "0 B", "512 B", "3.4 MB".
func Bytes(bytes float64) string { return scaled(bytes, byteScales) }

// Count writes a number of things, or things per second: "0", "950", "12.3k".
func Count(n float64) string { return scaled(n, countScales) }

// Percent writes a share of 1: "0 %", "0.4 %", "37 %".
func Percent(share float64) string {
	percent := 100 * share
	switch {
	case percent == 0 || percent >= 10 || percent == math.Trunc(percent):
		return strconv.FormatFloat(percent, 'f', 0, 64) + " %"
	case percent < 0.1:
		return "<0.1 %"
	}
	return strconv.FormatFloat(percent, 'f', 1, 64) + " %"
}

// Times writes a ratio: "0.5x", "1x", "240x", "12.3kx".
func Times(ratio float64) string {
	if math.Abs(ratio) < 1 {
		return trimmed(ratio, 2) + "x"
	}
	return scaled(ratio, countScales) + "x"
}

// Value writes a value with what is known of it: "1.24 s", "≥ 60 s", "≤ 0.5x",
// "1 s to 2 s", or "–" when nothing is.
func Value(v stats.Value, format Format) string {
	switch {
	case v.IsExact():
		return format(v.Low)
	case v.IsUnknown():
		return "–"
	case v.IsAtLeast():
		return "≥ " + format(v.Low)
	case v.Low <= 0:
		return "≤ " + format(v.High)
	}
	return format(v.Low) + " to " + format(v.High)
}

// scaled writes x in the largest unit that leaves it at 1 or more, with at most three digits.
func scaled(x float64, scales []scale) string {
	unit := scales[0]
	for _, s := range scales[1:] {
		if rounded(math.Abs(x)/unit.size) >= s.size/unit.size {
			unit = s
		}
	}
	return digits(x/unit.size, unit.size == 1) + unit.suffix
}

// digits writes up to three significant digits; whole numbers of base units without fraction.
func digits(x float64, base bool) string {
	r := rounded(math.Abs(x))
	switch {
	case r == 0 || base && x == math.Trunc(x):
		return strconv.FormatFloat(x, 'f', 0, 64)
	case r < 10:
		return trimmed(x, 2)
	case r < 100:
		return trimmed(x, 1)
	}
	return strconv.FormatFloat(x, 'f', 0, 64)
}

// trimmed writes x without zeros at the end of its fraction: "60 s", not "60.0 s".
func trimmed(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// rounded is x as three significant digits would show it, for x >= 1.
func rounded(x float64) float64 {
	switch {
	case x < 10:
		return math.Round(x*100) / 100
	case x < 100:
		return math.Round(x*10) / 10
	}
	return math.Round(x)
}
