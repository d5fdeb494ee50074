package figures_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/cells"
	"simrun/report/figures"
	"simrun/report/internal/synthetic"
)

// TestLook writes all figures of a full grid to the folder LOOK, for eyes; it is skipped
// where that is not set.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK is not set")
	}
	s := cells.Summarize(synthetic.Comparison(synthetic.Full()))
	for w := range s.Comparison.Workloads {
		for _, f := range figures.All(s, w) {
			png, err := f.PNG()
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name+".png"), png, 0o600))
			svg, err := f.SVG()
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name+".svg"), svg, 0o600))
		}
	}
}
