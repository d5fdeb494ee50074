package job

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/runtime/source"
)

func sourceNode(id string, parallelism int) Node {
	return Node{ID: id, Parallelism: parallelism, Source: &source.Spec{}}
}

func operatorNode(id string, parallelism int, inputs ...Input) Node {
	return Node{ID: id, Parallelism: parallelism, Operator: &operator.Spec{}, Inputs: inputs}
}

func sinkNode(id string, parallelism int, inputs ...Input) Node {
	return Node{ID: id, Parallelism: parallelism, Sink: &sink.Spec{ID: id}, Inputs: inputs}
}

func TestImpossibleGraphsAreRefusedWithTheirOffender(t *testing.T) {
	both := sourceNode("both", 1)
	both.Inputs = []Input{{From: 0}}
	for name, c := range map[string]struct {
		nodes  []Node
		config Config
		error  string
	}{
		"an id twice": {
			nodes: []Node{sourceNode("a", 1), operatorNode("a", 1, Input{})},
			error: `operator "a": the id is used twice`,
		},
		"no source": {nodes: nil, error: `operator "test": the graph has no source`},
		"no parallelism": {
			nodes: []Node{sourceNode("a", 0)}, error: `operator "a": parallelism must be at least 1`,
		},
		"a source with inputs": {
			nodes: []Node{sourceNode("a", 1), both}, error: `operator "both": a source has no inputs`,
		},
		"an operator without input": {
			nodes: []Node{sourceNode("a", 1), operatorNode("b", 1)},
			error: `operator "b": it is not a source and has no input (from)`,
		},
		"a loop": {
			nodes: []Node{sourceNode("a", 1), operatorNode("b", 1, Input{From: 1})},
			error: `operator "b": it takes part in a cycle without a feedback edge`,
		},
		"an input from a later node": {
			nodes: []Node{sourceNode("a", 1), operatorNode("b", 1, Input{From: 2}), operatorNode("c", 1, Input{From: 1})},
			error: `operator "b": it takes part in a cycle without a feedback edge`,
		},
		"an input from nowhere": {
			nodes: []Node{sourceNode("a", 1), operatorNode("b", 1, Input{From: -1})},
			error: `operator "b": it takes part in a cycle without a feedback edge`,
		},
		"a reader of a sink": {
			nodes: []Node{sourceNode("a", 1), sinkNode("b", 1, Input{}), operatorNode("c", 1, Input{From: 1})},
			error: `operator "c": it reads from "b", which is a sink`,
		},
		"forward to another parallelism": {
			nodes: []Node{sourceNode("a", 2), operatorNode("b", 3, Input{Exchange: Forward})},
			error: `operator "b": a forward exchange needs equal parallelism: "a" has 2, "b" has 3`,
		},
		"more subtasks than key groups": {
			nodes:  []Node{sourceNode("a", 1), operatorNode("b", 9, Input{Exchange: Keyed})},
			config: Config{MaxParallelism: 8},
			error:  `operator "b": parallelism 9 is above the maximum parallelism 8`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			plan, err := Compile(&Graph{Name: "test", Nodes: c.nodes}, &c.config)
			require.EqualError(t, err, c.error)
			require.Nil(t, plan)
			var graphError *GraphError
			require.ErrorAs(t, err, &graphError)
		})
	}
}

func TestMaxParallelismIsDerivedAsFlinkDoes(t *testing.T) {
	for parallelism, wanted := range map[int]int{
		1: 128, 85: 128, 86: 256, 128: 256, 170: 256, 171: 256, 172: 512, 20000: 32768, 30000: 32768,
	} {
		g := &Graph{Nodes: []Node{sourceNode("a", 1), operatorNode("b", parallelism, Input{Exchange: Keyed})}}
		require.Equal(t, wanted, maxParallelism(g, &Config{}), "parallelism %d", parallelism)
		require.Equal(t, 7, maxParallelism(g, &Config{MaxParallelism: 7}))
		g.MaxParallelism = 9
		require.Equal(t, 9, maxParallelism(g, &Config{MaxParallelism: 7}), "the job's own comes first")
	}
}
