package sim

import "strings"

// Run is one run of something deterministic: it shows every event to the observer.
type Run func(observe func(*Event))

// Divergence is the first event in which two runs that should be equal differ.
type Divergence struct {
	// Index counts the events of the whole run that are equal before it.
	Index int
	// A and B are the events at Index; nil where a run had ended.
	A, B *Event
	// Before is the latest events that both runs have in common, oldest first.
	Before []Event
}

// contextEvents is how many common events a divergence shows.
const contextEvents = 5

// FirstDivergence makes two runs and compares them event by event. It reports false if
// they are equal. It keeps all events of the first run, so it is for finding a fault and
// not for every run.
func FirstDivergence(a, b Run) (Divergence, bool) {
	var events []Event
	a(func(e *Event) { events = append(events, *e) })
	index := 0
	var other *Event
	b(func(e *Event) {
		if other != nil {
			return
		}
		if index < len(events) && *e == events[index] {
			index++
			return
		}
		copied := *e
		other = &copied
	})
	if other == nil && index == len(events) {
		return Divergence{}, false
	}
	d := Divergence{Index: index, B: other, Before: events[max(0, index-contextEvents):index]}
	if index < len(events) {
		d.A = &events[index]
	}
	return d, true
}

// Describe is the divergence as lines of text, each event as describe prints it.
func (d *Divergence) Describe(describe func(*Event) string) string {
	var text strings.Builder
	text.WriteString("the runs are equal for " + decimal(int64(d.Index)) + " events, the last of them:\n")
	for i := range d.Before {
		text.WriteString("    " + describe(&d.Before[i]) + "\n")
	}
	for _, side := range []struct {
		name  string
		event *Event
	}{{"first", d.A}, {"second", d.B}} {
		text.WriteString("then the " + side.name + " run has ")
		if side.event == nil {
			text.WriteString("no more events\n")
			continue
		}
		text.WriteString(describe(side.event) + "\n    caused by " + side.event.Cause.String() + "\n")
	}
	return text.String()
}

// String is the cause as actor/ordinal, or "nothing".
func (c Cause) String() string {
	if c.Actor == NoActor {
		return "nothing"
	}
	return "event " + decimal(int64(c.Ordinal)) + " of actor " + decimal(int64(c.Actor))
}

// FirstDifference is the first stretch of two digest trails over which they differ: the
// runs are equal up to from events and differ at some event up to to. It reports false if
// the trails agree as far as they can be compared.
func FirstDifference(a, b []Mark) (from, to uint64, differs bool) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].Count < b[j].Count:
			i++
		case a[i].Count > b[j].Count:
			j++
		case a[i].Digest != b[j].Digest:
			return from, a[i].Count, true
		default:
			from = a[i].Count
			i++
			j++
		}
	}
	return 0, 0, false
}
