package sim

import (
	"errors"
	"strconv"
	"strings"
)

// unit is a unit of time and the words for it, the first of which is printed.
type unit struct {
	nanos int64
	words [4]string
}

var units = [...]unit{
	{86_400_000_000_000, [4]string{"d", "day", "days", "d"}},
	{3_600_000_000_000, [4]string{"h", "hour", "hours", "h"}},
	{60_000_000_000, [4]string{"min", "m", "minute", "minutes"}},
	{1_000_000_000, [4]string{"s", "sec", "second", "seconds"}},
	{1_000_000, [4]string{"ms", "milli", "millis", "milliseconds"}},
	{1_000, [4]string{"us", "µs", "micro", "micros"}},
	{1, [4]string{"ns", "nano", "nanos", "nanoseconds"}},
}

// FormatNanos writes a duration in the largest unit in which it is whole: "200us", "10s".
func FormatNanos(nanos int64) string {
	if nanos == 0 {
		return "0s"
	}
	for _, u := range units {
		if nanos%u.nanos == 0 {
			return decimal(nanos/u.nanos) + u.words[0]
		}
	}
	return decimal(nanos) + "ns"
}

// ParseNanos reads a duration as Flink writes them: a decimal and a unit, with or without
// a blank between ("10 min", "500ms", "1.5s"); a bare number is in milliseconds, as there.
// It must be a whole number of nanoseconds.
func ParseNanos(text string) (int64, error) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != '-' })
	if end < 0 {
		end = len(text)
	}
	num, den, ok := parseDecimal(text[:end])
	scaleNanos, known := unitNanos(strings.ToLower(strings.TrimSpace(text[end:])))
	if !ok || !known {
		return 0, errors.New("want a duration such as 500ms or 10 min, got " + strconv.Quote(text))
	}
	r := reduce(scaleNanos, den)
	if num%r.Den != 0 {
		return 0, errors.New("want a whole number of nanoseconds, got " + strconv.Quote(text))
	}
	num /= r.Den
	if magnitude(num) > uint64(maxNanos/r.Num) {
		return 0, errors.New("want at most 292 years, got " + strconv.Quote(text))
	}
	return num * r.Num, nil
}

func unitNanos(word string) (int64, bool) {
	if word == "" {
		return million, true
	}
	for _, u := range units {
		for _, w := range u.words {
			if w == word {
				return u.nanos, true
			}
		}
	}
	return 0, false
}

// String is the text form of the distribution, which ParseDistribution reads: "200us",
// "uniform(100us, 300us)", "exponential(1ms)", "tail(200us, 20ms, 1/1000)",
// "pareto(100us, 1s, 3/2)".
func (d Distribution) String() string {
	low, high := FormatNanos(d.Low), FormatNanos(d.High)
	switch d.Kind {
	case DistributionUniform:
		return "uniform(" + low + ", " + high + ")"
	case DistributionExponential:
		return "exponential(" + low + ")"
	case DistributionTail:
		return "tail(" + low + ", " + high + ", " + d.Rare.String() + ")"
	case DistributionPareto:
		return "pareto(" + low + ", " + high + ", " + d.Rare.String() + ")"
	}
	return low
}

// ParseDistribution reads the text form of a distribution of durations.
func ParseDistribution(text string) (Distribution, error) {
	text = strings.TrimSpace(text)
	name, inside, isCall := strings.Cut(text, "(")
	if !isCall {
		value, err := parseDelay(text)
		return Constant(value), err
	}
	inside, closed := strings.CutSuffix(inside, ")")
	args := strings.Split(inside, ",")
	shape, known := distributionShape(strings.TrimSpace(name))
	if !closed || !known || len(args) != shape.durations+shape.ratios {
		return Distribution{}, errors.New("want a duration, uniform(low, high), exponential(mean), " +
			"tail(usual, rare, share) or pareto(minimum, limit, shape), got " + strconv.Quote(text))
	}
	return shape.parse(text, args)
}

// distributionForm is the form of a distribution's arguments.
type distributionForm struct {
	kind      DistributionKind
	durations int
	ratios    int
}

func distributionShape(name string) (distributionForm, bool) {
	switch name {
	case "constant":
		return distributionForm{DistributionConstant, 1, 0}, true
	case "uniform":
		return distributionForm{DistributionUniform, 2, 0}, true
	case "exponential":
		return distributionForm{DistributionExponential, 1, 0}, true
	case "tail":
		return distributionForm{DistributionTail, 2, 1}, true
	case "pareto":
		return distributionForm{DistributionPareto, 2, 1}, true
	}
	return distributionForm{}, false
}

func (s distributionForm) parse(text string, args []string) (Distribution, error) {
	d := Distribution{Kind: s.kind}
	var err error
	if d.Low, err = parseDelay(args[0]); err != nil {
		return Distribution{}, err
	}
	if s.durations == 2 {
		if d.High, err = parseDelay(args[1]); err != nil {
			return Distribution{}, err
		}
	}
	if s.ratios == 1 {
		if d.Rare, err = ParseRatio(args[2]); err != nil {
			return Distribution{}, err
		}
	}
	return d, d.check(text)
}

// check is what must hold of a distribution that a user wrote.
func (d Distribution) check(text string) error {
	ordered := d.Kind == DistributionUniform || d.Kind == DistributionPareto
	switch {
	case ordered && d.High < d.Low:
		return errors.New("want the smaller value first, got " + strconv.Quote(text))
	case d.Kind == DistributionTail && (d.Rare.Num < 0 || d.Rare.Num > d.Rare.Den):
		return errors.New("want a share between 0 and 1, got " + strconv.Quote(text))
	case d.Kind == DistributionPareto && d.Rare.Num <= 0:
		return errors.New("want a positive shape, got " + strconv.Quote(text))
	}
	return nil
}

func parseDelay(text string) (int64, error) {
	nanos, err := ParseNanos(text)
	if err == nil && nanos < 0 {
		return 0, errors.New("want a duration that is not negative, got " + strconv.Quote(text))
	}
	return nanos, err
}
