package protocol

// StepSet is a set of steps, each on either side.
type StepSet [(2*int(stepCount) + 63) / 64]uint64

// Add adds one side of a step.
func (s *StepSet) Add(step Step, moment Moment) {
	i := 2*int(step) + int(moment)
	s[i/64] |= 1 << (i % 64)
}

// Has reports whether that side of the step is in the set.
func (s *StepSet) Has(step Step, moment Moment) bool {
	i := 2*int(step) + int(moment)
	return s[i/64]&(1<<(i%64)) != 0
}

// Plus is the union of two sets.
func (s StepSet) Plus(o StepSet) StepSet {
	for i := range s {
		s[i] |= o[i]
	}
	return s
}

// Words lists the steps of which either side is in the set, in the order of the steps.
func (s *StepSet) Words() []string {
	var words []string
	for step := StepNone + 1; step < stepCount; step++ {
		if s.Has(step, Before) || s.Has(step, After) {
			words = append(words, step.String())
		}
	}
	return words
}
