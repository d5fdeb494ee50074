package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func runModel(t *rapid.T, plan switches) (*model, []Violation) {
	setup := tapeSetup()
	setup.Limits.MaxRestarts = 0 // the model may be out of luck
	m := newModel(t, setup, plan)
	for range rapid.IntRange(0, 300).Draw(t, "steps") {
		m.step()
	}
	return m, m.finish()
}

func TestNoCheckerAlarmsOnHealthyRuns(t *testing.T) {
	restores, runs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		m, violations := runModel(t, switches{})
		require.Empty(t, violations)
		restores += int(m.attempt)
		runs += m.replay.runs
	})
	require.NotZero(t, restores, "no run was ever restored: the test shows nothing")
	require.NotZero(t, runs, "nothing was ever executed again")
}

// TestCheckersSeeEachMistakeOfTheModel plants one mistake at a time into random runs: some
// run must show it, and no run may show it as anything else.
func TestCheckersSeeEachMistakeOfTheModel(t *testing.T) {
	for _, c := range []struct {
		name    string
		plan    switches
		first   []string // signatures that the first violation may have
		classes []Class  // classes of all violations
	}{
		{"input in flight is not recorded", switches{forgetInput: true},
			[]string{"lost/cut/flights-to-delays", "lost/cut/delays-to-db"}, []Class{Lost,
				StateOffsetSkew, Duplicated, Corrupt, Orphan}},
		{"an older checkpoint is restored", switches{restoreOlder: true},
			[]string{"coordinator-rule/restore/newest-completed"}, nil},
		{"output is committed at the snapshot", switches{commitEarly: true},
			[]string{"committed-early/two-phase-commit/db"}, nil},
		{"a commit takes effect twice", switches{recommit: true},
			[]string{"duplicated/two-phase-commit/db"}, []Class{Duplicated}},
		{"rolled-back output is committed", switches{resurrect: true},
			[]string{"resurrected/two-phase-commit/db"}, nil},
		{"sources store the last offset read", switches{positionOff: true},
			[]string{"state-offset-skew/frontier/delays"}, []Class{StateOffsetSkew}},
		{"senders ignore credit", switches{spendMore: true},
			[]string{"credit-overflow/credits/flights-to-delays",
				"credit-overflow/credits/delays-to-db"}, []Class{CreditOverflow}},
		{"segments are not returned", switches{keepSegment: true},
			[]string{"buffer-leak/buffers/flights", "buffer-leak/buffers/delays"}, []Class{BufferLeak}},
		{"an operator merges in another order than it tells", switches{mergeDifferent: true},
			[]string{"corrupt/re-execution/delays"}, []Class{Corrupt}},
		{"watermarks go backwards", switches{watermarkBack: true},
			[]string{"watermark-regression/watermarks/delays"}, []Class{WatermarkRegression}},
		{"checkpoints overlap", switches{triggerTwice: true},
			[]string{"coordinator-rule/coordinator/max-concurrent"}, []Class{CoordinatorRule}},
		{"a checkpoint completes without its sink", switches{skipAck: true},
			[]string{"coordinator-rule/coordinator/all-acknowledged"}, []Class{CoordinatorRule}},
		{"a zombie's acknowledgement counts", switches{countZombieAcks: true},
			[]string{"zombie-write/fencing/delays", "coordinator-rule/coordinator/ack-of-pending-only"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := 0
			rapid.Check(t, func(t *rapid.T) {
				_, violations := runModel(t, c.plan)
				if len(violations) == 0 {
					return
				}
				seen++
				require.Contains(t, c.first, violations[0].Signature, violations[0].Detail)
				for _, v := range violations {
					if c.classes != nil {
						require.Contains(t, c.classes, v.Class, v.Signature+": "+v.Detail)
					}
				}
			})
			require.NotZero(t, seen, "no run showed the mistake")
		})
	}
}
