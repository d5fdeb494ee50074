package units_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/stats"
	"simrun/report/units"
)

func TestAtMostThreeDigitsAndAUnit(t *testing.T) {
	for want, got := range map[string]string{
		"0 s":      units.Nanos(0),
		"450 ns":   units.Nanos(450),
		"1 µs":     units.Nanos(1000),
		"12.4 ms":  units.Nanos(12_400_000),
		"1 s":      units.Nanos(999_900_000),
		"60 s":     units.Nanos(60e9),
		"999 s":    units.Nanos(999e9),
		"16.7 min": units.Nanos(1000e9),
		"2 h":      units.Nanos(7200e9),
		"-1.24 s":  units.Nanos(-1.24e9),
		"0 B":      units.Bytes(0),
		"1023 B":   units.Bytes(1023),
		"1 KB":     units.Bytes(1024),
		"3.4 MB":   units.Bytes(3565158),
		"950":      units.Count(950),
		"12.3k":    units.Count(12345),
		"0 %":      units.Percent(0),
		"0.4 %":    units.Percent(0.004),
		"37 %":     units.Percent(0.37),
		"100 %":    units.Percent(1),
		"0.5x":     units.Times(0.5),
		"240x":     units.Times(240),
	} {
		require.Equal(t, want, got)
	}
}

func TestBoundsAreWritten(t *testing.T) {
	require.Equal(t, "1.24 s", units.Value(stats.Exact(1.24e9), units.Nanos))
	require.Equal(t, "≥ 60 s", units.Value(stats.AtLeast(60e9), units.Nanos))
	require.Equal(t, "≤ 0.5x", units.Value(stats.Value{High: 0.5}, units.Times))
	require.Equal(t, "–", units.Value(stats.AtLeast(0), units.Nanos))
}
