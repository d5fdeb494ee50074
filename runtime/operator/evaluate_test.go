package operator_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// A job of two subtasks per operator, run by hand in a random merge order, must arrive at
// what the sequential fold says: order-free states add up, outputs have the same names.
func TestEvaluationIsWhatParallelSubtasksAddUpTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count := operator.Running("count", operator.RunningOptions{
			Aggregate: operator.Sum, Field: operator.FieldA, Emit: operator.EmitInput,
		})
		window := operator.Window("window", operator.WindowOptions{
			SizeNanos: 5, Aggregate: operator.Max, Field: operator.FieldB,
		})
		byB := operator.FieldB.Selector()
		var records []record.Record
		for i := range rapid.IntRange(0, 30).Draw(t, "records") {
			records = append(records, record.Record{
				Lineage: uint64(i + 1), Key: rapid.Uint64Range(0, 9).Draw(t, "key"),
				A: rapid.Int64Range(-3, 3).Draw(t, "a"), B: rapid.Int64Range(0, 9).Draw(t, "b"),
				TimeNanos: int64(i),
			})
		}
		var expected protocol.Tally
		result := operator.Evaluate(operator.Topology{Nodes: []operator.TopologyNode{
			{Source: func(yield func([]record.Record)) {
				for block := range slices.Chunk(records, 7) {
					yield(block)
				}
			}},
			{Operator: &count, Inputs: []operator.TopologyInput{{From: 0}}},
			{Operator: &window, Inputs: []operator.TopologyInput{{From: 1, KeyBy: byB}}},
			{
				Inputs: []operator.TopologyInput{{From: 2}},
				Emit: func(records []record.Record) {
					for i := range records {
						expected.Add(records[i].Lineage)
					}
				},
			},
		}})
		assignment := state.NewAssignment(2, 128)
		var counts, windows [2]*operator.Chain
		for i := range counts {
			place := state.Place{Subtask: i, Parallelism: 2, MaxParallelism: 128}
			counts[i] = operator.NewChain([]operator.Spec{count}, place)
			windows[i] = operator.NewChain([]operator.Spec{window}, place)
		}
		for _, r := range rapid.Permutation(records).Draw(t, "order") {
			chain := counts[assignment.Subtask(r.Key)]
			chain.Process(0, &r)
			passed := chain.Out.Records[0]
			passed.Key = uint64(passed.B)
			windows[assignment.Subtask(passed.Key)].Process(0, &passed)
		}
		var got protocol.Tally
		var states [2]protocol.StatePoint
		for i := range counts {
			windows[i].Watermark(0, operator.EndOfTime, operator.Unlimited)
			for _, r := range windows[i].Out.Records {
				if r.IsRecord() {
					got.Add(r.Lineage)
				}
			}
			add(&states[0], counts[i].Points()[0])
			add(&states[1], windows[i].Points()[0])
		}
		require.Equal(t, expected, got)
		require.Equal(t, result.States[1], states[0])
		require.Equal(t, result.States[2], states[1])
		require.Zero(t, result.States[0])
	})
}

func add(sum *protocol.StatePoint, p protocol.StatePoint) {
	sum.Operator = p.Operator
	sum.Applied = sum.Applied.Plus(p.Applied)
	sum.Content += p.Content
}

func TestEvaluationRefusesANodeBeforeItsInput(t *testing.T) {
	require.Panics(t, func() {
		itself := operator.TopologyNode{Inputs: []operator.TopologyInput{{From: 0}}}
		operator.Evaluate(operator.Topology{Nodes: []operator.TopologyNode{itself}})
	})
}

func TestEvaluationFollowsTwoInputsAndTwoOutputs(t *testing.T) {
	join := operator.Join("join")
	seen := 0
	source := func(yield func([]record.Record)) {
		for i := range uint64(4) {
			yield([]record.Record{{Lineage: i + 1, Key: i % 2}})
		}
	}
	result := operator.Evaluate(operator.Topology{Nodes: []operator.TopologyNode{
		{Source: source},
		{Operator: &join, Inputs: []operator.TopologyInput{{From: 0, Gate: 0}, {From: 0, Gate: 1}}},
		{Inputs: []operator.TopologyInput{{From: 1}}, Emit: func(records []record.Record) { seen += len(records) }},
	}})
	require.Equal(t, 8, seen, "two records of each of two keys, joined with themselves")
	require.EqualValues(t, 8, result.States[1].Applied.Count)
}
