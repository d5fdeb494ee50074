package trace

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// Perfetto writes a recording in the JSON trace-event format, which ui.perfetto.dev and
// chrome://tracing open: a process for each machine, a thread for each subtask, job manager
// and external system; on them what happened, and beside them, on threads of their own,
// what lasted (alignment, snapshot, restore, backpressure, whole checkpoints); arrows for
// barriers and buffers; counters for buffers that wait and segments in use.
//
// Times are microseconds of virtual time with three decimals, so no nanosecond is lost.
func Perfetto(w io.Writer, r *result.Recording) error {
	p := &perfetto{out: bufio.NewWriter(w), recording: r, tracks: map[string]track{}, open: map[span]lasting{},
		busy: map[string]bool{}, queued: map[int64]int64{}, processes: map[string]int{}}
	p.pairFlows()
	p.raw("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n")
	for i := range r.Events {
		p.event(i)
	}
	p.closeAll()
	p.raw("\n]}\n")
	if p.err != nil {
		return p.err
	}
	return p.out.Flush()
}

// track is a thread of the trace.
type track struct{ process, thread int }

// span is something that lasts: of a lane, of a kind, with a number (of a checkpoint).
type span struct {
	lane, what string
	number     int64
}

type perfetto struct {
	out       *bufio.Writer
	err       error
	written   bool
	recording *result.Recording
	sends     map[int][]int    // by event: the flows that begin there
	arrives   map[int]int      // by event: the flow that ends there
	processes map[string]int   // by name
	tracks    map[string]track // by name
	order     []span           // that are open, in the order of opening
	open      map[span]lasting
	busy      map[string]bool // tracks with an open span
	queued    map[int64]int64 // by receiving task
	lastNanos int64
}

// lasting is an open span: its track and that track's name.
type lasting struct {
	track
	name string
}

// pairFlows numbers messages of which both ends are recorded.
func (p *perfetto) pairFlows() {
	p.sends, p.arrives = map[int][]int{}, map[int]int{}
	senders := newSenders(p.recording)
	for i := range p.recording.Events {
		if from := senders.of(i); from >= 0 {
			id := len(p.arrives) + 1
			p.arrives[i] = id
			p.sends[from] = append(p.sends[from], id)
		}
	}
}

func (p *perfetto) raw(text string) {
	if p.err == nil {
		_, p.err = p.out.WriteString(text)
	}
}

// object writes one trace event; fields are JSON without braces.
func (p *perfetto) object(format string, arguments ...any) {
	if p.written {
		p.raw(",\n")
	}
	p.written = true
	p.raw("{" + fmt.Sprintf(format, arguments...) + "}")
}

func (p *perfetto) event(i int) {
	e := &p.recording.Events[i]
	p.lastNanos = e.TimeNanos
	p.point(e)
	p.spans(e)
	p.count(e)
	for _, id := range p.sends[i] {
		p.flow(`"ph":"s"`, id, e)
	}
	if id, arrived := p.arrives[i]; arrived {
		p.flow(`"ph":"f","bp":"e"`, id, e)
	}
}

// pointNanos is how long a point is drawn: less than two events of different times are
// apart, and not nothing, so that an arrow can be tied to it.
const pointNanos = 1

// point is what happened at one instant.
func (p *perfetto) point(e *sim.Event) {
	kind := protocol.EventKind(e.Kind)
	t := p.trackOf(p.process(e.Actor), laneOf(p.recording, e.Actor))
	p.object(`"ph":"X","name":%s,"cat":"event","ts":%s,"dur":%s,%s,"args":%s`, quoted(kind.String()),
		micros(e.TimeNanos), micros(pointNanos), t, arguments(kind, e))
}

func arguments(kind protocol.EventKind, e *sim.Event) string {
	text := []byte(`{"text":`)
	text = appendString(text, protocol.EventText(kind, e.Args))
	for i, name := range kind.ArgNames() {
		text = append(appendString(append(text, ','), name), ':')
		text = strconv.AppendInt(text, e.Args[i], 10)
	}
	return string(append(text, '}'))
}

// flow is one end of an arrow from what was sent to what it became.
func (p *perfetto) flow(end string, id int, e *sim.Event) {
	t := p.trackOf(p.process(e.Actor), laneOf(p.recording, e.Actor))
	p.object(`%s,"name":"message","cat":"message","id":%d,"ts":%s,%s`, end, id, micros(e.TimeNanos), t)
}

// count follows buffers that wait at a subtask, and segments of its output in use.
func (p *perfetto) count(e *sim.Event) {
	task := e.Args[0]
	switch protocol.EventKind(e.Kind) {
	case protocol.BufferReceived:
		p.queued[task]++
	case protocol.BufferConsumed:
		p.queued[task] = max(p.queued[task]-1, 0)
	case protocol.TaskInitializing:
		p.queued[task] = 0
	case protocol.SegmentTaken, protocol.SegmentReturned:
		p.counter(e, fmt.Sprintf("segments of %s, partition %d", p.task(task), e.Args[1]), e.Args[3])
		return
	default:
		return
	}
	p.counter(e, "buffers waiting at "+p.task(task), p.queued[task])
}

func (p *perfetto) counter(e *sim.Event, name string, value int64) {
	p.object(`"ph":"C","name":%s,"ts":%s,"pid":%d,"args":{"value":%d}`, quoted(name), micros(e.TimeNanos),
		p.process(e.Actor), value)
}

func (p *perfetto) task(id int64) string {
	if id >= 0 && id < int64(len(p.recording.Tasks)) {
		return p.recording.Tasks[id]
	}
	return strconv.FormatInt(id, 10)
}

func quoted(s string) string { return string(appendString(nil, s)) }

// micros is a time in microseconds, exactly.
func micros(nanos int64) string { return fmt.Sprintf("%d.%03d", nanos/1000, nanos%1000) }
