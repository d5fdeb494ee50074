package measured_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/scenarios/measured"
	"simrun/scenarios/result"
	"simrun/sim"
)

// chosen are the embedded runs of these names.
func chosen(t *testing.T, names ...string) (runs []*measured.Run) {
	all, err := measured.Embedded()
	require.NoError(t, err)
	for _, name := range names {
		at := slices.IndexFunc(all, func(r *measured.Run) bool { return r.Name == name })
		require.GreaterOrEqual(t, at, 0, name)
		runs = append(runs, all[at])
	}
	return runs
}

func validate(t *testing.T, o measured.Options) *result.Fidelity {
	f, err := measured.Validate(context.Background(), o)
	require.NoError(t, err)
	return f
}

// whole is a figure of the whole checkpoint.
func whole(t *testing.T, f *result.Fidelity, run, metric string) *result.FidelityFigure {
	at := slices.IndexFunc(f.Figures, func(x result.FidelityFigure) bool {
		return x.Run == run && x.Vertex == "" && x.Metric == metric
	})
	require.GreaterOrEqual(t, at, 0, run)
	return &f.Figures[at]
}

// TestLongAlignedDurationsAreMechanism takes runs over parallelism, depth, exchange, layout
// and segment size.
func TestLongAlignedDurationsAreMechanism(t *testing.T) {
	names := []string{"r04", "r09", "r15", "r17", "r25", "r27", "r29", "r31", "r34", "r37", "r43", "r46", "r49"}
	f := validate(t, measured.Options{Runs: chosen(t, names...)})
	for _, name := range names {
		e2e := whole(t, f, name, "e2e_ms")
		require.LessOrEqual(t, e2e.RelativeError, 0.04, "%s: %g for %g ms", name, e2e.Predicted, e2e.Measured)
		throughput := whole(t, f, name, "throughput_records_per_s")
		require.LessOrEqual(t, throughput.RelativeError, 0.02, name)
	}
}

func TestShortDurationsStayWithinTheirBound(t *testing.T) {
	names := []string{"r06", "r10", "r12", "r16", "r18", "r26", "r28", "r30", "r32", "r35", "r38", "r64"}
	f := validate(t, measured.Options{Runs: chosen(t, names...)})
	for _, name := range names {
		e2e := whole(t, f, name, "e2e_ms")
		require.True(t, e2e.Passes, "%s: %g for %g ms", name, e2e.Predicted, e2e.Measured)
	}
	for i := range f.Bands {
		if b := &f.Bands[i]; b.Metric == result.AllTimes {
			require.True(t, b.WithinBar, b.Band)
		}
	}
}

func TestTimeoutsAndStorageAreMechanism(t *testing.T) {
	names := []string{"r08", "r11", "r44", "r45", "r47", "r48"}
	f := validate(t, measured.Options{Runs: chosen(t, names...)})
	for _, name := range names {
		require.LessOrEqual(t, whole(t, f, name, "e2e_ms").RelativeError, 0.06, name)
		require.LessOrEqual(t, whole(t, f, name, "persisted_bytes").RelativeError, 0.10, name)
	}
}

// TestDebloatedBuffersHoldATargetsWorth: what waits counts, at the sender too, and nothing
// behind a barrier that blocks.
func TestDebloatedBuffersHoldATargetsWorth(t *testing.T) {
	f := validate(t, measured.Options{Runs: chosen(t, "r39", "r40", "r41", "r42")})
	require.LessOrEqual(t, whole(t, f, "r39", "e2e_ms").RelativeError, 0.06)
	require.LessOrEqual(t, whole(t, f, "r41", "e2e_ms").RelativeError, 0.06)
	require.LessOrEqual(t, whole(t, f, "r40", "persisted_bytes").RelativeError, 0.10)
	require.LessOrEqual(t, whole(t, f, "r42", "persisted_bytes").RelativeError, 0.10)
}

func TestRecoveriesTakeAsLongAsMeasured(t *testing.T) {
	f := validate(t, measured.Options{Recoveries: true})
	near := 0
	for i := range f.Figures {
		require.Equal(t, "recovery_ms", f.Figures[i].Metric)
		require.True(t, strings.HasPrefix(f.Figures[i].Run, "recovery-"))
		require.False(t, f.Figures[i].Judged, "no bar is set for recoveries")
		if f.Figures[i].RelativeError <= 0.10 {
			near++
		}
	}
	require.Len(t, f.Figures, 6)
	require.GreaterOrEqual(t, near, 5)
}

