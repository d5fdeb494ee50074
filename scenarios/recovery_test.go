package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/library"
	"simrun/scenarios/result"
)

// endingAttempts are the recovery scenarios whose fault ends an attempt of the job.
var endingAttempts = []string{
	"recover-connection-reset", "recover-isolated-node", "recover-job-manager-crash", "recover-link-partition",
	"recover-task-crash", "recover-task-manager-crash",
	"recover-throw-at-record", "recover-throw-in-close", "recover-throw-in-notify", "recover-throw-in-open",
	"recover-throw-in-snapshot", "recover-throw-in-initialize", "recover-throw-in-prepare-snapshot",
	"recover-throw-in-pre-commit", "recover-throw-in-commit", "recover-throw-in-notify-aborted",
	"recover-throw-in-finish", "recover-throw-in-read", "recover-throw-in-watermark", "recover-throw-in-timer",
	"recover-torn-object", "recover-lagging-list", "recover-expired-transaction", "recover-fenced-writer",
}

// never are faults that never strike under a protocol: without checkpoints nothing is
// snapshotted, and nobody is notified.
func never(scenario string, name protocol.Name) bool {
	return name == protocol.None && slices.Contains(ofCheckpoints, scenario)
}

// ofCheckpoints are the recovery scenarios whose fault needs checkpoints.
var ofCheckpoints = []string{
	"recover-throw-in-snapshot", "recover-throw-in-notify", "recover-throw-in-prepare-snapshot",
	"recover-throw-in-pre-commit", "recover-throw-in-commit", "recover-throw-in-notify-aborted",
	"recover-lost-unsynced", // its store crashes when a checkpoint is complete
}

func recoveryScenarios() []string {
	return slices.DeleteFunc(library.Names(), func(name string) bool { return !strings.HasPrefix(name, "recover-") })
}

// TestEveryFaultIsRecoveredFromUnderEveryProtocol holds each protocol to its own promise
// under each kind of fault: the checkers compare state and output with the fold of the
// input.
func TestEveryFaultIsRecoveredFromUnderEveryProtocol(t *testing.T) {
	for _, scenario := range recoveryScenarios() {
		for _, name := range protocol.Names() {
			if never(scenario, name) {
				continue
			}
			t.Run(scenario+"/"+string(name), func(t *testing.T) {
				o := recoverUnder(t, scenario, name)
				require.Equal(t, result.OK, o.Verdict, "missing %v, violations %v, stuck %s",
					o.Missing, o.Violations, o.StuckReason)
				require.Equal(t, protocol.JobFinished, o.JobState)
				if slices.Contains(endingAttempts, scenario) && scenario != "recover-throw-in-open" {
					require.Greater(t, o.Records, int64(inputRecords), "no record was rolled back and replayed")
				}
			})
		}
	}
}

// inputRecords is the input of every recovery scenario.
const inputRecords = 10_000

func recoverUnder(t *testing.T, scenario string, name protocol.Name) *result.Outcome {
	t.Helper()
	sets := []string{"job.protocol=" + string(name), "expect.reached=[fault-injected, job-finished]"}
	if name == protocol.None {
		sets = append(sets, "job.configuration.restart-strategy.type=fixed-delay",
			"job.configuration.restart-strategy.fixed-delay.attempts=1000")
	}
	s := load(t, scenario, sets...)
	o, err := s.RunWith(s.DefaultSeed(), scenarios.RunOptions{})
	require.NoError(t, err)
	return o
}

func TestEveryAttemptEndingScenarioIsInTheLibrary(t *testing.T) {
	names := recoveryScenarios()
	for _, scenario := range endingAttempts {
		require.Contains(t, names, scenario)
	}
}
