package sink_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/sink"
	"simrun/sim"
)

func times(factor int64) sim.Ratio { return sim.Ratio{Num: factor, Den: 1} }

func TestServiceTimeFollowsItsProfile(t *testing.T) {
	s := sink.Service{Base: sim.Constant(1000), Profile: []sink.Phase{
		{FromNanos: 100, ToNanos: 200, Factor: times(5)},
		{FromNanos: 150, ToNanos: 250, Factor: sim.Ratio{Num: 1, Den: 2}},
		{FromNanos: 300, ToNanos: 400, Stall: true},
		{FromNanos: 500, ToNanos: 900, Factor: times(9), Steps: 4},
	}}
	for _, known := range []struct{ at, takes int64 }{
		{0, 1000}, {100, 5000}, {160, 2500}, {200, 500}, {250, 1000}, {320, 1080}, {400, 1000},
		{500, 3000}, {599, 3000}, {600, 5000}, {700, 7000}, {899, 9000}, {900, 1000},
	} {
		require.Equal(t, known.takes, s.TakesNanos(0, known.at), "at %d", known.at)
	}
}

func TestOneFactorHoldsUntilTheNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sink.Service{Base: sim.Constant(1000)}
		for range rapid.IntRange(0, 4).Draw(t, "phases") {
			from := rapid.Int64Range(0, 100).Draw(t, "from")
			s.Profile = append(s.Profile, sink.Phase{
				FromNanos: from, ToNanos: from + rapid.Int64Range(1, 60).Draw(t, "length"),
				Factor: times(rapid.Int64Range(1, 9).Draw(t, "factor")),
				Steps:  rapid.Int64Range(0, 5).Draw(t, "steps"),
				Stall:  rapid.IntRange(0, 4).Draw(t, "stall") == 0,
			})
		}
		for at, ok := int64(0), true; ok; {
			next, more := s.NextChange(at)
			until := next
			if !more {
				until = at + 50
			}
			require.Greater(t, until, at)
			factor, stalled := s.ProfileAt(at), s.StalledUntil(at) > at
			for nanos := at; nanos < until; nanos++ {
				require.Equal(t, factor, s.ProfileAt(nanos))
				require.Equal(t, stalled, s.StalledUntil(nanos) > nanos)
			}
			at, ok = next, more
		}
	})
}

func TestTableHoldsTheLatestRowPerKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table, last := new(sink.Table), map[uint64]record.Record{}
		writes := rapid.IntRange(0, 80).Draw(t, "writes")
		var all []record.Record
		for i := range writes {
			r := record.Record{
				Lineage: uint64(i + 1), Key: rapid.Uint64Range(0, 30).Draw(t, "key"),
				A: rapid.Int64Range(0, 3).Draw(t, "a"),
			}
			table.Upsert(&r)
			last[r.Key] = r
			all = append(all, r)
		}
		require.Equal(t, len(last), table.Len())
		for i, row := range table.Rows() {
			require.Equal(t, last[row.Key].A, row.A)
			require.Equal(t, last[row.Key].Lineage, row.Lineage)
			if i > 0 {
				require.Less(t, table.Rows()[i-1].Key, row.Key)
			}
		}
		_, ok := table.Get(99)
		require.False(t, ok)
		before := table.Content()
		for i := max(0, writes-5); i < writes; i++ {
			table.Upsert(&all[i])
		}
		require.Equal(t, before, table.Content(), "repeating the latest writes in order changes nothing")
		require.EqualValues(t, writes+min(writes, 5), table.Writes().Count)
		table.Reset()
		require.Zero(t, table.Content())
		require.Zero(t, table.Len())
	})
}

func TestTableContentDependsOnValuesOnly(t *testing.T) {
	var a, b sink.Table
	a.Upsert(&record.Record{Lineage: 1, Key: 1, A: 5})
	a.Upsert(&record.Record{Lineage: 2, Key: 2, A: 6})
	b.Upsert(&record.Record{Lineage: 3, Key: 2, A: 7})
	b.Upsert(&record.Record{Lineage: 4, Key: 2, A: 6})
	require.NotEqual(t, a.Content(), b.Content())
	b.Upsert(&record.Record{Lineage: 5, Key: 1, A: 5})
	require.Equal(t, a.Content(), b.Content())
	row, ok := b.Get(2)
	require.True(t, ok)
	require.EqualValues(t, 2, row.Version)
}

func TestLogTalliesWhatIsVisible(t *testing.T) {
	log := sink.Log{Keep: true}
	var want protocol.Tally
	for lineage := range uint64(3) {
		log.Append(&record.Record{Lineage: lineage, SizeBytes: 10})
		want.Add(lineage)
	}
	require.Equal(t, want, log.Content())
	require.EqualValues(t, 30, log.SizeBytes())
	require.Len(t, log.Records, 3)
	log.Reset()
	require.Zero(t, log.Content())
	require.Empty(t, log.Records)
}

func TestEveryKindSaysWhatItPromises(t *testing.T) {
	for _, word := range sink.KindNames() {
		kind, err := sink.ParseKind(word)
		require.NoError(t, err)
		require.Equal(t, word, kind.String())
		spec := sink.Spec{Kind: kind, External: "db"}
		require.Contains(t, spec.Contract(), "writes to db; ")
	}
	exact := sink.Spec{External: "topic"}
	require.Equal(t, "writes to topic; exactly once: output appears when its checkpoint has completed "+
		"(two-phase commit); keeps pending transactions (list state)", exact.Contract())
	_, err := sink.ParseKind("exactly")
	require.ErrorContains(t, err, `unknown kind of sink "exactly"`)
}
