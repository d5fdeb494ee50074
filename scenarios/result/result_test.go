package result_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/scenarios/result"
)

func TestRecoveryIsTheSumOfItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.Int64Range(0, 1e15), 4, 4).Draw(t, "nanos")
		r := result.Recovery{RestartNanos: parts[0], RestoreNanos: parts[1], ReplayNanos: parts[2], CatchUpNanos: parts[3],
			DetectNanos: rapid.Int64Range(0, 1e15).Draw(t, "detect"), FailureNanos: 5}
		require.Equal(t, parts[0]+parts[1]+parts[2]+parts[3], r.TotalNanos(), "detection is a part of the restart")
	})
}

// Verdicts are keys of the JSON contract (design, Command line).
func TestVerdictsAreTheWordsOfTheContract(t *testing.T) {
	require.Equal(t, []result.Verdict{"ok", "vacuous", "failed", "stuck", "violation"},
		[]result.Verdict{result.OK, result.Vacuous, result.Failed, result.Stuck, result.Violation})
}
