package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/record"
	"simrun/runtime/source"
	"simrun/sim"
)

func TestABurstBringsRecordsForwardAndLeavesThoseThatHaveArrived(t *testing.T) {
	tempo := &source.Tempo{}
	tempo.Bend(100, sim.Ratio{Num: 1, Den: 10})
	tempo.Bend(120, sim.Ratio{Num: 10, Den: 1})
	for nominal, wanted := range map[int64]int64{
		0: 0, 100: 100, 110: 101, 200: 110, 300: 120, 310: 130, 1300: 1120,
	} {
		require.Equal(t, wanted, tempo.Of(nominal), "nominal %d", nominal)
	}
}

func TestATempoNeverTurnsRecordsRoundAndKnowsTheWayBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tempo, at := &source.Tempo{}, int64(0)
		for range rapid.IntRange(0, 5).Draw(t, "bends") {
			at += rapid.Int64Range(0, 1000).Draw(t, "later")
			tempo.Bend(at, sim.Ratio{Num: rapid.Int64Range(1, 20).Draw(t, "num"), Den: rapid.Int64Range(1, 20).Draw(t, "den")})
		}
		a := rapid.Int64Range(0, 10_000).Draw(t, "a")
		b := a + rapid.Int64Range(0, 10_000).Draw(t, "more")
		require.LessOrEqual(t, tempo.Of(a), tempo.Of(b))
		require.LessOrEqual(t, tempo.Of(tempo.Nominal(a)), a, "has arrived by then")
	})
}

func TestABendThatIsUndoneAtOnceLeavesNothing(t *testing.T) {
	tempo := &source.Tempo{}
	tempo.Bend(10, sim.Ratio{Num: 7, Den: 3})
	tempo.Bend(10, sim.Ratio{Num: 3, Den: 7})
	require.EqualValues(t, 12345, tempo.Of(12345))
	require.EqualValues(t, 12345, tempo.Nominal(12345))
}

func TestAHotKeyIsTheSameWheneverItsRecordIsRead(t *testing.T) {
	plain := source.Synthetic("s", source.SyntheticOptions{
		Keys: 1000, KeyChoice: source.KeysUniform, Limit: 4000, Rate: source.Rate{RecordsPerSecond: sim.Ratio{Num: 1000, Den: 1}},
	})
	skewed := plain.Skewed(source.Skew{Share: sim.Ratio{Num: 3, Den: 4}, First: 100, Last: 599})
	instance := source.Instance{Seed: 7, Vertex: 3, Splits: 2}
	before, after := plain.Open(instance), skewed.Open(instance)
	var hot record.Record
	before.Next(0, 0, &hot)
	struck := 0
	for split := range int32(2) {
		for offset := range int64(2000) {
			var was, is, again record.Record
			arrived, _ := before.Next(split, offset, &was)
			arrives, ok := after.Next(split, offset, &is)
			require.True(t, ok)
			require.Equal(t, arrived, arrives)
			after.Next(split, offset, &again)
			require.Equal(t, is, again)
			if is.Key != was.Key {
				require.True(t, offset >= 100 && offset <= 599)
				require.Equal(t, hot.Key, is.Key)
				struck++
				is.Key = was.Key
			}
			require.Equal(t, was, is, "nothing but the key")
		}
	}
	require.InDelta(t, 750, struck, 60)
}
