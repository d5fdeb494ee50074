package trial

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/result"
)

// A leader stands still in the middle of a checkpoint, is replaced, and wakes up: what it
// then works off has no effect, and no checker may alarm.
func TestALeaderThatWakesUpAfterItWasReplacedRaisesNoAlarm(t *testing.T) {
	runs := newBugRuns(t)
	for _, step := range []string{
		"checkpoint-triggered", "snapshot-done", "checkpoint-acknowledged", "metadata-stored",
		"checkpoint-completed",
	} {
		o := runs.run(&bugTrial{
			scenario: "standby-takes-over", sets: []string{stateInFiles},
			faults: []string{"{pause: job-manager-0, step: " + step + ", ordinal: 4, for: 22 s}"},
		}, 1)
		require.Equal(t, result.OK, o.Verdict, "%s: %v %s %v", step, o.Violations, o.StuckReason, o.Missing)
	}
}
