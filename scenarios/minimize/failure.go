package minimize

import (
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// failure is what must stay the same of a case while it shrinks.
type failure struct {
	verdict          result.Verdict
	class, signature string
	// detail is what a panic says, without numbers.
	detail string
	// gaveUp: the job ended as FAILED. Whatever else went wrong, that is another story than one
	// of a job that goes on.
	gaveUp bool
	// byBudget: the run was cut off. What its tasks did just then says nothing.
	byBudget bool
	// waits are what tasks of a stuck job do, sorted, each once.
	waits []string
}

// Failing reports whether a run is one that a case is made small of: a violation, a stuck
// job, or one that gave up where its scenario does not want that.
func Failing(s *config.Scenario, o *result.Outcome) bool {
	_, failing := failureOf(s, o)
	return failing
}

// failureOf is how a run failed; false if it did not.
func failureOf(s *config.Scenario, o *result.Outcome) (failure, bool) {
	f := failure{verdict: o.Verdict, gaveUp: o.JobState == protocol.JobFailed}
	switch o.Verdict {
	case result.Violation:
		first := &o.Violations[0]
		f.class, f.signature = first.Class, first.Signature
		if f.class == "panic" {
			f.detail = withoutNumbers(first.Detail)
		}
	case result.Stuck:
		if f.byBudget = byBudget(o); !f.byBudget {
			f.waits = waitsOf(o.StuckReason)
		}
	case result.Failed:
		return f, s.Expect.Verdict != result.Failed
	default:
		return f, false
	}
	return f, true
}

// same reports whether another failure is this one.
func (f *failure) same(o *failure) bool {
	return f.verdict == o.verdict && f.gaveUp == o.gaveUp && f.byBudget == o.byBudget &&
		f.class == o.class && f.detail == o.detail &&
		sameSignature(f.signature, o.signature) && sameWaits(f.waits, o.waits)
}

// sameSignature compares class/checker/role. Roles name vertices, and a vertex is named
// after the operators chained into it: dropping one of them, or chaining another to them,
// changes the name and not the place.
func sameSignature(a, b string) bool {
	if a == b {
		return true
	}
	partsA, partsB := strings.SplitN(a, "/", 3), strings.SplitN(b, "/", 3)
	if len(partsA) != 3 || len(partsB) != 3 || !slices.Equal(partsA[:2], partsB[:2]) {
		return false
	}
	endsA, endsB := strings.Split(partsA[2], "-to-"), strings.Split(partsB[2], "-to-")
	if len(endsA) != len(endsB) {
		return false
	}
	for i := range endsA {
		if !sameChain(endsA[i], endsB[i]) {
			return false
		}
	}
	return true
}

// sameChain reports whether one chain's operators are all in the other.
func sameChain(a, b string) bool {
	inA, inB := strings.Split(a, " -> "), strings.Split(b, " -> ")
	if len(inA) > len(inB) {
		inA, inB = inB, inA
	}
	for _, id := range inA {
		if !slices.Contains(inB, id) {
			return false
		}
	}
	return true
}

// waitsOf are the ways of waiting in a report of who waits for whom, one line a task:
// "counts[1]#0 waits for input".
func waitsOf(report string) []string {
	var waits []string
	for line := range strings.SplitSeq(report, "\n") {
		if at := strings.Index(line, "]#"); at >= 0 {
			line = strings.TrimLeft(line[at+2:], "0123456789 ")
		}
		if !strings.HasSuffix(line, "has ended") {
			waits = append(waits, line)
		}
	}
	slices.Sort(waits)
	return slices.Compact(waits)
}

// sameWaits: a smaller job waits in no other ways, and in one at least that it waited in.
func sameWaits(all, some []string) bool {
	for _, wait := range some {
		if !slices.Contains(all, wait) {
			return false
		}
	}
	return len(some) > 0 || len(all) == 0
}

// withoutNumbers strikes out digits, so that ids and times do not count.
func withoutNumbers(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, text)
}
