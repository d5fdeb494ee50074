package task_test

import (
	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// pipeline is source, count and db, two subtasks each, on two task managers. Every record
// waits so long at the source and at the sink; checkpoints are triggered at the instants.
func pipeline(name protocol.Name, sourceWait, sinkWait int64, instants ...int64) runtime.Options {
	src := source.Synthetic("source", source.SyntheticOptions{
		Rate: source.Rate{RecordsPerSecond: sim.Ratio{Num: 1000, Den: 1}}, Keys: 20,
		PayloadBytes: sim.Uniform(100, 400), Limit: 100_000,
	})
	count := operator.Running("count", operator.RunningOptions{Aggregate: operator.Count, Emit: operator.EmitInput})
	db := sink.Spec{ID: "db", Kind: sink.Append, External: "database", Service: sink.Service{Base: sim.Constant(sinkWait)}}
	network := job.DefaultNetwork()
	network.SegmentSizeBytes = 1024
	return runtime.Options{
		Seed: 1, Detailed: true, ScheduleNanos: instants,
		Cluster: runtime.Cluster{
			TaskManagers: 2, Slots: 2, Nodes: 2, Cores: 2, JobManagers: 1,
			Network: runtime.Network{Latency: sim.Constant(200e3), LoopbackLatencyNanos: 20e3, ConnectionTimeoutNanos: 20e9},
			Storage: runtime.Storage{Latency: sim.Constant(1e6)},
		},
		Graph: &job.Graph{Name: "pipeline", Nodes: []job.Node{
			{ID: "source", Parallelism: 2, Source: &src, Service: job.Service{Wait: sim.Constant(sourceWait)}},
			{ID: "count", Parallelism: 2, Operator: &count, Inputs: []job.Input{{From: 0, Exchange: job.Keyed}}},
			{ID: "db", Parallelism: 2, Sink: &db, Inputs: []job.Input{{From: 1, Exchange: job.Rebalance}}},
		}},
		Config: job.Config{
			Protocol: name, Checkpointing: protocol.DefaultCoordinatorOptions(), Network: network,
			Restart:            protocol.DefaultRestartOptions(),
			Failure:            job.Failure{HeartbeatIntervalNanos: 10e9, HeartbeatTimeoutNanos: 50e9, CancelTimeoutNanos: 180e9},
			BufferTimeoutNanos: 10e6, WatermarkIntervalNanos: 200e6, Chaining: true,
		},
	}
}

// happening is an event with its kind.
type happening struct {
	nanos int64
	kind  protocol.EventKind
	args  [protocol.MaxEventArgs]int64
}

// of reports whether the event is of the kind and of the task.
func (h happening) of(k protocol.EventKind, task int64) bool { return h.kind == k && h.args[0] == task }

// watched runs the options until a time and returns the system and its events.
func watched(t require.TestingT, o runtime.Options, untilNanos int64) (*runtime.System, []happening) {
	var events []happening
	s, err := runtime.New(o, func(e *sim.Event) {
		events = append(events, happening{e.TimeNanos, protocol.EventKind(e.Kind), e.Args})
	})
	require.NoError(t, err)
	s.Run(runtime.RunOptions{LimitNanos: untilNanos})
	return s, events
}
