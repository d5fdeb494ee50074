package rpc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestEveryControlMessageHasAWordOfItsOwn(t *testing.T) {
	seen := map[string]bool{"any": true}
	for _, m := range rpc.ControlMessages() {
		require.False(t, seen[m.Name], m.Name)
		seen[m.Name] = true
		require.NotEmpty(t, m.Lost)
		found, ok := rpc.ControlMessageOf(m.Name)
		require.True(t, ok)
		require.Equal(t, m, found)
		require.Equal(t, m.Repeated, rpc.IsRepeated(m.Kind))
	}
	_, ok := rpc.ControlMessageOf("buffer")
	require.False(t, ok, "data goes on connections")
	require.False(t, rpc.IsRepeated(rpc.Buffer))
}

func TestAControlMessageIsAddressedByWhatItSays(t *testing.T) {
	seen := map[[2]uint64]int{}
	for i, m := range []sim.Message{
		{Kind: rpc.Trigger, A: 1, B: 0, Body: &protocol.Barrier{ID: 4}},
		{Kind: rpc.Trigger, A: 1, B: 0, Body: &protocol.Barrier{ID: 5}},
		{Kind: rpc.Trigger, A: 2, B: 0, Body: &protocol.Barrier{ID: 5}},
		{Kind: rpc.Acknowledge, Body: &rpc.Acknowledgement{Task: 7, Checkpoint: 4}},
		{Kind: rpc.Acknowledge, Body: &rpc.Acknowledgement{Task: 7, Attempt: 1, Checkpoint: 4}},
		{Kind: rpc.Acknowledge, Body: &rpc.Acknowledgement{Task: 7, Checkpoint: 9}},
		{Kind: rpc.TaskState, Body: &rpc.StateReport{Task: 7, State: rpc.TaskRunning}},
		{Kind: rpc.TaskState, Body: &rpc.StateReport{Task: 7, State: rpc.TaskFailed}},
		{Kind: rpc.ExternalCommit, Body: &rpc.ExternalRequest{Task: 7, Attempt: 9, Sequence: 3}},
		{Kind: rpc.ExternalCommit, Body: &rpc.ExternalRequest{Task: 7, Attempt: 9, Sequence: 5}},
		{Kind: rpc.DeclineReport, Body: &rpc.DeclineNotice{Task: 1, Attempt: 9, Checkpoint: 5}},
		{Kind: rpc.NotifyDone, A: 1, B: 8, C: 3},
		{Kind: rpc.NotifyDone, A: 1, B: 8, C: 4},
	} {
		a, b := rpc.AddressOf(&m)
		require.NotContains(t, seen, [2]uint64{a, b}, "message %d", i)
		seen[[2]uint64{a, b}] = i
	}
}
