package job

import (
	"fmt"
	"math/bits"
)

// GraphError says why a graph cannot run. Node is the offending node's id.
type GraphError struct {
	Node    string
	Message string
}

// Error is the node and the message.
func (e *GraphError) Error() string { return fmt.Sprintf("operator %q: %s", e.Node, e.Message) }

// check finds what makes a graph impossible whatever its options are.
func check(g *Graph) error {
	seen := make([]string, 0, len(g.Nodes))
	sources := 0
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for _, id := range seen {
			if id == n.ID {
				return &GraphError{n.ID, "the id is used twice"}
			}
		}
		seen = append(seen, n.ID)
		if n.Source != nil {
			sources++
		}
		if err := checkNode(g, i); err != nil {
			return err
		}
	}
	if sources == 0 {
		return &GraphError{g.Name, "the graph has no source"}
	}
	return nil
}

func checkNode(g *Graph, i int) error {
	n := &g.Nodes[i]
	switch {
	case n.Parallelism < 1:
		return &GraphError{n.ID, "parallelism must be at least 1"}
	case n.Source != nil && len(n.Inputs) > 0:
		return &GraphError{n.ID, "a source has no inputs"}
	case n.Source == nil && len(n.Inputs) == 0:
		return &GraphError{n.ID, "it is not a source and has no input (from)"}
	}
	for _, in := range n.Inputs {
		if in.From < 0 || in.From >= i {
			return &GraphError{n.ID, "it takes part in a cycle without a feedback edge"}
		}
		from := &g.Nodes[in.From]
		if from.Sink != nil {
			return &GraphError{n.ID, fmt.Sprintf("it reads from %q, which is a sink", from.ID)}
		}
		if in.Exchange == Forward && from.Parallelism != n.Parallelism {
			return &GraphError{n.ID, fmt.Sprintf(
				"a forward exchange needs equal parallelism: %q has %d, %q has %d",
				from.ID, from.Parallelism, n.ID, n.Parallelism)}
		}
	}
	return nil
}

func checkParallelism(g *Graph, highest int) error {
	for i := range g.Nodes {
		if g.Nodes[i].Parallelism > highest {
			return &GraphError{g.Nodes[i].ID, fmt.Sprintf(
				"parallelism %d is above the maximum parallelism %d", g.Nodes[i].Parallelism, highest)}
		}
	}
	return nil
}

// Bounds of a derived maximum parallelism (Flink: KeyGroupRangeAssignment).
const (
	minDerivedMaxParallelism = 128
	maxDerivedMaxParallelism = 32768
)

// maxParallelism is the configured one, or Flink's default: one and a half times the
// parallelism, rounded up to a power of two, within its bounds.
func maxParallelism(g *Graph, config *Config) int {
	if g.MaxParallelism > 0 {
		return g.MaxParallelism
	}
	if config.MaxParallelism > 0 {
		return config.MaxParallelism
	}
	highest := 1
	for i := range g.Nodes {
		highest = max(highest, g.Nodes[i].Parallelism)
	}
	wanted := uint(highest + highest/2)
	rounded := 1 << bits.Len(wanted-1)
	return min(max(rounded, minDerivedMaxParallelism), maxDerivedMaxParallelism)
}
