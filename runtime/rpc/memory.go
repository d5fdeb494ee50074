package rpc

import (
	"simrun/protocol"
	"simrun/sim"
)

// Memory is where the bodies of messages and the small parts of snapshots of one run lie:
// the next run gets it back. A body belongs to whoever it was sent to, and may be kept until
// the end of the run. What leads to state or to recorded data is not here: that must go
// when its checkpoint goes.
type Memory struct {
	Reports          sim.Slab[StateReport]
	Barriers         sim.Slab[protocol.Barrier]
	ChannelRequests  sim.Slab[ChannelRequest]
	ExternalRequests sim.Slab[ExternalRequest]

	Chains    sim.Slab[protocol.Chain] // of Received and Sent
	Positions sim.Slab[protocol.SplitPosition]
	Sinks     sim.Slab[protocol.TransactionState]
	Contents  sim.Slab[TransactionContent]
	Next      sim.Slab[int32] // of NextChannel
}

// Reset takes everything back: the run is over.
func (m *Memory) Reset() {
	m.Reports.Reset()
	m.Barriers.Reset()
	m.ChannelRequests.Reset()
	m.ExternalRequests.Reset()
	m.Chains.Reset()
	m.Positions.Reset()
	m.Sinks.Reset()
	m.Contents.Reset()
	m.Next.Reset()
}
