package checkers

import (
	"fmt"

	"simrun/protocol"
)

// modelReplay runs delays again in the witnessed order.
type modelReplay struct {
	input   int64
	next    [2]int64
	order   uint64
	applied protocol.Tally
	output  protocol.Tally
	runs    int
}

func newModelReplay(input int64) *modelReplay { return &modelReplay{input: input} }

func (r *modelReplay) Expected() (*Expected, bool) { return &Expected{}, true }

func (r *modelReplay) Reexecute(w *Witness) error {
	for _, s := range w.Tasks[delays].Steps {
		if s.Kind != StepRun {
			continue
		}
		if s.First != r.next[s.Channel] || s.First+s.Elements > r.input {
			return fmt.Errorf("channel %d: run of %d from %d, want %d", s.Channel, s.Elements, s.First,
				r.next[s.Channel])
		}
		for offset := s.First; offset < s.First+s.Elements; offset++ {
			lineage := protocol.SourceLineage(0, s.Channel, offset)
			r.applied.Add(lineage)
			r.order = protocol.MixLineage(r.order ^ lineage)
			r.output.Add(protocol.DerivedLineage(delaysOperator, lineage, r.order))
		}
		r.next[s.Channel] += s.Elements
		r.runs++
	}
	return nil
}

func (r *modelReplay) Reached() *Expected {
	return &Expected{
		Outputs: []ExpectedOutput{{Sink: dbSink, Tally: r.output}},
		States: []ExpectedState{{Operator: delaysOperator, Name: "delays", Applied: r.applied,
			Content: r.order}},
	}
}
