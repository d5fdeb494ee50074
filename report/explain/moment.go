package explain

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// sayer puts one kind of event into words. who takes part is in front of it, with s for
// the end of a verb of one person.
type sayer func(n *names, e *sim.Event, s string) string

// moment is one step of the story in words.
func (n *names) moment(m *result.Moment) string {
	e := &n.story.Recording.Events[m.Events[0]]
	kind := protocol.EventKind(e.Kind)
	if say := impersonal(kind); say != nil {
		return say(n, e)
	}
	who, many := n.who(m)
	s := "s"
	if many {
		s = ""
	}
	if len(m.Events) > 1 {
		if text := n.several(kind, m, s); text != "" {
			return who + " " + text
		}
	}
	for _, table := range []func(protocol.EventKind) sayer{ofSnapshot, ofNetwork, ofSink, ofRest} {
		if say := table(kind); say != nil {
			return who + " " + say(n, e, s)
		}
	}
	return who + ": " + protocol.EventText(kind, e.Args)
}

// note adds what the reader must know beside what happened.
func (p *page) note(m *result.Moment) string {
	if e := &p.story.Recording.Events[m.Events[0]]; e.TimeNanos > p.story.Finding.AtNanos &&
		p.story.Finding.Class != "" {
		return " (only now)"
	}
	return p.names.cutNote(m)
}

// cutNote adds to the snapshots on both sides of a broken cut what the sender and the
// receiver had done by then: the numbers that do not go together.
func (n *names) cutNote(m *result.Moment) string {
	cut := n.story.Cut
	if cut == nil {
		return ""
	}
	for _, at := range m.Events {
		e := &n.story.Recording.Events[at]
		if protocol.EventKind(e.Kind) != protocol.SnapshotStarted || e.Args[1] != int64(cut.Checkpoint) {
			continue
		}
		switch from, to := int64(cut.Link.Sender), int64(cut.Link.Receiver); e.Args[0] {
		case from:
			return fmt.Sprintf(" (%s has sent %d to %s)", n.task(from), cut.Sent, n.task(to))
		case to:
			return fmt.Sprintf(" (%s has processed %d of %s)", n.task(to), cut.Received, n.task(from))
		}
	}
	return ""
}

// several words a moment of more than one event, where the words of the first would say
// too much.
func (n *names) several(kind protocol.EventKind, m *result.Moment, s string) string {
	e := &n.story.Recording.Events[m.Events[0]]
	switch kind {
	case protocol.BarrierConsumed:
		return fmt.Sprintf("read%s barriers of checkpoint %d", s, e.Args[2])
	case protocol.ChannelBlocked:
		return fmt.Sprintf("block%s channels for checkpoint %d", s, e.Args[2])
	case protocol.ChannelResumed:
		return fmt.Sprintf("resume%s the channels", s)
	case protocol.InFlightPersisted:
		return fmt.Sprintf("record%s what is in flight, for checkpoint %d", s, e.Args[1])
	case protocol.InFlightRestored:
		return fmt.Sprintf("get%s back what checkpoint %d recorded in flight", s, e.Args[1])
	case protocol.CheckpointAcknowledged:
		var tasks []string
		for _, at := range m.Events {
			tasks = append(tasks, n.task(n.story.Recording.Events[at].Args[1]))
		}
		return fmt.Sprintf("hear%s that %s have checkpoint %d%s", s, list(tasks, 4), e.Args[0],
			acknowledgedAs(e.Args[3]))
	}
	if verb := severalTransactions[kind]; verb != "" {
		var ids []string
		for _, at := range m.Events {
			ids = append(ids, transaction(n.story.Recording.Events[at].Args[1]))
		}
		verb, object, _ := strings.Cut(verb, " ")
		return strings.TrimSpace(verb+s+" "+object) + " " + list(ids, 4)
	}
	return ""
}

// severalTransactions are the verbs of what happens to transactions, for more than one.
var severalTransactions = map[protocol.EventKind]string{
	protocol.TransactionOpened: "open", protocol.TransactionPreCommitted: "pre-commit",
	protocol.TransactionCommitted: "commit", protocol.TransactionAborted: "abort",
	protocol.TransactionRecovered: "recover", protocol.OutputVisible: "show readers",
}

