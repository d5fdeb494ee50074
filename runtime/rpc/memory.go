package rpc

import (
	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/sim"
)

// Memory is where the bodies of messages and the snapshots of one run lie: the next run
// gets it back. A body belongs to whoever it was sent to, and may be kept until the end of
// the run.
type Memory struct {
	Deployments      sim.Slab[Deployment]
	Restores         sim.Slab[Restore]
	Reports          sim.Slab[StateReport]
	Barriers         sim.Slab[protocol.Barrier]
	Acknowledgements sim.Slab[Acknowledgement]
	ChannelRequests  sim.Slab[ChannelRequest]
	ExternalRequests sim.Slab[ExternalRequest]

	Snapshots sim.Slab[TaskSnapshot]
	Chains    sim.Slab[protocol.Chain] // of Received and Sent
	Channels  sim.Slab[[]record.Piece] // of Input and Output
	Positions sim.Slab[protocol.SplitPosition]
	Sinks     sim.Slab[protocol.TransactionState]
	Contents  sim.Slab[TransactionContent]
	Next      sim.Slab[int32] // of NextChannel
}

// Reset takes everything back: the run is over.
func (m *Memory) Reset() {
	m.Deployments.Reset()
	m.Restores.Reset()
	m.Reports.Reset()
	m.Barriers.Reset()
	m.Acknowledgements.Reset()
	m.ChannelRequests.Reset()
	m.ExternalRequests.Reset()
	m.Snapshots.Reset()
	m.Chains.Reset()
	m.Channels.Reset()
	m.Positions.Reset()
	m.Sinks.Reset()
	m.Contents.Reset()
	m.Next.Reset()
}
