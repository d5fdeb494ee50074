package runtime_test

import (
	"fmt"
	"os"
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

func smokeOptions(name protocol.Name) runtime.Options {
	src := source.Synthetic("source", source.SyntheticOptions{
		Rate: source.Rate{RecordsPerSecond: sim.Ratio{Num: 2000, Den: 1}}, Keys: 50, PayloadBytes: sim.Constant(100), Limit: 20000,
	})
	count := operator.Running("count", operator.RunningOptions{Aggregate: operator.Count, Emit: operator.EmitInput})
	db := sink.Spec{ID: "db", Kind: sink.Transactional, External: "database",
		Service: sink.Service{Base: sim.Constant(2e6)}}
	checkpointing := protocol.DefaultCoordinatorOptions()
	checkpointing.IntervalNanos = 2e9
	checkpointing.TimeoutNanos = 60e9
	checkpointing.CheckpointsAfterTasksFinish = true
	checkpointing.Barrier = protocol.Options(name, protocol.CheckpointRequest{ID: 1, AlignedTimeoutNanos: 100e6})
	return runtime.Options{
		Seed: 1, KeepOutput: 1 << 20,
		Cluster: runtime.Cluster{
			TaskManagers: 2, Slots: 2, Nodes: 2, Cores: 2, JobManagers: 1,
			Network: runtime.Network{Latency: sim.Constant(200e3), LoopbackLatencyNanos: 20e3, ConnectionTimeoutNanos: 20e9},
			Storage: runtime.Storage{Latency: sim.Constant(5e6), BytesPerSecond: 200 << 20},
		},
		Graph: &job.Graph{Name: "smoke", Nodes: []job.Node{
			{ID: "source", Parallelism: 2, Source: &src, Service: job.Service{CPUNanos: 1000}},
			{ID: "count", Parallelism: 2, Operator: &count, Inputs: []job.Input{{From: 0, Exchange: job.Keyed}}, Service: job.Service{CPUNanos: 1000}},
			{ID: "db", Parallelism: 2, Sink: &db, Inputs: []job.Input{{From: 1, Exchange: job.Rebalance}}},
		}},
		Config: job.Config{
			Protocol: name, Checkpointing: checkpointing, CheckpointsAfterTasksFinish: true,
			DataInlineThresholdBytes: 20 << 10, Network: job.DefaultNetwork(), Restart: protocol.DefaultRestartOptions(),
			Failure:            job.Failure{HeartbeatIntervalNanos: 10e9, HeartbeatTimeoutNanos: 50e9, CancelTimeoutNanos: 180e9},
			BufferTimeoutNanos: 100e6, WatermarkIntervalNanos: 200e6, Chaining: true,
			Costs: job.Costs{DeployNanos: 10e6, OpenNanos: 1e6, SyncBaseNanos: 1e6, RecordNanos: 100},
		},
	}
}

func TestSmoke(t *testing.T) {
	for _, name := range protocol.Names()[1:] {
		t.Run(string(name), func(t *testing.T) {
			events := 0
			verbose := os.Getenv("SMOKE") == string(name)
			s, err := runtime.New(smokeOptions(name), func(e *sim.Event) {
				events++
				if verbose {
					fmt.Println(e.TimeNanos, e.Actor, protocol.EventText(protocol.EventKind(e.Kind), e.Args))
				}
			})
			require.NoError(t, err)
			ending := s.Run(runtime.RunOptions{LimitNanos: 200e9, ProgressNanos: 60e9, SettleNanos: 1e9})
			lines, _ := s.Waits()
			fmt.Println(name, "ending", ending, "at", s.Kernel.NowNanos(), "status", s.History.Status, "events", events, "taken", s.Metrics.Taken, "emitted", s.Metrics.Emitted)
			for _, cp := range s.History.Checkpoints {
				fmt.Println("  cp", cp.ID, cp.Status, cp.Reason, "dur", cp.EndToEndNanos/1e3, "us bytes", cp.CheckpointedBytes, "persisted", cp.PersistedBytes, "inflight", cp.InFlightRecords, "bottleneck", cp.BottleneckNanos/1e3)
			}
			for _, line := range lines {
				fmt.Println("  ", line)
			}
			fmt.Println("  failures", s.History.Failures)
			for _, e := range s.Externals {
				fmt.Println("  visible", len(e.Ledger.Visible()), "open", e.Ledger.OpenTransactions())
			}
		})
	}
}
