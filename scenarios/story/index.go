package story

import (
	"sort"

	"simrun/scenarios/result"
	"simrun/sim"
)

// index finds recorded events by their names, and what brought them about.
type index struct {
	recording *result.Recording
	byActor   [][]int // the actor's recorded events, in order
	place     []int   // by event: where it is in byActor
}

func (x *index) build(r *result.Recording) {
	x.recording = r
	x.byActor = make([][]int, len(r.Actors))
	x.place = make([]int, len(r.Events))
	for i := range r.Events {
		a := r.Events[i].Actor
		x.place[i] = len(x.byActor[a])
		x.byActor[a] = append(x.byActor[a], i)
	}
}

// find is the recorded event with that name, or the actor's latest one before it; -1 when
// there is none.
func (x *index) find(actor sim.ActorID, ordinal uint64) int {
	if actor < 0 || int(actor) >= len(x.byActor) {
		return -1
	}
	own := x.byActor[actor]
	n := sort.Search(len(own), func(i int) bool { return x.recording.Events[own[i]].Ordinal > ordinal })
	if n == 0 {
		return -1
	}
	return own[n-1]
}

// cause is the event that brought another one about by a message or a timer; -1: none
// that is known.
func (x *index) cause(event int) int {
	e := &x.recording.Events[event]
	if e.Cause.Actor == sim.NoActor {
		return -1
	}
	return x.find(e.Cause.Actor, e.Cause.Ordinal)
}

// before is the actor's own event before another of its events; -1: none.
func (x *index) before(event int) int {
	if at := x.place[event]; at > 0 {
		return x.byActor[x.recording.Events[event].Actor][at-1]
	}
	return -1
}

// sameHandling is the actor's own event before another one, while it handled the same
// message; -1: none.
func (x *index) sameHandling(event int) int {
	before := x.before(event)
	if before < 0 {
		return -1
	}
	e, b := &x.recording.Events[event], &x.recording.Events[before]
	if e.TimeNanos != b.TimeNanos || e.Cause != b.Cause || e.Cause.Actor == sim.NoActor {
		return -1
	}
	return before
}

// cone marks all that can have had an influence on the given events.
func (x *index) cone(of []int) []bool {
	inside := make([]bool, len(x.recording.Events))
	open := append([]int(nil), of...)
	for len(open) > 0 {
		event := open[len(open)-1]
		open = open[:len(open)-1]
		if event < 0 || inside[event] {
			continue
		}
		inside[event] = true
		open = append(open, x.cause(event), x.before(event))
	}
	return inside
}

// origin is the nearest event for which wanted holds on the way back from another one: by
// causes, and by what an actor did before while it handled the same message. -1: none
// within reach.
func (x *index) origin(event, reach int, wanted func(int) bool) int {
	seen := map[int]bool{event: true}
	open := []int{event}
	for len(open) > 0 && len(seen) <= reach {
		at := open[0]
		open = open[1:]
		for _, next := range [2]int{x.sameHandling(at), x.cause(at)} {
			if next < 0 || seen[next] {
				continue
			}
			if wanted(next) {
				return next
			}
			seen[next] = true
			open = append(open, next)
		}
	}
	return -1
}
