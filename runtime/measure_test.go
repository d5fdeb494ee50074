package runtime_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// What is in flight is what sources have emitted and sinks have not taken, less the record
// that a task has in hand: it is begun.
func TestInFlightIsWhatEventsSayIsOnItsWay(t *testing.T) {
	o := jobOptions(protocol.Unaligned)
	o.Detailed, o.RecordMode = true, true
	onTheWay := int64(0)
	s, err := runtime.New(o, func(e *sim.Event) {
		if runtime.EventKindOf(e) == protocol.RecordApplied {
			switch task := e.Args[0]; {
			case task < 2:
				onTheWay++
			case task >= 4:
				onTheWay--
			}
		}
	})
	require.NoError(t, err)
	for at := int64(1500e6); at < 4e9; at += 137e6 {
		s.Run(runtime.RunOptions{LimitNanos: at})
		lines, _ := s.Waits()
		inHand := int64(0)
		for _, line := range lines {
			if strings.HasSuffix(line, "works on a record") && !strings.HasPrefix(line, "source") {
				inHand++
			}
		}
		require.Equal(t, onTheWay, s.InFlight().Records+inHand, "%v", lines)
		require.Greater(t, onTheWay, int64(1000), "there is no backpressure")
	}
}

func TestInFlightIsMeasuredAlikeInBothModes(t *testing.T) {
	run := func(recordMode bool) *runtime.System {
		o := jobOptions(protocol.Unaligned)
		o.RecordMode = recordMode
		s, err := runtime.New(o, nil)
		require.NoError(t, err)
		s.Run(runtime.RunOptions{LimitNanos: 7e9})
		return s
	}
	fast, slow := run(false), run(true)
	require.Greater(t, len(fast.History.Checkpoints), 2)
	for i, c := range fast.History.Checkpoints {
		require.Equal(t, slow.History.Checkpoints[i], c)
		require.Positive(t, c.BottleneckNanos)
	}
}

func TestWaitsTellWhoHoldsUpWhom(t *testing.T) {
	o := jobOptions(protocol.None)
	o.Config.Network.SegmentSizeBytes = 1024
	s, err := runtime.New(o, nil)
	require.NoError(t, err)
	lines, edges := s.Waits()
	require.Empty(t, lines)
	require.Empty(t, edges)
	s.Run(runtime.RunOptions{LimitNanos: 4e9})
	lines, edges = s.Waits()
	require.Len(t, lines, 6)
	for task := range 2 {
		require.Contains(t, lines[task], "waits for buffers of its consumers")
		require.Contains(t, lines[task+4], "works on a record")
	}
	require.GreaterOrEqual(t, len(edges), 4)
	for _, edge := range edges { // two tasks a vertex
		away := -1
		if strings.Contains(lines[edge[0]], "of its consumers") {
			away = 1
		}
		require.EqualValues(t, int(edge[0]/2)+away, edge[1]/2, "%v: %s", edge, lines[edge[0]])
	}
	s.Kernel.At(s.Kernel.NowNanos()+1, s.CancelJob)
	s.Run(runtime.RunOptions{LimitNanos: 10e9})
	require.Equal(t, protocol.JobCanceled, s.History.Status)
	lines, edges = s.Waits()
	for _, line := range lines {
		require.Contains(t, line, "has ended")
	}
	require.Empty(t, edges)
}

func TestPoolsNeverHoldMoreThanTheirSegments(t *testing.T) {
	o := jobOptions(protocol.Aligned)
	o.Config.Network.SegmentSizeBytes = 64 // a record spans two or three
	var most [4]int64
	overdraft := false
	s, err := runtime.New(o, func(e *sim.Event) {
		switch runtime.EventKindOf(e) {
		case protocol.SegmentTaken:
			most[e.Args[0]] = max(most[e.Args[0]], e.Args[3])
		case protocol.OverdraftTaken:
			overdraft = true
		}
	})
	require.NoError(t, err)
	s.Run(runtime.RunOptions{LimitNanos: 4e9})
	require.True(t, overdraft)
	for task := range protocol.TaskID(4) {
		require.Equal(t, []int64{2*2 + 8 + 5}, s.PoolSegments(task))
		require.LessOrEqual(t, most[task], s.PoolSegments(task)[0])
		require.GreaterOrEqual(t, most[task], int64(2*2+8))
	}
	require.Empty(t, s.PoolSegments(4), "a sink has no output")
}

func TestRunEndsForTheReasonItSays(t *testing.T) {
	options := func() runtime.Options { return smallest(protocol.Aligned) }
	run := func(o runtime.Options, r runtime.RunOptions, prepare func(*runtime.System)) runtime.Ending {
		s, err := runtime.New(o, nil)
		require.NoError(t, err)
		if prepare != nil {
			prepare(s)
		}
		return s.Run(r)
	}
	require.Equal(t, runtime.EndedByJob, run(options(), runtime.RunOptions{LimitNanos: 60e9}, nil))
	require.Equal(t, runtime.EndedByTime, run(options(), runtime.RunOptions{LimitNanos: 300e6}, nil))
	require.Equal(t, runtime.EndedByCaller,
		run(options(), runtime.RunOptions{LimitNanos: 60e9, Until: func() bool { return true }}, nil))
	stalled := func(s *runtime.System) {
		_, err := s.Target().Apply(&protocol.Disturbance{Kind: protocol.FaultStall, Targets: [2]string{"db"}})
		require.NoError(t, err)
	}
	require.Equal(t, runtime.EndedStuck,
		run(options(), runtime.RunOptions{LimitNanos: 600e9, ProgressNanos: 30e9}, stalled))
}