func TestResultDoesNotDependOnWorkers(t *testing.T) {
	runs := chosen(t, "r15", "r16", "r31", "r32", "r25")
	one := validate(t, measured.Options{Runs: runs, Workers: 1})
	three := validate(t, measured.Options{Runs: runs, Workers: 3})
	require.Equal(t, one, three)
	require.Equal(t, []string{"r15", "r16", "r31", "r32", "r25"},
		[]string{one.Runs[0].Name, one.Runs[1].Name, one.Runs[2].Name, one.Runs[3].Name, one.Runs[4].Name})
}

func TestMoreCoresMakeCPUCheaper(t *testing.T) {
	runs := chosen(t, "r35") // 18 subtasks
	two := validate(t, measured.Options{Runs: runs})
	many := validate(t, measured.Options{Runs: runs, Cores: 32})
	require.Less(t, whole(t, many, "r35", "e2e_ms").Predicted, whole(t, two, "r35", "e2e_ms").Predicted/2)
}

func TestAnInterruptEndsTheWork(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := measured.Validate(ctx, measured.Options{Runs: chosen(t, "r15", "r31")})
	require.ErrorIs(t, err, context.Canceled)
}

// slowSink is a run of two sinks that take 1 ms a record.
func slowSink(name string, p protocol.Name) measured.Run {
	return measured.Run{
		Name: name, Topology: measured.TopologyChain, Protocol: p, Parallelism: 2, Depth: 3,
		Exchange: job.Rebalance, SinkNanos: 1e6, PayloadBytes: 1000, Keys: 1000, SegmentBytes: 32 << 10,
		BufferTimeoutNanos: 100e6, DebloatTargetNanos: 1e9, Layout: measured.LayoutRemote,
		IntervalNanos: 2e9, RunNanos: 14e9,
	}
}

func predict(t *testing.T, r measured.Run) *measured.Prediction {
	p, err := measured.Predict(sim.New(sim.Options{}), &r, measured.DefaultCores)
	require.NoError(t, err)
	return p
}

// of are the values of a column, by vertex, of the second checkpoint.
func of(t *testing.T, p *measured.Prediction, vertex, column string) float64 {
	columns := measured.Columns()
	figures := columns[slices.Index(columns, "e2e_ms"):]
	figures = slices.DeleteFunc(slices.Clone(figures), func(name string) bool { return name == "vertex" })
	for _, s := range p.Samples {
		if s.Checkpoint == 2 && s.Vertex == vertex {
			return s.Values[slices.Index(figures, column)]
		}
	}
	require.Fail(t, "no checkpoint 2", vertex)
	return 0
}

func TestRowsThatWereNotMeasuredWorkToo(t *testing.T) {
	for _, p := range []protocol.Name{protocol.Aligned, protocol.AtLeastOnce, protocol.Unaligned} {
		for _, layout := range []string{measured.LayoutOneTaskManager, measured.LayoutSpread, measured.LayoutRemote} {
			union := slowSink("union", p)
			union.Topology, union.Layout = measured.TopologyUnion, layout
			forward := slowSink("forward", p)
			forward.Exchange, forward.Layout, forward.Depth, forward.Parallelism = job.Forward, layout, 4, 3
			for _, r := range []measured.Run{union, forward} {
				prediction := predict(t, r)
				require.Positive(t, of(t, prediction, "sink", "e2e_ms"), "%s %s %s", r.Name, p, layout)
				require.InEpsilon(t, 1000*float64(r.Parallelism), prediction.RecordsPerSecond, 0.02)
			}
		}
	}
}

// A forward chain of private channels, fed as fast as it takes, is full: 2 + 8 input buffers
// and 10 output buffers an exchange, at one record a millisecond.
func TestForwardChainDrainsWhatItsBuffersHold(t *testing.T) {
	r := slowSink("forward", protocol.Aligned)
	r.Exchange, r.RunNanos = job.Forward, 20e9
	perBuffer := float64(r.SegmentBytes) / float64(r.PayloadBytes+25)
	require.InEpsilon(t, 2*(2+8+10)*perBuffer, of(t, predict(t, r), "sink", "e2e_ms"), 0.08)
}

// Five subtasks share a file, and none acknowledges before it is written: with the bytes of
// all of them, at the bandwidth of one writer.
func TestSubtasksThatShareAFileAcknowledgeTogether(t *testing.T) {
	r := slowSink("shared", protocol.Unaligned)
	r.Parallelism, r.StorageBytesPerSecond = 1, 1e6
	alone := predict(t, r)
	r.Layout = measured.LayoutSpread
	shared := predict(t, r)
	require.Less(t, of(t, alone, "source", "async_ms_max"), 0.6*of(t, alone, "op1", "async_ms_max"))
	bytes := of(t, shared, "sink", "persisted_bytes")
	for _, vertex := range []string{"source", "op1", "sink"} {
		require.InEpsilon(t, bytes/1e6*1e3, of(t, shared, vertex, "async_ms_max"), 0.05, vertex)
	}
}
