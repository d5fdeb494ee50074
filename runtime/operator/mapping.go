package operator

import (
	"fmt"

	"simrun/runtime/record"
)

// Mapping is a pure function of one record.
type Mapping uint8

const (
	// MapIdentity passes the record on under a new lineage.
	MapIdentity Mapping = iota
	// MapSwapKeyA, B and C re-key the record: the key and the field change places, so
	// that nothing is lost.
	MapSwapKeyA
	MapSwapKeyB
	MapSwapKeyC
	// MapKeyByTag keys the record by its type.
	MapKeyByTag
	// MapOneKey gives every record the key 0.
	MapOneKey
	// MapCurrency is NexMark Q1: the price of a bid (B) from dollars to euro, * 0.908.
	MapCurrency
	// MapParse stands for parsing: the record loses its text form and is half the size.
	MapParse
	// MapNegate changes the sign of A.
	MapNegate
	mappings
)

var mappingNames = [mappings]string{
	"identity", "key-by-a", "key-by-b", "key-by-c", "key-by-tag", "one-key", "currency", "parse", "negate",
}

var mappingDoes = [mappings]string{
	"passes records on", "makes a the key (and the key a)", "makes b the key (and the key b)",
	"makes c the key (and the key c)", "makes the type the key", "gives every record the same key",
	"converts the price (b) from dollars to euro", "parses a text record", "negates a",
}

// MappingNames lists the words of all mappings.
func MappingNames() []string { return append([]string(nil), mappingNames[:]...) }

// ParseMapping is the mapping of a word.
func ParseMapping(word string) (Mapping, error) {
	at, err := parseWord("mapping", word, mappingNames[:])
	return Mapping(at), err
}

// String is the mapping's word in a scenario.
func (m Mapping) String() string { return mappingNames[m] }

// Map makes an operator that applies a mapping to every record.
func Map(id string, mapping Mapping) Spec {
	return Spec{
		ID: id, Kind: "map", New: func() Function { return mapFunction{mapping} },
		Does: mappingDoes[mapping],
	}
}

type mapFunction struct{ mapping Mapping }

func (f mapFunction) Process(_ *Context, _ int, r *record.Record, out *Output) {
	f.mapping.Apply(out.Pass(r))
}

// Apply changes the record as the mapping says.
func (m Mapping) Apply(r *record.Record) {
	switch m {
	case MapIdentity:
	case MapSwapKeyA:
		r.Key, r.A = uint64(r.A), int64(r.Key)
	case MapSwapKeyB:
		r.Key, r.B = uint64(r.B), int64(r.Key)
	case MapSwapKeyC:
		r.Key, r.C = uint64(r.C), int64(r.Key)
	case MapKeyByTag:
		r.Key = uint64(r.Tag)
	case MapOneKey:
		r.Key = 0
	case MapCurrency:
		r.B = r.B * 908 / 1000
	case MapParse:
		r.SizeBytes = max((r.SizeBytes+1)/2, MinRecordBytes)
	case MapNegate:
		r.A = -r.A
	default:
		panic(fmt.Sprintf("operator: unknown mapping %d", m))
	}
}

// MinRecordBytes is the size of a record without payload: length, tag, timestamp, key.
const MinRecordBytes = 4 + 1 + 8 + 8
