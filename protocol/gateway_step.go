package protocol

import (
	"fmt"
	"slices"
)

// NewEventGateways returns open gateways to the subtasks 0..subtasks-1.
func NewEventGateways(subtasks int) *EventGateways {
	return &EventGateways{subtasks: make([]subtaskGateway, subtasks)}
}

// Held is the number of events that wait for the gateway to a subtask to open.
func (g *EventGateways) Held(subtask int) int { return len(g.subtasks[subtask].held) }

// Unconfirmed is the number of events on their way.
func (g *EventGateways) Unconfirmed() int { return len(g.unconfirmed) }

// Step takes one input and appends its effects to out.
func (g *EventGateways) Step(in GatewayInput, out *GatewayEffects) {
	switch in.Kind {
	case GatewaySend:
		g.send(in.Subtask, in.Event, out)
	case GatewayConfirmed:
		g.confirmed(in.Subtask, in.Event, out)
	case GatewayLost:
		g.lost(in.Subtask, in.Event, out)
	case GatewayMark:
		g.mark(in.Checkpoint)
	case GatewayClose:
		g.close(in.Checkpoint, out)
	case GatewaySubtaskAcked:
		g.open(in.Subtask, in.Checkpoint, out)
	case GatewayCheckpointAborted:
		g.abort(in.Checkpoint, out)
	case GatewaySubtaskReset:
		g.resetSubtask(in.Subtask, out)
	case GatewayReset:
		g.reset()
	default:
		panic(fmt.Sprintf("event gateways: input kind %d of checkpoint %d", in.Kind, in.Checkpoint))
	}
}

// send lets the event through, or holds it back for the last checkpoint that closed the
// gateway.
func (g *EventGateways) send(subtask int, event OperatorEvent, out *GatewayEffects) {
	g.lastSent = max(g.lastSent, event)
	s := &g.subtasks[subtask]
	if n := len(s.closed); n > 0 && g.Bug != BugGatewayStaysOpen {
		s.held = append(s.held, heldEvent{s.closed[n-1], event})
		return
	}
	g.deliver(subtask, event, out)
}

func (g *EventGateways) deliver(subtask int, event OperatorEvent, out *GatewayEffects) {
	g.unconfirmed = append(g.unconfirmed, sentEvent{subtask, event})
	out.Add(GatewayEffect{Kind: DeliverEvent, Subtask: subtask, Event: event})
}

func (g *EventGateways) confirmed(subtask int, event OperatorEvent, out *GatewayEffects) {
	if g.settle(subtask, event) {
		g.finishSnapshots(out)
	}
}

// settle takes the event off the unconfirmed ones; false: it was not on the way (a
// repeated answer, or one from before a reset).
func (g *EventGateways) settle(subtask int, event OperatorEvent) bool {
	at := slices.Index(g.unconfirmed, sentEvent{subtask, event})
	if at < 0 {
		return false
	}
	g.unconfirmed = slices.Delete(g.unconfirmed, at, at+1)
	return true
}

// lost fails the subtask, and the snapshots that say that the event was sent.
func (g *EventGateways) lost(subtask int, event OperatorEvent, out *GatewayEffects) {
	if !g.settle(subtask, event) {
		return
	}
	out.Add(GatewayEffect{Kind: FailSubtask, Subtask: subtask, Event: event})
	g.failSnapshots(event, out)
	g.finishSnapshots(out)
}

func (g *EventGateways) failSnapshots(event OperatorEvent, out *GatewayEffects) {
	g.waiting = slices.DeleteFunc(g.waiting, func(w gatewaySnapshot) bool {
		if w.last < event {
			return false
		}
		out.Add(GatewayEffect{Kind: CoordinatorSnapshotFailed, Checkpoint: w.checkpoint})
		return true
	})
}

func (g *EventGateways) finishSnapshots(out *GatewayEffects) {
	g.waiting = slices.DeleteFunc(g.waiting, func(w gatewaySnapshot) bool {
		if g.hasOutstanding(w.last) {
			return false
		}
		out.Add(GatewayEffect{Kind: CoordinatorSnapshotted, Checkpoint: w.checkpoint})
		return true
	})
}

