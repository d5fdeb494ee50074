package operator

import "simrun/protocol"

// StepKind is one kind of thing that determined what a chain did.
type StepKind uint8

const (
	// StepRecords: Count records were taken from Channel.
	StepRecords StepKind = iota
	// StepWatermark: input Input had watermark Nanos.
	StepWatermark
	// StepStatus: input Input turned idle or active (Nanos: the record.Tag).
	StepStatus
	// StepEventTimers: Count event timers fired for the watermark before.
	StepEventTimers
	// StepProcessingTimers: Count processing-time timers fired at clock Nanos.
	StepProcessingTimers
	// StepClock: from the next step on the clock reads Nanos.
	StepClock
	// StepFinish: the input ended.
	StepFinish
)

// Step is one determinant, or a run of equal ones.
type Step struct {
	Kind    StepKind
	Input   int
	Channel protocol.ChannelIndex
	Nanos   int64
	Count   int64
}

// Witness is what a chain's behaviour depended on besides the content of its channels:
// the order in which channels were merged, watermarks, timers, clock reads (a
// determinant log, as in Clonos, SIGMOD 2021). With it the chain can be re-executed.
type Witness struct {
	// Channel is where the next records come from; the task sets it.
	Channel protocol.ChannelIndex
	// Steps is what happened, in order.
	Steps []Step

	clockNanos int64
}

// record notes one record of the present channel.
func (w *Witness) record() {
	if last := len(w.Steps) - 1; last >= 0 {
		step := &w.Steps[last]
		if step.Kind == StepRecords && step.Channel == w.Channel {
			step.Count++
			return
		}
	}
	w.Steps = append(w.Steps, Step{Kind: StepRecords, Channel: w.Channel, Count: 1})
}

// clock notes what the clock reads in the call that follows.
func (w *Witness) clock(nanos int64) {
	if nanos != w.clockNanos {
		w.clockNanos = nanos
		w.add(Step{Kind: StepClock, Nanos: nanos})
	}
}

func (w *Witness) add(s Step) { w.Steps = append(w.Steps, s) }

// Reset forgets everything, for the start of an attempt.
func (w *Witness) Reset() { *w = Witness{Steps: w.Steps[:0]} }

// witnessMark is a point in the witness: the last run may still grow after it, so its
// length is part of the mark.
type witnessMark struct {
	steps      int
	last       Step
	clockNanos int64
}

func (w *Witness) mark() witnessMark {
	m := witnessMark{steps: len(w.Steps), clockNanos: w.clockNanos}
	if m.steps > 0 {
		m.last = w.Steps[m.steps-1]
	}
	return m
}

func (w *Witness) rollback(to witnessMark) {
	w.Steps = w.Steps[:to.steps]
	if to.steps > 0 {
		w.Steps[to.steps-1] = to.last
	}
	w.clockNanos = to.clockNanos
}
