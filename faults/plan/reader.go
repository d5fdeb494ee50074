package plan

import (
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/sim"
)

// reader turns fields into a fault. It keeps the first error; what comes after it is read
// in vain.
type reader struct {
	fields []Field
	fault  Fault
	err    error
}

func (r *reader) fail(e *FieldError) {
	if r.err == nil {
		r.err = e
	}
}

// failValue reports that the value of a field is wrong.
func (r *reader) failValue(index int, problem, expected, nearest string) {
	f := &r.fields[index]
	r.fail(&FieldError{
		Index: index, Key: f.Key, Value: value(f), Problem: problem, Expected: expected, Nearest: nearest,
	})
}

// missing reports that a field is not there.
func (r *reader) missing(key, expected string) {
	problem := "is missing in " + r.fault.Kind.String()
	r.fail(&FieldError{Index: -1, Key: key, Problem: problem, Expected: expected})
}

// checkKeys refuses unknown and repeated keys.
func (r *reader) checkKeys() {
	keys := Keys(r.fault.Kind)
	for i := 1; i < len(r.fields); i++ {
		key := r.fields[i].Key
		if !has(keys, key) {
			r.fail(&FieldError{Index: i, Key: key, Problem: "is no field of " + r.fault.Kind.String(),
				Expected: oneOf(keys), Nearest: protocol.Nearest(key, keys)})
		}
		if r.find(key) != i {
			r.fail(&FieldError{Index: i, Key: key, Problem: "is given twice"})
		}
		if len(r.fields[i].Values) != 1 {
			r.failValue(i, "is not one value", "", "")
		}
	}
}

// find is the index of the first field with that key; -1 when there is none. The verb is
// not a key.
func (r *reader) find(key string) int {
	for i := 1; i < len(r.fields); i++ {
		if r.fields[i].Key == key {
			return i
		}
	}
	return -1
}

func value(f *Field) string {
	if len(f.Values) == 0 {
		return ""
	}
	return f.Values[0]
}

func (r *reader) targets() {
	targets, wanted := r.fields[0].Values, 1
	expected := "one role"
	switch kind := r.fault.Kind; {
	case traits[kind].linked:
		wanted, expected = 2, "the two ends of a link"
	case OfMessages(kind):
		expected = "one kind of control message, or any"
	}
	if len(targets) != wanted {
		problem := "names " + strconv.Itoa(len(targets)) + " targets"
		r.fail(&FieldError{Key: r.fields[0].Key, Problem: problem, Expected: expected})
		return
	}
	for i, name := range targets {
		if name == "" {
			r.fail(&FieldError{Key: r.fields[0].Key, Problem: "names an empty target", Expected: expected})
		}
		r.fault.Targets[i] = name
	}
	if wanted == 2 && targets[0] == targets[1] {
		r.failValue(0, "is both ends of the link", expected, "")
	}
}

// own reads the fields that only some kinds have.
func (r *reader) own() {
	f := &r.fault
	switch f.Kind {
	case protocol.FaultThrow:
		r.throw()
	case protocol.FaultSlow:
		r.ratio(keyFactor, "how many times slower")
	case protocol.FaultBurst:
		r.ratio(keyFactor, "how many times faster")
	case protocol.FaultDelay, protocol.FaultJitter, protocol.FaultReorder, protocol.FaultLag,
		protocol.FaultUnsync:
		f.ByNanos = r.by()
	case protocol.FaultDuplicate:
		f.ByNanos = r.duration(keyBy, 0, false)
	case protocol.FaultThrottle:
		r.bandwidth()
	case protocol.FaultFail:
		f.Operation = protocol.StorageOperation(r.choice(keyOperation, operationWords()))
		f.Unknown = r.choice(keyOutcome, outcomeWords()) == 1
	case protocol.FaultExpire:
		f.Prepared = r.choice(keyTransactions, transactionWords()) == 1
	case protocol.FaultPoison:
		r.poison()
	case protocol.FaultSkew:
		r.skew()
	case protocol.FaultClock:
		r.clock()
	}
	f.OneWay = r.truth(keyOneWay, false)
	f.Count, f.Every = r.number(keyCount, 0), r.number(keyEvery, 0)
	f.Sender, f.Receiver = r.name(keySender), r.name(keyReceiver)
}

