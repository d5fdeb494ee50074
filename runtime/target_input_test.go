package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/source"
	"simrun/sim"
)

// The timer of the next trigger is set by a clock that is fast, slow or off, which is then put
// right: the next trigger, and all that follow, must come nonetheless.
func TestTriggersGoOnWhateverTheJobManagersClockDoes(t *testing.T) {
	undisturbed := finished(t, jobOptions(protocol.Aligned)).History.Completed
	for _, d := range []protocol.Disturbance{
		{ByNanos: 40e9}, {ByNanos: -40e9}, {DriftPPM: 100_000}, {DriftPPM: -100_000}, {ByNanos: -500e6, DriftPPM: -50_000},
	} {
		d.Kind, d.Targets = protocol.FaultClock, [2]string{"job-manager-0"}
		s, err := runtime.New(jobOptions(protocol.Aligned), nil)
		require.NoError(t, err)
		disturb(t, s, 1e9, 2500e6, &d)
		s.Run(runtime.RunOptions{LimitNanos: 200e9, ProgressNanos: 60e9, SettleNanos: 1e9})
		require.Equal(t, protocol.JobFinished, s.History.Status, "%+v", d)
		require.InDelta(t, undisturbed, s.History.Completed, 1)
	}
}

func TestABurstBringsItsRecordsAndNoOthers(t *testing.T) {
	takenBy := func(nanos int64, d *protocol.Disturbance) int64 {
		s, err := runtime.New(jobOptions(protocol.None), nil)
		require.NoError(t, err)
		if d != nil {
			disturb(t, s, 1e9, 500e6, d)
		}
		s.Run(runtime.RunOptions{LimitNanos: nanos})
		return s.Metrics.Emitted
	}
	d := &protocol.Disturbance{Kind: protocol.FaultBurst, Targets: [2]string{"source"}, FactorNumerator: 2, FactorDenominator: 1}
	require.Equal(t, takenBy(1e9, nil), takenBy(1e9, d))
	require.InDelta(t, takenBy(1500e6, nil)+1000, takenBy(1500e6, d), 60)
	require.InDelta(t, takenBy(1800e6, nil)+1000, takenBy(1800e6, d), 60)
}

func TestASourceWithoutARateHasNoBursts(t *testing.T) {
	o := jobOptions(protocol.Aligned)
	atOnce := source.Synthetic("source", source.SyntheticOptions{Keys: 50, Limit: 100_000})
	o.Graph.Nodes[0].Source = &atOnce
	target := started(t, sim.New(sim.Options{}), o).Target()
	_, err := target.Apply(&protocol.Disturbance{
		Kind: protocol.FaultBurst, Targets: [2]string{"source"}, FactorNumerator: 2, FactorDenominator: 1,
	})
	require.EqualError(t, err, `"source" has no rate: its records have always been there`)
}
