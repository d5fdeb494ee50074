package budgets_test

import (
	"testing"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// shape is a job of the same stages one after the other.
type shape struct {
	records     int64
	parallelism int
	depth       int // keyed operators between source and sink
	interval    int64
	emit        emission
	cpuNanos    int64 // of each stage for a record; 0: 1 us
}

// emission is what the keyed operators pass on.
type emission uint8

const (
	// passOn counts beside the stream: the output does not depend on order, and the
	// checkers compare it with the fold of the input.
	passOn emission = iota
	// countIn puts the count into the record: only a second execution in the witnessed
	// order can tell what is right.
	countIn
)

// counting is the keyed operator of a pipeline.
func counting(id string, emit emission) operator.Spec {
	spec := operator.Running(id, operator.RunningOptions{Aggregate: operator.Count, Emit: operator.EmitInput})
	if emit == passOn {
		spec.OutputClass, spec.New = operator.OrderFree, func() operator.Function { return countBeside{} }
	}
	return spec
}

// countBeside counts the records of a key and passes them on as they are.
type countBeside struct{}

func (countBeside) Process(ctx *operator.Context, _ int, r *record.Record, out *operator.Output) {
	e, _ := ctx.Keyed.At(r.Key, 0)
	ctx.Keyed.Add(e, 0, 1)
	out.Pass(r)
}

// pipeline is source => keyed operator => ... => sink; keyed exchanges but for the last.
func pipeline(s shape) runtime.Options {
	src := source.Synthetic("source", source.SyntheticOptions{
		Keys: bareKeys, PayloadBytes: sim.Constant(100), Limit: s.records,
	})
	if s.cpuNanos == 0 {
		s.cpuNanos = 1000
	}
	service := job.Service{CPUNanos: s.cpuNanos}
	nodes := []job.Node{{ID: "source", Parallelism: s.parallelism, Source: &src, Service: service}}
	for i := range s.depth {
		count := counting("count-"+string(rune('a'+i)), s.emit)
		nodes = append(nodes, job.Node{
			ID: count.ID, Parallelism: s.parallelism, Operator: &count,
			Inputs:  []job.Input{{From: len(nodes) - 1, Exchange: job.Keyed}},
			Service: service,
		})
	}
	db := sink.Spec{ID: "db", Kind: sink.Transactional, External: "database", TransactionTimeoutNanos: 900e9}
	nodes = append(nodes, job.Node{ID: "db", Parallelism: s.parallelism, Sink: &db,
		Inputs: []job.Input{{From: len(nodes) - 1, Exchange: job.Rebalance}}})
	o := cluster(s.parallelism)
	o.Graph = &job.Graph{Name: "pipeline", Nodes: nodes}
	o.Config.Checkpointing.IntervalNanos = s.interval
	return o
}

// cluster has a core for every subtask, one machine for each task manager.
func cluster(slots int) runtime.Options {
	checkpointing := protocol.DefaultCoordinatorOptions()
	checkpointing.TimeoutNanos = 600e9
	return runtime.Options{
		Seed: 1,
		Cluster: runtime.Cluster{
			TaskManagers: 2, Slots: (slots + 1) / 2, Nodes: 2, Cores: 64, JobManagers: 1,
			Network: runtime.Network{
				Latency: sim.Constant(200e3), LoopbackLatencyNanos: 20e3, ConnectionTimeoutNanos: 20e9,
			},
			Storage: runtime.Storage{Latency: sim.Constant(5e6), BytesPerSecond: 200 << 20},
		},
		Config: job.Config{
			Protocol: protocol.Aligned, Checkpointing: checkpointing, CheckpointsAfterTasksFinish: true,
			DataInlineThresholdBytes: 20 << 10, Network: job.DefaultNetwork(), Restart: protocol.DefaultRestartOptions(),
			Failure: job.Failure{
				HeartbeatIntervalNanos: 10e9, HeartbeatTimeoutNanos: 50e9, CancelTimeoutNanos: 180e9,
			},
			BufferTimeoutNanos: 100e6, WatermarkIntervalNanos: 200e6, Chaining: false,
			Costs: job.Costs{DeployNanos: 10e6, OpenNanos: 1e6, SyncBaseNanos: 1e6, RecordNanos: 100},
		},
	}
}

// checked is a run with all checkers on that must end well.
func checked(o runtime.Options) *trial.Case {
	return &trial.Case{
		Scenario: "budget", Options: o, Run: runtime.RunOptions{LimitNanos: 24 * 3600e9, SettleNanos: 5e9},
		Expect: trial.Expectation{Contract: protocol.ContractExactlyOnce},
	}
}

func mustRun(tb testing.TB, t *trial.Trial, c *trial.Case) *result.Outcome {
	tb.Helper()
	o, err := t.Run(c)
	if err != nil {
		tb.Fatal(err)
	}
	if o.Verdict != result.OK {
		tb.Fatalf("%s: %v missing %v %s", o.Verdict, o.Violations, o.Missing, o.StuckReason)
	}
	return o
}

// budgetJob is the job of the budget: 2 x 2 channels twice.
func budgetJob(emit emission) shape {
	return shape{records: 1 << 20, parallelism: 2, depth: 1, interval: 250e6, emit: emit}
}

// BenchmarkRecords drives a million records through source => keyed operator => sink with
// all checkers on.
func BenchmarkRecords(b *testing.B) {
	b.Run("order-free", func(b *testing.B) { benchmarkRecords(b, passOn) })
	b.Run("merge-order", func(b *testing.B) { benchmarkRecords(b, countIn) })
	b.Run("unchecked", func(b *testing.B) { benchmarkRecords(b, passOn, unchecked) })
}

func unchecked(c *trial.Case) { c.Unchecked = true }

func benchmarkRecords(b *testing.B, emit emission, changes ...func(*trial.Case)) {
	t, c := trial.New(), checked(pipeline(budgetJob(emit)))
	for _, change := range changes {
		change(c)
	}
	mustRun(b, t, c)
	b.ReportAllocs()
	records, begin := int64(0), cpuTime()
	for b.Loop() {
		mustRun(b, t, c)
		records += budgetJob(emit).records
	}
	b.ReportMetric(perSecond(records, cpuTime()-begin), "records/cpu-s")
}

// BenchmarkBareLoop is what BenchmarkRecords is held against.
func BenchmarkBareLoop(b *testing.B) {
	loop := newBareLoop()
	n, begin := int64(0), cpuTime()
	for b.Loop() {
		loop.run(bareRecords)
		n += bareRecords
	}
	b.ReportMetric(perSecond(n, cpuTime()-begin), "records/cpu-s")
}
