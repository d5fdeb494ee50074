package checkers

import "simrun/protocol"

// rememberedPoints bounds for how many completed checkpoints the channels' positions are
// kept: a restore takes the newest one, or one of the few that are retained.
const rememberedPoints = 8

// unknownStart is the start of a channel whose checkpoint nobody showed.
const unknownStart int64 = -1

// channelStart is where the elements of a channel go on after a restore. The sender sends
// its recorded output again and goes on; the receiver takes its recorded input first:
//
//	      received          sent by receiver's input   by sender's output     new
//	0 ───────────────▶ applied ──────▶ sender ─────────────▶ Sent ─────────────▶
type channelStart struct {
	sender   int64 // first element that the sender sends again
	receiver int64 // first element that the receiver takes, by the sender's count
	applied  int64 // what the receiver had applied, by its own count
}

// pointStarts keeps the channelStarts of the last completed checkpoints, in a ring.
type pointStarts struct {
	ids    [rememberedPoints]protocol.CheckpointID
	starts [rememberedPoints][]channelStart // by link
	next   int
	links  int
}

func (p *pointStarts) reset(links int) {
	p.ids, p.next, p.links = [rememberedPoints]protocol.CheckpointID{}, 0, links
}

// keep notes where every channel would go on from point.
func (p *pointStarts) keep(point *protocol.RecoveryPoint, links []protocol.ChannelLink) {
	slot := p.next
	p.next = (p.next + 1) % rememberedPoints
	p.ids[slot] = point.Checkpoint
	p.starts[slot] = resized(p.starts[slot], len(links))
	for i, l := range links {
		p.starts[slot][i] = startOf(point, l)
	}
}

func startOf(point *protocol.RecoveryPoint, l protocol.ChannelLink) channelStart {
	if int(l.Sender) >= len(point.Tasks) || int(l.Receiver) >= len(point.Tasks) {
		return channelStart{unknownStart, unknownStart, unknownStart}
	}
	s, r := &point.Tasks[l.Sender], &point.Tasks[l.Receiver]
	if int(l.SenderChannel) >= len(s.Sent) || int(l.ReceiverChannel) >= len(r.Received) {
		return channelStart{unknownStart, unknownStart, unknownStart}
	}
	sender := s.Sent[l.SenderChannel].Count - recorded(s.OutputState, l.SenderChannel)
	return channelStart{
		sender:   sender,
		receiver: sender - recorded(r.InputState, l.ReceiverChannel),
		applied:  r.Received[l.ReceiverChannel].Count,
	}
}

func recorded(state [][]uint64, channel protocol.ChannelIndex) int64 {
	if int(channel) >= len(state) {
		return 0
	}
	return int64(len(state[channel]))
}

// at is where link goes on after a restore from id.
func (p *pointStarts) at(id protocol.CheckpointID, link int32) channelStart {
	if id == protocol.NoCheckpoint {
		return channelStart{}
	}
	for slot := range p.ids {
		if p.ids[slot] == id {
			return p.starts[slot][link]
		}
	}
	return channelStart{unknownStart, unknownStart, unknownStart}
}

// StartOf is where link goes on in attempt.
func (h *History) startOf(attempt protocol.Attempt, link int32) channelStart {
	restored, _ := h.RestoredFrom(attempt)
	return h.points.at(restored, link)
}
