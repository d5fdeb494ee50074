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
				f := figure(r.Run.Name, "sink", recoveryMetric, predicted, measured, 0)
				return []result.FidelityFigure{f}, nil
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
	w := recoveryWatch{}
	s, err := runtime.Build(k, o, w.observe)
	if err != nil {
		return nil, err
	}
	w.system = s
	s.Run(runtime.RunOptions{LimitNanos: r.ThrowNanos})
	throw := protocol.Disturbance{
		Kind: protocol.FaultThrow, Targets: [2]string{"sink[0]"}, Callback: protocol.CallbackRecord, Record: 1,
	}
	if _, err := s.Target().Apply(&throw); err != nil {
		return nil, err
	}
	for at := r.ThrowNanos; at < r.ThrowNanos+60*billion; at += recoveryStepNanos {
		s.Kernel.RunUntil(at)
		if w.restarted && s.Metrics.Taken > w.taken {
			return []float64{float64(at-w.failedNanos) / million}, nil
		}
	}
	return nil, nil
}

// recoveryStepNanos is how closely the first record is looked for.
const recoveryStepNanos = million / 10

// recoveryWatch notes the failure, and how many records had been taken when the first task
// of the next attempt was there: by then no old sink takes any more.
type recoveryWatch struct {
	system      *runtime.System
	failedNanos int64
	restarted   bool
	taken       int64
}

func (w *recoveryWatch) observe(e *sim.Event) {
	switch runtime.EventKindOf(e) {
	case protocol.TaskFailed:
		w.failedNanos = e.TimeNanos
	case protocol.TaskDeployed:
		if w.failedNanos > 0 && !w.restarted {
			w.restarted, w.taken = true, w.system.Metrics.Taken
		}
	}
}
