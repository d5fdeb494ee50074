package plan_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/plan"
	"simrun/protocol"
)

const second = int64(1e9)

func TestCanonicalTextsParseBackToThemselves(t *testing.T) {
	for _, text := range []string{
		"crash task-manager-1 at 12 s",
		"crash task-manager-1 at 12 s restart-after 1 s",
		"crash job-manager-0 at 1500 ms restart-after never",
		"crash delays[1] step snapshot-done ordinal 3",
		"crash delays[1] step sync-snapshot before of delays[1] checkpoint 4 ordinal 3 restart-after 1 s",
		"stall here step pre-commit before ordinal 1 for 2 s",
		`crash here-process step acknowledge of "the sink" ordinal 2`,
		"throw delays at-record 1000",
		"throw delays at-record 1000 times always at 4 s",
		"throw db in snapshot",
		"throw db in notify times always step sink-pre-commit ordinal 1",
		"slow db factor 5 from 4 s to 9 s",
		"slow storage factor 2.5 from 0 s",
		"slow storage factor 1/3 from 0 s",
		"slow delays factor 10 step checkpoint-triggered ordinal 2 for 3 s",
		"stall db from 4 s to 9 s",
		"delay node-1 node-2 by 50 ms from 4 s to 9 s",
		"delay node-1 node-2 by 50 ms one-way from 4 s",
		"partition task-manager-0 job-manager-0 one-way from 4 s to 9 s",
		"partition node-1 node-2 from 1 min to 2 min",
		"fail storage from 4 s to 9 s",
		"fail storage operation put count 3 outcome unknown from 4 s",
		"pause node-1 from 4 s to 9 s",
		"isolate node-1 from 4 s to 9 s",
		"hold node-1 job-manager-0 one-way from 4 s to 9 s",
		"reset node-1 node-2 at 4 s",
		"jitter node-1 node-2 by 5 ms from 4 s to 9 s",
		"throttle node-1 node-2 bandwidth 10 mb/s from 4 s to 9 s",
		"throttle node-1 node-2 bandwidth 1000 b/s one-way from 4 s",
		"lose acknowledge count 1 from 4 s",
		"lose any sender task-manager-0 receiver job-manager-0 every 10 from 4 s to 9 s",
		"duplicate notify-done from 0 s",
		"duplicate external-commit by 3 s count 2 from 0 s",
		"reorder notify-abort by 500 ms every 2 step checkpoint-triggered ordinal 2 for 3 s",
		"tear storage from 4 s to 9 s",
		"unsync storage by 2 s from 4 s to 9 s",
		"corrupt storage count 1 from 4 s",
		"lag storage by 10 s from 4 s to 20 s",
		"fail database operation commit count 1 outcome unknown from 4 s",
		"expire db[0] count 1 at 4 s",
		"expire db transactions prepared at 4 s",
		"fence db[1] step checkpoint-completed ordinal 3",
		"poison counts source events split 1 offset 1234",
		`poison "source" source events split 0 offset 7 at 4 s`,
		"throw db in pre-commit",
		"burst events factor 10 from 4 s to 9 s",
		"skew events share 0.9 first-offset 1000 last-offset 2000",
		"clock node-1 by 5 s from 4 s to 9 s",
		"clock node-1 by -5 s drift-ppm -200 from 4 s",
		`crash "task manager" at 12 s`,
		`slow factor factor 5 from 4 s`,
	} {
		f, err := plan.Parse(text)
		if text == "slow factor factor 5 from 4 s" {
			require.Error(t, err, "a name that is a key must be quoted")
			continue
		}
		require.NoError(t, err, text)
		require.Equal(t, text, f.String())
	}
}

