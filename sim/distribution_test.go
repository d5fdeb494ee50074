package sim_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

func TestDistributionsAreGolden(t *testing.T) {
	draws := []uint64{0, 1 << 32, 1 << 62, 1 << 63, 3 << 62, 1<<64 - 1}
	for text, want := range map[string][]int64{
		"200us":                     {200000, 200000, 200000, 200000, 200000, 200000},
		"uniform(100us, 300us)":     {100000, 100000, 150000, 200000, 250000, 300000},
		"exponential(1ms)":          {0, 0, 287682, 693147, 1386294, 44361420},
		"tail(200us, 20ms, 1/1000)": {20000000, 20000000, 200000, 200000, 200000, 200000},
		"pareto(100us, 1s, 3/2)":    {100000, 100000, 121141, 158740, 251984, 1000000000},
		"exponential(123456789s)": {0, 28744524, 35516304922766606, 85573725221520385,
			171147450443040770, 5476718414177304626},
	} {
		d, err := sim.ParseDistribution(text)
		require.NoError(t, err)
		var got []int64
		for _, draw := range draws {
			got = append(got, d.At(draw))
		}
		require.Equal(t, want, got, text)
	}
}

func mean(d sim.Distribution, n uint64) float64 {
	sum := 0.0
	for i := range n {
		sum += float64(d.At(sim.Draw(9, sim.PurposeLinkLatency, i, 0, 0)))
	}
	return sum / float64(n)
}

func TestMeansAreThoseOfTheDraws(t *testing.T) {
	for _, d := range []sim.Distribution{
		sim.Constant(777), sim.Uniform(1000, 3000), sim.Exponential(5000), sim.Exponential(20),
		sim.Tail(200, 20_000, sim.Ratio{Num: 1, Den: 100}), sim.Pareto(1000, 1<<40, sim.Ratio{Num: 3, Den: 1}),
	} {
		require.InEpsilon(t, float64(d.MeanNanos()), mean(d, 200_000), 0.03, d.String())
	}
}

func TestExponentialAndParetoFollowTheirFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.Uint64().Draw(t, "draw")
		u := (float64(^draw) + 1) / math.Pow(2, 64)
		exact := -1e9 * math.Log(u)
		require.InDelta(t, exact, float64(sim.Exponential(1_000_000_000).At(draw)), 2+exact*1e-8)
		exact = min(1e6*math.Pow(u, -1/1.5), 1e15)
		pareto := sim.Pareto(1_000_000, 1_000_000_000_000_000, sim.Ratio{Num: 3, Den: 2}).At(draw)
		require.InEpsilon(t, exact, float64(pareto), 1e-5)
	})
}

func TestValuesStayInTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Int64Range(1, 1<<50).Draw(t, "low")
		high := low + rapid.Int64Range(0, 1<<50).Draw(t, "more")
		draw := rapid.Uint64().Draw(t, "draw")
		shape := sim.Ratio{Num: rapid.Int64Range(1, 9).Draw(t, "num"), Den: rapid.Int64Range(1, 9).Draw(t, "den")}
		for _, d := range []sim.Distribution{sim.Uniform(low, high), sim.Pareto(low, high, shape)} {
			require.GreaterOrEqual(t, d.At(draw), low-low>>20, d.String())
			require.LessOrEqual(t, d.At(draw), high, d.String())
		}
		require.GreaterOrEqual(t, sim.Exponential(low).At(draw), int64(0))
	})
}

func drawDistribution(t *rapid.T) sim.Distribution {
	low := rapid.Int64Range(0, 1<<55).Draw(t, "low")
	high := low + rapid.Int64Range(0, 1<<55).Draw(t, "more")
	r, err := sim.ParseRatio("1/3")
	require.NoError(t, err)
	return []sim.Distribution{sim.Constant(low), sim.Uniform(low, high), sim.Exponential(low),
		sim.Tail(low, high, r), sim.Pareto(low, high, r)}[rapid.IntRange(0, 4).Draw(t, "kind")]
}

func TestDistributionsParseBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDistribution(t)
		back, err := sim.ParseDistribution(d.String())
		require.NoError(t, err)
		require.Equal(t, d, back)
	})
}

func TestBadDistributionsSayWhatIsWanted(t *testing.T) {
	for text, want := range map[string]string{
		"uniform(3ms, 1ms)":     "want the smaller value first",
		"uniform(3ms)":          "want a duration, uniform(low, high)",
		"normal(3ms, 1ms)":      "want a duration, uniform(low, high)",
		"exponential(1ms":       "want a duration, uniform(low, high)",
		"exponential(-1ms)":     "that is not negative",
		"tail(1ms, 2ms, 2)":     "want a share between 0 and 1",
		"pareto(1ms, 2ms, 0)":   "want a positive shape",
		"pareto(1ms, 2ms, a/b)": "want a fraction",
		"3 lightyears":          "want a duration such as",
	} {
		_, err := sim.ParseDistribution(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestDurationsAreReadAsFlinkWritesThem(t *testing.T) {
	for text, want := range map[string]int64{
		"200us": 200_000, "10 min": 600_000_000_000, "1.5ms": 1_500_000, "500": 500_000_000, "0s": 0,
		"2 h": 7_200_000_000_000, "1d": 86_400_000_000_000, "-3s": -3_000_000_000, "0.000000001 s": 1, "7ns": 7,
	} {
		got, err := sim.ParseNanos(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "ms", "1.5ns", "1..5s", "--3s", "1 fortnight", "400000 d", "1e3s"} {
		_, err := sim.ParseNanos(text)
		require.Error(t, err, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		nanos := rapid.Int64().Filter(func(n int64) bool { return n != math.MinInt64 }).Draw(t, "nanos")
		back, err := sim.ParseNanos(sim.FormatNanos(nanos))
		require.NoError(t, err)
		require.Equal(t, nanos, back)
	})
}

func TestRatiosAreExact(t *testing.T) {
	for text, want := range map[string]sim.Ratio{
		"0.001": {Num: 1, Den: 1000}, "3": {Num: 3, Den: 1}, "-1.5": {Num: -3, Den: 2}, "0.1%": {Num: 1, Den: 1000},
		"2/6": {Num: 1, Den: 3}, ".5": {Num: 1, Den: 2},
	} {
		got, err := sim.ParseRatio(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "x", "1/0", "1/-2", "1.2.3", "+1", "0.0000000000001"} {
		_, err := sim.ParseRatio(text)
		require.Error(t, err, text)
	}
	require.EqualValues(t, 6_000_000_000_000_000_000, sim.Ratio{Num: 2, Den: 3}.Of(9_000_000_000_000_000_001))
	require.EqualValues(t, -1, sim.Ratio{Num: -1, Den: 2}.Of(3))
	require.True(t, sim.Ratio{Num: 1, Den: 3}.Less(sim.Ratio{Num: 1, Den: 2}))
	require.Panics(t, func() { sim.Ratio{Num: 1 << 40, Den: 1}.Of(1 << 40) })
}
