package units_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/scenarios/config/units"
)

func TestDurationsReadAsFlinkWritesThem(t *testing.T) {
	for text, want := range map[string]int64{
		"10 min": 600e9, "500ms": 500e6, "1.5 s": 1500e6, "2 h": 7200e9, "1 d": 86400e9, "7 ns": 7,
		"200us": 200e3, "200 µs": 200e3, "3 MINUTES": 180e9, "0": 0, "0 s": 0, "0.001 ms": 1000,
	} {
		got, err := units.ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestBadQuantitiesSayWhy(t *testing.T) {
	for text, want := range map[string]string{
		"":                 `"" is not a duration`,
		"soon":             `"soon" is not a duration`,
		"-5 s":             `"-5 s" is not a duration`,
		"5":                `"5" has no unit (Flink reads it as 5 ms)`,
		"5 parsecs":        `unknown unit "parsecs" in duration "5 parsecs"`,
		"1.2.3 s":          `"1.2.3 s" is not a duration: "1.2.3" is not a number`,
		"0.1 ns":           `duration "0.1 ns" is too large or not a whole number of ns`,
		"99999999999999 d": `duration "99999999999999 d" is too large or not a whole number of ns`,
		"99999999999999999999999 s": `"99999999999999999999999 s" is not a duration: ` +
			`"99999999999999999999999" is not a number`,
	} {
		_, err := units.ParseDuration(text)
		require.EqualError(t, err, want)
	}
	_, err := units.ParseSize("32")
	require.EqualError(t, err, `"32" has no unit (Flink reads it as 32 b)`)
}

func TestSizesArePowersOfTwo(t *testing.T) {
	for text, want := range map[string]int64{"32 kb": 32 << 10, "1mb": 1 << 20, "2 gb": 2 << 30, "17 b": 17, "1.5 kb": 1536} {
		got, err := units.ParseSize(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func TestRatesAndBandwidths(t *testing.T) {
	n, d, err := units.ParseRate("0.5/s")
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2}, []int64{n, d})
	b, err := units.ParseBandwidth("1 gb/s")
	require.NoError(t, err)
	require.Equal(t, int64(1<<30), b)
	for _, text := range []string{"", "5", "x/s", "0/s", "-1/s"} {
		_, _, err := units.ParseRate(text)
		require.Error(t, err, text)
		_, err = units.ParseBandwidth(text)
		require.Error(t, err, text)
	}
}

func TestWrittenQuantitiesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Int64Range(0, 1<<62).Draw(t, "value")
		nanos, err := units.ParseDuration(units.FormatDuration(value))
		require.NoError(t, err)
		require.Equal(t, value, nanos)
		size, err := units.ParseSize(units.FormatSize(value))
		require.NoError(t, err)
		require.Equal(t, value, size)
		bandwidth, err := units.ParseBandwidth(units.FormatBandwidth(value))
		require.NoError(t, err)
		require.Equal(t, value, bandwidth)
	})
}

func TestDecimalsAreExactAndReadBack(t *testing.T) {
	n, d, err := units.ParseDecimal("0.30")
	require.NoError(t, err)
	require.Equal(t, []int64{3, 10}, []int64{n, d})
	rapid.Check(t, func(t *rapid.T) {
		denominator := rapid.SampledFrom([]int64{1, 2, 4, 5, 8, 10, 100, 1000, 1e9}).Draw(t, "denominator")
		numerator := rapid.Int64Range(0, 1e9).Draw(t, "numerator")
		text := units.FormatDecimal(numerator, denominator)
		n, d, err := units.ParseDecimal(text)
		require.NoError(t, err, text)
		require.Equal(t, numerator*d, n*denominator, text)
	})
	for _, text := range []string{"", ".", "1.", ".5", "-1", "1e3", "0.1234567891", "x"} {
		_, _, err := units.ParseDecimal(text)
		require.Error(t, err, text)
	}
}
