package story

import (
	"cmp"
	"slices"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// candidate is a moment that may be told.
type candidate struct {
	result.Moment
	worth int
}

// slice picks, of all that led to the violation, what is worth telling.
func (t *teller) slice() {
	t.subjects()
	witnesses := t.witnesses()
	t.noteSort(witnesses)
	t.pick(t.candidates(witnesses))
	t.linkMoments()
	t.tellFaults()
	t.lanes()
	t.cuts()
	t.arrows()
}

// witnesses are the recorded events that prove the violation.
func (t *teller) witnesses() []int {
	var events []int
	for _, w := range t.witness {
		if at := t.exactly(w); at >= 0 {
			events = append(events, at)
		}
	}
	return events
}

// noteSort says which sort of story it is, by the witnesses: of buffers, of transactions.
func (t *teller) noteSort(witnesses []int) {
	for _, at := range witnesses {
		switch kind := protocol.EventKind(t.story.Recording.Events[at].Kind); kind {
		case protocol.TransactionOpened, protocol.TransactionPreCommitted, protocol.TransactionCommitted,
			protocol.TransactionAborted, protocol.TransactionRecovered, protocol.TransactionTimedOut,
			protocol.OutputVisible:
			t.sinkStory = true
		default:
			t.bufferStory = t.bufferStory || bulky(kind)
		}
	}
}

// candidates are what can have led to the violation, folded, in the order of the run.
func (t *teller) candidates(witnesses []int) []candidate {
	inside := t.index.cone(witnesses)
	all := len(witnesses) == 0 || t.story.Verdict == result.Stuck
	rare := t.lastOfBuffers()
	var found []candidate
	for i := range t.story.Recording.Events {
		e := &t.story.Recording.Events[i]
		c := candidate{result.Moment{Events: []int{i}}, t.worth(e)}
		if slices.Contains(witnesses, i) {
			c.worth, c.Witness = certain, true
		}
		late := e.TimeNanos > t.endNanos && !t.contrast(e)
		unrelated := !all && !inside[i] && c.worth < beside+10
		if c.worth == 0 || late || unrelated || !c.Witness && ofBuffers(e) && !rare[i] {
			continue
		}
		found = t.fold(found, c)
	}
	return found
}

// contrast: what comes after the violation and shows what should have come before it, as
// the barrier for which a task did not wait.
func (t *teller) contrast(e *sim.Event) bool {
	return t.story.Cut != nil && protocol.EventKind(e.Kind) == protocol.BarrierConsumed &&
		slices.Contains(t.subject.links, t.linkOf(e)) && t.aboutCheckpoint(e)
}

func ofBuffers(e *sim.Event) bool { return bulky(protocol.EventKind(e.Kind)) }

// lastOfBuffers marks the last two events of each kind before the violation, of those that
// there are by the thousand.
func (t *teller) lastOfBuffers() []bool {
	r := &t.story.Recording
	marked := make([]bool, len(r.Events))
	var seen [protocol.EventKinds]int
	for i := len(r.Events) - 1; i >= 0; i-- {
		e := &r.Events[i]
		if e.TimeNanos > t.endNanos || !ofBuffers(e) || t.worth(e) == 0 {
			continue
		}
		if seen[e.Kind] < 2 {
			seen[e.Kind]++
			marked[i] = true
		}
	}
	return marked
}

// fold adds a moment, or lets it be one with an earlier one of the same kind: what several
// subtasks do alike is told once, as long as nothing that they did in between is lost.
func (t *teller) fold(found []candidate, c candidate) []candidate {
	const look = 4
	event := c.Events[0]
	for i := len(found) - 1; i >= max(len(found)-look, 0) && !c.Witness; i-- {
		m := &found[i]
		if !m.Witness && t.alike(m.Events[len(m.Events)-1], event) {
			m.Events, m.worth = append(m.Events, event), max(m.worth, c.worth)
			return found
		}
		if t.sameLane(m.Events, event) {
			break
		}
	}
	return append(found, c)
}

// foldNanos is how far apart events are that may be told as one.
const foldNanos = 10e6

// alike: the same happened, to the same checkpoint or the same transaction's state.
func (t *teller) alike(a, b int) bool {
	x, y := &t.story.Recording.Events[a], &t.story.Recording.Events[b]
	if x.Kind != y.Kind || y.TimeNanos-x.TimeNanos > foldNanos {
		return false
	}
	for i, name := range protocol.EventKind(x.Kind).ArgNames() {
		switch name {
		case "checkpoint", "verdict", "reason", "attempt", "side", "what", "fault", "hard":
			if x.Args[i] != y.Args[i] {
				return false
			}
		}
	}
	return true
}

func (t *teller) sameLane(events []int, event int) bool {
	own := t.laneOf(event)
	return slices.ContainsFunc(events, func(other int) bool { return t.laneOf(other) == own })
}

// pick takes the most worthy moments, the later ones first among equals, and puts them
// into the order of the run.
func (t *teller) pick(found []candidate) {
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(found[b].worth, found[a].worth), cmp.Compare(b, a))
	})
	order = order[:min(len(order), t.options.Moments)]
	slices.Sort(order)
	for _, i := range order {
		t.story.Moments = append(t.story.Moments, found[i].Moment)
	}
}

// linkMoments finds, for each moment, those that brought it about.
func (t *teller) linkMoments() {
	told := map[int]int{}
	for m := range t.story.Moments {
		for _, event := range t.story.Moments[m].Events {
			told[event] = m
		}
	}
	for m := range t.story.Moments {
		moment := &t.story.Moments[m]
		for _, event := range moment.Events {
			from := t.index.origin(event, func(at int) bool { _, ok := told[at]; return ok })
			if from >= 0 && told[from] != m {
				add(&moment.Because, told[from])
			}
		}
		slices.Sort(moment.Because)
	}
}

// tellFaults says of each fault of the plan what became of it.
func (t *teller) tellFaults() {
	s := &t.story
	for _, f := range t.c.Scenario.Faults {
		s.Faults = append(s.Faults, result.FaultTold{Fault: f})
	}
	for i := range s.Recording.Events {
		e := &s.Recording.Events[i]
		if e.Args[0] < 0 || int(e.Args[0]) >= len(s.Faults) {
			continue
		}
		switch f := &s.Faults[e.Args[0]]; protocol.EventKind(e.Kind) {
		case protocol.FaultInjected:
			f.Struck, f.StruckNanos, f.BeforeFinding = true, e.TimeNanos, e.TimeNanos <= t.endNanos
		case protocol.FaultHealed:
			f.Healed, f.HealedNanos = true, e.TimeNanos
		}
	}
}
