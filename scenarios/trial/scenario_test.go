package trial

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

const crashed = twoTasks + `faults:
  - {crash: "table[0]", at: 1500 ms}
  - {crash: "table[0]", at: 3600 s}
run: {budget: 1000000}
`

func outcomeOf(t *testing.T, text string) *result.Outcome {
	t.Helper()
	s, err := config.Load("two-tasks", []byte(text), config.NoFiles{})
	require.NoError(t, err)
	c, err := NewCase(s, 7)
	require.NoError(t, err)
	o, err := New().Run(c)
	require.NoError(t, err)
	return o
}

func TestOutcomeSaysWhatBecameOfEveryFault(t *testing.T) {
	o := outcomeOf(t, crashed)
	require.EqualValues(t, 7, o.Seed)
	require.Equal(t, []result.Fault{
		{Kind: protocol.FaultCrash, Fired: true, FiredNanos: 1500e6, Healed: true, HealedNanos: 1500e6,
			Phases: protocol.PhaseSetOf(protocol.PhaseIdle)},
		{Kind: protocol.FaultCrash},
	}, o.Faults)
	require.Equal(t, 1, o.Restores)
	require.True(t, o.Marks.Has(protocol.MarkRestoredFromCheckpoint))
	require.Len(t, o.Reached, len(o.Marks.Words()))
}

func TestRunThatUsesItsBudgetUpIsStuck(t *testing.T) {
	o := outcomeOf(t, strings.Replace(crashed, "budget: 1000000", "budget: 300", 1))
	require.Equal(t, result.Stuck, o.Verdict)
	require.Contains(t, o.StuckReason, "its budget, the run had not ended")
	require.Equal(t, "stuck/run/budget", o.Signature())
}
