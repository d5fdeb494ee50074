package figures_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/figures"
	"simrun/report/internal/synthetic"
)

// TestLook writes figures to the folder that LOOK names, for eyes: those of a full grid,
// and those of one with every protocol. It is skipped where LOOK is not set.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip("LOOK is not set")
	}
	all := synthetic.Full()
	all.Protocols, all.Workloads = protocol.Names(), []string{"every-protocol"}
	for _, options := range []synthetic.Options{synthetic.Full(), all} {
		s := cells.Summarize(synthetic.Comparison(options))
		for w := range s.Comparison.Workloads {
			for _, f := range figures.All(s, w) {
				png, err := f.PNG()
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(dir, f.Name+".png"), png, 0o600))
			}
		}
	}
}
