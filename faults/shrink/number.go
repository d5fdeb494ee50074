package shrink

import (
	"strconv"
	"strings"

	"simrun/sim"
)

// form is how a number of a plan is written.
type form uint8

const (
	none  form = iota // no number at all: a word
	count             // 3
	time              // 3500 ms, in nanoseconds
	ratio             // 2.5, in thousandths
	index             // task-manager-1, counts[1]: the number in a name
)

// number is a number in a plan's text, with what stands around it.
type number struct {
	form           form
	value          int64
	before, behind string
}

// read finds the number in the value of a field. A decimal without a unit is a ratio: plans
// write times with one.
func read(text string) number {
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return number{form: count, value: v}
	}
	if r, err := sim.ParseRatio(text); err == nil && r.Num >= 0 && r.Num < 1<<40 {
		return number{form: ratio, value: r.Of(thousand)}
	}
	if v, err := sim.ParseNanos(text); err == nil && v >= 0 {
		return number{form: time, value: v}
	}
	return readIndex(text)
}

const thousand = 1000

// readIndex finds the number that a name ends in: its subtask, or its number among its
// like.
func readIndex(text string) number {
	rest, bracket := strings.CutSuffix(text, "]")
	before := strings.TrimRight(rest, "0123456789")
	v, err := strconv.ParseInt(rest[len(before):], 10, 32)
	if err != nil || !strings.HasSuffix(before, "-") && !bracket {
		return number{}
	}
	behind := ""
	if bracket {
		behind = "]"
	}
	return number{form: index, value: v, before: before, behind: behind}
}

// text writes another value in the number's form.
func (n number) text(value int64) string {
	switch n.form {
	case time:
		return sim.FormatNanos(value)
	case ratio:
		return strconv.FormatInt(value, 10) + "/" + strconv.Itoa(thousand)
	}
	return n.before + strconv.FormatInt(value, 10) + n.behind
}

// digits counts those that are left when the zeros at the end are struck out.
func (n number) digits() int64 {
	v, digits := n.value, int64(0)
	for v > 0 && v%10 == 0 {
		v /= 10
	}
	for ; v > 0; v /= 10 {
		digits++
	}
	return digits
}

// finest is the smallest step that a ladder takes in numbers of that form: below a
// millisecond only what is smaller than that itself is looked at.
func (n number) finest() int64 {
	switch {
	case n.form == time && n.value >= millisecond:
		return millisecond
	case n.form == time && n.value >= microsecond, n.form == ratio && n.value >= thousand:
		return thousand
	}
	return 1
}

const (
	microsecond = 1_000
	millisecond = 1_000_000
)
