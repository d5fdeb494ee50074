package job

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
)

func compiled(t require.TestingT, config Config, nodes ...Node) *Plan {
	p, err := Compile(&Graph{Name: "test", Nodes: nodes}, &config)
	require.NoError(t, err)
	return p
}

func names(p *Plan) []string {
	var all []string
	for i := range p.Vertices {
		all = append(all, p.Vertices[i].Name)
	}
	return all
}

func TestForwardPipelinesAreChainedAndNothingElseIs(t *testing.T) {
	forward := func(from int) Input { return Input{From: from, Exchange: Forward} }
	unchained := operatorNode("b", 2, forward(0))
	unchained.NoChaining = true
	for name, c := range map[string]struct {
		off    bool
		nodes  []Node
		wanted []string
	}{
		"a pipeline": {
			nodes:  []Node{sourceNode("a", 2), operatorNode("b", 2, forward(0)), sinkNode("c", 2, forward(1))},
			wanted: []string{"a -> b -> c"},
		},
		"switched off": {
			off:    true,
			nodes:  []Node{sourceNode("a", 2), operatorNode("b", 2, forward(0))},
			wanted: []string{"a", "b"},
		},
		"exchanges that repartition": {
			nodes: []Node{sourceNode("a", 2), operatorNode("b", 2, Input{Exchange: Keyed}),
				operatorNode("c", 2, Input{From: 1, Exchange: Rebalance}), operatorNode("d", 2, Input{From: 2, Exchange: Broadcast})},
			wanted: []string{"a", "b", "c", "d"},
		},
		"an operator that will not": {
			nodes:  []Node{sourceNode("a", 2), unchained, operatorNode("c", 2, forward(1))},
			wanted: []string{"a", "b", "c"},
		},
		"a producer of two": {
			nodes:  []Node{sourceNode("a", 2), operatorNode("b", 2, forward(0)), operatorNode("c", 2, forward(0))},
			wanted: []string{"a", "b", "c"},
		},
		"a consumer of two": {
			nodes:  []Node{sourceNode("a", 2), sourceNode("b", 2), operatorNode("c", 2, forward(0), forward(1))},
			wanted: []string{"a", "b", "c"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := compiled(t, Config{Chaining: !c.off}, c.nodes...)
			require.Equal(t, c.wanted, names(p))
		})
	}
}

// FLINK-21945: one edge without channel state makes its whole vertex align.
func TestVertexSupportsUnalignedOnlyIfAllItsInputsDo(t *testing.T) {
	for name, c := range map[string]struct {
		inputs []Input
		wanted bool
	}{
		"keyed":                {[]Input{{Exchange: Keyed}}, true},
		"rebalance":            {[]Input{{Exchange: Rebalance}}, true},
		"forward":              {[]Input{{Exchange: Forward}}, false},
		"broadcast":            {[]Input{{Exchange: Broadcast}}, false},
		"keyed and broadcast":  {[]Input{{Exchange: Keyed}, {Exchange: Broadcast, Gate: 1}}, false},
		"broadcast and keyed":  {[]Input{{Exchange: Broadcast}, {Exchange: Keyed, Gate: 1}}, false},
		"keyed and rebalanced": {[]Input{{Exchange: Keyed}, {Exchange: Rebalance, Gate: 1}}, true},
		"forced aligned":       {[]Input{{Exchange: Rebalance, ForcedAligned: true}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := compiled(t, Config{}, sourceNode("a", 2), operatorNode("b", 2, c.inputs...))
			require.Len(t, p.Vertices[0].Outputs, len(c.inputs))
			require.Equal(t, p.Vertices[0].Outputs, p.Vertices[1].Inputs)
			for i, e := range p.Vertices[1].Inputs {
				require.Equal(t, c.wanted, e.Unaligned)
				require.Equal(t, [3]int{i, i, c.inputs[i].Gate}, [3]int{e.Partition, e.Gate, e.FunctionInput})
			}
		})
	}
}

// anyGraph draws a graph that can run: up to seven operators, each reading from earlier
// ones.
func anyGraph(t *rapid.T) []Node {
	nodes := []Node{sourceNode("n0", rapid.IntRange(1, 3).Draw(t, "parallelism"))}
	for i := 1; i < rapid.IntRange(1, 7).Draw(t, "nodes"); i++ {
		id := "n" + string(rune('0'+i))
		parallelism := rapid.IntRange(1, 3).Draw(t, "parallelism")
		if rapid.IntRange(1, 4).Draw(t, "source") == 1 {
			nodes = append(nodes, sourceNode(id, parallelism))
			continue
		}
		var inputs []Input
		for range rapid.IntRange(1, 3).Draw(t, "inputs") {
			in := Input{From: rapid.IntRange(0, i-1).Draw(t, "from"),
				Exchange: Exchange(rapid.IntRange(0, 3).Draw(t, "exchange")), Gate: rapid.IntRange(0, 1).Draw(t, "gate")}
			if in.Exchange == Forward && nodes[in.From].Parallelism != parallelism {
				in.Exchange = Rebalance
			}
			inputs = append(inputs, in)
		}
		nodes = append(nodes, operatorNode(id, parallelism, inputs...))
	}
	return nodes
}

func TestBothEndsOfEveryChannelAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := compiled(t, Config{Chaining: rapid.Bool().Draw(t, "chaining")}, anyGraph(t)...)
		channels := 0
		for id := range p.Tasks {
			task := &p.Tasks[id]
			require.EqualValues(t, id, task.ID)
			for i, out := range task.Outputs {
				back := p.Tasks[out.Peer].Inputs[out.PeerChannel]
				require.Equal(t, task.ID, back.Peer)
				require.EqualValues(t, i, back.PeerChannel)
				channels++
			}
			for i, in := range task.Inputs {
				back := p.Tasks[in.Peer].Outputs[in.PeerChannel]
				require.Equal(t, task.ID, back.Peer)
				require.EqualValues(t, i, back.PeerChannel)
				link := protocol.ChannelLink{Sender: in.Peer, SenderChannel: in.PeerChannel,
					Receiver: task.ID, ReceiverChannel: protocol.ChannelIndex(i)}
				require.Contains(t, p.Links, link)
			}
			requirePositions(t, task.Inputs)
			for i := 1; i < len(task.Inputs); i++ {
				if task.Inputs[i].Port == task.Inputs[i-1].Port {
					require.Greater(t, task.Inputs[i].Peer, task.Inputs[i-1].Peer, "channels of a gate are in the producers' order")
				}
			}
			requirePositions(t, task.Outputs)
		}
		require.Len(t, p.Links, channels)
	})
}

// requirePositions holds channels to be numbered flat, port after port, and each port's
// from 0 on.
func requirePositions(t *rapid.T, channels []Channel) {
	port, position := 0, -1
	for _, c := range channels {
		require.GreaterOrEqual(t, c.Port, port)
		if c.Port > port {
			port, position = c.Port, -1
		}
		position++
		require.Equal(t, position, c.Position)
	}
}

func TestChannelsJoinWhatTheExchangeJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := compiled(t, Config{Chaining: true}, anyGraph(t)...)
		for v := range p.Vertices {
			vertex := &p.Vertices[v]
			require.EqualValues(t, v, vertex.ID)
			for s := range vertex.Parallelism {
				task := &p.Tasks[int(vertex.FirstTask)+s]
				require.Equal(t, s, task.Subtask)
				require.Same(t, vertex, p.VertexOf(task.ID))
				var wanted []protocol.TaskID
				for _, e := range vertex.Outputs {
					consumer := &p.Vertices[e.Consumer]
					for c := range consumer.Parallelism {
						if e.Exchange != Forward || c == s {
							wanted = append(wanted, consumer.FirstTask+protocol.TaskID(c))
						}
					}
				}
				var got []protocol.TaskID
				for _, out := range task.Outputs {
					got = append(got, out.Peer)
				}
				require.Equal(t, wanted, got)
			}
		}
	})
}

func TestPlanKnowsItsSourcesAndSinks(t *testing.T) {
	p := compiled(t, Config{Chaining: true}, sourceNode("a", 1), operatorNode("b", 1, Input{}),
		sinkNode("c", 1, Input{From: 1, Exchange: Keyed}))
	require.True(t, p.IsSource(&p.Vertices[0]))
	require.Nil(t, p.SinkOf(&p.Vertices[0]))
	require.False(t, p.IsSource(&p.Vertices[1]))
	require.Equal(t, "c", p.SinkOf(&p.Vertices[1]).ID)
	require.Equal(t, []string{"forward", "keyed", "rebalance", "broadcast"},
		[]string{Forward.String(), Keyed.String(), Rebalance.String(), Broadcast.String()})
}

func TestDefaultNetworkIsFlinks(t *testing.T) {
	n := DefaultNetwork()
	require.EqualValues(t, 32768, n.SegmentSizeBytes)
	require.EqualValues(t, []int32{2, 8, 10, 5}, []int32{n.ExclusiveBuffers, n.FloatingBuffers,
		n.MaxBuffersPerChannel, n.MaxOverdraftBuffers})
	require.EqualValues(t, []int64{1e9, 200e6}, []int64{n.DebloatTargetNanos, n.DebloatPeriodNanos})
}
