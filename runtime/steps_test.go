package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// stepRun runs the smallest job and, if strike is not StepNone, crashes the role (here or
// here-process) before that step is made for the first time.
type stepRun struct {
	system *runtime.System
	// reached counts the steps on both sides; made is whether the struck step was made after all.
	reached [protocol.Steps][2]int
	made    bool
	place   protocol.StepPlace
}

func runToStep(t *testing.T, strike protocol.Step, role string) *stepRun {
	t.Helper()
	r := &stepRun{}
	var maker sim.ActorID
	s, err := runtime.New(smallest(protocol.Unaligned), nil)
	require.NoError(t, err)
	r.system = s
	struckNanos, incarnation := int64(-1), int32(0)
	s.Target().WatchSteps(func(c *sim.Context, at protocol.StepReached) {
		r.reached[at.Step][at.Moment]++
		if at.Step == strike && at.Moment == protocol.Before && struckNanos < 0 {
			maker, incarnation, struckNanos = c.Self(), c.Incarnation(), c.NowNanos()
		}
		r.made = r.made || at.Step == strike && at.Moment == protocol.After && c.Self() == maker &&
			c.Incarnation() == incarnation && c.NowNanos() == struckNanos
	})
	if strike != protocol.StepNone {
		require.NoError(t, s.Target().OnStep(&protocol.StepWatch{
			Step: strike.String(), Moment: protocol.Before, Ordinal: 1,
			Act: func(at protocol.StepPlace) {
				r.place = at
				d := &protocol.Disturbance{Kind: protocol.FaultCrash, Targets: [2]string{at.Resolve(role)}}
				_, err := s.Target().Apply(d)
				require.NoError(t, err)
				s.Kernel.At(s.Kernel.NowNanos()+100e6, func() { require.NoError(t, s.Target().Revert(d)) })
			},
		}))
	}
	ending := s.Run(runtime.RunOptions{LimitNanos: 300e9, ProgressNanos: 120e9, SettleNanos: 1e9})
	lines, _ := s.Waits()
	require.Equal(t, runtime.EndedByJob, ending, "%s %s: %v", strike, role, lines)
	return r
}

func TestWhatDiesBeforeItsStepDoesNotMakeIt(t *testing.T) {
	healthy := runToStep(t, protocol.StepNone, "")
	for s := protocol.StepNone + 1; int(s) < protocol.Steps; s++ {
		if healthy.reached[s][protocol.Before] == 0 {
			continue
		}
		for _, role := range []string{protocol.Here, protocol.HereProcess} {
			r := runToStep(t, s, role)
			require.False(t, r.made, "%s was made although %s had died before it", s, r.place.Resolve(role))
			require.Equal(t, protocol.JobFinished, r.system.History.Status, "%s %s", s, role)
			require.NotEmpty(t, r.place.Node)
		}
	}
}

func TestNobodyMakesMoreStepsThanItBegins(t *testing.T) {
	healthy := runToStep(t, protocol.StepNone, "")
	for s := protocol.StepNone + 1; int(s) < protocol.Steps; s++ {
		require.LessOrEqual(t, healthy.reached[s][protocol.After], healthy.reached[s][protocol.Before], "%s", s)
	}
}

func TestWatchedStepsChangeNothing(t *testing.T) {
	unwatched, err := runtime.New(smallest(protocol.Unaligned), nil)
	require.NoError(t, err)
	unwatched.Run(runtime.RunOptions{LimitNanos: 300e9, ProgressNanos: 120e9, SettleNanos: 1e9})
	require.Equal(t, unwatched.Digest(), runToStep(t, protocol.StepNone, "").system.Digest())
}

// Of restricts a watch to a subtask, an operator or a process, Checkpoint to one checkpoint.
func TestAWatchCountsOnlyItsRoleAndCheckpoint(t *testing.T) {
	s, err := runtime.New(jobOptions(protocol.Unaligned), nil)
	require.NoError(t, err)
	counts := func(of string, id protocol.CheckpointID) *protocol.StepWatch {
		w := &protocol.StepWatch{Step: "sync-snapshot", Of: of, Checkpoint: id, Ordinal: 1 << 40}
		require.NoError(t, s.Target().OnStep(w))
		return w
	}
	all, operator, subtask := counts("", 0), counts("count", 0), counts("count[1]", 0)
	process, first := counts("task-manager-1", 0), counts("", 1)
	event := &protocol.StepWatch{Step: "snapshot-done", Of: "count[1]", Checkpoint: 1, Ordinal: 1 << 40}
	require.NoError(t, s.Target().OnStep(event))
	s.Run(runtime.RunOptions{LimitNanos: 5e9})
	require.Equal(t, int64(6), first.Reached)
	require.Equal(t, first.Reached*s.History.Triggered, all.Reached)
	require.Equal(t, all.Reached, 3*operator.Reached)
	require.Equal(t, operator.Reached, 2*subtask.Reached)
	require.Equal(t, all.Reached, 2*process.Reached)
	require.Equal(t, int64(1), event.Reached)
}
