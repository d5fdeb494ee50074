package shrink

import (
	"cmp"
	"math"
	"slices"

	"simrun/faults/plan"
)

// Less reports whether a is simpler than b. It compares, in this order: the number of
// faults; how hard they hit (permanent before passing, always before once, both ways
// before one way, any number of requests before a counted one, an unknown outcome before
// an error); the number of fields; the digits of all numbers, without the zeros they end
// in; the sum of all numbers. The empty plan is the simplest.
func Less(a, b plan.Plan) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return weigh(a).compare(weigh(b)) < 0
}

// weight is what Less compares of plans of equal length.
type weight struct{ force, fields, digits, sum int64 }

func (w weight) compare(o weight) int {
	return cmp.Or(cmp.Compare(w.force, o.force), cmp.Compare(w.fields, o.fields),
		cmp.Compare(w.digits, o.digits), cmp.Compare(w.sum, o.sum))
}

func weigh(p plan.Plan) weight {
	var w weight
	for i := range p {
		w.force += force(&p[i])
		fields := fieldsOf(&p[i])
		w.fields += int64(len(fields))
		for j := range fields {
			for _, text := range fields[j].Values {
				n := read(text)
				w.digits += n.digits()
				w.sum = saturatingAdd(w.sum, n.value)
			}
		}
	}
	return w
}

// force counts in how many ways a fault hits harder than it might.
func force(f *plan.Fault) int64 {
	total := int64(0)
	for _, hard := range [...]bool{f.Permanent(), f.Always, bothWays(f), uncounted(f), f.Unknown} {
		if hard {
			total++
		}
	}
	return total
}

// bothWays reports whether the fault disturbs both directions of a link, and could do one.
func bothWays(f *plan.Fault) bool { return !f.OneWay && slices.Contains(plan.Keys(f.Kind), "one-way") }

// uncounted reports whether the fault strikes any number of requests, and could count them.
func uncounted(f *plan.Fault) bool {
	return f.Count == 0 && slices.Contains(plan.Keys(f.Kind), "count")
}

func saturatingAdd(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
