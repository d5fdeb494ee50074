package story

import (
	"cmp"
	"slices"
	"strings"

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
	witnesses := t.witnesses()
	t.noteSort(witnesses)
	t.subjects()
	t.takeSnapshots()
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
	for i := range t.story.Recording.Events {
		e := &t.story.Recording.Events[i]
		t.failed = t.failed || protocol.EventKind(e.Kind) == protocol.TaskFailed && e.TimeNanos <= t.endNanos
	}
	for _, at := range witnesses {
		switch kind := protocol.EventKind(t.story.Recording.Events[at].Kind); kind {
		case protocol.TransactionOpened, protocol.TransactionPreCommitted, protocol.TransactionCommitted,
			protocol.TransactionAborted, protocol.TransactionRecovered, protocol.TransactionTimedOut,
			protocol.OutputVisible:
			t.sinkStory = true
		default:
			t.bufferStory = t.bufferStory || kind.Bulky() && t.story.Verdict != result.Stuck
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
// the barrier for which a task did not wait, or the completion for which a sink did not.
func (t *teller) contrast(e *sim.Event) bool {
	switch protocol.EventKind(e.Kind) {
	case protocol.BarrierConsumed:
		return t.story.Cut != nil && slices.Contains(t.subject.links, t.linkOf(e)) && t.aboutCheckpoint(e)
	case protocol.TransactionCommitted:
		return t.story.Finding.Class == "committed-early" &&
			slices.Contains(t.subject.transactions, protocol.TransactionID(e.Args[1]))
	case protocol.CheckpointCompleted, protocol.MetadataStored:
		early := t.story.Finding.Class == "committed-early" ||
			strings.HasSuffix(t.story.Finding.Signature, "/notify-after-completion")
		return early && t.aboutCheckpoint(e)
	}
	return false
}

func ofBuffers(e *sim.Event) bool { return protocol.EventKind(e.Kind).Bulky() }

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
	order = order[:t.worthTelling(order, found)]
	slices.Sort(order)
	for _, i := range order {
		t.story.Moments = append(t.story.Moments, found[i].Moment)
	}
}

// enough moments need no details to fill up.
const enough = 6

// worthTelling is how many of the moments, the most worthy first, are told.
func (t *teller) worthTelling(order []int, found []candidate) int {
	told := min(len(order), t.options.Moments)
	for told > enough && found[order[told-1]].worth < beside {
		told--
	}
	return told
}

// takeSnapshots takes what the checkpoint of the violation holds.
func (t *teller) takeSnapshots() {
	newest := protocol.NoCheckpoint
	for _, row := range t.snapshots {
		if slices.Contains(t.subject.checkpoints, row.Checkpoint) {
			newest = max(newest, row.Checkpoint)
		}
	}
	for _, row := range t.snapshots {
		if row.Checkpoint == newest && newest != protocol.NoCheckpoint {
			t.story.Snapshots = append(t.story.Snapshots, row)
		}
	}
}

// How many events back a cause may be: told in words, drawn as an arrow.
const (
	far  = 4096
	near = 8
)

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
			from := t.index.origin(event, far, func(at int) bool { _, ok := told[at]; return ok })
			if from >= 0 && told[from] < m {
				add(&moment.Because, told[from])
			}
		}
		if len(moment.Because) == 0 {
			t.blameFault(m)
		}
		slices.Sort(moment.Because)
	}
}

// blameFault takes the latest fault for the cause of a failure that has no other: a
// connection broke, or a machine was gone, which no message tells.
func (t *teller) blameFault(m int) {
	r := &t.story.Recording
	first := func(m int) *sim.Event { return &r.Events[t.story.Moments[m].Events[0]] }
	switch protocol.EventKind(first(m).Kind) {
	case protocol.TaskFailed, protocol.JobRestarting, protocol.LeaderElected, protocol.HeartbeatTimedOut:
	default:
		return
	}
	for before := m - 1; before >= 0; before-- {
		if protocol.EventKind(first(before).Kind) == protocol.FaultInjected {
			add(&t.story.Moments[m].Because, before)
			return
		}
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