func (g *EventGateways) hasOutstanding(last OperatorEvent) bool {
	for _, sent := range g.unconfirmed {
		if sent.event <= last {
			return true
		}
	}
	for i := range g.subtasks {
		held := g.subtasks[i].held
		if len(held) > 0 && held[0].event <= last {
			return true
		}
	}
	return false
}

// mark remembers the checkpoint, so that an abort that comes before the coordinator's
// snapshot keeps the gateways open.
func (g *EventGateways) mark(id CheckpointID) {
	if id > g.latest {
		g.latest = id
		g.marked = append(g.marked, id)
	}
}

func (g *EventGateways) unmark(id CheckpointID) (marked bool) {
	at := slices.Index(g.marked, id)
	if at < 0 {
		return false
	}
	g.marked = slices.Delete(g.marked, at, at+1)
	return true
}

// close closes all gateways; the snapshot is done as soon as what was sent before has
// arrived, including what is held back for an earlier checkpoint.
func (g *EventGateways) close(id CheckpointID, out *GatewayEffects) {
	if !g.unmark(id) {
		out.Add(GatewayEffect{Kind: CoordinatorSnapshotFailed, Checkpoint: id})
		return
	}
	for i := range g.subtasks {
		g.subtasks[i].closed = append(g.subtasks[i].closed, id)
	}
	g.waiting = append(g.waiting, gatewaySnapshot{id, g.lastSent})
	g.finishSnapshots(out)
}

// open lets go what waits for the checkpoint, unless an earlier one still keeps the
// gateway closed: then it waits for that.
func (g *EventGateways) open(subtask int, id CheckpointID, out *GatewayEffects) {
	s := &g.subtasks[subtask]
	at := slices.Index(s.closed, id)
	if at < 0 {
		return
	}
	if at > 0 {
		s.wait(id, s.closed[at-1])
	} else {
		g.release(subtask, id, out)
	}
	s.closed = slices.Delete(s.closed, at, at+1)
}

func (s *subtaskGateway) wait(id, earlier CheckpointID) {
	for i := range s.held {
		if s.held[i].checkpoint == id {
			s.held[i].checkpoint = earlier
		}
	}
}

func (g *EventGateways) release(subtask int, id CheckpointID, out *GatewayEffects) {
	s := &g.subtasks[subtask]
	released := 0
	for released < len(s.held) && s.held[released].checkpoint == id {
		g.deliver(subtask, s.held[released].event, out)
		released++
	}
	s.held = slices.Delete(s.held, 0, released)
}

func (g *EventGateways) abort(id CheckpointID, out *GatewayEffects) {
	g.unmark(id)
	g.waiting = slices.DeleteFunc(g.waiting, func(w gatewaySnapshot) bool { return w.checkpoint == id })
	for i := range g.subtasks {
		g.open(i, id, out)
	}
}

// resetSubtask drops what the old attempt has not received, and fails the snapshots that
// say it was sent.
func (g *EventGateways) resetSubtask(subtask int, out *GatewayEffects) {
	s := &g.subtasks[subtask]
	for _, held := range s.held {
		g.failSnapshots(held.event, out)
	}
	s.held, s.closed = s.held[:0], s.closed[:0]
	g.unconfirmed = slices.DeleteFunc(g.unconfirmed, func(sent sentEvent) bool {
		if sent.subtask != subtask {
			return false
		}
		g.failSnapshots(sent.event, out)
		return true
	})
	g.finishSnapshots(out)
}

// reset opens everything and forgets what was on the way: coordinator and subtasks start
// from one checkpoint, in which no event is under way.
func (g *EventGateways) reset() {
	g.marked, g.waiting, g.unconfirmed = g.marked[:0], g.waiting[:0], g.unconfirmed[:0]
	for i := range g.subtasks {
		s := &g.subtasks[i]
		s.held, s.closed = s.held[:0], s.closed[:0]
	}
}
