package source

import (
	"fmt"
	"math"
	"math/bits"

	"simrun/runtime/record"
	"simrun/runtime/state"
	"simrun/sim"
)

// KeyChoice says how a synthetic source chooses keys.
type KeyChoice uint8

const (
	// KeysMeasured is the key function of the measured Flink jobs: every split counts
	// up from its own range of numbers, and a key is a hash of the number.
	KeysMeasured KeyChoice = iota
	// KeysUniform draws every key with equal chance.
	KeysUniform
	// KeysZipf draws key k with a chance that falls as (k+1)^-(SkewHalves/2).
	KeysZipf
	// KeysHot draws key 0 with chance HotShare, else any key.
	KeysHot
	// KeysUnique numbers the records; with chance DuplicateShare a record repeats the
	// key of one of the hundred before it.
	KeysUnique
)

var keyChoiceNames = [...]string{"measured", "uniform", "zipf", "hot", "unique"}

// KeyChoiceNames lists the words of all choices.
func KeyChoiceNames() []string { return append([]string(nil), keyChoiceNames[:]...) }

// String is the choice's word in a scenario.
func (c KeyChoice) String() string { return keyChoiceNames[c] }

// SyntheticOptions describe a generated stream. A record has A drawn from Value, B its
// number in the source, C its split.
type SyntheticOptions struct {
	Keys int64 // how many different keys; KeysUnique needs none
	// KeyNames, if any, are the keys, by state.PackText, in place of numbers from 0: at
	// most eight bytes each.
	KeyNames       []string
	KeyChoice      KeyChoice
	SkewHalves     int // KeysZipf: twice the exponent
	HotShare       sim.Ratio
	DuplicateShare sim.Ratio
	Value          sim.Distribution
	// PayloadBytes is what a record holds besides its 25 bytes of length, tag,
	// timestamp, key and array length (the measured jobs' Tuple2<Long, byte[]>).
	PayloadBytes sim.Distribution
	Rate         Rate
	// Limit is the number of records in all; 0: unbounded.
	Limit int64
	// EventTimeNanos is the event time between two records of the source if its rate is
	// not limited; else event time is arrival. 0 means 1 us.
	EventTimeNanos int64
	// OutOfOrderNanos is how far a record's event time may lie behind.
	OutOfOrderNanos int64
	Watermarks      WatermarkStrategy
}

// HeaderBytes is the size of a record without payload.
const HeaderBytes = 4 + 1 + 8 + 8 + 4

// Synthetic makes a generated source. It panics if Keys is not positive where it must be, or
// a key's name is too long.
func Synthetic(id string, o SyntheticOptions) Spec {
	if o.Keys <= 0 && len(o.KeyNames) == 0 && o.KeyChoice != KeysUnique {
		panic(fmt.Sprintf("source: %q has %d keys", id, o.Keys))
	}
	if o.EventTimeNanos == 0 {
		o.EventTimeNanos = 1000
	}
	names := packNames(id, o.KeyNames)
	if len(names) > 0 && o.KeyChoice == KeysUnique {
		panic(fmt.Sprintf("source: %q has named keys that are unique", id))
	}
	if len(names) > 0 {
		o.Keys = int64(len(names))
	}
	var table []aliasCell
	if o.KeyChoice == KeysZipf {
		table = newAliasTable(zipfWeights(o.Keys, o.SkewHalves))
	}
	return Spec{
		ID: id, Kind: "synthetic", Rewindable: true, Bounded: o.Limit > 0, Watermarks: o.Watermarks,
		Does: fmt.Sprintf("generates records with %v keys", o.KeyChoice),
		Open: func(i Instance) Reader {
			return &synthetic{
				dealing: newDealing(i, o.Rate, o.Limit), o: o, table: table,
				names: names, ranges: newNumberRanges(uint64(i.Splits)), keys: newDivisor(uint64(max(o.Keys, 1))),
			}
		},
	}
}

func packNames(id string, names []string) (keys []uint64) {
	for _, name := range names {
		key, ok := state.PackText(name)
		if !ok {
			panic(fmt.Sprintf("source: %q has a key %q of more than eight bytes", id, name))
		}
		keys = append(keys, key)
	}
	return keys
}

// numberRanges cuts the numbers 0 to 2^63-2 equally; the first longer ranges have one
// number more (Flink: NumberSequenceIterator.split).
type numberRanges struct{ length, longer uint64 }

func newNumberRanges(splits uint64) numberRanges {
	const numbers = 1<<63 - 1
	return numberRanges{numbers / splits, numbers % splits}
}

func (n numberRanges) start(split uint64) uint64 { return split*n.length + min(split, n.longer) }

