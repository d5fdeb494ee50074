package shrink

import (
	"slices"

	"simrun/faults/plan"
	"simrun/protocol"
)

// healsAfter are what a fault that never ends is tried to last, in nanoseconds.
var healsAfter = [...]int64{1e9, 10e9, 100e9}

// weaker lets each fault hit less hard.
func (s *shrinker) weaker() {
	for i := range s.best {
		s.heal(i)
		s.soften(i, func(f *plan.Fault) { f.Always = false })
		s.soften(i, func(f *plan.Fault) { f.Unknown = false })
		if uncounted(&s.best[i]) {
			s.soften(i, func(f *plan.Fault) { f.Count = 1 })
		}
		s.oneWay(i)
		if f := &s.best[i]; f.Kind == protocol.FaultThrow && f.Step == "" {
			s.soften(i, func(f *plan.Fault) { f.AtNanos = 0 })
		}
	}
}

// soften tries a change of the fault at i; a fault that would not be valid is not tried.
func (s *shrinker) soften(i int, change func(*plan.Fault)) bool {
	f := s.best[i]
	change(&f)
	if f == s.best[i] {
		return false
	}
	valid, err := plan.FromFields(f.Fields())
	return err == nil && valid == f && s.replace(i, f)
}

// heal lets a permanent fault end: what crashed comes back at once.
func (s *shrinker) heal(i int) {
	f := s.best[i]
	switch {
	case f.Kind == protocol.FaultCrash:
		s.soften(i, func(f *plan.Fault) { f.LastsNanos = 0 })
	case f.Permanent():
		for _, nanos := range healsAfter {
			if s.soften(i, func(f *plan.Fault) { f.LastsNanos = nanos }) {
				return
			}
		}
	}
}

// oneWay disturbs only one direction of a link.
func (s *shrinker) oneWay(i int) {
	if !bothWays(&s.best[i]) {
		return
	}
	if s.soften(i, func(f *plan.Fault) { f.OneWay = true }) {
		return
	}
	s.soften(i, func(f *plan.Fault) {
		f.OneWay = true
		f.Targets[0], f.Targets[1] = f.Targets[1], f.Targets[0]
	})
}

// fieldsOf are the fault's fields with the length of time instead of its end, so that
// each number stands for itself.
func fieldsOf(f *plan.Fault) []plan.Field {
	fields := f.Fields()
	from := int64(-1)
	for i := range fields {
		switch fields[i].Key {
		case "from":
			from = f.AtNanos
		case "to":
			if from >= 0 {
				length := number{form: time}
				fields[i] = plan.Field{Key: "for", Values: []string{length.text(f.LastsNanos)}}
			}
		}
	}
	return fields
}

// rounder makes the numbers of each fault small and round.
func (s *shrinker) rounder() {
	for i := range s.best {
		// A field may vanish on the way: restart-after 0 s is what no restart-after means.
		for j := 0; j < len(fieldsOf(&s.best[i])); j++ {
			for k := range fieldsOf(&s.best[i])[j].Values {
				s.lower(i, j, k)
			}
		}
	}
}

// lower makes the k-th value of a field low and, where it cannot be, round.
func (s *shrinker) lower(fault, field, k int) {
	fields := fieldsOf(&s.best[fault])
	if field >= len(fields) {
		return
	}
	n := read(fields[field].Values[k])
	if n.form == none {
		return
	}
	set := func(value int64) bool { return s.set(fault, field, k, n, value) }
	if Lower(n.value, n.finest(), set) == n.value {
		Round(n.value, set)
	}
}

// set tries another number in a field; a fault that would not be valid is not tried.
func (s *shrinker) set(fault, field, k int, n number, value int64) bool {
	fields := slices.Clone(fieldsOf(&s.best[fault]))
	if field >= len(fields) {
		return false
	}
	fields[field].Values = slices.Clone(fields[field].Values)
	fields[field].Values[k] = n.text(value)
	f, err := plan.FromFields(fields)
	return err == nil && s.replace(fault, f)
}
