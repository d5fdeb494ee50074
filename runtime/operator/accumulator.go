package operator

import (
	"fmt"

	"simrun/runtime/record"
	"simrun/runtime/state"
)

// Aggregate is a function over the values of a group.
type Aggregate uint8

const (
	Count Aggregate = iota
	Sum
	// Mean is the sum divided by the count, rounded down.
	Mean
	Min
	Max
	// Last is the value that came last: the only one that depends on order.
	Last
)

var aggregateNames = [...]string{"count", "sum", "mean", "min", "max", "last"}

// AggregateNames lists the words of all aggregates.
func AggregateNames() []string { return append([]string(nil), aggregateNames[:]...) }

// ParseAggregate is the aggregate of a word.
func ParseAggregate(word string) (Aggregate, error) {
	at, err := parseWord("aggregate", word, aggregateNames[:])
	return Aggregate(at), err
}

// String is the aggregate's word in a scenario.
func (a Aggregate) String() string { return aggregateNames[a] }

// Class is what can be expected of a state that holds the aggregate.
func (a Aggregate) Class() Class {
	if a == Last {
		return MergeOrder
	}
	return OrderFree
}

// An accumulator is two columns: a value, and the number of records in it. The third, a
// ghost, is the latest born time, so that latency can be told of a result.
const (
	columnValue = iota
	columnCount
	columnBorn
	accumulatorColumns
)

func accumulatorSpec(entryBytes int64) *state.KeyedSpec {
	if entryBytes == 0 {
		entryBytes = DefaultEntryBytes
	}
	return &state.KeyedSpec{Columns: accumulatorColumns, Ghosts: 1, EntryBytes: entryBytes}
}

// DefaultEntryBytes is what one (key, namespace) with one 64-bit value takes in a
// checkpoint of Flink's heap state backend: key 8, namespace 1, value 8.
const DefaultEntryBytes = 17

// BlobEntryBytes is what one key takes besides the bytes of a byte-array value: key 8,
// namespace 1, length 4.
const BlobEntryBytes = 13

// accumulator is the value of an aggregate under way.
type accumulator struct{ value, count, bornNanos int64 }

// with is the accumulator after one more value.
func (a Aggregate) with(acc accumulator, value, bornNanos int64) accumulator {
	return a.merge(acc, accumulator{value, 1, bornNanos})
}

// merge is the accumulator of both groups; for Last, later is the later one.
func (a Aggregate) merge(acc, later accumulator) accumulator {
	both := accumulator{0, acc.count + later.count, max(acc.bornNanos, later.bornNanos)}
	switch {
	case a == Count:
	case a == Sum || a == Mean:
		both.value = acc.value + later.value
	case acc.count == 0 || a == Last:
		both.value = later.value
	case a == Min:
		both.value = min(acc.value, later.value)
	case a == Max:
		both.value = max(acc.value, later.value)
	default:
		panic(fmt.Sprintf("operator: unknown aggregate %d", a))
	}
	return both
}

// result is what the aggregate amounts to.
func (a Aggregate) result(acc accumulator) int64 {
	switch a {
	case Count:
		return acc.count
	case Mean:
		return floorDiv(acc.value, acc.count)
	}
	return acc.value
}

func floorDiv(x, y int64) int64 {
	quotient := x / y
	if x%y < 0 {
		quotient--
	}
	return quotient
}

// load and store move an accumulator between its entry and the function.
func load(k *state.Keyed, e state.Entry) accumulator {
	return accumulator{k.Get(e, columnValue), k.Get(e, columnCount), k.Get(e, columnBorn)}
}

func store(k *state.Keyed, e state.Entry, acc accumulator) {
	k.Set(e, columnValue, acc.value)
	k.Set(e, columnCount, acc.count)
	k.Set(e, columnBorn, acc.bornNanos)
}

// ResultBytes is the size of a record that a group's result travels in.
const ResultBytes = MinRecordBytes + 3*8

// record is the result as a record: A the result, B the count, C of the caller.
func (a Aggregate) record(key uint64, timeNanos, c int64, acc accumulator) record.Record {
	return record.Record{
		Key: key, TimeNanos: timeNanos, BornNanos: acc.bornNanos,
		A: a.result(acc), B: acc.count, C: c, SizeBytes: ResultBytes,
	}
}
