package trace

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"

	"simrun/protocol"
	"simrun/sim"
)

// Names gives the name of an actor, the same at every call.
type Names func(sim.ActorID) string

// JSONLines writes events as one JSON object a line.
type JSONLines struct {
	out   *bufio.Writer
	names Names
	line  []byte
	err   error
}

// NewJSONLines writes to w, through a buffer.
func NewJSONLines(w io.Writer, names Names) *JSONLines {
	return &JSONLines{out: bufio.NewWriter(w), names: names}
}

// Write writes events to w, whole.
func Write(w io.Writer, events []sim.Event, names Names) error {
	lines := NewJSONLines(w, names)
	for i := range events {
		lines.Observe(&events[i])
	}
	return lines.Flush()
}

// Observe writes one event. It fits an observer of the kernel; after an error it does
// nothing, and Flush returns that error.
//
// Keys are a contract, only ever added to: time_nanos, actor, incarnation, ordinal, event,
// text, args (by the names of the event's kind, as numbers), cause (actor and ordinal, left
// out where there is none).
func (j *JSONLines) Observe(e *sim.Event) {
	if j.err != nil {
		return
	}
	b := append(j.line[:0], `{"time_nanos":`...)
	b = strconv.AppendInt(b, e.TimeNanos, 10)
	b = append(b, `,"actor":`...)
	b = appendString(b, j.names(e.Actor))
	b = append(b, `,"incarnation":`...)
	b = strconv.AppendInt(b, int64(e.Incarnation), 10)
	b = append(b, `,"ordinal":`...)
	b = strconv.AppendUint(b, e.Ordinal, 10)
	b = j.appendKind(b, e)
	if e.Cause.Actor != sim.NoActor {
		b = append(b, `,"cause":{"actor":`...)
		b = appendString(b, j.names(e.Cause.Actor))
		b = append(b, `,"ordinal":`...)
		b = strconv.AppendUint(b, e.Cause.Ordinal, 10)
		b = append(b, '}')
	}
	b = append(b, "}\n"...)
	_, j.err = j.out.Write(b)
	j.line = b
}

// appendKind writes the kind, its canonical text, and its arguments.
func (j *JSONLines) appendKind(b []byte, e *sim.Event) []byte {
	kind := protocol.EventKind(e.Kind)
	b = append(b, `,"event":`...)
	b = appendString(b, kind.String())
	b = append(b, `,"text":`...)
	b = appendString(b, protocol.EventText(kind, e.Args))
	b = append(b, `,"args":{`...)
	for i, name := range kind.ArgNames() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, name)
		b = append(b, ':')
		b = strconv.AppendInt(b, e.Args[i], 10)
	}
	return append(b, '}')
}

// Flush writes out what is buffered and returns the first error of all.
func (j *JSONLines) Flush() error {
	if j.err != nil {
		return j.err
	}
	return j.out.Flush()
}

// appendString quotes as JSON does.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return appendQuoted(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// appendQuoted is for the rare names that plain copying would break.
func appendQuoted(b []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		panic("trace: a string that is no JSON: " + err.Error())
	}
	return append(b, quoted...)
}
