package binding

import (
	"strconv"

	"simrun/scenarios/config/document"
	"simrun/scenarios/config/units"
)

const (
	durationPattern  = `^([0-9]+(\.[0-9]+)? ?[a-zA-Zµ]+|0)$`
	sizePattern      = durationPattern
	bandwidthPattern = `^([0-9]+(\.[0-9]+)? ?[a-zA-Z]+/s|unlimited)$`
	ratePattern      = `^([0-9]+(\.[0-9]+)? ?/s|unlimited)$`
	decimalPattern   = `^[0-9]+(\.[0-9]+)?$`
)

// quantity is a scalar that one function reads and another writes.
func quantity[T any](p *T, parse func(string) (T, error), format func(T) string, pattern string) Value {
	return scalar{
		read: func(n *document.Node) error {
			value, err := parse(n.Text)
			if err != nil {
				return at(n, err)
			}
			*p = value
			return nil
		},
		write:  func() *document.Node { return document.NewScalar(format(*p)) },
		schema: patternSchema(pattern),
	}
}

// Duration is a length of time in nanoseconds.
func Duration(p *int64) Value {
	return quantity(p, units.ParseDuration, units.FormatDuration, durationPattern)
}

// DurationAtLeast is a Duration with a smallest legal value.
func DurationAtLeast(p *int64, low int64) Value {
	parse := func(text string) (int64, error) {
		value, err := units.ParseDuration(text)
		if err == nil && value < low {
			err = &units.Error{
				Message:  strconv.Quote(text) + " is too short",
				Expected: "at least " + units.FormatDuration(low),
			}
		}
		return value, err
	}
	return quantity(p, parse, units.FormatDuration, durationPattern)
}

// DurationOr is a Duration with a word for one special value ("none" for 0, say).
func DurationOr(p *int64, word string, special int64) Value {
	parse := func(text string) (int64, error) {
		if text == word {
			return special, nil
		}
		return units.ParseDuration(text)
	}
	format := func(value int64) string {
		if value == special {
			return word
		}
		return units.FormatDuration(value)
	}
	return quantity(p, parse, format, "^"+word+"$|"+durationPattern)
}

// Size is a number of bytes.
func Size[T ~int32 | ~int64](p *T) Value {
	parse := func(text string) (T, error) {
		value, err := units.ParseSize(text)
		if err == nil && int64(T(value)) != value {
			err = &units.Error{Message: strconv.Quote(text) + " is too large", Expected: "less than 2 gb"}
		}
		return T(value), err
	}
	return quantity(p, parse, func(value T) string { return units.FormatSize(int64(value)) }, sizePattern)
}

// Bandwidth is bytes per second; 0 is unlimited.
func Bandwidth(p *int64) Value {
	return quantity(p, units.ParseBandwidth, units.FormatBandwidth, bandwidthPattern)
}

// ratioLike reads and writes two integers as one scalar.
func ratioLike(numerator, denominator *int64, parse func(string) (int64, int64, error),
	format func(int64, int64) string, pattern string) Value {
	return scalar{
		read: func(n *document.Node) error {
			a, b, err := parse(n.Text)
			if err != nil {
				return at(n, err)
			}
			*numerator, *denominator = a, b
			return nil
		},
		write: func() *document.Node {
			return document.NewScalar(format(*numerator, *denominator))
		},
		schema: patternSchema(pattern),
	}
}

// Decimal is an exact ratio, written as a decimal number.
func Decimal(numerator, denominator *int64) Value {
	return ratioLike(numerator, denominator, units.ParseDecimal, units.FormatDecimal, decimalPattern)
}

// Rate is records per second as a ratio; 0/1 is unlimited.
func Rate(numerator, denominator *int64) Value {
	return ratioLike(numerator, denominator, units.ParseRate, units.FormatRate, ratePattern)
}
