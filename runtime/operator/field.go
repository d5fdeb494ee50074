package operator

import (
	"fmt"

	"simrun/runtime/record"
)

// Field names a part of a record.
type Field uint8

const (
	FieldKey Field = iota
	FieldA
	FieldB
	FieldC
	FieldTime
	FieldTag
)

var fieldNames = [...]string{"key", "a", "b", "c", "time", "tag"}

// String is the field's word in a scenario.
func (f Field) String() string { return fieldNames[f] }

// FieldNames lists the words of all fields.
func FieldNames() []string { return append([]string(nil), fieldNames[:]...) }

// ParseField is the field of a word.
func ParseField(word string) (Field, error) {
	at, err := parseWord("field", word, fieldNames[:])
	return Field(at), err
}

// Of is the value of the field.
func (f Field) Of(r *record.Record) int64 {
	switch f {
	case FieldKey:
		return int64(r.Key)
	case FieldA:
		return r.A
	case FieldB:
		return r.B
	case FieldC:
		return r.C
	case FieldTime:
		return r.TimeNanos
	case FieldTag:
		return int64(r.Tag)
	}
	panic(fmt.Sprintf("operator: unknown field %d", f))
}

// Selector is the field as a key.
func (f Field) Selector() func(*record.Record) uint64 {
	return func(r *record.Record) uint64 { return uint64(f.Of(r)) }
}

// parseWord finds a word in a list.
func parseWord(what, word string, words []string) (int, error) {
	for i, known := range words {
		if known == word {
			return i, nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q, expected one of %v", what, word, words)
}
