package trial

import (
	"runtime"
	"slices"
	"strings"

	"simrun/scenarios/result"
)

// Panicked is the finding of a panic that no suite of checkers has seen.
func Panicked(value, function string) result.Finding {
	return result.Finding{
		Class: "panic", Checker: "run", Signature: "panic/run/" + function, Detail: value,
	}
}

// deepestRaise bounds how far RaisedIn looks for what panicked.
const deepestRaise = 64

// RaisedIn names the function that raised the panic which the caller has just recovered
// from, as package.Type.method: the place of a finding. It has no line number, so that it
// stays the same while the code around it changes. Functions that only word and raise the
// panics of others, and those of the standard library, are passed over. It must be called
// by the deferred function itself.
func RaisedIn() string {
	var counters [deepestRaise]uintptr
	frames := runtime.CallersFrames(counters[:runtime.Callers(2, counters[:])])
	raised := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic":
			raised = true
		case raised && !passedOver(frame.Function):
			return placeOf(frame.Function)
		}
		if !more {
			return "unknown"
		}
	}
}

// passedOver are packages and names that say nothing about who panicked.
func passedOver(function string) bool {
	path, name := function[:packageEnd(function)], function[strings.LastIndexByte(function, '.')+1:]
	standard := []string{"runtime", "slices", "sort", "strings", "strconv", "bytes", "maps", "cmp"}
	return slices.Contains(standard, path) || slices.Contains([]string{"fail", "failf", "misuse"}, name)
}

// packageEnd is the length of the package's path in a function's full name.
func packageEnd(function string) int {
	slash := strings.LastIndexByte(function, '/') + 1
	return slash + strings.IndexByte(function[slash:], '.')
}

// placeOf shortens simrun/protocol.(*BarrierEngine).barrier to protocol.BarrierEngine.barrier,
// and a closure to the function that it is in.
func placeOf(function string) string {
	short := function[strings.LastIndexByte(function, '/')+1:]
	if generic := strings.IndexByte(short, '['); generic >= 0 {
		short = short[:generic] + short[strings.LastIndexByte(short, ']')+1:]
	}
	short = strings.NewReplacer("(*", "", ")", "").Replace(short)
	parts := strings.Split(short, ".")
	for i, part := range parts {
		if i > 1 && isClosure(part) {
			return strings.Join(parts[:i], ".")
		}
	}
	return short
}

// isClosure reports whether a part of a name is one that the compiler gives: func1, gowrap2, 3.
func isClosure(part string) bool {
	number := strings.TrimPrefix(strings.TrimPrefix(part, "func"), "gowrap")
	return number != "" && strings.Trim(number, "0123456789") == ""
}
