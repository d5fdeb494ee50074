package trace

import (
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// laneOf is an actor over all of its attempts: "counts[0]" for "counts[0]#1".
func laneOf(r *result.Recording, id sim.ActorID) string {
	name, _, _ := strings.Cut(r.Actors[id], "#")
	return name
}

// sentBy finds who sent what an event received: the position of its BufferSent, or of the
// snapshot with which the sender let a barrier go; -1 when it is not recorded. It must be
// fed every event, in order.
type senders struct {
	recording *result.Recording
	buffers   map[[3]int64]int // sender, its channel, sequence
	snapshots map[[2]int64]int // task, checkpoint
	links     map[[2]int64]protocol.ChannelLink
}

func newSenders(r *result.Recording) *senders {
	s := &senders{
		recording: r, buffers: map[[3]int64]int{}, snapshots: map[[2]int64]int{},
		links: map[[2]int64]protocol.ChannelLink{},
	}
	for _, l := range r.Links {
		s.links[[2]int64{int64(l.Receiver), int64(l.ReceiverChannel)}] = l
	}
	return s
}

// of notes what an event sends, and finds what it received; -1: nothing that is known.
func (s *senders) of(event int) int {
	e := &s.recording.Events[event]
	switch a := &e.Args; protocol.EventKind(e.Kind) {
	case protocol.BufferSent:
		s.buffers[[3]int64{a[0], a[1], a[2]}] = event
	case protocol.SnapshotStarted:
		s.snapshots[[2]int64{a[0], a[1]}] = event
	case protocol.BufferReceived:
		if l, known := s.links[[2]int64{a[0], a[1]}]; known {
			return found(s.buffers, [3]int64{int64(l.Sender), int64(l.SenderChannel), a[2]})
		}
	case protocol.BarrierConsumed:
		if l, known := s.links[[2]int64{a[0], a[1]}]; known {
			return found(s.snapshots, [2]int64{int64(l.Sender), a[2]})
		}
	}
	return -1
}

func found[K comparable](events map[K]int, key K) int {
	if event, known := events[key]; known {
		return event
	}
	return -1
}
