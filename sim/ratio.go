package sim

import (
	"errors"
	"math/bits"
	"strconv"
	"strings"
)

// Ratio is an exact number: Num/Den, Den positive. The zero value is not a ratio.
type Ratio struct {
	Num, Den int64
}

// One is the ratio 1.
var One = Ratio{1, 1}

// Of is r times x, rounded down (towards zero). It panics when the result leaves int64.
func (r Ratio) Of(x int64) int64 {
	if (x < 0) != (r.Num < 0) {
		return -scale(magnitude(x), magnitude(r.Num), uint64(r.Den))
	}
	return scale(magnitude(x), magnitude(r.Num), uint64(r.Den))
}

// Less is whether r is smaller than s.
func (r Ratio) Less(s Ratio) bool {
	return r.Num*s.Den < s.Num*r.Den
}

// String is the ratio as num/den, or as num alone for a whole number.
func (r Ratio) String() string {
	if r.Den == 1 {
		return decimal(r.Num)
	}
	return decimal(r.Num) + "/" + decimal(r.Den)
}

// ParseRatio reads a decimal ("0.001", "3", "-1.5"), a percentage ("0.1%") or a fraction
// ("1/3") exactly, in lowest terms.
func ParseRatio(text string) (Ratio, error) {
	text = strings.TrimSpace(text)
	if over, under, found := strings.Cut(text, "/"); found {
		num, errNum := strconv.ParseInt(strings.TrimSpace(over), 10, 64)
		den, errDen := strconv.ParseInt(strings.TrimSpace(under), 10, 64)
		if errNum != nil || errDen != nil || den <= 0 {
			return Ratio{}, errors.New("want a fraction such as 1/3, got " + strconv.Quote(text))
		}
		return reduce(num, den), nil
	}
	number, isPercentage := strings.CutSuffix(text, "%")
	num, den, ok := parseDecimal(strings.TrimSpace(number))
	if isPercentage && ok {
		den *= 100
	}
	if !ok {
		return Ratio{}, errors.New("want a decimal such as 0.25, got " + strconv.Quote(text))
	}
	return reduce(num, den), nil
}

// parseDecimal reads sign, digits, point and up to 12 digits.
func parseDecimal(text string) (num, den int64, ok bool) {
	unsigned, negative := strings.CutPrefix(text, "-")
	whole, fraction, _ := strings.Cut(unsigned, ".")
	digits := whole + fraction
	if digits == "" || len(fraction) > 12 || strings.ContainsAny(digits, "+-_") {
		return 0, 0, false
	}
	num, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, 0, false
	}
	den = 1
	for range fraction {
		den *= 10
	}
	if negative {
		num = -num
	}
	return num, den, true
}

func reduce(num, den int64) Ratio {
	a, b := magnitude(num), uint64(den)
	for b != 0 {
		a, b = b, a%b
	}
	return Ratio{num / int64(a), den / int64(a)}
}

// scale is x*num/den, rounded down, with a 128-bit product.
func scale(x, num, den uint64) int64 {
	high, low := bits.Mul64(x, num)
	if high >= den {
		panic("sim: integer overflow in a ratio of " + strconv.FormatUint(x, 10))
	}
	quotient, _ := bits.Div64(high, low, den)
	if quotient > maxNanos {
		panic("sim: integer overflow in a ratio of " + strconv.FormatUint(x, 10))
	}
	return int64(quotient)
}

// scaleUp is x*num/den, rounded up.
func scaleUp(x, num, den uint64) int64 {
	high, low := bits.Mul64(x, num)
	low, carry := bits.Add64(low, den-1, 0)
	high += carry
	if high >= den {
		panic("sim: integer overflow in a ratio of " + strconv.FormatUint(x, 10))
	}
	quotient, _ := bits.Div64(high, low, den)
	if quotient > maxNanos {
		panic("sim: integer overflow in a ratio of " + strconv.FormatUint(x, 10))
	}
	return int64(quotient)
}

const maxNanos = 1<<63 - 1

func magnitude(x int64) uint64 {
	if x < 0 {
		return uint64(-x)
	}
	return uint64(x)
}

func decimal(x int64) string { return strconv.FormatInt(x, 10) }