func TestOtherSpellingsHaveTheSameCanonicalText(t *testing.T) {
	for spelling, canonical := range map[string]string{
		"crash task-manager-1 at 12s":                       "crash task-manager-1 at 12 s",
		"crash task-manager-1 restart-after 0 s at 12000ms": "crash task-manager-1 at 12 s",
		"slow db from 4 s factor 10/2 for 5 s":              "slow db factor 5 from 4 s to 9 s",
		"slow db at 4 s factor 0.50":                        "slow db factor 0.5 from 4 s",
		"throw delays in record":                            "throw delays at-record 1",
		"throw delays in record at-record 7 times once":     "throw delays at-record 7",
		"partition a b from 4 s one-way true":               "partition a b one-way from 4 s",
		"crash a ordinal 2 of b after step c":               "crash a step c of b ordinal 2",
		"crash a step c after false":                        "crash a step c before ordinal 1",
		"crash a before true step c":                        "crash a step c before ordinal 1",
		"partition a b from 4 s one-way false":              "partition a b from 4 s",
		"fail storage operation any outcome error at 1 s":   "fail storage from 1 s",
		`  stall   "db"  from 1 s `:                         "stall db from 1 s",
	} {
		f, err := plan.Parse(spelling)
		require.NoError(t, err, spelling)
		require.Equal(t, canonical, f.String())
	}
}

func TestFieldsOfYAMLMeanWhatTheTextMeans(t *testing.T) {
	f, err := plan.FromFields([]plan.Field{
		{Key: "partition", Values: []string{"node-1", "node-2"}},
		{Key: "one-way", Values: []string{"true"}},
		{Key: "from", Values: []string{"4 s"}},
		{Key: "to", Values: []string{"9 s"}},
	})
	require.NoError(t, err)
	require.Equal(t, plan.Fault{
		Disturbance: protocol.Disturbance{
			Kind: protocol.FaultPartition, Targets: [2]string{"node-1", "node-2"}, OneWay: true,
		},
		When: plan.When{AtNanos: 4 * second, LastsNanos: 5 * second},
	}, f)
}

