package sink

import "simrun/sim"

// ProfileAt is the factor of the base time at nanos: 1 outside of all phases, the
// product of those that overlap.
func (s *Service) ProfileAt(nanos int64) sim.Ratio {
	factor := sim.One
	for i := range s.Profile {
		if p := &s.Profile[i]; p.FromNanos <= nanos && nanos < p.ToNanos && !p.Stall {
			f := p.factorAt(nanos)
			factor = sim.Ratio{Num: factor.Num * f.Num, Den: factor.Den * f.Den}
		}
	}
	return factor
}

// factorAt walks a ramp: stretch i of n has factor 1 + (Factor-1)*(i+1)/n.
func (p *Phase) factorAt(nanos int64) sim.Ratio {
	if p.Steps <= 1 {
		return p.Factor
	}
	stretch := sim.Ratio{Num: p.Steps, Den: p.ToNanos - p.FromNanos}.Of(nanos - p.FromNanos)
	rise := (p.Factor.Num - p.Factor.Den) * (stretch + 1)
	return sim.Ratio{Num: p.Factor.Den*p.Steps + rise, Den: p.Factor.Den * p.Steps}
}

// StalledUntil is when the sink takes records again: nanos itself if it does not stall.
func (s *Service) StalledUntil(nanos int64) int64 {
	for moved := true; moved; {
		moved = false
		for i := range s.Profile {
			if p := &s.Profile[i]; p.Stall && p.FromNanos <= nanos && nanos < p.ToNanos {
				nanos, moved = p.ToNanos, true
			}
		}
	}
	return nanos
}

// NextChange is the first instant after nanos at which the profile may change; false if
// there is none. Within [nanos, it) one factor holds for every record.
func (s *Service) NextChange(nanos int64) (at int64, ok bool) {
	for i := range s.Profile {
		if next, found := s.Profile[i].nextChange(nanos); found && (!ok || next < at) {
			at, ok = next, true
		}
	}
	return at, ok
}

func (p *Phase) nextChange(nanos int64) (int64, bool) {
	switch {
	case nanos < p.FromNanos:
		return p.FromNanos, true
	case nanos >= p.ToNanos:
		return 0, false
	case p.Stall || p.Steps <= 1:
		return p.ToNanos, true
	}
	length := p.ToNanos - p.FromNanos
	stretch := sim.Ratio{Num: p.Steps, Den: length}.Of(nanos-p.FromNanos) + 1
	return p.FromNanos + (length*stretch+p.Steps-1)/p.Steps, true
}

// TakesNanos is the time that a record with the given draw takes if it is begun at
// nanos: the rest of a stall, then the base time at the factor that holds by then.
func (s *Service) TakesNanos(draw uint64, nanos int64) int64 {
	start := s.StalledUntil(nanos)
	return start - nanos + s.ProfileAt(start).Of(s.Base.At(draw))
}
