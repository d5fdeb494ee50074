package plan

import (
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/sim"
)

// Fields are the fault's fields in canonical order, with canonical values.
func (f *Fault) Fields() []Field {
	verb := Field{Key: f.Kind.String(), Values: []string{f.Targets[0]}}
	if traits[f.Kind].linked {
		verb.Values = append(verb.Values, f.Targets[1])
	}
	fields := []Field{verb}
	add := func(key, value string) { fields = append(fields, Field{key, []string{value}}) }
	f.addOwn(add)
	f.addTime(add)
	return fields
}

func (f *Fault) addOwn(add func(key, value string)) {
	switch f.Kind {
	case protocol.FaultThrow:
		if f.Callback == protocol.CallbackRecord {
			add(keyAtRecord, strconv.FormatInt(f.Record, 10))
		} else {
			add(keyIn, f.Callback.String())
		}
		if f.Always {
			add(keyTimes, "always")
		}
	case protocol.FaultSlow, protocol.FaultBurst:
		add(keyFactor, formatFactor(f.FactorNumerator, f.FactorDenominator))
	case protocol.FaultThrottle:
		add(keyBandwidth, formatRate(f.BytesPerSecond))
	case protocol.FaultPoison:
		add(keySource, f.Source)
		add(keySplit, strconv.FormatInt(f.Split, 10))
		add(keyRecordOffset, strconv.FormatInt(f.FirstOffset, 10))
	case protocol.FaultSkew:
		add(keyShare, formatFactor(f.FactorNumerator, f.FactorDenominator))
		add(keyFirstOffset, strconv.FormatInt(f.FirstOffset, 10))
		add(keyLastOffset, strconv.FormatInt(f.LastOffset, 10))
	}
	f.addShared(add)
}

// addShared adds the fields that several kinds have, where they say something.
func (f *Fault) addShared(add func(key, value string)) {
	text := func(key, value string) {
		if value != "" {
			add(key, value)
		}
	}
	number := func(key string, n int64) {
		if n != 0 {
			add(key, strconv.FormatInt(n, 10))
		}
	}
	if f.ByNanos != 0 {
		add(keyBy, formatTime(f.ByNanos))
	}
	number(keyDrift, f.DriftPPM)
	text(keySender, f.Sender)
	text(keyReceiver, f.Receiver)
	if f.Operation != protocol.StorageAny {
		add(keyOperation, f.Operation.String())
	}
	if f.Prepared {
		add(keyTransactions, transactionsPrepared)
	}
	number(keyCount, f.Count)
	number(keyEvery, f.Every)
	if f.Unknown {
		add(keyOutcome, outcomeUnknown)
	}
	if f.OneWay {
		add(keyOneWay, "true")
	}
}

func (f *Fault) addTime(add func(key, value string)) {
	switch {
	case f.Step != "":
		add(keyStep, f.Step)
		if f.Moment == protocol.Before {
			add(keyBefore, "true")
		}
		if f.Of != "" {
			add(keyOf, f.Of)
		}
		if f.Checkpoint != protocol.NoCheckpoint {
			add(keyCheckpoint, strconv.FormatInt(int64(f.Checkpoint), 10))
		}
		add(keyOrdinal, strconv.FormatInt(f.Ordinal, 10))
		if !traits[f.Kind].instant && !f.Permanent() {
			add(keyFor, formatTime(f.LastsNanos))
		}
	case traits[f.Kind].armed && f.AtNanos == 0:
	case traits[f.Kind].instant:
		add(keyAt, formatTime(f.AtNanos))
	default:
		add(keyFrom, formatTime(f.AtNanos))
		if !f.Permanent() {
			add(keyTo, formatTime(f.AtNanos+f.LastsNanos))
		}
	}
	switch {
	case f.Kind != protocol.FaultCrash || f.LastsNanos == 0:
	case f.Permanent():
		add(keyRestartAfter, never)
	default:
		add(keyRestartAfter, formatTime(f.LastsNanos))
	}
}

// String is the fault's canonical text: "slow db factor 5 from 4 s to 9 s".
func (f *Fault) String() string {
	var words []string
	for i, field := range f.Fields() {
		words = append(words, field.Key)
		for _, v := range field.Values {
			switch {
			case i == 0:
				v = quoteName(v, has(Keys(f.Kind), v))
			case named(field.Key):
				v = quoteName(v, isKey(v))
			}
			if i == 0 || !flag(field.Key) {
				words = append(words, v)
			}
		}
	}
	return strings.Join(words, " ")
}

// named reports whether the value of a key is a name, which may need quotes.
func named(key string) bool {
	return key == keyStep || key == keyOf || key == keySource || key == keySender || key == keyReceiver
}

// quoteName quotes a name that could be read as something else.
func quoteName(name string, isKey bool) string {
	quoted := strconv.Quote(name)
	if name == "" || isKey || strings.Contains(name, " ") || quoted != `"`+name+`"` {
		return quoted
	}
	return name
}

// formatTime writes a duration with a blank before its unit: "1500 ms".
func formatTime(nanos int64) string {
	text := sim.FormatNanos(nanos)
	at := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '-' })
	return text[:at] + " " + text[at:]
}

// formatFactor writes a ratio as a decimal where that is exact and short, else as a
// fraction.
func formatFactor(num, den int64) string {
	for digits, scale := 0, int64(1); digits <= 3; digits, scale = digits+1, scale*10 {
		if num < 1<<50 && num*scale%den == 0 {
			return decimal(num*scale/den, digits)
		}
	}
	return strconv.FormatInt(num, 10) + "/" + strconv.FormatInt(den, 10)
}

func decimal(x int64, digits int) string {
	text := strconv.FormatInt(x, 10)
	if digits == 0 {
		return text
	}
	for len(text) <= digits {
		text = "0" + text
	}
	return text[:len(text)-digits] + "." + text[len(text)-digits:]
}
