package explain

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/report/units"
	"simrun/scenarios/result"
	"simrun/sim"
)

// names puts the ids of a story into words. A subtask is named by the operator that heads
// its chain: "counts[0]" for "counts -> topic[0]".
type names struct{ story *result.Story }

func newNames(s *result.Story) *names { return &names{s} }

func (n *names) task(id int64) string {
	if id < 0 || id >= int64(len(n.story.Recording.Tasks)) {
		return "the job"
	}
	return headOf(n.story.Recording.Tasks[id])
}

// headOf shortens the name of a chain's subtask to that of its first operator.
func headOf(task string) string {
	head, rest, chain := strings.Cut(task, " -> ")
	if !chain {
		return task
	}
	if at := strings.LastIndexByte(rest, '['); at >= 0 {
		return head + rest[at:]
	}
	return head
}

// actor is who did it, over all attempts.
func (n *names) actor(id sim.ActorID) string {
	name, _, _ := strings.Cut(n.story.Recording.Actors[id], "#")
	return headOf(name)
}

func (n *names) sink(id int64) string {
	if id >= 0 && id < int64(len(n.story.Recording.Sinks)) && n.story.Recording.Sinks[id] != "" {
		return n.story.Recording.Sinks[id]
	}
	return "the sink"
}

// peer is the subtask at the other end of a channel.
func (n *names) peer(task, channel int64, sending bool) string {
	for i := range n.story.Recording.Links {
		l := &n.story.Recording.Links[i]
		if sending && int64(l.Sender) == task && int64(l.SenderChannel) == channel {
			return n.task(int64(l.Receiver))
		}
		if !sending && int64(l.Receiver) == task && int64(l.ReceiverChannel) == channel {
			return n.task(int64(l.Sender))
		}
	}
	return fmt.Sprintf("channel %d", channel)
}

func transaction(id int64) string { return protocol.TransactionID(id).String() }

func nanos(n int64) string { return units.Nanos(float64(n)) }

func size(n int64) string { return units.Bytes(float64(n)) }

// count is "1 record", "2 records".
func count(n int64, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

func either(condition bool, yes, no string) string {
	if condition {
		return yes
	}
	return no
}

// who names those who take part in a moment, and says whether it is more than one.
func (n *names) who(m *result.Moment) (text string, many bool) {
	var found []string
	seen := map[string]bool{}
	for _, at := range m.Events {
		if name := n.whoOf(&n.story.Recording.Events[at]); !seen[name] {
			seen[name] = true
			found = append(found, name)
		}
	}
	return list(found, 4), len(found) > 1
}

// whoOf is whose doing an event is.
func (n *names) whoOf(e *sim.Event) string {
	switch protocol.EventKind(e.Kind) {
	case protocol.TaskFailed, protocol.TaskDeployed:
		return n.task(e.Args[0])
	}
	return n.actor(e.Actor)
}

// restored is "checkpoint 3", or that there was none.
func restored(id int64) string {
	if protocol.CheckpointID(id) == protocol.NoCheckpoint {
		return "from scratch"
	}
	return fmt.Sprintf("from checkpoint %d", id)
}