func (r *reader) throw() {
	f := &r.fault
	in, record := r.find(keyIn), r.find(keyAtRecord)
	if in >= 0 {
		f.Callback = protocol.Callback(r.choice(keyIn, callbackWords()))
	}
	f.Record = r.number(keyAtRecord, 0)
	switch {
	case in < 0 && record < 0:
		r.missing(keyIn, "where user code throws: "+keyIn+" or "+keyAtRecord)
	case record >= 0 && f.Callback != protocol.CallbackRecord:
		r.failValue(record, "is given although user code throws elsewhere", keyIn+": record, or none", "")
	case record < 0 && f.Callback == protocol.CallbackRecord:
		f.Record = 1
	}
	f.Always = r.choice(keyTimes, []string{"once", "always"}) == 1
}

// ratio reads the factor or share of a fault.
func (r *reader) ratio(key, expected string) {
	at := r.find(key)
	if at < 0 {
		r.missing(key, expected)
		return
	}
	ratio, err := sim.ParseRatio(value(&r.fields[at]))
	if err != nil || ratio.Num <= 0 {
		r.failValue(at, "is no "+key, "a positive decimal or fraction such as 2.5", "")
		return
	}
	r.fault.FactorNumerator, r.fault.FactorDenominator = ratio.Num, ratio.Den
}

// by is a required time that is more than 0.
func (r *reader) by() int64 {
	nanos := r.duration(keyBy, 0, true)
	if at := r.find(keyBy); nanos == 0 && at >= 0 {
		r.failValue(at, "is no time", "more than 0", "")
	}
	return nanos
}

// choice is the index of a field's word in words; 0 when the field is not there.
func (r *reader) choice(key string, words []string) int {
	at := r.find(key)
	if at < 0 {
		return 0
	}
	for i, w := range words {
		if w == value(&r.fields[at]) {
			return i
		}
	}
	r.failValue(at, "is unknown", oneOf(words), protocol.Nearest(value(&r.fields[at]), words))
	return 0
}

// number is a field's positive whole number; fallback when the field is not there.
func (r *reader) number(key string, fallback int64) int64 {
	at := r.find(key)
	if at < 0 {
		return fallback
	}
	n, err := strconv.ParseInt(value(&r.fields[at]), 10, 64)
	if err != nil || n <= 0 {
		r.failValue(at, "is no count", "a whole number from 1 up", "")
	}
	return n
}

// position is a field's required whole number from 0 up.
func (r *reader) position(key, expected string) int64 {
	at := r.find(key)
	if at < 0 {
		r.missing(key, expected)
		return 0
	}
	n, err := strconv.ParseInt(value(&r.fields[at]), 10, 64)
	if err != nil || n < 0 {
		r.failValue(at, "is no number", "a whole number from 0 up", "")
	}
	return n
}

// name is a field's word; empty when the field is not there.
func (r *reader) name(key string) string {
	at := r.find(key)
	if at < 0 {
		return ""
	}
	if value(&r.fields[at]) == "" {
		r.failValue(at, "names nobody", "a role", "")
	}
	return value(&r.fields[at])
}

// duration is a field's time, 0 or more; fallback when the field is not there.
func (r *reader) duration(key string, fallback int64, required bool) int64 {
	at := r.find(key)
	if at < 0 {
		if required {
			r.missing(key, "a duration such as 500 ms")
		}
		return fallback
	}
	nanos, err := sim.ParseNanos(value(&r.fields[at]))
	if err != nil || nanos < 0 {
		r.failValue(at, "is no duration", "such as 500 ms, 12 s or 1 min", "")
	}
	return nanos
}

// signedDuration is a time that may be negative.
func (r *reader) signedDuration(at int) int64 {
	text, negative := strings.CutPrefix(value(&r.fields[at]), "-")
	nanos, err := sim.ParseNanos(text)
	if err != nil || nanos < 0 || nanos > maxTimeNanos {
		r.failValue(at, "is no duration", "such as 500 ms, or -5 s", "")
	}
	if negative {
		return -nanos
	}
	return nanos
}

// conflict refuses b where a is given too.
func (r *reader) conflict(a, b string) {
	if at := r.find(b); at >= 0 && r.find(a) >= 0 {
		r.failValue(at, "is given beside "+a, "only one of them", "")
	}
}
