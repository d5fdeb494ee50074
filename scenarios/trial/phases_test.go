package trial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
	"simrun/scenarios/trial"
)

func TestAFaultIsBookedUnderThePhasesThatItStruck(t *testing.T) {
	text, err := library.Read("recover-job-manager-crash")
	require.NoError(t, err)
	s, err := config.Load("recover-job-manager-crash.yaml", text, config.NoFiles{})
	require.NoError(t, err)
	for fault, phase := range map[string]protocol.Phase{
		"crash here step sync-snapshot before ordinal 3":                          protocol.PhaseSync,
		"crash here-process step async-write before ordinal 3 restart-after 1 s":  protocol.PhaseAsync,
		"crash here step finish-input before ordinal 2":                           protocol.PhaseRecording,
		"crash here-process step add-pointer ordinal 1 before restart-after 1 s":  protocol.PhaseFinalizing,
		"crash here step committed ordinal 1 before":                              protocol.PhaseCommitting,
		"crash here step initialise-operators before ordinal 1":                   protocol.PhaseRestoringState,
		"crash here-process step trigger-task before ordinal 1 restart-after 1 s": protocol.PhaseTriggering,
		"crash task-manager-0 step lead before ordinal 1 restart-after 1 s":       protocol.PhaseElecting,
		"crash here-process step deploy-task ordinal 2 restart-after 1 s":         protocol.PhaseDeploying,
		"crash here-process step all-canceled ordinal 1 before restart-after 1 s": protocol.PhaseCanceling,
		"crash here step run-task before ordinal 1":                               protocol.PhaseRestoringChannels,
	} {
		f, err := plan.Parse(fault)
		require.NoError(t, err)
		s.Faults = plan.Plan{f}
		if phase == protocol.PhaseCanceling {
			s.Faults = append(s.Faults, mustParse(t, "crash events at 3 s"))
		}
		c, err := trial.NewCase(s, 1)
		require.NoError(t, err)
		c.Options.Config.Protocol = protocol.Unaligned
		o, err := trial.New().Run(c)
		require.NoError(t, err)
		require.True(t, o.Faults[0].Fired, "%s: %v", fault, o.Missing)
		require.True(t, o.Faults[0].Phases.Has(phase), "%s: %v", fault, o.Faults[0].Phases.Words())
		require.Equal(t, f.Step, o.Faults[0].Step)
		require.True(t, o.Steps.Has(protocol.StepSyncSnapshot, protocol.After))
	}
}

func mustParse(t *testing.T, text string) plan.Fault {
	t.Helper()
	f, err := plan.Parse(text)
	require.NoError(t, err)
	return f
}
