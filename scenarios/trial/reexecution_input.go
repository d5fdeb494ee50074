package trial

import (
	"simrun/runtime/operator"
	"simrun/runtime/record"
)

// inputQueue is one input channel of a task with the elements that were sent and not taken.
type inputQueue struct {
	elements []record.Record
	head     int
	taken    int64 // in all
	input    int   // of the function

	watermarkNanos int64
	idle, ended    bool
}

func (q *inputQueue) push(r *record.Record, key uint64) {
	q.elements = append(q.elements, *r)
	q.elements[len(q.elements)-1].Key = key
}

func (q *inputQueue) waiting() int64 { return int64(len(q.elements) - q.head) }

// take is the next element, valid until the next push.
func (q *inputQueue) take() *record.Record { return &q.takeAll(1)[0] }

// takeAll are the next n elements.
func (q *inputQueue) takeAll(n int) []record.Record {
	taken := q.elements[q.head : q.head+n]
	q.head += n
	q.taken += int64(n)
	return taken
}

// records is how many of the next elements, most at the most, are records.
func (q *inputQueue) records(most int64) (n int) {
	waiting := q.elements[q.head:]
	for n < int(most) && waiting[n].IsRecord() {
		n++
	}
	return n
}

// compact gives back the memory of what was taken.
func (q *inputQueue) compact() {
	if 2*q.head >= len(q.elements) {
		n := copy(q.elements, q.elements[q.head:])
		q.elements, q.head = q.elements[:n], 0
	}
}

// elements handles elements of a channel, at most most that wait there, and says how many:
// records together, control elements one by one.
func (t *executedTask) elements(q *inputQueue, most int64) (done int64) {
	if n := q.records(min(most, blockRecords)); n > 0 {
		t.handle(q.input, q.takeAll(n))
		return int64(n)
	}
	t.control(q, q.take())
	return 1
}

// control handles an element that is no record.
func (t *executedTask) control(q *inputQueue, r *record.Record) {
	switch r.Tag {
	case record.TagWatermark:
		q.watermarkNanos, q.idle = max(q.watermarkNanos, r.TimeNanos), false
	case record.TagIdle:
		q.idle = true
	case record.TagActive:
		q.idle = false
	}
	t.combineWatermarks(q.input)
}

// combineWatermarks gives the chain the minimum over an input's channels that are neither
// idle nor gone (Flink: StatusWatermarkValve).
func (t *executedTask) combineWatermarks(input int) {
	lowest, active := int64(operator.EndOfTime), false
	for i := range t.in {
		if q := &t.in[i]; q.input == input && !q.idle && !q.ended {
			lowest, active = min(lowest, q.watermarkNanos), true
		}
	}
	if active == t.inactive[input] {
		t.inactive[input] = !active
		t.status(input, !active)
	}
	if active {
		t.watermark(input, lowest)
	}
}

func (t *executedTask) status(input int, idle bool) {
	tag := record.TagActive
	if idle {
		tag = record.TagIdle
	}
	t.chain.Status(input, tag, operator.Unlimited)
	t.emit()
}

func (t *executedTask) watermark(input int, nanos int64) {
	t.chain.Watermark(input, nanos, operator.Unlimited)
	t.emit()
}

// restart lets watermarks start over, as a restore does. State and channels stay.
func (t *executedTask) restart() {
	t.chain.ForgetTime()
	for i := range t.in {
		t.in[i].watermarkNanos, t.in[i].idle, t.in[i].ended = operator.NoWatermark, false, false
	}
	clear(t.inactive)
	if t.source != nil {
		t.source.restart()
	}
}
