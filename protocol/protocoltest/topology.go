package protocoltest

import "simrun/protocol"

// Topology is a small acyclic job: what a run is played on.
type Topology struct {
	Name  string
	Links []Link
	// Inputs and Outputs are the indices into Links of each task's channels, by TaskID
	// and then by ChannelIndex. A task without inputs is a source.
	Inputs, Outputs [][]int
	// Records is how many records each source emits.
	Records int
}

// Link is one channel.
type Link struct {
	protocol.ChannelLink
	// UnalignedSupported is false for edges that carry barriers forced-aligned.
	UnalignedSupported bool
}

// newTopology has tasks 0 to tasks-1 and no channels.
func newTopology(name string, tasks, records int) *Topology {
	return &Topology{
		Name: name, Records: records,
		Inputs: make([][]int, tasks), Outputs: make([][]int, tasks),
	}
}

// connect joins every sender with every receiver.
func (p *Topology) connect(senders, receivers []protocol.TaskID, unalignedSupported bool) {
	for _, receiver := range receivers {
		for _, sender := range senders {
			p.link(sender, receiver, unalignedSupported)
		}
	}
}

func (p *Topology) link(sender, receiver protocol.TaskID, unalignedSupported bool) {
	at := len(p.Links)
	p.Links = append(p.Links, Link{
		ChannelLink: protocol.ChannelLink{
			Sender: sender, SenderChannel: protocol.ChannelIndex(len(p.Outputs[sender])),
			Receiver: receiver, ReceiverChannel: protocol.ChannelIndex(len(p.Inputs[receiver])),
		},
		UnalignedSupported: unalignedSupported,
	})
	p.Outputs[sender] = append(p.Outputs[sender], at)
	p.Inputs[receiver] = append(p.Inputs[receiver], at)
}

// Topologies are the jobs that every protocol must survive: a pipeline, an operator with
// two gates, keyed exchanges over three stages, and one whose first exchange does not
// support unaligned barriers.
func Topologies() []*Topology {
	return []*Topology{pipeline(), join(), keyed(), forced()}
}

// tiny is small enough to enumerate.
func tiny() *Topology {
	p := newTopology("tiny", 3, 1)
	p.connect([]protocol.TaskID{0, 1}, []protocol.TaskID{2}, true)
	return p
}

func pipeline() *Topology {
	p := newTopology("pipeline", 3, 6)
	p.link(0, 1, true)
	p.link(1, 2, true)
	return p
}

// join: two sources, a third one at the second gate, and a sink.
func join() *Topology {
	p := newTopology("join", 5, 4)
	p.connect([]protocol.TaskID{0, 1}, []protocol.TaskID{3}, true)
	p.link(2, 3, true)
	p.link(3, 4, true)
	return p
}

func keyed() *Topology {
	p := newTopology("keyed", 6, 5)
	p.connect([]protocol.TaskID{0, 1}, []protocol.TaskID{2, 3}, true)
	p.connect([]protocol.TaskID{2, 3}, []protocol.TaskID{4, 5}, true)
	return p
}

func forced() *Topology {
	p := newTopology("forced", 6, 4)
	p.link(0, 2, false)
	p.link(1, 2, false)
	p.link(1, 3, false)
	p.connect([]protocol.TaskID{2, 3}, []protocol.TaskID{4, 5}, true)
	return p
}

func (p *Topology) channelLinks() []protocol.ChannelLink {
	links := make([]protocol.ChannelLink, len(p.Links))
	for i := range p.Links {
		links[i] = p.Links[i].ChannelLink
	}
	return links
}
