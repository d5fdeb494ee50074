package units

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Error is a quantity that cannot be read.
type Error struct {
	Message  string
	Expected string
}

// Error is the message alone.
func (e *Error) Error() string { return e.Message }

// unit is one unit with the spellings that Flink takes; the first one is canonical.
type unit struct {
	factor    int64
	spellings []string
}

// Durations are read as Flink's TimeUtils does, except that a bare number is refused:
// Flink takes it for milliseconds, a reader takes it for something else.
var durationUnits = []unit{
	{24 * 3600e9, []string{"d", "day", "days"}},
	{3600e9, []string{"h", "hour", "hours"}},
	{60e9, []string{"min", "m", "minute", "minutes"}},
	{1e9, []string{"s", "sec", "secs", "second", "seconds"}},
	{1e6, []string{"ms", "milli", "millis", "millisecond", "milliseconds"}},
	{1e3, []string{"us", "µs", "micro", "micros", "microsecond", "microseconds"}},
	{1, []string{"ns", "nano", "nanos", "nanosecond", "nanoseconds"}},
}

// Sizes are read as Flink's MemorySize does: powers of two.
var sizeUnits = []unit{
	{1 << 40, []string{"tb", "t", "tebibytes"}},
	{1 << 30, []string{"gb", "g", "gibibytes"}},
	{1 << 20, []string{"mb", "m", "mebibytes"}},
	{1 << 10, []string{"kb", "k", "kibibytes"}},
	{1, []string{"b", "bytes"}},
}

// ParseDuration reads a length of time, like "10 min", "500ms" or "1.5 s", as
// nanoseconds. The error is an *Error.
func ParseDuration(text string) (int64, error) {
	return parseQuantity(text, "duration", "a duration like 10 min, 2 s or 500 ms", durationUnits, "ms")
}

// ParseSize reads a number of bytes, like "32 kb" or "1 gb". The error is an *Error.
func ParseSize(text string) (int64, error) {
	return parseQuantity(text, "size", "a size like 32 kb, 64 mb or 1 gb", sizeUnits, "b")
}

func parseQuantity(text, what, expected string, units []unit, bare string) (int64, error) {
	number, word := splitUnit(text)
	bad := func(format string, args ...any) (int64, error) {
		return 0, &Error{Message: fmt.Sprintf(format, args...), Expected: expected}
	}
	if number == "" {
		return bad("%q is not a %s", text, what)
	}
	if word == "" && strings.Trim(number, "0") == "" {
		return 0, nil
	}
	if word == "" {
		return bad("%q has no unit (Flink reads it as %s %s)", text, number, bare)
	}
	factor := factorOf(word, units)
	if factor == 0 {
		return bad("unknown unit %q in %s %q", word, what, text)
	}
	numerator, denominator, ok := decimal(number)
	if !ok {
		return bad("%q is not a %s: %q is not a number", text, what, number)
	}
	value, ok := mulDiv(numerator, factor, denominator)
	if !ok {
		return bad("%s %q is too large or not a whole number of %s",
			what, text, units[len(units)-1].spellings[0])
	}
	return value, nil
}

// splitUnit cuts "1.5 s" into number and unit.
func splitUnit(text string) (number, word string) {
	text = strings.TrimSpace(text)
	end := len(text)
	for i := range len(text) {
		if (text[i] < '0' || text[i] > '9') && text[i] != '.' {
			end = i
			break
		}
	}
	return text[:end], strings.ToLower(strings.TrimSpace(text[end:]))
}

func factorOf(word string, units []unit) int64 {
	for _, u := range units {
		for _, spelling := range u.spellings {
			if word == spelling {
				return u.factor
			}
		}
	}
	return 0
}

// mulDiv is a*b/c where that is a whole number that fits.
func mulDiv(a, b, c int64) (int64, bool) {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if high >= uint64(c) {
		return 0, false
	}
	quotient, rest := bits.Div64(high, low, uint64(c))
	return int64(quotient), rest == 0 && quotient < 1<<63
}

// FormatDuration writes nanoseconds in the largest unit that they are a whole number of.
func FormatDuration(nanos int64) string { return formatQuantity(nanos, durationUnits, "s") }

// FormatSize writes bytes in the largest unit that they are a whole number of.
func FormatSize(bytes int64) string { return formatQuantity(bytes, sizeUnits, "b") }

func formatQuantity(value int64, units []unit, zero string) string {
	if value == 0 {
		return "0 " + zero
	}
	for _, u := range units {
		if value%u.factor == 0 {
			return strconv.FormatInt(value/u.factor, 10) + " " + u.spellings[0]
		}
	}
	return strconv.FormatInt(value, 10)
}