func TestErrorsNameTheFieldAndTheNearestWord(t *testing.T) {
	for text, want := range map[string]plan.FieldError{
		"": {Index: -1, Problem: "is no fault"},
		"crahs task-manager-1 at 12 s": {Index: 0, Key: "crahs", Problem: "is no kind of fault",
			Nearest: "crash"},
		"crash at 12 s": {Index: 0, Key: "crash", Problem: "names 0 targets",
			Expected: "one role"},
		"crash a b at 12 s": {Index: 0, Key: "crash", Problem: "names 2 targets",
			Expected: "one role"},
		"partition a from 1 s": {Index: 0, Key: "partition", Problem: "names 1 targets",
			Expected: "the two ends of a link"},
		"partition a a from 1 s": {Index: 0, Key: "partition", Value: "a",
			Problem: "is both ends of the link", Expected: "the two ends of a link"},
		"crash a": {Index: -1, Key: "at", Problem: "is missing in crash",
			Expected: "a duration such as 500 ms"},
		"crash a at soon":         {Index: 1, Key: "at", Value: "soon", Problem: "is no duration"},
		"crash a at -1 s":         {Index: 1, Key: "at", Value: "-1 s", Problem: "is no duration"},
		"crash a at 1 s factor 5": {Index: 2, Key: "factor", Problem: "is no field of crash"},
		"slow db at 1 s": {Index: -1, Key: "factor", Problem: "is missing in slow",
			Expected: "how many times slower"},
		"slow db factor fast from 1 s": {Index: 1, Key: "factor", Value: "fast",
			Problem: "is no factor"},
		"slow db factor -2 from 1 s":         {Index: 1, Key: "factor", Value: "-2", Problem: "is no factor"},
		"slow db factor 2 factor 3 from 1 s": {Index: 2, Key: "factor", Problem: "is given twice"},
		"slow db factor 2 from 4 s to 4 s":   {Index: 3, Key: "slow", Problem: "ends before it begins"},
		"slow db factor 2 from 4 s for 0 s":  {Index: 3, Key: "slow", Problem: "ends before it begins"},
		"stall db from 1 s to 2 s for 1 s": {Index: 2, Key: "to", Value: "2 s",
			Problem: "is given beside for"},
		"stall db from 1 s step x": {Index: 1, Key: "from", Value: "1 s",
			Problem: "is given beside step"},
		"stall db from 1 s ordinal 2": {Index: 2, Key: "ordinal", Value: "2",
			Problem: "is of no step"},
		"stall db from 1 s before": {Index: 2, Key: "before", Value: "true", Problem: "is of no step"},
		"stall db step x before after": {Index: 3, Key: "after", Value: "true",
			Problem: "is given beside before"},
		"stall db step x befor of a": {Index: 2, Key: "befor", Problem: "is no field of stall",
			Nearest: "before"},
		"stall db step x of":         {Index: 2, Key: "of", Problem: "names nobody"},
		"stall db step x before yes": {Index: 2, Key: "before", Value: "yes", Problem: "is unknown"},
		"stall db step x checkpoint 0": {Index: 2, Key: "checkpoint", Value: "0",
			Problem: "is no count"},
		"pause node-1 from 1 s": {Index: -1, Key: "to", Problem: "is missing in pause",
			Expected: "when the pause ends"},
		"throw delays": {Index: -1, Key: "in", Problem: "is missing in throw"},
		"throw delays in snapshto": {Index: 1, Key: "in", Value: "snapshto",
			Problem: "is unknown", Nearest: "snapshot"},
		"throw delays at-record 0": {Index: 1, Key: "at-record", Value: "0",
			Problem: "is no count"},
		"throw delays in open at-record 5": {Index: 2, Key: "at-record", Value: "5",
			Problem: "is given although user code throws elsewhere"},
		"delay a b by 0 s from 1 s": {Index: 1, Key: "by", Value: "0 s", Problem: "is no time"},
		"delay a b from 1 s":        {Index: -1, Key: "by", Problem: "is missing in delay"},
		"fail storage operation append at 0s": {Index: 1, Key: "operation", Value: "append",
			Problem: "is unknown"},
		"hold a b from 1 s": {Index: -1, Key: "to", Problem: "is missing in hold",
			Expected: "when the hold ends"},
		"lose from 1 s": {Index: 0, Key: "lose", Problem: "names 0 targets",
			Expected: "one kind of control message, or any"},
		"lose any evry 3 from 1 s": {Index: 0, Key: "lose", Problem: "names 3 targets",
			Expected: "one kind of control message, or any"},
		"reorder any from 1 s": {Index: -1, Key: "by", Problem: "is missing in reorder"},
		"throttle a b from 1 s": {Index: -1, Key: "bandwidth", Problem: "is missing in throttle",
			Expected: "what is left of it, such as 10 mb/s"},
		"throttle a b bandwidth 10 mb from 1 s": {Index: 1, Key: "bandwidth", Value: "10 mb",
			Problem: "is no bandwidth"},
		"poison a source b": {Index: -1, Key: "offset", Problem: "is missing in poison",
			Expected: "the record's offset in its split, from 0"},
		"poison a offset 3": {Index: -1, Key: "source", Problem: "is missing in poison"},
		"skew a share 1.5 first-offset 0 last-offset 9": {Index: 1, Key: "share", Value: "1.5",
			Problem: "is no share"},
		"skew a share 0.5 first-offset 9 last-offset 8": {Index: 3, Key: "last-offset", Value: "8",
			Problem: "is before the first offset"},
		"clock a from 1 s": {Index: -1, Key: "by", Problem: "is missing in clock",
			Expected: "how far the clock jumps, or drift-ppm"},
		"clock a drift-ppm 200000 from 1 s": {Index: 1, Key: "drift-ppm", Value: "200000",
			Problem: "is no drift"},
		"expire a transactions closed at 1 s": {Index: 1, Key: "transactions", Value: "closed",
			Problem: "is unknown"},
		`crash "a at 1 s`: {Index: -1, Key: `"a at 1 s`,
			Problem: "has an opening quote without its closing one"},
	} {
		_, err := plan.Parse(text)
		var got *plan.FieldError
		require.True(t, errors.As(err, &got), "%q: %v", text, err)
		require.Equal(t, want.Index, got.Index, text)
		require.Equal(t, want.Problem, got.Problem, text)
		require.Equal(t, want.Value, got.Value, text)
		require.Equal(t, want.Nearest, got.Nearest, text)
		if want.Key != "" {
			require.Equal(t, want.Key, got.Key, text)
		}
		if want.Expected != "" {
			require.Equal(t, want.Expected, got.Expected, text)
		}
		require.Contains(t, err.Error(), want.Problem)
	}
}

