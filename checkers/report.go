package checkers

import "simrun/sim"

// maxViolations bounds what one run may report: signatures beyond it are counted only.
const maxViolations = 64

// Report takes the violations of one run. Those with one signature are kept once, with
// the first proof; the others are counted.
type Report struct {
	history    *History
	checker    string
	nowNanos   int64
	violations []Violation
	dropped    int64
}

// History is what the run has done so far, as every checker may need it.
func (r *Report) History() *History { return r.history }

// NowNanos is the virtual time of the event in hand.
func (r *Report) NowNanos() int64 { return r.nowNanos }

// Violate reports one violation. role names the operator or component, without subtask
// number; detail is one sentence; witnesses are copied.
func (r *Report) Violate(class Class, role, detail string, witness ...sim.Event) {
	signature := class.String() + "/" + r.checker + "/" + role
	for i := range r.violations {
		if r.violations[i].Signature == signature {
			r.violations[i].Repeats++
			return
		}
	}
	if len(r.violations) == maxViolations {
		r.dropped++
		return
	}
	r.violations = append(r.violations, Violation{
		Class: class, Checker: r.checker, Signature: signature, Detail: detail,
		Witness: inOrder(witness), TimeNanos: r.nowNanos,
	})
}

// inOrder copies the events of a witness in the order of the run, without those that a
// checker never saw.
func inOrder(witness []sim.Event) []sim.Event {
	var sorted []sim.Event
	for _, e := range witness {
		if e.Kind == 0 {
			continue
		}
		at := len(sorted)
		for at > 0 && sorted[at-1].TimeNanos > e.TimeNanos {
			at--
		}
		sorted = append(sorted, sim.Event{})
		copy(sorted[at+1:], sorted[at:])
		sorted[at] = e
	}
	return sorted
}

func (r *Report) reset() {
	r.checker, r.nowNanos, r.dropped = "", 0, 0
	r.violations = nil // handed out
}
