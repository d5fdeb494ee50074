package plan

import "simrun/protocol"

// maxTimeNanos bounds times in a plan, so that sums of two cannot overflow.
const maxTimeNanos int64 = 1 << 61

// time reads when the fault strikes and for how long.
func (r *reader) time() {
	r.conflict(keyStep, keyAt)
	r.conflict(keyStep, keyFrom)
	r.conflict(keyStep, keyTo)
	r.conflict(keyFrom, keyAt)
	r.conflict(keyFor, keyTo)
	if r.find(keyStep) >= 0 {
		r.step()
	} else {
		r.start()
	}
	switch {
	case r.fault.Kind == protocol.FaultCrash:
		r.restart()
	case !traits[r.fault.Kind].endless:
		r.length()
	}
	if r.fault.AtNanos > maxTimeNanos || r.fault.LastsNanos > maxTimeNanos {
		r.fail(&FieldError{Index: -1, Key: r.fault.Kind.String(), Problem: "is too far in the future"})
	}
}

func (r *reader) step() {
	at := r.find(keyStep)
	if r.fault.Step = value(&r.fields[at]); r.fault.Step == "" {
		r.failValue(at, "names no step", "the name of a protocol step", "")
	}
	r.conflict(keyBefore, keyAfter)
	before, after := r.truth(keyBefore, false), r.truth(keyAfter, true)
	if before || !after {
		r.fault.Moment = protocol.Before
	}
	if of := r.find(keyOf); of >= 0 {
		if r.fault.Of = value(&r.fields[of]); r.fault.Of == "" {
			r.failValue(of, "names nobody", "who makes the step", "")
		}
	}
	r.fault.Checkpoint = protocol.CheckpointID(r.number(keyCheckpoint, 0))
	r.fault.Ordinal = r.number(keyOrdinal, 1)
}

// truth is a field's yes or no; fallback when the field is not there.
func (r *reader) truth(key string, fallback bool) bool {
	if r.find(key) < 0 {
		return fallback
	}
	return r.choice(key, []string{"false", "true"}) == 1
}

// start reads the time at which the fault strikes: at, or from. What only lies in wait, like
// user code that throws, may do so from the beginning.
func (r *reader) start() {
	for _, key := range stepKeys {
		if at := r.find(key); at >= 0 {
			r.failValue(at, "is of no step", keyStep+" beside it", "")
		}
	}
	if !traits[r.fault.Kind].instant && r.find(keyAt) < 0 {
		r.fault.AtNanos = r.duration(keyFrom, 0, true)
		return
	}
	r.fault.AtNanos = r.duration(keyAt, 0, !traits[r.fault.Kind].armed)
}

func (r *reader) restart() {
	at := r.find(keyRestartAfter)
	switch {
	case at < 0:
	case value(&r.fields[at]) == never:
		r.fault.LastsNanos = Forever
	default:
		r.fault.LastsNanos = r.duration(keyRestartAfter, 0, false)
	}
}

// length reads how long the fault lasts: for, or to.
func (r *reader) length() {
	to := r.find(keyTo)
	switch {
	case r.find(keyFor) >= 0:
		r.fault.LastsNanos = r.duration(keyFor, 0, false)
	case to >= 0:
		r.fault.LastsNanos = r.duration(keyTo, 0, false) - r.fault.AtNanos
	case traits[r.fault.Kind].ends:
		r.missing(keyTo, "when the "+r.fault.Kind.String()+" ends")
	default:
		r.fault.LastsNanos = Forever
		return
	}
	if r.fault.LastsNanos <= 0 && r.err == nil {
		at := max(to, r.find(keyFor))
		r.fail(&FieldError{Index: at, Key: r.fault.Kind.String(), Problem: "ends before it begins"})
	}
}
