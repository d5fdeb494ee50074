package trial

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/result"
)

// Precedence: violation, stuck, failed, vacuous, ok. Each line has everything that the ones
// below it have, too.
func TestVerdictIsTheGravestThatHolds(t *testing.T) {
	s, err := runtime.New(caseOf(t, "two-tasks", twoTasks).Options, nil)
	require.NoError(t, err)
	s.Run(runtime.RunOptions{LimitNanos: 1e9})
	lost, stuck := result.Finding{Class: "lost"}, result.Finding{Class: "stuck"}
	for _, c := range []struct {
		wanted   result.Verdict
		findings []result.Finding
		ending   runtime.Ending
		state    protocol.JobStatus
		missing  []string
	}{
		{result.Violation, []result.Finding{lost, stuck}, runtime.EndedStuck, protocol.JobFailed, []string{"a mark"}},
		{result.Violation, []result.Finding{lost}, runtime.EndedByJob, protocol.JobFinished, nil},
		{result.Stuck, []result.Finding{stuck}, runtime.EndedByTime, protocol.JobFailed, []string{"a mark"}},
		{result.Stuck, []result.Finding{stuck, stuck}, runtime.EndedByTime, protocol.JobRunning, nil},
		{result.Stuck, nil, runtime.EndedStuck, protocol.JobFailed, []string{"a mark"}},
		{result.Failed, nil, runtime.EndedByJob, protocol.JobFailed, []string{"a mark"}},
		{result.Vacuous, nil, runtime.EndedByJob, protocol.JobFinished, []string{"a mark"}},
		{result.OK, nil, runtime.EndedByJob, protocol.JobFinished, nil},
		{result.OK, nil, runtime.EndedByTime, protocol.JobRunning, nil},
	} {
		o := &result.Outcome{Violations: c.findings, JobState: c.state, Missing: c.missing}
		(&run{system: s, ending: c.ending}).judge(o)
		require.Equal(t, c.wanted, o.Verdict, "%+v", c)
		if c.wanted == result.Stuck {
			require.Empty(t, o.Violations, "being stuck is the verdict")
			require.Contains(t, o.StuckReason, "table[0]#0 waits for input")
		} else {
			require.Empty(t, o.StuckReason)
		}
	}
}

func TestWhatWasNotReachedIsNamed(t *testing.T) {
	c := caseOf(t, "two-tasks", twoTasks+`faults:
  - {throw: table, in: record, at-record: 1000000, at: 1 s}
  - {slow: table, factor: 2, step: checkpoint-aborted, for: 1 s}
`)
	mark, known := protocol.ParseMark("restored-from-checkpoint")
	require.True(t, known)
	c.Expect.Reached = protocol.MarkSetOf(mark)
	o, err := New().Run(c)
	require.NoError(t, err)
	require.Equal(t, result.Vacuous, o.Verdict)
	require.Len(t, o.Missing, 3)
	require.Equal(t, "restored-from-checkpoint", o.Missing[0])
	require.Contains(t, o.Missing[1], "fault: slow")
	require.Equal(t, "user code that throws", o.Missing[2])
	require.Contains(t, o.Reached, "job-finished")
}

func TestGraphThatCannotRunIsAnErrorOfTheCase(t *testing.T) {
	c := caseOf(t, "two-tasks", twoTasks)
	c.Options.Graph.Nodes[0].Parallelism = 0
	_, err := New().Run(c)
	require.EqualError(t, err, `operator "numbers": parallelism must be at least 1`)
}

func TestUncheckedRunHasTheDigestOfACheckedOne(t *testing.T) {
	tr := New()
	c := caseOf(t, "two-tasks", twoTasks)
	checked, err := tr.Run(c)
	require.NoError(t, err)
	require.Equal(t, result.OK, checked.Verdict)
	require.EqualValues(t, 300, checked.Records)
	c.Unchecked = true
	unchecked, err := tr.Run(c)
	require.NoError(t, err)
	require.Equal(t, checked.Digest, unchecked.Digest)
	require.Equal(t, checked.Reached, unchecked.Reached)
}
