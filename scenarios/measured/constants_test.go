package measured_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/sim"
)

// TestLongAlignedDurationsNeedNoConstant takes every constant away but those without which
// nothing has a time.
func TestLongAlignedDurationsNeedNoConstant(t *testing.T) {
	for _, r := range chosen(t, "r04", "r27", "r31", "r34") {
		o := r.Options(1, 2)
		o.Config.Costs = job.Costs{RPC: sim.Constant(1), RecordNanos: 1}
		s, err := runtime.New(o, nil)
		require.NoError(t, err)
		s.Run(runtime.RunOptions{LimitNanos: r.RunNanos})
		var sum, n float64
		for _, c := range s.History.Checkpoints {
			if c.ID >= 2 && c.Status == protocol.CheckpointSucceeded {
				sum, n = sum+float64(c.EndToEndNanos)/1e6, n+1
			}
		}
		measured, of := 0.0, 0.0
		for _, sample := range r.Samples {
			if sample.Checkpoint >= 2 {
				measured, of = measured+sample.Values[0], of+1
			}
		}
		require.InEpsilon(t, measured/of, sum/n, 0.04, r.Name)
	}
}
