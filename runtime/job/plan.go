package job

import (
	"simrun/protocol"
)

// Plan is a compiled Graph: chains of operators as vertices, their subtasks as tasks, and
// the channels between them. Everything is numbered densely; a Plan is never changed.
type Plan struct {
	Graph          *Graph
	Vertices       []Vertex
	Tasks          []Task // by TaskID
	Links          []protocol.ChannelLink
	MaxParallelism int
}

// Vertex is a chain of operators that run in one task (Flink: JobVertex).
type Vertex struct {
	ID          protocol.VertexID
	Name        string // ids of its nodes, joined by " -> "
	Nodes       []int  // in Graph.Nodes, head first
	Parallelism int
	FirstTask   protocol.TaskID
	Inputs      []Edge // one a gate, in the order of gates
	Outputs     []Edge // one a result partition, in their order
}

// Edge is an exchange between two vertices.
type Edge struct {
	Producer, Consumer protocol.VertexID
	Exchange           Exchange
	KeyBy              KeySelector
	// Partition is its position among the producer's outputs, Gate among the consumer's
	// inputs, FunctionInput the head function's input that it feeds.
	Partition, Gate, FunctionInput int
	// Unaligned: the edge supports unaligned barriers and channel state.
	Unaligned bool
}

// Task is one subtask of a vertex with its channels, each numbered flat over gates and
// over result partitions.
type Task struct {
	ID      protocol.TaskID
	Vertex  protocol.VertexID
	Subtask int
	Inputs  []Channel
	Outputs []Channel
}

// Channel is one end of a connection between two tasks.
type Channel struct {
	Peer        protocol.TaskID
	PeerChannel protocol.ChannelIndex
	// Port is the gate (of an input) or the result partition (of an output).
	Port int
	// Position is the channel's index within its port: the subpartition, for an output.
	Position int
}

// VertexOf is the vertex of a task.
func (p *Plan) VertexOf(t protocol.TaskID) *Vertex { return &p.Vertices[p.Tasks[t].Vertex] }

// IsSource reports whether the vertex begins with a source.
func (p *Plan) IsSource(v *Vertex) bool { return p.Graph.Nodes[v.Nodes[0]].Source != nil }

// SinkOf is the vertex's sink node, or nil.
func (p *Plan) SinkOf(v *Vertex) *Node {
	last := &p.Graph.Nodes[v.Nodes[len(v.Nodes)-1]]
	if last.Sink == nil {
		return nil
	}
	return last
}

// Compile chains the graph's operators and lays out its tasks and channels. Its error is
// a *GraphError that names the node.
func Compile(g *Graph, config *Config) (*Plan, error) {
	if err := check(g); err != nil {
		return nil, err
	}
	p := &Plan{Graph: g, MaxParallelism: maxParallelism(g, config)}
	if err := checkParallelism(g, p.MaxParallelism); err != nil {
		return nil, err
	}
	vertexOf := p.chain(g, config.Chaining)
	p.connect(g, vertexOf)
	p.layTasks()
	p.layChannels()
	return p, nil
}

// chain groups nodes into vertices and returns each node's vertex.
func (p *Plan) chain(g *Graph, enabled bool) []protocol.VertexID {
	consumers := make([]int, len(g.Nodes))
	for i := range g.Nodes {
		for _, in := range g.Nodes[i].Inputs {
			consumers[in.From]++
		}
	}
	vertexOf := make([]protocol.VertexID, len(g.Nodes))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if enabled && chainable(g, n, consumers) {
			v := vertexOf[n.Inputs[0].From]
			vertexOf[i] = v
			p.Vertices[v].Nodes = append(p.Vertices[v].Nodes, i)
			p.Vertices[v].Name += " -> " + n.ID
			continue
		}
		vertexOf[i] = protocol.VertexID(len(p.Vertices))
		p.Vertices = append(p.Vertices, Vertex{
			ID: vertexOf[i], Name: n.ID, Nodes: []int{i}, Parallelism: n.Parallelism,
		})
	}
	return vertexOf
}

// chainable follows Flink's StreamingJobGraphGenerator.isChainable: one forward input
// from a producer of the same parallelism that feeds nothing else.
func chainable(g *Graph, n *Node, consumers []int) bool {
	if n.NoChaining || len(n.Inputs) != 1 || n.Inputs[0].Exchange != Forward {
		return false
	}
	from := &g.Nodes[n.Inputs[0].From]
	return !from.NoChaining && from.Parallelism == n.Parallelism && consumers[n.Inputs[0].From] == 1
}