type synthetic struct {
	dealing
	o      SyntheticOptions
	table  []aliasCell
	names  []uint64
	ranges numberRanges
	keys   divisor
}

// Next makes the record of (split, offset). What is the same for all records is decided
// here, and draws are made only where they are used: it is the innermost loop of a run.
func (s *synthetic) Next(split int32, offset int64, r *record.Record) (arrivalNanos int64, ok bool) {
	n, ok := s.number(split, offset)
	if !ok {
		return 0, false
	}
	r.Lineage = s.lineage(split, offset)
	r.Key = s.key(split, offset, n)
	if len(s.names) > 0 {
		r.Key = s.names[r.Key]
	}
	r.A, r.B, r.C, r.Tag = s.o.Value.Low, n, int64(split), record.TagRecord
	if s.o.Value.Kind != sim.DistributionConstant {
		r.A = s.o.Value.At(s.draw(sim.PurposeRecordValue, n))
	}
	size := s.o.PayloadBytes.Low
	if s.o.PayloadBytes.Kind != sim.DistributionConstant {
		size = s.o.PayloadBytes.At(s.draw(sim.PurposeRecordSize, n))
	}
	r.SizeBytes = HeaderBytes + int32(size)
	r.TimeNanos = n * s.o.EventTimeNanos
	if s.limited() {
		arrivalNanos = s.arrival(n)
		r.TimeNanos = arrivalNanos
	}
	if s.o.OutOfOrderNanos > 0 {
		r.TimeNanos -= int64(sim.Below(s.draw(sim.PurposeEventTime, n), uint64(s.o.OutOfOrderNanos)))
	}
	return arrivalNanos, true
}

// arrival is when a record of a source with a rate arrives.
func (s *synthetic) arrival(n int64) int64 {
	draw := uint64(0)
	if s.jitter {
		draw = s.draw(sim.PurposeArrival, n)
	}
	return s.arrivalNanos(n, draw)
}

// draw is addressed by the record's number.
func (d *dealing) draw(p sim.Purpose, n int64) uint64 {
	return sim.Draw(d.seed, p, uint64(d.vertex), uint64(n), 0)
}

func (s *synthetic) key(split int32, offset, n int64) uint64 {
	switch s.o.KeyChoice {
	case KeysMeasured:
		return s.keys.remainder(measuredHash(s.ranges.start(uint64(split)) + uint64(offset)))
	case KeysUniform:
		return sim.Below(s.draw(sim.PurposeRecordKey, n), uint64(s.o.Keys))
	case KeysZipf:
		return pick(s.table, s.draw(sim.PurposeRecordKey, n))
	case KeysHot:
		draw := s.draw(sim.PurposeRecordKey, n)
		if sim.Chance(draw, s.o.HotShare) {
			return 0
		}
		return sim.Below(sim.Draw(draw, sim.PurposeRecordKey, 0, 0, 0), uint64(s.o.Keys))
	case KeysUnique:
		return s.uniqueKey(n)
	}
	panic(fmt.Sprintf("source: unknown choice of keys %d", s.o.KeyChoice))
}

const duplicateWindow = 100

// uniqueKey walks back from a duplicate to the record that it repeats.
func (s *synthetic) uniqueKey(n int64) uint64 {
	for n > 0 && s.o.DuplicateShare.Num > 0 {
		draw := s.draw(sim.PurposeRecordKey, n)
		if !sim.Chance(draw, s.o.DuplicateShare) {
			break
		}
		back := sim.Below(sim.Draw(draw, sim.PurposeRecordKey, 0, 0, 0), uint64(min(n, duplicateWindow)))
		n -= 1 + int64(back)
	}
	return uint64(n)
}

// MeasuredKey is the key of record i in the measured Flink jobs (their README):
// h = i * 0x9E3779B97F4A7C15; h ^= h>>>31; h *= 0xBF58476D1CE4E5B9; h ^= h>>>29;
// key = (h>>>1) mod keys.
func MeasuredKey(i, keys uint64) uint64 { return measuredHash(i) % keys }

func measuredHash(i uint64) uint64 {
	h := i * 0x9E3779B97F4A7C15
	h ^= h >> 31
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 29
	return h >> 1
}

// divisor divides by the same number again and again: a multiplication with its inverse
// costs a third of a division.
type divisor struct{ n, inverse uint64 }

// newDivisor panics at 0.
func newDivisor(n uint64) divisor { return divisor{n, math.MaxUint64 / n} }

// remainder is x mod n. The inverse is rounded down, so the quotient may be one too small.
func (d divisor) remainder(x uint64) uint64 {
	quotient, _ := bits.Mul64(x, d.inverse)
	rest := x - quotient*d.n
	if rest >= d.n {
		rest -= d.n
	}
	return rest
}
