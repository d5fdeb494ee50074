package operator

import (
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/runtime/state"
)

// Spec is an operator as a job declares it: what it does, what it keeps, and what may
// be expected of both.
type Spec struct {
	// ID is the operator's stable id: state belongs to it over restarts and rescaling.
	ID string
	// Kind is its word in a scenario ("map", "window", …).
	Kind string
	// New makes the function of one instance.
	New func() Function
	// Inputs is 1, or 2 for connect and join; 0 means 1.
	Inputs int
	// StateClass and OutputClass say what can be expected of state and output.
	StateClass, OutputClass Class
	// Keyed, Lists and Timers declare the state.
	Keyed  *state.KeyedSpec
	Lists  []state.ListSpec
	Timers bool
	// ReadsClock: the function reads Context.ClockNanos.
	ReadsClock bool
	// Does says in a few words what the function does, Keeps what its state holds by
	// which key; "" where it keeps nothing.
	Does, Keeps string
}

// Hash is the number that stands for the operator's id in lineage and state.
func (s *Spec) Hash() uint64 { return HashID(s.ID) }

// HashID spreads an id over 64 bits (FNV-1a, mixed).
func HashID(id string) uint64 {
	hash := uint64(0xCBF29CE484222325)
	for i := range len(id) {
		hash = (hash ^ uint64(id[i])) * 0x100000001B3
	}
	return protocol.MixLineage(hash)
}

// State is the declaration of the operator's state.
func (s *Spec) State() state.Spec {
	return state.Spec{Operator: s.Hash(), Keyed: s.Keyed, Lists: s.Lists, Timers: s.Timers}
}

// Stateful reports whether the operator keeps anything.
func (s *Spec) Stateful() bool {
	spec := s.State()
	return spec.Stateful()
}

// InputCount is the number of the function's inputs.
func (s *Spec) InputCount() int { return max(s.Inputs, 1) }

// Contract is the operator's line in a job's state contract.
func (s *Spec) Contract() string {
	parts := []string{s.Does}
	if s.Keeps == "" {
		parts = append(parts, "keeps nothing")
	} else {
		parts = append(parts, "keeps "+s.Keeps+" ("+s.StateClass.String()+")")
	}
	for _, list := range s.Lists {
		parts = append(parts, list.Redistribution.String()+" state "+list.Name)
	}
	if s.Timers {
		parts = append(parts, "timers")
	}
	if s.ReadsClock {
		parts = append(parts, "reads the clock")
	}
	return strings.Join(append(parts, "output "+s.OutputClass.String()), "; ")
}

// durationText is a duration in the largest unit that it is a multiple of.
func durationText(nanos int64) string {
	units := [...]struct {
		nanos int64
		name  string
	}{{3600e9, " h"}, {60e9, " min"}, {1e9, " s"}, {1e6, " ms"}, {1e3, " us"}, {1, " ns"}}
	for _, unit := range units {
		if nanos%unit.nanos == 0 && nanos != 0 {
			return strconv.FormatInt(nanos/unit.nanos, 10) + unit.name
		}
	}
	return "0"
}
