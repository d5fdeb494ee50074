package operator_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

func process(c *operator.Chain, input int, r record.Record) []record.Record {
	c.Process(input, &r)
	return slices.Clone(c.Out.Records)
}

func TestMappingsChangeWhatTheySay(t *testing.T) {
	in := record.Record{Key: 1, A: 2, B: 3000, C: 4, Tag: 5, SizeBytes: 101}
	for _, known := range []struct {
		word string
		want record.Record
	}{
		{"identity", in},
		{"key-by-a", record.Record{Key: 2, A: 1, B: 3000, C: 4, Tag: 5, SizeBytes: 101}},
		{"key-by-b", record.Record{Key: 3000, A: 2, B: 1, C: 4, Tag: 5, SizeBytes: 101}},
		{"key-by-c", record.Record{Key: 4, A: 2, B: 3000, C: 1, Tag: 5, SizeBytes: 101}},
		{"key-by-tag", record.Record{Key: 5, A: 2, B: 3000, C: 4, Tag: 5, SizeBytes: 101}},
		{"one-key", record.Record{Key: 0, A: 2, B: 3000, C: 4, Tag: 5, SizeBytes: 101}},
		{"currency", record.Record{Key: 1, A: 2, B: 2724, C: 4, Tag: 5, SizeBytes: 101}},
		{"parse", record.Record{Key: 1, A: 2, B: 3000, C: 4, Tag: 5, SizeBytes: 51}},
		{"negate", record.Record{Key: 1, A: -2, B: 3000, C: 4, Tag: 5, SizeBytes: 101}},
	} {
		mapping, err := operator.ParseMapping(known.word)
		require.NoError(t, err)
		require.Equal(t, known.word, mapping.String())
		r := in
		mapping.Apply(&r)
		require.Equal(t, known.want, r, known.word)
	}
	_, err := operator.ParseMapping("keyby")
	require.ErrorContains(t, err, `unknown mapping "keyby"`)
	require.Len(t, operator.MappingNames(), 9)
}

func TestPredicatesCompareAsTheySay(t *testing.T) {
	r := record.Record{Key: 7, A: -1, TimeNanos: 50}
	for _, known := range []struct {
		field, comparison string
		values            []int64
		holds             bool
	}{
		{"key", "eq", []int64{7}, true}, {"key", "ne", []int64{7}, false}, {"a", "lt", []int64{0}, true},
		{"a", "le", []int64{-1}, true}, {"a", "gt", []int64{-1}, false}, {"a", "ge", []int64{-1}, true},
		{"time", "in", []int64{40, 50}, true}, {"time", "in", []int64{40}, false},
		{"b", "eq", []int64{0}, true},
		{"c", "gt", []int64{0}, false}, {"tag", "eq", []int64{0}, true},
	} {
		field, err := operator.ParseField(known.field)
		require.NoError(t, err)
		comparison, err := operator.ParseComparison(known.comparison)
		require.NoError(t, err)
		p := operator.Predicate{Field: field, Comparison: comparison, Values: known.values}
		require.Equal(t, known.holds, p.Holds(&r), p.String())
	}
	require.Panics(t, func() { operator.Filter("f", operator.Predicate{}) })
}

func TestFilterKeepsWhatMeetsEveryPredicate(t *testing.T) {
	c := chainOf(operator.Filter("f",
		operator.Predicate{Field: operator.FieldA, Comparison: operator.Greater, Values: []int64{1}},
		operator.Predicate{Field: operator.FieldB, Comparison: operator.OneOf, Values: []int64{5, 6}}))
	require.Len(t, process(c, 0, record.Record{A: 2, B: 6}), 1)
	require.Empty(t, process(c, 0, record.Record{A: 1, B: 6}))
	require.Empty(t, process(c, 0, record.Record{A: 2, B: 7}))
}

func TestFlatMapsExpandAsTheySay(t *testing.T) {
	ends := process(chainOf(operator.FlatMap("f", operator.ExpandEnds, 0)), 0, record.Record{Key: 1, B: 2})
	require.Equal(t, []uint64{1, 2}, []uint64{ends[0].Key, ends[1].Key})
	digits := process(chainOf(operator.FlatMap("f", operator.ExpandDigits, 0)), 0, record.Record{A: -307})
	require.Equal(t, []uint64{7, 0, 3}, []uint64{digits[0].Key, digits[1].Key, digits[2].Key})
	require.Len(t, process(chainOf(operator.FlatMap("f", operator.ExpandDigits, 0)), 0, record.Record{}), 1)
}

