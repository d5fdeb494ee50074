package trace

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// shivizHead is the regular expression with which ShiViz reads the lines below, and the
// empty line that separates no executions, as there is one only.
const shivizHead = `(?<host>\S+) (?<clock>\{.*\})\n(?<date>\S+) (?<event>.*)` + "\n\n"

// ShiViz writes events as a log with vector clocks, which ShiViz (bestchai.bitbucket.io/shiviz)
// draws as a space-time diagram: a host for each actor, a process of an attempt being one.
// Only events for which keep holds are written (nil: all); the clocks say of them what
// happened before what, by way of the others too. An event happened before another one
// when a chain of causes, or of events of one actor, leads from it to the other.
func ShiViz(w io.Writer, r *result.Recording, keep func(*sim.Event) bool) error {
	out := bufio.NewWriter(w)
	out.WriteString(shivizHead)
	clocks := newClocks(r)
	for i := range r.Events {
		e := &r.Events[i]
		kept := keep == nil || keep(e)
		clock := clocks.of(e, kept)
		if !kept {
			continue
		}
		fmt.Fprintf(out, "%s %s\n%sus %s\n", hostName(r.Actors[e.Actor]), clocks.text(clock),
			micros(e.TimeNanos), protocol.EventText(protocol.EventKind(e.Kind), e.Args))
	}
	return out.Flush()
}

// hostName is an actor's name without blanks.
func hostName(actor string) string { return strings.ReplaceAll(actor, " ", "") }

// clocks keeps the vector clock of every actor after each of its events.
type clocks struct {
	recording *result.Recording
	now       [][]int32       // by actor
	history   [][]actorMoment // by actor
}

// actorMoment is an actor's clock after one of its events.
type actorMoment struct {
	ordinal uint64
	clock   []int32
}

func newClocks(r *result.Recording) *clocks {
	n := len(r.Actors)
	c := &clocks{recording: r, now: make([][]int32, n), history: make([][]actorMoment, n)}
	for i := range c.now {
		c.now[i] = make([]int32, len(r.Actors))
	}
	return c
}

// of is the clock of an event, which ticks when the event is written. Events come in the
// order of the run.
func (c *clocks) of(e *sim.Event, ticks bool) []int32 {
	clock := slices.Clone(c.now[e.Actor])
	if e.Cause.Actor >= 0 && int(e.Cause.Actor) < len(c.history) {
		for i, n := range c.after(e.Cause) {
			clock[i] = max(clock[i], n)
		}
	}
	if ticks {
		clock[e.Actor]++
	}
	if slices.Equal(clock, c.now[e.Actor]) {
		clock = c.now[e.Actor]
	}
	c.now[e.Actor] = clock
	c.history[e.Actor] = append(c.history[e.Actor], actorMoment{e.Ordinal, clock})
	return clock
}

// after is an actor's clock after the event that a cause names, or the latest recorded one
// before it.
func (c *clocks) after(cause sim.Cause) []int32 {
	moments := c.history[cause.Actor]
	at, _ := slices.BinarySearchFunc(moments, cause.Ordinal+1, func(m actorMoment, ordinal uint64) int {
		if m.ordinal < ordinal {
			return -1
		}
		return 1
	})
	if at == 0 {
		return nil
	}
	return moments[at-1].clock
}

// text is a clock as JSON, without the hosts of which nothing is known.
func (c *clocks) text(clock []int32) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, n := range clock {
		if n == 0 {
			continue
		}
		if b.Len() > 1 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s:%d", quoted(hostName(c.recording.Actors[i])), n)
	}
	b.WriteByte('}')
	return b.String()
}