// impersonal kinds are told without saying who.
func impersonal(kind protocol.EventKind) func(*names, *sim.Event) string {
	switch kind {
	case protocol.FaultInjected:
		return func(n *names, e *sim.Event) string { return "FAULT: " + n.fault(e.Args[0]) }
	case protocol.FaultHealed:
		return func(n *names, e *sim.Event) string { return "the fault is over: " + n.faultBriefly(e.Args[0]) }
	case protocol.JobRestored:
		return func(_ *names, e *sim.Event) string {
			return fmt.Sprintf("the job starts again %s (attempt %d)", restored(e.Args[1]), e.Args[0])
		}
	case protocol.CheckpointCompleted:
		return func(_ *names, e *sim.Event) string {
			return fmt.Sprintf("checkpoint %d is complete, last acknowledged %s after its trigger",
				e.Args[0], nanos(e.Args[1]))
		}
	case protocol.CheckpointAborted:
		return func(_ *names, e *sim.Event) string {
			return fmt.Sprintf("checkpoint %d is given up: %s", e.Args[0], protocol.FailureReason(e.Args[1]))
		}
	case protocol.CheckpointDiscarded:
		return func(_ *names, e *sim.Event) string { return fmt.Sprintf("checkpoint %d is discarded", e.Args[0]) }
	}
	return nil
}

// fault is one fault of the plan in its canonical text.
func (n *names) fault(index int64) string {
	if index < 0 || index >= int64(len(n.story.Faults)) {
		return fmt.Sprintf("number %d", index)
	}
	return n.story.Faults[index].Fault.String()
}

// faultBriefly is its verb and whom it strikes.
func (n *names) faultBriefly(index int64) string {
	if index < 0 || index >= int64(len(n.story.Faults)) {
		return fmt.Sprintf("number %d", index)
	}
	f := &n.story.Faults[index].Fault
	text := f.Kind.String() + " " + f.Targets[0]
	if f.Targets[1] != "" {
		text += " " + f.Targets[1]
	}
	return text
}

// ofSnapshot are the steps of checkpoints.
func ofSnapshot(kind protocol.EventKind) sayer {
	switch kind {
	case protocol.CheckpointTriggered:
		return one("trigger%s checkpoint %d", 0)
	case protocol.CheckpointAcknowledged:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("hear%s that %s has checkpoint %d%s", s, n.task(e.Args[1]), e.Args[0],
				acknowledgedAs(e.Args[3]))
		}
	case protocol.CheckpointNotified:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("learn%s that checkpoint %d is %s", s, e.Args[0],
				[]string{"complete", "aborted"}[e.Args[2]&1])
		}
	case protocol.BarrierConsumed:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("read%s barrier %d from %s", s, e.Args[2], n.peer(e.Args[0], e.Args[1], false))
		}
	case protocol.AlignmentStarted:
		return one("begin%s to align checkpoint %d", 1)
	case protocol.AlignmentEnded:
		return one("end%s aligning checkpoint %d", 1)
	case protocol.SnapshotStarted:
		return one("take%s the snapshot of checkpoint %d", 1)
	case protocol.SnapshotDone:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("finish%s the snapshot of checkpoint %d (%s)", plural(s), e.Args[1], size(e.Args[2]))
		}
	case protocol.SwitchedToUnaligned:
		return one("wait%s no longer: checkpoint %d goes on unaligned", 1)
	case protocol.InFlightPersisted:
		return inFlight("record%s %s in flight %s %s for checkpoint %d")
	case protocol.InFlightRestored:
		return inFlight("get%s back %s in flight %s %s from checkpoint %d")
	case protocol.CheckpointDeclinedByTask:
		return func(_ *names, e *sim.Event, s string) string {
			return fmt.Sprintf("decline%s checkpoint %d: %s", s, e.Args[1], protocol.FailureReason(e.Args[2]))
		}
	case protocol.SpanningRecordAtCut:
		return func(n *names, e *sim.Event, s string) string {
			return fmt.Sprintf("stand%s inside a record from %s at the cut of checkpoint %d", s,
				n.peer(e.Args[0], e.Args[2], false), e.Args[1])
		}
	}
	return nil
}

// one says a sentence with one argument of the event.
func one(format string, argument int) sayer {
	return func(_ *names, e *sim.Event, s string) string { return fmt.Sprintf(format, s, e.Args[argument]) }
}

// plural is the ending of verbs such as finish.
func plural(s string) string {
	if s == "" {
		return ""
	}
	return "es"
}

func inFlight(format string) sayer {
	return func(n *names, e *sim.Event, s string) string {
		way := []string{"from", "to"}[e.Args[2]&1]
		return fmt.Sprintf(format, s, size(e.Args[4]), way, n.peer(e.Args[0], e.Args[3], e.Args[2] == 1), e.Args[1])
	}
}

// acknowledgedAs says what became of an acknowledgement that was not taken.
func acknowledgedAs(verdict int64) string {
	switch verdict {
	case 1:
		return " (again)"
	case 2:
		return " (which it does not know)"
	case 3:
		return " (too late)"
	}
	return ""
}
