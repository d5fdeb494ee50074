package units

import (
	"strconv"
	"strings"
)

// maxDecimals bounds the digits behind the point, so that a ratio's parts fit in int64.
const maxDecimals = 9

// ParseDecimal reads a decimal number that is not negative, like "5" or "0.25", as a
// reduced ratio. The error is an *Error.
func ParseDecimal(text string) (numerator, denominator int64, err error) {
	n, d, ok := decimal(strings.TrimSpace(text))
	if !ok {
		return 0, 0, &Error{
			Message:  strconv.Quote(text) + " is not a decimal number",
			Expected: "a number like 5 or 0.25, with at most 9 decimals",
		}
	}
	return n, d, nil
}

func decimal(text string) (numerator, denominator int64, ok bool) {
	whole, fraction, point := strings.Cut(text, ".")
	if point && fraction == "" || len(fraction) > maxDecimals || strings.ContainsAny(text, "+-") {
		return 0, 0, false
	}
	numerator, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil || whole == "" {
		return 0, 0, false
	}
	denominator = 1
	for range fraction {
		denominator *= 10
	}
	divisor := gcd(numerator, denominator)
	return numerator / divisor, denominator / divisor, true
}

// gcd of a >= 0 and b > 0.
func gcd(a, b int64) int64 {
	for a != 0 {
		a, b = b%a, a
	}
	return b
}

// FormatDecimal writes a ratio whose denominator divides a power of ten as ParseDecimal
// reads it; another ratio as "numerator/denominator".
func FormatDecimal(numerator, denominator int64) string {
	scale := int64(1)
	for digits := range maxDecimals + 1 {
		if scale%denominator == 0 {
			return pointed(numerator*(scale/denominator), digits)
		}
		scale *= 10
	}
	return strconv.FormatInt(numerator, 10) + "/" + strconv.FormatInt(denominator, 10)
}

// pointed sets a decimal point before the last digits of value.
func pointed(value int64, digits int) string {
	text := strconv.FormatInt(value, 10)
	if digits == 0 {
		return text
	}
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	return text[:len(text)-digits] + "." + text[len(text)-digits:]
}

// Unlimited is the word for a rate without a limit; in numbers that is 0.
const Unlimited = "unlimited"

// ParseBandwidth reads bytes per second, like "1 gb/s"; 0 for "unlimited". The error is
// an *Error.
func ParseBandwidth(text string) (int64, error) {
	const expected = "a bandwidth like 200 mb/s, or unlimited"
	if text == Unlimited {
		return 0, nil
	}
	amount, found := strings.CutSuffix(strings.TrimSpace(text), "/s")
	if !found {
		return 0, &Error{Message: strconv.Quote(text) + " is not a bandwidth", Expected: expected}
	}
	size, err := ParseSize(amount)
	if err != nil || size == 0 {
		return 0, &Error{Message: strconv.Quote(text) + " is not a bandwidth", Expected: expected}
	}
	return size, nil
}

// FormatBandwidth is the inverse of ParseBandwidth.
func FormatBandwidth(bytesPerSecond int64) string {
	if bytesPerSecond == 0 {
		return Unlimited
	}
	return FormatSize(bytesPerSecond) + "/s"
}

// ParseRate reads records per second, like "2000/s" or "0.5/s", as a ratio; 0/1 for
// "unlimited". The error is an *Error.
func ParseRate(text string) (numerator, denominator int64, err error) {
	if text == Unlimited {
		return 0, 1, nil
	}
	amount, found := strings.CutSuffix(strings.TrimSpace(text), "/s")
	numerator, denominator, ok := decimal(strings.TrimSpace(amount))
	if !found || !ok || numerator == 0 {
		return 0, 0, &Error{
			Message:  strconv.Quote(text) + " is not a rate",
			Expected: "records per second, like 2000/s, or unlimited",
		}
	}
	return numerator, denominator, nil
}

// FormatRate is the inverse of ParseRate.
func FormatRate(numerator, denominator int64) string {
	if numerator == 0 {
		return Unlimited
	}
	return FormatDecimal(numerator, denominator) + "/s"
}
