package runtime_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

const jobRecords = 20000

func jobOptions(name protocol.Name) runtime.Options {
	src := source.Synthetic("source", source.SyntheticOptions{
		Rate: source.Rate{RecordsPerSecond: sim.Ratio{Num: 2000, Den: 1}}, Keys: 50, PayloadBytes: sim.Constant(100), Limit: jobRecords,
	})
	count := operator.Running("count", operator.RunningOptions{Aggregate: operator.Count, Emit: operator.EmitInput})
	db := sink.Spec{ID: "db", Kind: sink.Transactional, External: "database",
		Service: sink.Service{Base: sim.Constant(2e6)}}
	checkpointing := protocol.DefaultCoordinatorOptions()
	checkpointing.IntervalNanos = 2e9
	checkpointing.TimeoutNanos = 60e9
	return runtime.Options{
		Seed: 1, KeepOutput: 1 << 20,
		Cluster: runtime.Cluster{
			TaskManagers: 2, Slots: 2, Nodes: 2, Cores: 2, JobManagers: 1,
			Network: runtime.Network{Latency: sim.Constant(200e3), LoopbackLatencyNanos: 20e3, ConnectionTimeoutNanos: 20e9},
			Storage: runtime.Storage{Latency: sim.Constant(5e6), BytesPerSecond: 200 << 20},
		},
		Graph: &job.Graph{Name: "counts", Nodes: []job.Node{
			{ID: "source", Parallelism: 2, Source: &src, Service: job.Service{CPUNanos: 1000}},
			{ID: "count", Parallelism: 2, Operator: &count, Inputs: []job.Input{{From: 0, Exchange: job.Keyed}}, Service: job.Service{CPUNanos: 1000}},
			{ID: "db", Parallelism: 2, Sink: &db, Inputs: []job.Input{{From: 1, Exchange: job.Rebalance}}},
		}},
		Config: job.Config{
			Protocol: name, AlignedTimeoutNanos: 100e6, Checkpointing: checkpointing, CheckpointsAfterTasksFinish: true,
			DataInlineThresholdBytes: 20 << 10, Network: job.DefaultNetwork(), Restart: protocol.DefaultRestartOptions(),
			Failure:            job.Failure{HeartbeatIntervalNanos: 10e9, HeartbeatTimeoutNanos: 50e9, CancelTimeoutNanos: 180e9},
			BufferTimeoutNanos: 100e6, WatermarkIntervalNanos: 200e6, Chaining: true,
			Costs: job.Costs{DeployNanos: 10e6, OpenNanos: 1e6, SyncBaseNanos: 1e6, RecordNanos: 100},
		},
	}
}

func finished(t *testing.T, o runtime.Options) *runtime.System {
	t.Helper()
	s, err := runtime.New(o, nil)
	require.NoError(t, err)
	ending := s.Run(runtime.RunOptions{LimitNanos: 200e9, ProgressNanos: 60e9, SettleNanos: 1e9})
	lines, _ := s.Waits()
	require.Equal(t, runtime.EndedByJob, ending, lines)
	return s
}

func TestEveryProtocolFinishesTheJobWithItsWholeOutput(t *testing.T) {
	for _, name := range protocol.Names() {
		t.Run(string(name), func(t *testing.T) {
			s := finished(t, jobOptions(name))
			require.Equal(t, protocol.JobFinished, s.History.Status)
			require.Empty(t, s.History.Failures)
			require.Len(t, s.Externals[0].Ledger.Visible(), jobRecords)
			require.Zero(t, s.Externals[0].Ledger.OpenTransactions())
		})
	}
}

// An aligned checkpoint waits for exactly what was in flight before its barriers (work
// conservation, reference protocols.md 5.2 A1).
func TestAlignedDurationIsTheWorkInFlightAtTheTrigger(t *testing.T) {
	s := finished(t, jobOptions(protocol.Aligned))
	measured := 0
	for _, c := range s.History.Checkpoints {
		if c.Status != protocol.CheckpointSucceeded || c.BottleneckNanos < 1e9 {
			continue
		}
		measured++
		require.InEpsilon(t, c.BottleneckNanos, c.EndToEndNanos, 0.01, "checkpoint %d", c.ID)
	}
	require.Greater(t, measured, 1)
}

func TestUnalignedPersistsWhatIsInFlightAtTheTrigger(t *testing.T) {
	s := finished(t, jobOptions(protocol.Unaligned))
	measured := 0
	for _, c := range s.History.Checkpoints {
		if c.Status != protocol.CheckpointSucceeded || c.InFlightBytes < 100_000 {
			continue
		}
		measured++
		require.InEpsilon(t, c.InFlightBytes, c.PersistedBytes, 0.02, "checkpoint %d", c.ID)
		require.Less(t, c.EndToEndNanos, int64(50e6))
	}
	require.Greater(t, measured, 1)
}

func TestSameSeedGivesTheSameDigestOnAReusedKernel(t *testing.T) {
	k := sim.New(sim.Options{})
	var digests []uint64
	for range 2 {
		s, err := runtime.Build(k, jobOptions(protocol.HybridOut), nil)
		require.NoError(t, err)
		s.Run(runtime.RunOptions{LimitNanos: 200e9})
		digests = append(digests, s.Digest())
	}
	require.Equal(t, digests[0], digests[1])
}
