package protocol

import (
	"fmt"
	"strconv"
	"strings"
)

// EventArgs are the arguments of an event, by EventKind.ArgNames; the rest is 0.
type EventArgs = [MaxEventArgs]int64

// AppendEvent appends the canonical text of an event, "checkpoint-aborted checkpoint=3
// reason=CHECKPOINT_EXPIRED": the kind's word and every argument by name. Failure
// reasons, alignments and job statuses are words. It allocates only to grow dst.
func AppendEvent(dst []byte, kind EventKind, args *EventArgs) []byte {
	spec := eventSpecs[kind]
	dst = append(dst, spec.word...)
	for i, name := range spec.args {
		dst = append(dst, ' ')
		dst = append(dst, name...)
		dst = append(dst, '=')
		if words := argWords(name); args[i] >= 0 && args[i] < int64(len(words)) {
			dst = append(dst, words[args[i]]...)
		} else {
			dst = strconv.AppendInt(dst, args[i], 10)
		}
	}
	return dst
}

// EventText is AppendEvent as a string.
func EventText(kind EventKind, args EventArgs) string {
	return string(AppendEvent(nil, kind, &args))
}

// ParseEvent is the reverse of EventText.
func ParseEvent(text string) (EventKind, EventArgs, error) {
	word, rest, _ := strings.Cut(text, " ")
	for kind := range eventSpecs {
		if eventSpecs[kind].word == word {
			args, err := parseEventArgs(eventSpecs[kind].args, rest)
			return EventKind(kind), args, err
		}
	}
	return EventNone, EventArgs{}, fmt.Errorf("%q is not an event", word)
}

func parseEventArgs(names []string, rest string) (EventArgs, error) {
	var args EventArgs
	p := newTextParser(rest)
	for i, name := range names {
		value := p.value(name)
		args[i] = p.wordOrNumber(name, value)
	}
	return args, p.end()
}

func (p *textParser) wordOrNumber(name, value string) int64 {
	for i, word := range argWords(name) {
		if word == value {
			return int64(i)
		}
	}
	return p.number(name, value, 64)
}

// argWords are the words of the arguments that are not numbers to a reader.
func argWords(name string) []string {
	switch name {
	case "reason":
		return reasonNames[:]
	case "alignment":
		return alignmentNames[:]
	case "status":
		return jobStatusNames[:]
	}
	return nil
}