// connect makes the edges between vertices. An edge supports unaligned barriers if its
// exchange does and every other edge into the same vertex does too (Flink:
// StreamGraphGenerator.setFineGrainedUnalignedSupport).
func (p *Plan) connect(g *Graph, vertexOf []protocol.VertexID) {
	for i := range g.Nodes {
		head := p.Vertices[vertexOf[i]].Nodes[0] == i
		if !head {
			continue
		}
		unaligned := true
		for _, in := range g.Nodes[i].Inputs {
			unaligned = unaligned && in.Exchange.SupportsUnaligned() && !in.ForcedAligned
		}
		for _, in := range g.Nodes[i].Inputs {
			p.addEdge(Edge{
				Producer: vertexOf[in.From], Consumer: vertexOf[i], Exchange: in.Exchange,
				KeyBy: in.KeyBy, FunctionInput: in.Gate, Unaligned: unaligned,
			})
		}
	}
}

func (p *Plan) addEdge(e Edge) {
	producer, consumer := &p.Vertices[e.Producer], &p.Vertices[e.Consumer]
	e.Partition, e.Gate = len(producer.Outputs), len(consumer.Inputs)
	producer.Outputs = append(producer.Outputs, e)
	consumer.Inputs = append(consumer.Inputs, e)
}

func (p *Plan) layTasks() {
	for i := range p.Vertices {
		v := &p.Vertices[i]
		v.FirstTask = protocol.TaskID(len(p.Tasks))
		for s := range v.Parallelism {
			p.Tasks = append(p.Tasks, Task{ID: v.FirstTask + protocol.TaskID(s), Vertex: v.ID, Subtask: s})
		}
	}
}

// layChannels joins tasks along every edge: consumers in order of gate and producer
// subtask, so that a consumer's channel i of a gate comes from producer subtask i.
func (p *Plan) layChannels() {
	for i := range p.Vertices {
		for _, e := range p.Vertices[i].Outputs {
			consumer := &p.Vertices[e.Consumer]
			for s := range p.Vertices[i].Parallelism {
				for _, c := range targets(e.Exchange, s, consumer.Parallelism) {
					p.join(e, p.Vertices[i].FirstTask+protocol.TaskID(s), consumer.FirstTask+protocol.TaskID(c))
				}
			}
		}
	}
	p.numberInputs()
}

// targets are the consumer subtasks that producer subtask s may send to.
func targets(e Exchange, s, consumers int) []int {
	if e == Forward {
		return []int{s}
	}
	all := make([]int, consumers)
	for i := range all {
		all[i] = i
	}
	return all
}

func (p *Plan) join(e Edge, producer, consumer protocol.TaskID) {
	from, to := &p.Tasks[producer], &p.Tasks[consumer]
	position := 0
	for _, c := range from.Outputs {
		if c.Port == e.Partition {
			position++
		}
	}
	from.Outputs = append(from.Outputs, Channel{Peer: consumer, Port: e.Partition, Position: position})
	to.Inputs = append(to.Inputs, Channel{
		Peer: producer, Port: e.Gate, PeerChannel: protocol.ChannelIndex(len(from.Outputs) - 1),
	})
}

// numberInputs orders each task's inputs by gate and fixes both ends' cross references.
func (p *Plan) numberInputs() {
	for t := range p.Tasks {
		task := &p.Tasks[t]
		sortByGate(task.Inputs)
		position := make([]int, len(p.Vertices[task.Vertex].Inputs))
		for i := range task.Inputs {
			in := &task.Inputs[i]
			in.Position = position[in.Port]
			position[in.Port]++
			p.Tasks[in.Peer].Outputs[in.PeerChannel].PeerChannel = protocol.ChannelIndex(i)
			p.Links = append(p.Links, protocol.ChannelLink{
				Sender: in.Peer, SenderChannel: in.PeerChannel,
				Receiver: task.ID, ReceiverChannel: protocol.ChannelIndex(i),
			})
		}
	}
}

// sortByGate is a stable insertion sort: inputs of one gate keep the producers' order.
func sortByGate(in []Channel) {
	for i := 1; i < len(in); i++ {
		for k := i; k > 0 && in[k].Port < in[k-1].Port; k-- {
			in[k], in[k-1] = in[k-1], in[k]
		}
	}
}
