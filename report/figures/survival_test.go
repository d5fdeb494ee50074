package figures

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Kaplan and Meier: of four, one is detected at 2, one is cut off at 3, one detected at 5.
func TestSurvivalCountsCutOffStreamsUntilTheyEnd(t *testing.T) {
	var s Survivors
	s.Add(2, true)
	s.Add(3, false)
	s.Add(5, true)
	s.Add(9, false)
	xs, ys := s.steps(0.5)
	require.Equal(t, []float64{0.5, 2, 2, 3, 3, 5, 5, 9, 9}, xs)
	require.Equal(t, []float64{1, 1, 0.75, 0.75, 0.75, 0.75, 0.375, 0.375, 0.375}, ys)
}
