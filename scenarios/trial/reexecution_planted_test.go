package trial

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/checkers"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
	"simrun/scenarios/result"
)

// tampered is an operator of the run that does something else than its second execution.
type tampered struct {
	operator.Function
	record func(ctx *operator.Context, r *record.Record, out *operator.Output) // after Process
	timer  func(state.Timer) bool                                              // whether it may fire
}

func (f *tampered) Process(ctx *operator.Context, input int, r *record.Record, out *operator.Output) {
	f.Function.Process(ctx, input, r, out)
	if f.record != nil {
		f.record(ctx, r, out)
	}
}

func (f *tampered) OnTimer(ctx *operator.Context, timer state.Timer, out *operator.Output) {
	if f.timer == nil || f.timer(timer) {
		f.Function.(operator.TimerFunction).OnTimer(ctx, timer, out)
	}
}

// planted runs a crashed job whose operator id is tampered with from the attempt-th
// deployment on. The oracle's own instances are left alone.
func planted(t *testing.T, scenario, id string, attempt int, tamper func(*tampered), sets ...string) *result.Outcome {
	c := libraryCase(t, scenario, crash, sets...)
	executing, made, found := false, 0, false
	for i := range c.Options.Graph.Nodes {
		node := &c.Options.Graph.Nodes[i]
		if node.ID != id {
			continue
		}
		found = true
		spec := *node.Operator
		fresh := spec.New
		spec.New = func() operator.Function {
			f := fresh()
			if executing {
				return f
			}
			made++
			wrong := &tampered{Function: f}
			if made > attempt*node.Parallelism {
				tamper(wrong)
			}
			return wrong
		}
		node.Operator = &spec
	}
	require.True(t, found)
	o, _ := watchedAround(t, New(), c, nil, func(inside bool) { executing = inside })
	require.NotEmpty(t, o.Recoveries)
	return o
}

// requireOnly holds that every violation is of one signature of the re-execution.
func requireOnly(t *testing.T, o *result.Outcome, signature string) {
	t.Helper()
	require.Len(t, o.Violations, 1, "%+v", o.Violations)
	require.Equal(t, signature, o.Violations[0].Signature, o.Violations[0].Detail)
	require.GreaterOrEqual(t, len(o.Violations[0].Witness), 2, "%+v", o.Violations[0])
}

func TestAValueThatARestoreFlipsIsCorrupt(t *testing.T) {
	flipped := false
	o := planted(t, "nexmark-q12", "per-bidder", 1, func(f *tampered) {
		f.record = func(ctx *operator.Context, _ *record.Record, _ *operator.Output) {
			if flipped {
				return
			}
			ctx.Keyed.Each(func(e state.Entry) bool {
				ctx.Keyed.Set(e, 1, ctx.Keyed.Get(e, 1)^1)
				flipped = true
				return false
			})
		}
	})
	require.True(t, flipped)
	requireOnly(t, o, "corrupt/re-execution/per-bidder -> topic")
}

// The interleaving of FLINK-4651: after a restore, timers that were restored do not fire.
func TestAWindowThatDoesNotFireAfterARestoreIsSeen(t *testing.T) {
	o := planted(t, "flight-delays", "delays", 1, func(f *tampered) {
		f.timer = func(state.Timer) bool { return false }
	})
	requireOnly(t, o, "corrupt/re-execution/delays -> report")
}

func TestARecordThatAnOperatorAddsIsDuplicated(t *testing.T) {
	o := planted(t, "three-source-union", "all", 1, func(f *tampered) {
		f.record = func(_ *operator.Context, r *record.Record, out *operator.Output) {
			if r.Lineage%64 == 0 {
				out.Pass(r)
			}
		}
	}, "job.graph.counts.parallelism=1", "job.graph.topic.parallelism=1")
	require.Equal(t, "violation", string(o.Verdict))
	for _, v := range o.Violations {
		require.Equal(t, "duplicated", v.Class, "%+v", v)
	}
	require.Contains(t, signatures(o), "duplicated/re-execution/all")
}

func signatures(o *result.Outcome) (all []string) {
	for _, v := range o.Violations {
		all = append(all, v.Signature)
	}
	return all
}

// TestAnAlteredWitnessIsNoExecution changes what was told, one thing at a time: the
// operators, or the first task that cannot follow, must show it.
func TestAnAlteredWitnessIsNoExecution(t *testing.T) {
	for _, c := range []struct {
		name, scenario, signature string
		alter                     func([]checkers.WitnessStep) bool // whether it found what to alter
	}{
		{"two channels in the other order", "three-source-union", "corrupt/re-execution/all", swap},
		{"elements left out", "multi-input", "lost/re-execution/best -> topic",
			change(checkers.StepRun, func(s *checkers.WitnessStep) { s.Elements-- })},
		{"elements taken twice", "three-source-union", "duplicated/re-execution/all",
			change(checkers.StepRun, func(s *checkers.WitnessStep) { s.Elements++ })},
		{"another clock", "nexmark-q12", "corrupt/re-execution/per-bidder -> topic",
			change(checkers.StepClock, func(s *checkers.WitnessStep) { s.Value += 20e9 })},
		{"timers that did not fire", "nexmark-q12", "lost/re-execution/per-bidder -> topic",
			change(checkers.StepTimers, func(s *checkers.WitnessStep) { s.Elements-- })},
		{"another watermark", "flight-delays", "corrupt/re-execution/flights",
			change(checkers.StepWatermark, func(s *checkers.WitnessStep) { s.Value++ })},
		{"other records of a source", "flight-delays", "corrupt/re-execution/flights",
			change(checkers.StepRecords, func(s *checkers.WitnessStep) { s.Value++ })},
		{"a split read from further on", "flight-delays", "lost/re-execution/flights",
			change(checkers.StepSplit, func(s *checkers.WitnessStep) { s.Value++ })},
		{"more records than a source holds", "multi-input", "orphan/re-execution/bids",
			change(checkers.StepSource, func(s *checkers.WitnessStep) { s.Elements += 1 << 20 })},
	} {
		t.Run(c.name, func(t *testing.T) {
			altered := false
			o, _ := watched(t, New(), libraryCase(t, c.scenario, ""), func(w *checkers.Witness) {
				for i := range w.Tasks {
					altered = altered || c.alter(w.Tasks[i].Steps)
				}
			})
			require.True(t, altered)
			require.Equal(t, []string{c.signature}, signatures(o), "%+v", o.Violations)
		})
	}
}

// change alters the first step of a kind.
func change(kind checkers.StepKind, alter func(*checkers.WitnessStep)) func([]checkers.WitnessStep) bool {
	return func(steps []checkers.WitnessStep) bool {
		for i := range steps {
			if steps[i].Kind == kind {
				alter(&steps[i])
				return true
			}
		}
		return false
	}
}

// swap exchanges the first two buffers that follow each other and come from two channels.
func swap(steps []checkers.WitnessStep) bool {
	for i := 1; i < len(steps); i++ {
		a, b := &steps[i-1], &steps[i]
		if a.Kind == checkers.StepRun && b.Kind == checkers.StepRun && a.Channel != b.Channel &&
			min(a.Elements, b.Elements) > 3 {
			*a, *b = *b, *a
			return true
		}
	}
	return false
}
