package trace

import (
	"fmt"
	"slices"

	"simrun/protocol"
	"simrun/sim"
)

// String is the track as fields of a trace event.
func (t track) String() string { return fmt.Sprintf(`"pid":%d,"tid":%d`, t.process, t.thread) }

// process is the number of the machine that an actor is on; the world outside is one too.
func (p *perfetto) process(id sim.ActorID) int {
	name := p.recording.Nodes[id]
	if name == "" {
		name = "faults"
	}
	number, known := p.processes[name]
	if !known {
		number = len(p.processes) + 1
		p.processes[name] = number
		p.object(`"ph":"M","name":"process_name","pid":%d,"tid":0,"args":{"name":%s}`, number, quoted(name))
	}
	return number
}

// trackOf is the thread with a name, on a machine.
func (p *perfetto) trackOf(process int, name string) track {
	key := fmt.Sprint(process, " ", name)
	t, known := p.tracks[key]
	if !known {
		t = track{process, len(p.tracks) + 1}
		p.tracks[key] = t
		p.object(`"ph":"M","name":"thread_name",%s,"args":{"name":%s}`, t, quoted(name))
	}
	return t
}

// spans opens and closes what takes time.
func (p *perfetto) spans(e *sim.Event) {
	a := &e.Args
	switch protocol.EventKind(e.Kind) {
	case protocol.CheckpointTriggered:
		p.begin(e, "checkpoint", a[0])
	case protocol.CheckpointCompleted, protocol.CheckpointAborted:
		p.end(e, "checkpoint", a[0])
	case protocol.AlignmentStarted:
		p.begin(e, "align", a[1])
	case protocol.AlignmentEnded:
		p.end(e, "align", a[1])
	case protocol.SnapshotStarted:
		p.begin(e, "snapshot", a[1])
	case protocol.SnapshotDone:
		p.end(e, "snapshot", a[1])
	case protocol.TaskInitializing:
		p.begin(e, "restore", a[2])
	case protocol.TaskRunning:
		p.endAll(e, "restore")
	case protocol.BackpressureStarted:
		p.begin(e, [2]string{"soft backpressure", "hard backpressure"}[a[1]&1], 0)
	case protocol.BackpressureEnded:
		p.end(e, [2]string{"soft backpressure", "hard backpressure"}[a[1]&1], 0)
	case protocol.TaskFinished, protocol.TaskFailed, protocol.TaskCanceled:
		p.endAll(e, "")
	}
}

// begin opens a span on the first track of its lane and kind on which none is open: B and
// E of one track are nested, and two checkpoints overlap.
func (p *perfetto) begin(e *sim.Event, what string, number int64) {
	lane := laneOf(p.recording, e.Actor)
	key := span{lane, what, number}
	if _, already := p.open[key]; already {
		return
	}
	name := lane + ": " + what
	for copy := 2; p.busy[name]; copy++ {
		name = fmt.Sprintf("%s: %s (%d)", lane, what, copy)
	}
	t := p.trackOf(p.process(e.Actor), name)
	p.busy[name], p.open[key] = true, lasting{t, name}
	p.order = append(p.order, key)
	title := what
	if number > 0 {
		title = fmt.Sprintf("%s %d", what, number)
	}
	p.object(`"ph":"B","name":%s,"cat":%s,"ts":%s,%s`, quoted(title), quoted(what), micros(e.TimeNanos), t)
}

func (p *perfetto) end(e *sim.Event, what string, number int64) {
	p.close(span{laneOf(p.recording, e.Actor), what, number}, e.TimeNanos)
}

// endAll closes all spans of a lane, of one kind or (with "") of any.
func (p *perfetto) endAll(e *sim.Event, what string) {
	lane := laneOf(p.recording, e.Actor)
	for _, s := range slices.Clone(p.order) {
		if s.lane == lane && (what == "" || s.what == what) {
			p.close(s, e.TimeNanos)
		}
	}
}

// closeAll closes what is still open when the recording ends.
func (p *perfetto) closeAll() {
	for len(p.order) > 0 {
		p.close(p.order[0], p.lastNanos)
	}
}

func (p *perfetto) close(s span, nanos int64) {
	l, isOpen := p.open[s]
	if !isOpen {
		return
	}
	p.object(`"ph":"E","ts":%s,%s`, micros(nanos), l.track)
	delete(p.open, s)
	delete(p.busy, l.name)
	p.order = slices.DeleteFunc(p.order, func(other span) bool { return other == s })
}
