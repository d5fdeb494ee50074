package sink

import (
	"fmt"

	"simrun/sim"
)

// Kind is what a sink promises.
type Kind uint8

const (
	// Transactional: exactly once, by two-phase commit with an external system.
	Transactional Kind = iota
	// Upsert: idempotent: the latest value per key; repeating a write changes nothing.
	Upsert
	// Append: at least once: what is replayed after a failure appears again.
	Append
	// Discard: records take their time and go nowhere (Flink: DiscardingSink). There is no
	// external system, so a scenario, whose output is checked, does not have it.
	Discard
)

var kindNames = [...]string{"transactional", "upsert", "append", "discard"}

// KindNames lists the words of the kinds that scenarios have.
func KindNames() []string { return append([]string(nil), kindNames[:Discard]...) }

// ParseKind is the kind of a word.
func ParseKind(word string) (Kind, error) {
	for i, known := range kindNames {
		if known == word {
			return Kind(i), nil
		}
	}
	return 0, fmt.Errorf("unknown kind of sink %q, expected one of %v", word, kindNames)
}

// String is the kind's word in a scenario.
func (k Kind) String() string { return kindNames[k] }

var promises = [...]string{
	"exactly once: output appears when its checkpoint has completed (two-phase commit)",
	"idempotent: the latest value per key, at least once",
	"at least once: output of a failed attempt may appear again",
	"nothing: output goes nowhere",
}

// Spec is a sink as a job declares it.
type Spec struct {
	// ID is the operator's stable id.
	ID   string
	Kind Kind
	// External names the system that it writes to: a process of its own.
	External string
	// TransactionTimeoutNanos is when the external system gives an open transaction up;
	// 0: never. It must outlast a checkpoint and a restart, or data is lost silently.
	TransactionTimeoutNanos int64
	// Service is the time that one record takes, addressed by (operator, record).
	Service Service
	// Batch writes records in batches of so many to the external system; 0 or 1: each
	// one by itself.
	Batch int
}

// Contract is the sink's line in a job's state contract.
func (s *Spec) Contract() string {
	contract := fmt.Sprintf("writes to %s; %s", s.External, promises[s.Kind])
	if s.Kind == Transactional {
		contract += "; keeps pending transactions (list state)"
	}
	return contract
}

// Service is how long a record takes, and how that changes over time.
type Service struct {
	// Base is the time of a record when nothing is wrong.
	Base sim.Distribution
	// Profile are the changes, in the order of their start.
	Profile []Phase
}

// Phase is a stretch of time in which the sink is slower (or faster) than its base.
type Phase struct {
	FromNanos, ToNanos int64
	// Factor multiplies the base time. At a ramp it is the factor at the end.
	Factor sim.Ratio
	// Steps > 1 makes a ramp: so many equal stretches, from factor 1 to Factor.
	Steps int64
	// Stall: no record is taken until ToNanos.
	Stall bool
}