func TestRunningAggregatesFoldTheirKeysValues(t *testing.T) {
	values := []int64{4, -7, 2}
	for word, want := range map[string][]int64{
		"count": {1, 2, 3}, "sum": {4, -3, -1}, "mean": {4, -2, -1},
		"min": {4, -7, -7}, "max": {4, 4, 4}, "last": {4, -7, 2},
	} {
		aggregate, err := operator.ParseAggregate(word)
		require.NoError(t, err)
		o := operator.RunningOptions{Aggregate: aggregate, Field: operator.FieldA}
		c := chainOf(operator.Running("r", o))
		for i, value := range values {
			process(c, 0, record.Record{Key: 8, A: 1000})
			out := process(c, 0, record.Record{Key: 9, A: value, BornNanos: int64(i)})
			require.Equal(t, want[i], out[0].A, word)
			require.EqualValues(t, i+1, out[0].B)
			require.EqualValues(t, i, out[0].BornNanos)
		}
	}
	pass := chainOf(operator.Running("r", operator.RunningOptions{Emit: operator.EmitInput}))
	out := process(pass, 0, record.Record{Key: 1, A: 55, B: 66, SizeBytes: 1025})
	require.Equal(t, []int64{1, 66, 1025}, []int64{out[0].A, out[0].B, int64(out[0].SizeBytes)})
	silent := chainOf(operator.Running("r", operator.RunningOptions{Emit: operator.EmitNothing}))
	require.Empty(t, process(silent, 0, record.Record{Key: 1}))
}

func TestDedupLetsEachKeyPassOnceUntilItIsForgotten(t *testing.T) {
	c := chainOf(operator.Dedup("d", 10))
	require.Len(t, process(c, 0, record.Record{Key: 1, TimeNanos: 5}), 1)
	require.Empty(t, process(c, 0, record.Record{Key: 1, TimeNanos: 6}))
	c.Watermark(0, 14, operator.Unlimited)
	require.Empty(t, process(c, 0, record.Record{Key: 1, TimeNanos: 14}))
	c.Watermark(0, 15, operator.Unlimited)
	require.Len(t, process(c, 0, record.Record{Key: 1, TimeNanos: 16}), 1)
}

func TestFraudNeedsALargeAmountRightAfterASmallOneInTime(t *testing.T) {
	for _, domain := range []state.Domain{state.EventTime, state.ProcessingTime} {
		c := chainOf(operator.Fraud("f", operator.FraudOptions{
			SmallBelow: 10, LargeAbove: 500, WithinNanos: 60, Domain: domain,
		}))
		at := func(nanos, amount int64) int {
			c.ClockNanos = nanos
			c.FireProcessingTimers(nanos, operator.Unlimited)
			c.Watermark(0, nanos, operator.Unlimited)
			return len(process(c, 0, record.Record{Key: 1, A: amount, TimeNanos: nanos}))
		}
		require.Zero(t, at(0, 600))
		require.Zero(t, at(1, 5))
		require.Equal(t, 1, at(60, 600))
		require.Zero(t, at(61, 600), "the small amount is used up")
		require.Zero(t, at(100, 5))
		require.Zero(t, at(110, 100))
		require.Zero(t, at(111, 600), "another amount came between")
		require.Zero(t, at(200, 5))
		require.Zero(t, at(260, 600), "a minute is over")
		require.Zero(t, c.Points()[0].Content)
	}
}

func TestMinOfBothNeedsBothInputs(t *testing.T) {
	c := chainOf(operator.MinOfBoth("m"))
	require.Empty(t, process(c, 0, record.Record{Key: 1, A: 5}))
	require.Empty(t, process(c, 1, record.Record{Key: 2, A: 1}))
	require.EqualValues(t, 3, process(c, 1, record.Record{Key: 1, A: 3})[0].A)
	require.EqualValues(t, 2, process(c, 0, record.Record{Key: 1, A: 2})[0].A)
	require.EqualValues(t, 2, process(c, 1, record.Record{Key: 1, A: 8})[0].A)
}

func TestRulesComeFromTheBroadcastInput(t *testing.T) {
	c := chainOf(operator.Rules("r"))
	require.Empty(t, process(c, 0, record.Record{A: 100}))
	process(c, 1, record.Record{Key: 2, A: 50})
	process(c, 1, record.Record{Key: 1, A: 80})
	out := process(c, 0, record.Record{A: 90})
	require.Equal(t, []int64{1, 2}, []int64{out[0].C, out[1].C})
	process(c, 1, record.Record{Key: 2, A: -1})
	require.Len(t, process(c, 0, record.Record{A: 90}), 1)
}

func TestJoinEmitsTheSamePairsInEveryOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type arrival struct {
			input int
			r     record.Record
		}
		var arrivals []arrival
		for i := range rapid.IntRange(0, 14).Draw(t, "records") {
			arrivals = append(arrivals, arrival{rapid.IntRange(0, 1).Draw(t, "input"), record.Record{
				Lineage: uint64(i + 1), Key: rapid.Uint64Range(0, 2).Draw(t, "key"), A: int64(i),
			}})
		}
		pairs := func(order []arrival) (lineages []uint64) {
			c := chainOf(operator.Join("j"))
			for _, next := range order {
				for _, r := range process(c, next.input, next.r) {
					lineages = append(lineages, r.Lineage)
				}
			}
			slices.Sort(lineages)
			return lineages
		}
		want := 0
		for _, left := range arrivals {
			for _, right := range arrivals {
				if left.input == 0 && right.input == 1 && left.r.Key == right.r.Key {
					want++
				}
			}
		}
		got := pairs(arrivals)
		require.Len(t, slices.Compact(slices.Clone(got)), want)
		require.Equal(t, got, pairs(rapid.Permutation(arrivals).Draw(t, "order")))
	})
}

func TestJoinedRecordsAreNamedByBothSides(t *testing.T) {
	c := chainOf(operator.Join("j"))
	process(c, 1, record.Record{Lineage: 20, Key: 1, A: 4, B: 5, TimeNanos: 9, BornNanos: 1})
	made := process(c, 0, record.Record{Lineage: 10, Key: 1, A: 3, TimeNanos: 2, BornNanos: 7})
	require.Equal(t, []record.Record{{
		Lineage: protocol.DerivedLineage(operator.HashID("j"), protocol.MixLineage(10)+20, 0),
		Key:     1, A: 3, B: 5, C: 4, TimeNanos: 9, BornNanos: 7, SizeBytes: operator.ResultBytes,
	}}, made)
}

func TestWindowJoinPairsWhatSharesKeyAndWindow(t *testing.T) {
	for _, distinct := range []bool{false, true} {
		c := chainOf(operator.WindowJoin("j", operator.WindowJoinOptions{SizeNanos: 10, Distinct: distinct}))
		left := []record.Record{{Key: 1, TimeNanos: 3}, {Key: 1, TimeNanos: 13}, {Key: 2, TimeNanos: 4}}
		right := []record.Record{{Key: 1, TimeNanos: 9}, {Key: 1, TimeNanos: 0}, {Key: 3, TimeNanos: 4}}
		for i, r := range left {
			r.Lineage = uint64(i + 1)
			require.Empty(t, process(c, 0, r))
		}
		for i, r := range right {
			r.Lineage = uint64(i + 10)
			require.Empty(t, process(c, 1, r))
		}
		c.Watermark(0, 9, operator.Unlimited)
		c.Watermark(1, 9, operator.Unlimited)
		if distinct {
			require.Equal(t, []string{"1@9", "watermark 9"}, texts(c.Out.Records))
		} else {
			require.Equal(t, []string{"1@9", "1@3", "watermark 9"}, texts(c.Out.Records))
		}
		process(c, 0, record.Record{Key: 1, TimeNanos: 9})
		require.Len(t, c.Late, 1)
		c.Watermark(0, operator.EndOfTime, operator.Unlimited)
		c.Watermark(1, operator.EndOfTime, operator.Unlimited)
		require.Len(t, c.Out.Records, 1)
		require.Zero(t, c.Points()[0].Content)
	}
}

func TestCountWithTimeoutEmitsWhenItsTimerFires(t *testing.T) {
	for _, restart := range []bool{false, true} {
		o := operator.TimeoutOptions{AfterNanos: 10, Restart: restart}
		c := chainOf(operator.CountWithTimeout("c", o))
		process(c, 0, record.Record{Key: 1, TimeNanos: 0})
		process(c, 0, record.Record{Key: 1, TimeNanos: 6})
		process(c, 0, record.Record{Key: 1, TimeNanos: 4})
		c.Watermark(0, 10, operator.Unlimited)
		if restart {
			require.Len(t, c.Out.Records, 1, "the latest record was at 6")
			c.Watermark(0, 16, operator.Unlimited)
		}
		require.EqualValues(t, 3, c.Out.Records[0].A)
		require.Zero(t, c.Points()[0].Content)
	}
}

func TestStateContractSaysWhatIsKeptByWhichKey(t *testing.T) {
	window := operator.Window("w", operator.WindowOptions{
		SizeNanos: 1e9, Aggregate: operator.Mean, Field: operator.FieldA,
	})
	require.Equal(t, "mean of a in tumbling windows of 1 s of event time; keeps mean by key and window "+
		"(time-dependent); timers; output time-dependent", window.Contract())
	rules := operator.Rules("r")
	require.Equal(t, "emits a record per rule that it meets; keeps thresholds by rule (merge-order); "+
		"broadcast state rules; output merge-order", rules.Contract())
	identity := operator.Map("m", operator.MapIdentity)
	require.Equal(t, "passes records on; keeps nothing; output order-free", identity.Contract())
}
