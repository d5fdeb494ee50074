package task

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

// following is a replay with two splits of one source, at offsets 100 and 200, each
// lagNanos behind.
func following(lagNanos int64) *Replay {
	r := NewReplay(1e9)
	for split := range int32(2) {
		r.splits = append(r.splits, replaySplit{
			source: 3, split: split, offset: 100 * int64(split+1), lagNanos: lagNanos + steadyLagNanos, behind: true,
		})
	}
	return r
}

func TestReplayEndsWhenEverySplitIsWhereItWas(t *testing.T) {
	r := following(0)
	r.emitted(3, 0, 100, 0, 5e9)
	r.emitted(2, 1, 900, 0, 5e9)
	require.Zero(t, r.ReplayedNanos, "the other split is still behind, whatever another source does")
	r.emitted(3, 1, 199, 0, 6e9)
	require.Zero(t, r.ReplayedNanos)
	r.emitted(3, 1, 200, 0, 7e9)
	require.EqualValues(t, 7e9, r.ReplayedNanos)
	require.Zero(t, r.CaughtUpNanos, "the records are seconds old")
	r.emitted(3, 0, 180, 8e9-10e6, 8e9)
	r.emitted(3, 1, 290, 9e9-steadyLagNanos, 9e9)
	require.EqualValues(t, 7e9, r.ReplayedNanos, "the first time counts")
	require.EqualValues(t, 9e9, r.CaughtUpNanos)
}

func TestCatchingUpIsBeingNoFurtherBehindThanBefore(t *testing.T) {
	r := following(300e6)
	r.emitted(3, 0, 100, 4e9, 5e9)
	r.emitted(3, 1, 200, 4e9, 5e9)
	require.Zero(t, r.CaughtUpNanos)
	r.emitted(3, 0, 101, 6e9-350e6, 6e9)
	r.emitted(3, 1, 201, 6e9-350e6, 6e9)
	require.EqualValues(t, 6e9, r.CaughtUpNanos)
}

func TestOverloadedSourceHasCaughtUpWhenItHasReplayed(t *testing.T) {
	r := following(20e9)
	r.emitted(3, 0, 100, 0, 50e9)
	r.emitted(3, 1, 200, 0, 51e9)
	require.EqualValues(t, 51e9, r.ReplayedNanos)
	require.EqualValues(t, 51e9, r.CaughtUpNanos)
}

func TestSplitThatHasEndedIsAsFarAsItGets(t *testing.T) {
	r := following(0)
	r.ended(3, 0, 2e9)
	r.ended(4, 1, 2e9)
	require.Zero(t, r.ReplayedNanos, "split 1 of another source")
	r.ended(3, 1, 3e9)
	require.EqualValues(t, []int64{3e9, 3e9}, []int64{r.ReplayedNanos, r.CaughtUpNanos})
	r.emitted(3, 0, 100, 0, 9e9)
	require.EqualValues(t, 3e9, r.ReplayedNanos)
}

func TestMetricsCountTheWindowOnly(t *testing.T) {
	m := NewMetrics(2)
	m.FromNanos, m.ToNanos = 100, 200
	of := func(id protocol.TaskID) *Task { return &Task{id: id} }
	m.spend(of(1), active, 0, 150)
	m.spend(of(1), softBackpressured, 150, 170)
	m.spend(of(1), hardBackpressured, 170, 180)
	m.spend(of(1), idle, 180, 1000)
	require.Equal(t, [activities]int64{20, 50, 20, 10}, m.Tasks[1].Nanos)
	require.EqualValues(t, 300, m.BackpressuredPermille(1))
	require.Zero(t, m.BackpressuredPermille(0), "it has done nothing")
	require.EqualValues(t, 820, m.Tasks[1].idleNanos, "debloating asks for all of it")
}
