package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// cutOf is a recovery point with one channel, from task 0 to task 1: sent elements are
// 1 to sent; the receiver applied 1 to received, and input and output were recorded.
func cutOf(sent, received int, input, output []uint64) (*RecoveryPoint, []ChannelLink) {
	chain := func(n int) Chain {
		var c Chain
		for lineage := range n {
			c.Extend(uint64(lineage + 1))
		}
		return c
	}
	return &RecoveryPoint{Checkpoint: 7, Tasks: []TaskPoint{
		{Task: 0, Sent: []Chain{chain(sent)}, OutputState: [][]uint64{output}},
		{Task: 1, Received: []Chain{chain(received)}, InputState: [][]uint64{input}},
	}}, []ChannelLink{{Sender: 0, Receiver: 1}}
}

func TestCutClassesNameWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name           string
		sent, received int
		input, output  []uint64
		exactlyOnce    string // class, or empty
		atLeastOnce    string
	}{
		{"nothing in flight", 3, 3, nil, nil, "", ""},
		{"in flight is recorded, input before output", 5, 2, []uint64{3, 4}, []uint64{5}, "", ""},
		{"receiver ahead of sender", 3, 4, nil, nil, "orphan", ""},
		{"receiver ahead, with channel state", 3, 4, []uint64{5}, nil, "orphan", ""},
		{"in flight is not recorded", 5, 3, nil, nil, "lost", "lost"},
		{"half of it is", 5, 3, []uint64{4}, nil, "lost", "lost"},
		{"recorded twice", 4, 3, []uint64{4}, []uint64{4}, "duplicated", ""},
		{"applied and recorded", 3, 3, []uint64{3}, nil, "duplicated", ""},
		{"recorded in the wrong order", 5, 3, []uint64{5, 4}, nil, "reordered", "reordered"},
		{"recorded at the wrong end", 5, 3, []uint64{5}, []uint64{4}, "reordered", "reordered"},
		{"another element recorded", 4, 3, []uint64{9}, nil, "reordered", "reordered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			point, links := cutOf(c.sent, c.received, c.input, c.output)
			require.Equal(t, c.exactlyOnce, classOf(CheckCut(point, links, ContractExactlyOnce)))
			require.Equal(t, c.atLeastOnce, classOf(CheckCut(point, links, ContractAtLeastOnce)))
		})
	}
}

func classOf(violations []CutViolation) string {
	if len(violations) == 0 {
		return ""
	}
	return violations[0].Class.String()
}

func TestCutViolationNamesLinkAndCounters(t *testing.T) {
	point, links := cutOf(5, 2, []uint64{3}, nil)
	violations := CheckCut(point, links, ContractExactlyOnce)
	require.Len(t, violations, 1)
	require.Equal(t, "lost checkpoint=7 link=0.0->1.0 received=2 input-state=1 output-state=0 sent=5",
		violations[0].String())
}

func TestCutWithoutATaskOrChannelIsAViolation(t *testing.T) {
	point, links := cutOf(1, 1, nil, nil)
	links[0].ReceiverChannel = 1
	require.Equal(t, "missing-task", classOf(CheckCut(point, links, ContractExactlyOnce)))
	links[0] = ChannelLink{Sender: 0, Receiver: 2}
	require.Equal(t, "missing-task", classOf(CheckCut(point, links, ContractExactlyOnce)))
	point.Tasks[0], point.Tasks[1] = point.Tasks[1], point.Tasks[0]
	links[0] = ChannelLink{Sender: 0, Receiver: 1}
	require.Empty(t, CheckCut(point, links, ContractExactlyOnce), "tasks are found by their id")
}

func TestStateMustHoldWhatTheCountersSay(t *testing.T) {
	tally := func(lineages ...uint64) (sum Tally) {
		for _, lineage := range lineages {
			sum.Add(lineage)
		}
		return sum
	}
	point, _ := cutOf(3, 3, nil, nil)
	point.Tasks[1].States = []StatePoint{{Operator: 5, Applied: tally(1, 2, 3)}}
	check := func(applied Tally, contract Contract) string {
		expected := []ExpectedState{{Task: 1, Operator: 5, Applied: applied}}
		return classOf(CheckStates(point, expected, contract))
	}
	require.Empty(t, check(tally(3, 2, 1), ContractExactlyOnce))
	require.Equal(t, "state-offset-skew", check(tally(1, 2, 4), ContractExactlyOnce))
	require.Equal(t, "state-offset-skew", check(tally(1, 2), ContractExactlyOnce))
	require.Empty(t, check(tally(1, 2), ContractAtLeastOnce))
	require.Equal(t, "state-offset-skew", check(tally(1, 2, 3, 4), ContractAtLeastOnce))
	unknown := []ExpectedState{{Task: 1, Operator: 6, Applied: tally(1)}}
	require.Equal(t, "state-offset-skew checkpoint=7 task=1 operator=6 applied=0 expected=1",
		CheckStates(point, unknown, ContractExactlyOnce)[0].String())
}

// TestAnySplitOfTheSentElementsIsAConsistentCut: and taking one recorded element away,
// or recording one again, is not.
func TestAnySplitOfTheSentElementsIsAConsistentCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		received := rapid.IntRange(0, 6).Draw(t, "received")
		input := sequenceFrom(received, rapid.IntRange(0, 5).Draw(t, "input"))
		output := sequenceFrom(received+len(input), rapid.IntRange(1, 5).Draw(t, "output"))
		sent := received + len(input) + len(output)
		point, links := cutOf(sent, received, input, output)
		require.Empty(t, CheckCut(point, links, ContractExactlyOnce))

		gone := rapid.IntRange(0, len(output)-1).Draw(t, "gone")
		fewer := append(append([]uint64(nil), output[:gone]...), output[gone+1:]...)
		point, links = cutOf(sent, received, input, fewer)
		require.Equal(t, "lost", classOf(CheckCut(point, links, ContractExactlyOnce)))
		point, links = cutOf(sent, received, append(input, output[0]), output)
		require.Equal(t, "duplicated", classOf(CheckCut(point, links, ContractExactlyOnce)))
	})
}

func sequenceFrom(after, count int) []uint64 {
	var lineages []uint64
	for i := range count {
		lineages = append(lineages, uint64(after+i+1))
	}
	return lineages
}

func TestConsistentCutIsCheckedWithoutAllocation(t *testing.T) {
	point, links := cutOf(5, 2, []uint64{3, 4}, []uint64{5})
	require.Zero(t, testing.AllocsPerRun(100, func() { CheckCut(point, links, ContractExactlyOnce) }))
}
