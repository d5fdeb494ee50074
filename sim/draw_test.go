package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

// Draws are part of every recorded run: this table changes only together with all digests.
func TestDrawsAreGolden(t *testing.T) {
	for _, test := range []struct {
		seed    uint64
		purpose sim.Purpose
		a, b, c uint64
		want    uint64
	}{
		{0, sim.PurposeNone, 0, 0, 0, 0xBD1E22A6DF111E14},
		{1, sim.PurposeServiceTime, 0, 0, 0, 0xDF2EF6E5D52C3679},
		{1, sim.PurposeServiceTime, 1, 0, 0, 0xDB36AA7CA3AFFFAD},
		{1, sim.PurposeServiceTime, 0, 1, 0, 0xB362F049BBBAC726},
		{1, sim.PurposeServiceTime, 0, 0, 1, 0x34F8FB0A0F6B5406},
		{1, sim.PurposeLinkLatency, 0, 0, 0, 0xBC8458B7994E155C},
		{1<<64 - 1, sim.PurposeFault, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 0x5241253461BFCE30},
	} {
		require.Equal(t, test.want, sim.Draw(test.seed, test.purpose, test.a, test.b, test.c), "%v", test)
	}
}

func TestDrawsAreEvenAndIndependentOfNeighbours(t *testing.T) {
	const n, cells = 64_000, 64
	var counts [4][cells]int
	for i := range uint64(n) {
		counts[0][sim.Below(sim.Draw(i, 1, 2, 3, 4), cells)]++
		counts[1][sim.Below(sim.Draw(1, 1, i, 3, 4), cells)]++
		counts[2][sim.Below(sim.Draw(1, 1, 2, i, 4), cells)]++
		counts[3][sim.Below(sim.Draw(1, 1, 2, 3, i)^sim.Draw(1, 1, 2, 3, i+1), cells)]++
	}
	for _, count := range counts {
		chiSquare := 0.0
		for _, c := range count {
			d := float64(c) - n/cells
			chiSquare += d * d / (n / cells)
		}
		require.InDelta(t, cells-1, chiSquare, 60) // 5 standard deviations are 56
	}
}

func TestPurposesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for p := sim.PurposeNone; p <= sim.PurposeFault; p++ {
		require.NotEmpty(t, p.String())
		require.False(t, seen[p.String()], p.String())
		seen[p.String()] = true
	}
	require.Equal(t, "purpose-1030", (sim.PurposeFirstFree + 6).String())
}

func TestBelowStaysBelowAndChanceIsItsRatio(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(1, 1<<63).Draw(t, "n")
		require.Less(t, sim.Below(rapid.Uint64().Draw(t, "draw"), n), n)
	})
	hits := 0
	for i := range uint64(30_000) {
		if sim.Chance(sim.Draw(1, sim.PurposeLinkLoss, i, 0, 0), sim.Ratio{Num: 1, Den: 3}) {
			hits++
		}
	}
	require.InDelta(t, 10_000, hits, 400)
	require.False(t, sim.Chance(0, sim.Ratio{Num: 0, Den: 7}))
	require.True(t, sim.Chance(1<<64-1, sim.One))
}
