package operator

import (
	"fmt"

	"simrun/runtime/record"
)

// Comparison is how a Predicate compares.
type Comparison uint8

const (
	Equal Comparison = iota
	NotEqual
	Less
	LessOrEqual
	Greater
	GreaterOrEqual
	// OneOf: the field is one of the values.
	OneOf
)

var comparisonNames = [...]string{"eq", "ne", "lt", "le", "gt", "ge", "in"}

// String is the comparison's word in a scenario.
func (c Comparison) String() string { return comparisonNames[c] }

// ComparisonNames lists the words of all comparisons.
func ComparisonNames() []string { return append([]string(nil), comparisonNames[:]...) }

// ParseComparison is the comparison of a word.
func ParseComparison(word string) (Comparison, error) {
	at, err := parseWord("comparison", word, comparisonNames[:])
	return Comparison(at), err
}

// Predicate is a condition on one field of a record. All but OneOf look at the first of
// the values only.
type Predicate struct {
	Field      Field
	Comparison Comparison
	Values     []int64
}

// Holds reports whether r meets the condition.
func (p *Predicate) Holds(r *record.Record) bool {
	value := p.Field.Of(r)
	switch p.Comparison {
	case Equal:
		return value == p.Values[0]
	case NotEqual:
		return value != p.Values[0]
	case Less:
		return value < p.Values[0]
	case LessOrEqual:
		return value <= p.Values[0]
	case Greater:
		return value > p.Values[0]
	case GreaterOrEqual:
		return value >= p.Values[0]
	case OneOf:
		for _, v := range p.Values {
			if v == value {
				return true
			}
		}
		return false
	}
	panic(fmt.Sprintf("operator: unknown comparison %d", p.Comparison))
}

// String reads like "b in [0 1 2]".
func (p *Predicate) String() string {
	if p.Comparison == OneOf {
		return fmt.Sprintf("%v in %v", p.Field, p.Values)
	}
	return fmt.Sprintf("%v %v %d", p.Field, p.Comparison, p.Values[0])
}

// Filter makes an operator that lets records pass that meet every predicate. It panics
// at a predicate without a value.
func Filter(id string, predicates ...Predicate) Spec {
	does := "lets pass"
	for i := range predicates {
		if len(predicates[i].Values) == 0 {
			panic(fmt.Sprintf("operator: filter %q compares %v with nothing", id, predicates[i].Field))
		}
		if i > 0 {
			does += " and"
		}
		does += " " + predicates[i].String()
	}
	return Spec{
		ID: id, Kind: "filter", New: func() Function { return filterFunction{predicates} }, Does: does,
	}
}

type filterFunction struct{ predicates []Predicate }

func (f filterFunction) Process(_ *Context, _ int, r *record.Record, out *Output) {
	for i := range f.predicates {
		if !f.predicates[i].Holds(r) {
			return
		}
	}
	out.Pass(r)
}
