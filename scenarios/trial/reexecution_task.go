package trial

import (
	"fmt"

	"simrun/checkers"
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// executedTask is one task that is executed again.
type executedTask struct {
	id       protocol.TaskID
	name     string
	plan     *job.Task
	executed bool // what it does depends on order, or something behind it does

	chain    *operator.Chain // of the nodes of the graph, at the place
	nodes    []int
	place    state.Place
	source   *splitReader // nil elsewhere
	sink     *executedSink
	in       []inputQueue
	inactive []bool // by function input: every channel is idle
	out      []route

	steps  []checkers.WitnessStep
	at     int
	done   int64 // elements of the step at hand
	failed *checkers.Divergence
}

// recordsPerTurn bounds what a source emits before those that read it have their turn.
const recordsPerTurn = 512

// run does as many steps as its input allows. It reports whether it did anything.
func (t *executedTask) run() bool {
	if !t.executed || t.failed != nil {
		return false
	}
	at, done := t.at, t.done
	for budget := int64(recordsPerTurn); t.at < len(t.steps) && budget > 0; {
		step := &t.steps[t.at]
		whole := t.step(step, &budget)
		if t.failed != nil {
			t.failed.Task, t.failed.Detail = t.id, t.name+": "+t.failed.Detail
			return true
		}
		if !whole {
			break
		}
		t.at, t.done = t.at+1, 0
	}
	for i := range t.in {
		t.in[i].compact()
	}
	return t.at != at || t.done != done
}

// step does a step, or as much of it as its input and budget allow: then it is not whole.
func (t *executedTask) step(s *checkers.WitnessStep, budget *int64) (whole bool) {
	switch s.Kind {
	case checkers.StepRun:
		return t.inSequence(s)
	case checkers.StepAlternate:
		return t.inTurns(s)
	case checkers.StepSource:
		return t.read(s, budget)
	case checkers.StepRecords:
		t.failed = t.source.verify(s.Elements, uint64(s.Value))
	case checkers.StepSplit:
		t.failed = t.source.assign(s.Channel, s.Value)
	case checkers.StepWatermark:
		t.watermark(0, s.Value)
	case checkers.StepStatus:
		t.status(0, s.Value == 1)
	case checkers.StepTimers:
		t.fireTimers(s)
	case checkers.StepClock:
		t.chain.ClockNanos = s.Value
	case checkers.StepEnded:
		t.in[s.Channel].ended = true
	case checkers.StepFinish:
		t.finish(s.Value)
	case checkers.StepReset:
		t.restart()
	default:
		panic(fmt.Sprintf("trial: task %d: witness step of unknown kind %d", t.id, s.Kind))
	}
	return true
}

// inSequence takes elements of one channel.
func (t *executedTask) inSequence(s *checkers.WitnessStep) bool {
	q := &t.in[s.Channel]
	if t.due(q, s.Channel, s.First+t.done) {
		for n := min(s.Elements-t.done, q.waiting()); n > 0; {
			done := t.elements(q, n)
			t.done, n = t.done+done, n-done
		}
	}
	return t.done == s.Elements
}

// inTurns takes elements of two channels alternately.
func (t *executedTask) inTurns(s *checkers.WitnessStep) bool {
	for ; t.done < s.Elements; t.done++ {
		channel, first := s.Channel, s.First
		if t.done&1 == 1 {
			channel, first = s.Other, s.OtherFirst
		}
		q := &t.in[channel]
		if !t.due(q, channel, first+t.done/2) || q.waiting() == 0 {
			return false
		}
		t.elements(q, 1)
	}
	return true
}

// due holds that the run went on with the channel's next element.
func (t *executedTask) due(q *inputQueue, channel int32, element int64) bool {
	class := checkers.Lost
	switch {
	case element == q.taken:
		return true
	case element < q.taken:
		class = checkers.Duplicated
	}
	t.failed = diverged(class, "it went on with element %d of channel %d where %d was due",
		element, channel, q.taken)
	return false
}

// read emits records of the source.
func (t *executedTask) read(s *checkers.WitnessStep, budget *int64) bool {
	for t.done < s.Elements && *budget > 0 {
		block := t.source.block[:min(s.Elements-t.done, *budget, blockRecords)]
		n := t.source.read(block)
		t.handle(0, block[:n])
		t.done, *budget = t.done+int64(n), *budget-int64(n)
		if n < len(block) {
			t.failed = diverged(checkers.Orphan, "it emitted a record more than its splits hold")
			return false
		}
	}
	return t.done == s.Elements
}

// handle runs the chain over records of an input.
func (t *executedTask) handle(input int, records []record.Record) {
	if t.chain.Operators() == 0 {
		t.handOn(records)
		return
	}
	t.chain.ProcessAll(input, records)
	t.emit()
}

// fireTimers fires the processing-time timers that are due.
func (t *executedTask) fireTimers(s *checkers.WitnessStep) {
	fired := int64(t.chain.FireProcessingTimers(s.Value, operator.Unlimited))
	t.emit()
	switch {
	case s.Elements < fired:
		t.failed = diverged(checkers.Lost, "%d timers fired at %d ns and %d were due", s.Elements, s.Value, fired)
	case s.Elements > fired:
		t.failed = diverged(checkers.Orphan, "%d timers fired at %d ns and %d were due", s.Elements, s.Value, fired)
	}
}

// finish lets every window and timer fire, then the operators flush.
func (t *executedTask) finish(clockNanos int64) {
	t.chain.ClockNanos = clockNanos
	for input := range t.inactive {
		t.watermark(input, operator.EndOfTime)
	}
	t.chain.Finish()
	t.emit()
}

// emit hands on what the chain has put out.
func (t *executedTask) emit() { t.handOn(t.chain.Out.Records) }

func (t *executedTask) handOn(out []record.Record) {
	if t.sink != nil {
		t.sink.take(out)
		return
	}
	for p := range t.out {
		for i := range out {
			t.out[p].write(&out[i])
		}
	}
}

// divergence says why the task could not do all its steps; nil if it did.
func (t *executedTask) divergence() *checkers.Divergence {
	if t.failed != nil || !t.executed || t.at == len(t.steps) {
		return t.failed
	}
	s := &t.steps[t.at]
	channel := s.Channel
	if s.Kind == checkers.StepAlternate && t.done&1 == 1 {
		channel = s.Other
	}
	d := diverged(checkers.Orphan, "%s: it took element %d of channel %d, which was never sent",
		t.name, t.in[channel].taken, channel)
	d.Task = t.id
	return d
}

// reached writes down where the task stands.
func (t *executedTask) reached(r *checkers.ReachedTask) {
	r.Executed = t.executed
	if !t.executed {
		return
	}
	r.Received, r.Sent = r.Received[:0], r.Sent[:0]
	for i := range t.in {
		r.Received = append(r.Received, t.in[i].taken)
	}
	for i := range t.plan.Outputs {
		r.Sent = append(r.Sent, t.channel(protocol.ChannelIndex(i)).sent)
	}
	if t.source != nil {
		r.Positions = t.source.positions(r.Positions[:0])
	}
	r.States = t.chain.AppendPoints(r.States[:0])
}
