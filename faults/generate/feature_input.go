package generate

import (
	"simrun/faults/plan"
	"simrun/protocol"
)

// burst has a source's records come faster, or slower, for a while.
func burst(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultBurst, OneOf(d, d.shape.rated()...))
	f.FactorNumerator, f.FactorDenominator = OneOf[int64](d, 2, 5, 20, 1), 1
	if f.FactorNumerator == 1 {
		f.FactorDenominator = OneOf[int64](d, 2, 10)
	}
	return d.lasting(f, d.shape.window()/20, d.shape.window()/2)
}

// rated are the sources whose records come at their time.
func (s *Shape) rated() []string {
	var sources []string
	for i := range s.Operators {
		if s.Operators[i].Rated {
			sources = append(sources, s.Operators[i].ID)
		}
	}
	return sources
}

// skew gives some of a source's records one and the same key.
func skew(d *drawing) []plan.Fault {
	var sources []*Operator
	for i := range d.shape.Operators {
		if op := &d.shape.Operators[i]; op.Reads {
			sources = append(sources, op)
		}
	}
	source := OneOf(d, sources...)
	f := d.fault(protocol.FaultSkew, source.ID)
	share := OneOf(d, [2]int64{9, 10}, [2]int64{1, 2}, [2]int64{1, 1})
	f.FactorNumerator, f.FactorDenominator = share[0], share[1]
	f.FirstOffset = Between(d, 0, source.RecordsTo/2)
	f.LastOffset = f.FirstOffset + Between(d, 1, max(source.RecordsTo/2, 1))
	return []plan.Fault{f}
}

// stepClock has the clock of a machine jump, go too fast or too slow, or both.
func stepClock(d *drawing) []plan.Fault {
	role := nodeName(int(d.Choose(uint64(d.shape.Nodes))))
	if Chance(d, 1, 3) {
		role = d.jobManager()
	}
	f := d.fault(protocol.FaultClock, role)
	timeout := d.shape.HeartbeatTimeoutNanos
	f.ByNanos = roundTime(Between(d, timeout/50, timeout*2)) * OneOf[int64](d, 1, -1, 0)
	f.DriftPPM = OneOf[int64](d, 0, 1000, -1000, 50_000, -50_000)
	if f.ByNanos == 0 && f.DriftPPM == 0 {
		f.DriftPPM = 100_000
	}
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

// poison has user code fail in every attempt at a record that an operator has from a source as
// it is, and so gets to for sure; none where no operator has.
func poison(d *drawing) []plan.Fault {
	var takers []*Operator
	for i := range d.shape.Operators {
		if op := &d.shape.Operators[i]; op.Source != "" {
			takers = append(takers, op)
		}
	}
	if len(takers) == 0 {
		return nil
	}
	op := OneOf(d, takers...)
	f := d.fault(protocol.FaultPoison, op.ID)
	f.Source, f.Split = op.Source, Between(d, 0, op.Splits-1)
	f.FirstOffset = Between(d, op.SplitRecords/2, op.SplitRecords-1)
	return []plan.Fault{f}
}
