package tally

import (
	"cmp"
	"maps"
	"slices"

	"simrun/scenarios/result"
)

// KeptSeeds is how many failing seeds are kept of each signature: the smallest ones.
const KeptSeeds = 16

// Findings are what went wrong, by signature.
type Findings map[string]Finding

// Finding is one signature: how often it was seen, and the smallest seeds that show it.
type Finding struct {
	// Class and Checker are those of the smallest seed's first violation.
	Class   string `json:"class"`
	Checker string `json:"checker"`
	Seeds   uint64 `json:"seeds"`
	// Smallest are at most KeptSeeds, in ascending order.
	Smallest []Failure `json:"smallest"`
}

// Failure is one failing seed.
type Failure struct {
	Seed     uint64 `json:"seed"`
	Scenario string `json:"scenario"`
	Detail   string `json:"detail"`
}

func (f *Findings) add(class Class, o *result.Outcome) {
	one := Finding{Class: class.String(), Seeds: 1,
		Smallest: []Failure{{Seed: o.Seed, Scenario: o.Scenario, Detail: o.StuckReason}}}
	if len(o.Violations) > 0 {
		v := &o.Violations[0]
		one.Class, one.Checker, one.Smallest[0].Detail = v.Class, v.Checker, v.Detail
	}
	f.plus(o.Signature(), one)
}

// Plus adds what others found.
func (f *Findings) Plus(o Findings) {
	for signature, one := range o {
		f.plus(signature, one)
	}
}

func (f *Findings) plus(signature string, o Finding) {
	if *f == nil {
		*f = Findings{}
	}
	a := (*f)[signature]
	both := Finding{Class: a.Class, Checker: a.Checker, Seeds: sum(a.Seeds, o.Seeds)}
	both.Smallest = slices.Concat(a.Smallest, o.Smallest)
	slices.SortFunc(both.Smallest, compareFailures)
	both.Smallest = slices.Clip(both.Smallest[:min(len(both.Smallest), KeptSeeds)])
	if len(a.Smallest) == 0 || compareFailures(o.Smallest[0], a.Smallest[0]) < 0 {
		both.Class, both.Checker = o.Class, o.Checker
	}
	(*f)[signature] = both
}

func compareFailures(a, b Failure) int {
	return cmp.Or(cmp.Compare(a.Seed, b.Seed), cmp.Compare(a.Scenario, b.Scenario),
		cmp.Compare(a.Detail, b.Detail))
}

// Signatures are those found, in alphabetical order.
func (f Findings) Signatures() []string { return slices.Sorted(maps.Keys(f)) }
