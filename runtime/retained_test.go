package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
)

// TestNewRunStartsFromARetainedCheckpoint cancels a job, starts another run from what it
// retained, and finds every record in the external system once.
func TestNewRunStartsFromARetainedCheckpoint(t *testing.T) {
	for _, name := range []protocol.Name{protocol.Aligned, protocol.Unaligned, protocol.HybridOut} {
		t.Run(string(name), func(t *testing.T) {
			o := jobOptions(name)
			o.Config.Checkpointing.Retention = protocol.RetainOnCancellation
			first, err := runtime.New(o, nil)
			require.NoError(t, err)
			first.Kernel.At(8e9, first.CancelJob)
			first.Run(runtime.RunOptions{LimitNanos: 60e9, SettleNanos: 5e9})
			require.Equal(t, protocol.JobCanceled, first.History.Status)
			visible := len(first.Externals[0].Ledger.Visible())
			require.Less(t, visible, jobRecords)
			retained, err := first.Retain(first.History.Latest().Checkpoint)
			require.NoError(t, err)

			o.RestoreFrom = retained
			second, err := runtime.New(o, nil)
			require.NoError(t, err)
			second.Run(runtime.RunOptions{LimitNanos: 200e9, SettleNanos: 5e9})
			require.Equal(t, protocol.JobFinished, second.History.Status)
			require.Equal(t, jobRecords, len(second.Externals[0].Ledger.Visible()))
			require.Zero(t, second.Externals[0].Ledger.OpenTransactions())
		})
	}
}
