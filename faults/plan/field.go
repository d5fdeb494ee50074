package plan

import (
	"strconv"
	"strings"
)

// Field is one "key: value" of a fault in YAML; a list has several values. The first
// field of a fault is its verb with its targets.
type Field struct {
	Key    string
	Values []string
}

// FieldError says what is wrong with which field of a fault. Whoever knows lines and
// columns finds them by Index.
type FieldError struct {
	// Index of the field; -1 when the fault as a whole is wrong (a field is missing).
	Index int
	// Key and Value are the field's; Value is empty when the key itself is wrong.
	Key, Value string
	// Problem is half a sentence: "is not a duration".
	Problem string
	// Expected says what would be right.
	Expected string
	// Nearest is the valid word that was most likely meant; empty when none is near.
	Nearest string
}

// Error is problem, expectation and nearest word in one line.
func (e *FieldError) Error() string {
	var b strings.Builder
	if e.Value != "" {
		b.WriteString(e.Key + ": " + strconv.Quote(e.Value) + " " + e.Problem)
	} else {
		b.WriteString(strconv.Quote(e.Key) + " " + e.Problem)
	}
	if e.Expected != "" {
		b.WriteString("; expected " + e.Expected)
	}
	if e.Nearest != "" {
		b.WriteString("; did you mean " + strconv.Quote(e.Nearest) + "?")
	}
	return b.String()
}

// LineError is an error in one line of a plan's text.
type LineError struct {
	Line int
	Err  error
}

// Error is line and error.
func (e *LineError) Error() string { return "line " + strconv.Itoa(e.Line) + ": " + e.Err.Error() }

// Unwrap is the error of the fault.
func (e *LineError) Unwrap() error { return e.Err }
