package story

import (
	"simrun/protocol"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// recorder keeps events in bounded memory: what happens to buffers and records in one
// ring, the rest, of which there is less, in another. It stops when what the story needs
// has happened and there is no more room.
type recorder struct {
	control, bulk    ring
	position         int64
	fromNanos, until int64 // the window; until 0: none
	endNanos         int64
	nowNanos         int64
}

// ring keeps the latest events.
type ring struct {
	events    []sim.Event
	positions []int64
	limit     int
	next      int
}

func (r *ring) full() bool { return len(r.events) == r.limit }

func (r *ring) add(e *sim.Event, position int64) {
	if !r.full() {
		r.events, r.positions = append(r.events, *e), append(r.positions, position)
		return
	}
	r.events[r.next], r.positions[r.next] = *e, position
	r.next = (r.next + 1) % r.limit
}

// at is the i-th of the kept events, oldest first.
func (r *ring) at(i int) (*sim.Event, int64) {
	if r.full() {
		i = (i + r.next) % r.limit
	}
	return &r.events[i], r.positions[i]
}

func (r *recorder) observe(e *sim.Event) {
	r.position++
	r.nowNanos = e.TimeNanos
	if e.TimeNanos < r.fromNanos || r.until > 0 && e.TimeNanos > r.until {
		return
	}
	kept := &r.control
	if protocol.EventKind(e.Kind).Bulky() {
		kept = &r.bulk
	}
	if e.TimeNanos > r.endNanos && kept.full() {
		return
	}
	kept.add(e, r.position)
}

// afterNanos is how much of a run is kept after the violation was noticed.
const afterNanos = 1e9

// over ends a run when what there is to keep has happened.
func (r *recorder) over() bool {
	return r.nowNanos > r.endNanos+afterNanos && (r.until == 0 || r.nowNanos > r.until)
}

// record runs the case a second time and keeps its events.
func (t *teller) record() error {
	tc, err := trial.NewCase(t.c.Scenario, t.c.Seed)
	if err != nil {
		return err
	}
	half := max(t.options.KeepEvents/2, 1)
	r := recorder{
		control: ring{limit: half}, bulk: ring{limit: half},
		fromNanos: t.options.FromNanos, until: t.options.ToNanos, endNanos: t.endNanos,
	}
	tc.Observe, tc.Unchecked = r.observe, true
	tc.Run.Until = r.over
	if _, err := t.trial.Run(tc); err != nil {
		return err
	}
	t.ran()
	t.story.Recording.Total = r.position
	t.takeRecording(&r)
	return nil
}

// takeRecording merges what was kept into the order of the run.
func (t *teller) takeRecording(r *recorder) {
	to := &t.story.Recording
	i, j := 0, 0
	for i < len(r.control.events) || j < len(r.bulk.events) {
		kept, at := &r.bulk, &j
		if j == len(r.bulk.events) {
			kept, at = &r.control, &i
		} else if i < len(r.control.events) {
			_, first := r.control.at(i)
			if _, second := r.bulk.at(j); first < second {
				kept, at = &r.control, &i
			}
		}
		e, position := kept.at(*at)
		*at++
		to.Events, to.Positions = append(to.Events, *e), append(to.Positions, position)
	}
	for id := range t.trial.ActorCount() {
		to.Actors = append(to.Actors, t.trial.ActorName(sim.ActorID(id)))
		to.Nodes = append(to.Nodes, t.trial.NodeName(sim.ActorID(id)))
	}
	t.index.build(to)
}
