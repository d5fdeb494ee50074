package protocol

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func newDecider(maxConcurrent int, minPauseNanos int64, maxQueued int) *RequestDecider {
	d := &RequestDecider{}
	d.Reset(maxConcurrent, minPauseNanos, maxQueued)
	return d
}

func TestRequestsRunInFlinksOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDecider(1, 0, 1000)
		var naive []TriggerRequest
		for at := range int64(rapid.IntRange(0, 20).Draw(t, "requests")) {
			request := TriggerRequest{
				Kind:   TriggerKind(rapid.IntRange(0, 3).Draw(t, "kind")),
				Forced: rapid.Bool().Draw(t, "forced"), SubmitNanos: at,
			}
			require.False(t, d.Submit(request))
			naive = append(naive, request)
		}
		slices.SortStableFunc(naive, func(a, b TriggerRequest) int { return rank(a) - rank(b) })
		for _, want := range naive {
			decision, got, _ := d.Choose(0, 0)
			require.Equal(t, DecideTrigger, decision)
			require.Equal(t, want, got)
		}
		decision, _, _ := d.Choose(0, 0)
		require.Equal(t, DecideWait, decision)
	})
}

func rank(r TriggerRequest) (rank int) {
	if !r.Kind.Savepoint() {
		rank += 4
	}
	if !r.Forced {
		rank += 2
	}
	if r.Kind == TriggerPeriodic {
		rank++
	}
	return rank
}

func TestFullQueueDropsTheLastPeriodic(t *testing.T) {
	d := newDecider(1, 0, 2)
	require.False(t, d.Submit(TriggerRequest{Kind: TriggerPeriodic, SubmitNanos: 1}))
	require.False(t, d.Submit(TriggerRequest{Kind: TriggerManual, SubmitNanos: 2}))
	require.True(t, d.Submit(TriggerRequest{Kind: TriggerManual, SubmitNanos: 3}), "the periodic one goes")
	require.True(t, d.Submit(TriggerRequest{Kind: TriggerSavepoint, SubmitNanos: 4}), "now the new one goes")
	_, first, _ := d.Choose(0, 0)
	_, second, _ := d.Choose(0, 0)
	require.Equal(t, []int64{2, 3}, []int64{first.SubmitNanos, second.SubmitNanos})
	require.Zero(t, d.Queued())
}

func TestForcedRequestIgnoresPendingOnesAndPause(t *testing.T) {
	d := newDecider(1, 100, 10)
	d.Submit(TriggerRequest{Kind: TriggerSavepoint, Forced: true})
	d.Submit(TriggerRequest{Kind: TriggerManual})
	d.Submit(TriggerRequest{Kind: TriggerPeriodic})
	decision, request, _ := d.Choose(1, 0)
	require.Equal(t, DecideTrigger, decision)
	require.True(t, request.Forced)
	decision, _, _ = d.Choose(1, 0)
	require.Equal(t, DecideWait, decision)
	decision, request, _ = d.Choose(0, 0)
	require.Equal(t, DecideTrigger, decision, "manual requests do not wait for min-pause")
	require.Equal(t, TriggerManual, request.Kind)
	decision, _, delay := d.Choose(0, 30)
	require.Equal(t, DecideTooEarly, decision)
	require.Equal(t, int64(70), delay)
	require.Zero(t, d.Queued(), "the request that came too early is dropped")
}
