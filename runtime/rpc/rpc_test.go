package rpc_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/rpc"
	"simrun/sim"
)

func TestEveryObjectHasANameOfItsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := map[sim.ObjectKey]string{rpc.LeaseKey(): "lease", rpc.JobKey(): "job"}
		add := func(key sim.ObjectKey, what string) {
			if other, taken := names[key]; taken {
				require.Equal(t, other, what)
			}
			names[key] = what
		}
		require.Len(t, names, 2)
		for range 20 {
			id := protocol.CheckpointID(rapid.Int64Range(1, 3).Draw(t, "checkpoint"))
			task := protocol.TaskID(rapid.Int32Range(0, 3).Draw(t, "task"))
			attempt := protocol.Attempt(rapid.Int32Range(0, 3).Draw(t, "attempt"))
			whose := [3]int64{int64(id), int64(task), int64(attempt)}
			add(rpc.StateKey(id, task, attempt), text("state", whose))
			add(rpc.ChannelsKey(id, task, attempt), text("channels", whose))
			whose[1] = -1
			add(rpc.MetadataKey(id, attempt), text("metadata", whose))
		}
	})
}

func text(kind string, ids [3]int64) string {
	for _, id := range ids {
		kind += " " + sim.FormatNanos(id)
	}
	return kind
}

// A message's kind is its meaning on every path; packages number their own from FirstFree.
func TestKindsAreDense(t *testing.T) {
	require.EqualValues(t, 0, rpc.None)
	require.EqualValues(t, 1, rpc.Heartbeat)
	require.Equal(t, rpc.FirstFree, rpc.ExternalFence+1)
}
