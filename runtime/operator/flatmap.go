package operator

import (
	"fmt"

	"simrun/runtime/record"
)

// Expansion is how a flatMap makes several records of one.
type Expansion uint8

const (
	// ExpandCopies: Copies equal records, C numbered from 0.
	ExpandCopies Expansion = iota
	// ExpandEnds: two records, one under the key, one under B as key: a flight counts
	// for its origin and for its destination.
	ExpandEnds
	// ExpandDigits: one record per decimal digit of A (of its amount), keyed by it: a
	// line of text to its words.
	ExpandDigits
)

var expansionNames = [...]string{"copies", "ends", "digits"}

var expansionDoes = [...]string{
	"emits every record %d times", "emits every record under key and b", "emits a record per digit of a",
}

// ExpansionNames lists the words of all expansions.
func ExpansionNames() []string { return append([]string(nil), expansionNames[:]...) }

// ParseExpansion is the expansion of a word.
func ParseExpansion(word string) (Expansion, error) {
	at, err := parseWord("expansion", word, expansionNames[:])
	return Expansion(at), err
}

// String is the expansion's word in a scenario.
func (e Expansion) String() string { return expansionNames[e] }

// FlatMap makes an operator that emits any number of records per record; copies is used
// by ExpandCopies only.
func FlatMap(id string, expansion Expansion, copies int) Spec {
	does := expansionDoes[expansion]
	if expansion == ExpandCopies {
		does = fmt.Sprintf(does, copies)
	}
	return Spec{
		ID: id, Kind: "flat-map", New: func() Function { return flatMapFunction{expansion, copies} },
		Does: does,
	}
}

type flatMapFunction struct {
	expansion Expansion
	copies    int
}

func (f flatMapFunction) Process(_ *Context, _ int, r *record.Record, out *Output) {
	made := *r
	switch f.expansion {
	case ExpandCopies:
		for i := range f.copies {
			made.C = int64(i)
			out.Emit(made)
		}
	case ExpandEnds:
		out.Emit(made)
		made.Key, made.B = uint64(made.B), int64(made.Key)
		out.Emit(made)
	case ExpandDigits:
		emitDigits(made, out)
	default:
		panic(fmt.Sprintf("operator: unknown expansion %d", f.expansion))
	}
}

func emitDigits(r record.Record, out *Output) {
	rest := uint64(r.A)
	if r.A < 0 {
		rest = -rest
	}
	for first := true; first || rest > 0; rest /= 10 {
		first = false
		r.Key = rest % 10
		out.Emit(r)
	}
}
