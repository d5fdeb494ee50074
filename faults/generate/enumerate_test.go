package generate_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/generate"
)

// tree is a random space of choices: each alternative leads to another choice, or to a leaf.
type tree struct{ children []*tree }

func anyTree(t *rapid.T, depth int) *tree {
	n := rapid.IntRange(0, 3).Draw(t, "alternatives")
	if depth == 0 {
		n = 0
	}
	node := &tree{}
	for range n {
		node.children = append(node.children, anyTree(t, depth-1))
	}
	return node
}

func (n *tree) leaves() int {
	if len(n.children) == 0 {
		return 1
	}
	total := 0
	for _, child := range n.children {
		total += child.leaves()
	}
	return total
}

func TestEnumerateVisitsEveryLeafOnceInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := anyTree(t, 5)
		var last string
		seen := map[string]bool{}
		complete := generate.Enumerate(func(c generate.Choice) bool {
			path := ""
			for at := root; len(at.children) > 0; {
				i := c.Choose(uint64(len(at.children)))
				path += fmt.Sprint(i)
				at = at.children[i]
			}
			require.False(t, seen[path], "%q is visited twice", path)
			require.True(t, len(seen) == 0 || last < path, "%q comes behind %q", path, last)
			seen[path], last = true, path
			return true
		})
		require.True(t, complete)
		require.Len(t, seen, root.leaves())
	})
}

func TestEnumerateStopsWhenItIsTold(t *testing.T) {
	visits := 0
	require.False(t, generate.Enumerate(func(c generate.Choice) bool {
		c.Choose(10)
		visits++
		return visits < 4
	}))
	require.Equal(t, 4, visits)
}

func TestEnumerateRefusesAGeneratorThatForgets(t *testing.T) {
	n := uint64(2)
	require.Panics(t, func() {
		generate.Enumerate(func(c generate.Choice) bool {
			c.Choose(n)
			c.Choose(2)
			n++
			return true
		})
	})
}

func ExampleEnumerate() {
	generate.Enumerate(func(c generate.Choice) bool {
		if c.Choose(2) == 0 {
			fmt.Println("no fault")
			return true
		}
		fmt.Println("crash of task", c.Choose(3))
		return true
	})
	// Output:
	// no fault
	// crash of task 0
	// crash of task 1
	// crash of task 2
}