func TestPlanErrorsNameTheLine(t *testing.T) {
	_, err := plan.ParsePlan("crash a at 1 s\n\nslow db from 1 s")
	var line *plan.LineError
	require.ErrorAs(t, err, &line)
	require.Equal(t, 3, line.Line)
	var field *plan.FieldError
	require.ErrorAs(t, err, &field)
	require.EqualError(t, err, `line 3: "factor" is missing in slow; expected how many times slower`)
}

func TestAPlanIsQuietWhenItsLastTimedFaultHasHealed(t *testing.T) {
	p, err := plan.ParsePlan("slow db factor 5 from 4 s to 9 s\ncrash a at 8 s restart-after 3 s\n" +
		"crash b at 10 s restart-after never\nstall c step x ordinal 1 for 60 s")
	require.NoError(t, err)
	require.Equal(t, 11*second, p.QuietFromNanos())
	require.Zero(t, plan.Plan{}.QuietFromNanos())
}

// anyFault draws a valid fault.
func anyFault(t *rapid.T) plan.Fault {
	nanos := rapid.OneOf(rapid.Int64Range(1, 1<<50), rapid.Map(rapid.Int64Range(1, 100),
		func(n int64) int64 { return n * second }))
	name := rapid.OneOf(rapid.StringMatching(`[a-z][a-z0-9-]{0,8}(\[[0-9]\])?`),
		rapid.SampledFrom(plan.Keys(protocol.FaultThrow)),
		rapid.StringN(1, 6, -1))
	f := plan.Fault{}
	f.Kind = protocol.FaultKind(rapid.IntRange(1, protocol.FaultKinds-1).Draw(t, "kind"))
	f.Targets[0] = name.Draw(t, "target")
	switch f.Kind {
	case protocol.FaultThrow:
		f.Callback = protocol.Callback(rapid.IntRange(0, protocol.Callbacks-1).Draw(t, "callback"))
		if f.Callback == protocol.CallbackRecord {
			f.Record = nanos.Draw(t, "record")
		}
		f.Always = rapid.Bool().Draw(t, "always")
	case protocol.FaultFail:
		f.Operation = protocol.StorageOperation(rapid.IntRange(0, protocol.StorageOperations-1).Draw(t,
			"operation"))
		f.Unknown = rapid.Bool().Draw(t, "unknown")
	case protocol.FaultPoison:
		f.Source, f.Split = name.Draw(t, "source"), rapid.Int64Range(0, 9).Draw(t, "split")
		f.FirstOffset = rapid.Int64Range(0, 1<<40).Draw(t, "offset")
	case protocol.FaultSkew:
		f.FactorNumerator, f.FactorDenominator = 1, rapid.Int64Range(1, 100).Draw(t, "share")
		f.FirstOffset = rapid.Int64Range(0, 9).Draw(t, "first")
		f.LastOffset = f.FirstOffset + rapid.Int64Range(0, 1<<40).Draw(t, "more")
	case protocol.FaultClock:
		f.ByNanos = nanos.Draw(t, "by") * rapid.SampledFrom([]int64{-1, 0, 1}).Draw(t, "sign")
		f.DriftPPM = rapid.Int64Range(1, 100_000).Draw(t, "drift") * rapid.SampledFrom([]int64{-1, 1}).Draw(t, "way")
	case protocol.FaultExpire:
		f.Prepared = rapid.Bool().Draw(t, "prepared")
	}
	anyShared(t, &f, name, nanos)
	if rapid.Bool().Draw(t, "at step") {
		f.Step, f.Ordinal = name.Draw(t, "step"), rapid.Int64Range(1, 99).Draw(t, "ordinal")
		f.Moment = protocol.Moment(rapid.IntRange(0, 1).Draw(t, "moment"))
		f.Of = rapid.OneOf(rapid.Just(""), name).Draw(t, "of")
		f.Checkpoint = protocol.CheckpointID(rapid.Int64Range(0, 9).Draw(t, "checkpoint"))
	} else {
		f.AtNanos = nanos.Draw(t, "at")
	}
	f.LastsNanos = lasting(t, f.Kind, nanos)
	return f
}

// anyShared draws the fields that several kinds have.
func anyShared(t *rapid.T, f *plan.Fault, name *rapid.Generator[string], nanos *rapid.Generator[int64]) {
	keys := plan.Keys(f.Kind)
	if plan.OfLink(f.Kind) {
		f.Targets[1] = f.Targets[0] + "x"
	}
	if slices.Contains(keys, "one-way") {
		f.OneWay = rapid.Bool().Draw(t, "one-way")
	}
	if slices.Contains(keys, "by") && f.Kind != protocol.FaultClock {
		f.ByNanos = nanos.Draw(t, "by")
	}
	if slices.Contains(keys, "factor") {
		f.FactorNumerator, f.FactorDenominator = factor(t)
	}
	if slices.Contains(keys, "bandwidth") {
		f.BytesPerSecond = rapid.Int64Range(1, 1<<40).Draw(t, "bandwidth")
	}
	if slices.Contains(keys, "count") {
		f.Count = rapid.Int64Range(0, 9).Draw(t, "count")
	}
	if slices.Contains(keys, "every") {
		f.Every = rapid.Int64Range(0, 9).Draw(t, "every")
	}
	if slices.Contains(keys, "sender") && rapid.Bool().Draw(t, "between") {
		f.Sender, f.Receiver = name.Draw(t, "sender"), name.Draw(t, "receiver")
	}
}

func lasting(t *rapid.T, kind protocol.FaultKind, nanos *rapid.Generator[int64]) int64 {
	choices := []*rapid.Generator[int64]{nanos}
	switch kind {
	case protocol.FaultCrash:
		choices = append(choices, rapid.Just(int64(0)), rapid.Just(plan.Forever))
	case protocol.FaultPause, protocol.FaultHold:
	default:
		if !plan.Ends(kind) {
			return 0
		}
		choices = append(choices, rapid.Just(plan.Forever))
	}
	return rapid.OneOf(choices...).Draw(t, "lasts")
}

// factor draws a ratio in lowest terms.
func factor(t *rapid.T) (num, den int64) {
	num, den = rapid.Int64Range(1, 1000).Draw(t, "numerator"), rapid.Int64Range(1, 1000).Draw(t,
		"denominator")
	a, b := num, den
	for b != 0 {
		a, b = b, a%b
	}
	return num / a, den / a
}

func TestTextAndFieldsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := anyFault(t)
		back, err := plan.Parse(f.String())
		require.NoError(t, err, f.String())
		require.Equal(t, f, back, f.String())
		again, err := plan.FromFields(f.Fields())
		require.NoError(t, err)
		require.Equal(t, f, again)
	})
}

func TestPlansRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := plan.Plan(rapid.SliceOfN(rapid.Custom(anyFault), 1, 5).Draw(t, "plan"))
		back, err := plan.ParsePlan(p.String())
		require.NoError(t, err)
		require.Equal(t, p, back)
	})
}

func TestEveryKindHasAVerbAndKeys(t *testing.T) {
	require.Len(t, plan.Verbs(), protocol.FaultKinds-1)
	for k := 1; k < protocol.FaultKinds; k++ {
		require.Contains(t, plan.Keys(protocol.FaultKind(k)), "at")
		require.Contains(t, plan.Keys(protocol.FaultKind(k)), "step")
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	f.Add("crash task-manager-1 at 12 s restart-after 1 s")
	f.Add(`slow "a b" factor 1/3 from 0 s for 9 s`)
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := plan.Parse(text)
		if err != nil {
			return
		}
		back, err := plan.Parse(fault.String())
		require.NoError(t, err)
		require.Equal(t, fault, back)
	})
}
