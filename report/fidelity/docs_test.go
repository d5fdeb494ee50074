package fidelity_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/fidelity"
	"simrun/report/figures"
	"simrun/scenarios/measured"
)

var rewrite = flag.Bool("rewrite", false, "write docs/fidelity.md and its picture anew")

const (
	document = "../../docs/fidelity.md"
	picture  = "../../docs/pictures/" + fidelity.FigureName
)

// TestDocsShowWhatTheModelPredicts simulates every measured run, holds the bars, and compares
// docs/fidelity.md and its picture with what comes out. It takes a minute or so.
func TestDocsShowWhatTheModelPredicts(t *testing.T) {
	if os.Getenv("SIMRUN_FIDELITY") != "full" {
		t.Skip("all 64 runs are simulated with SIMRUN_FIDELITY=full")
	}
	runs, err := measured.Embedded()
	require.NoError(t, err)
	f, err := measured.Validate(context.Background(), measured.Options{
		Source: measured.EmbeddedName, Runs: runs, Recoveries: true,
	})
	require.NoError(t, err)
	for i := range f.Bands {
		if b := &f.Bands[i]; b.Barred {
			require.True(t, b.WithinBar, "%s %s: %s", b.Metric, b.Band, b.Bar)
		}
	}
	var page bytes.Buffer
	require.NoError(t, fidelity.Markdown(&page, f, "pictures/"+fidelity.FigureName))
	svg, err := figures.Fidelity(f).SVG()
	require.NoError(t, err)
	compare(t, document, page.String())
	compare(t, picture, string(svg))
}

func compare(t *testing.T, path, want string) {
	t.Helper()
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	is, wanted := strings.Split(string(content), "\n"), strings.Split(want, "\n")
	for i := range min(len(is), len(wanted)) {
		require.Equal(t, wanted[i], is[i], "%s:%d is not what the model predicts: run with -rewrite", path, i+1)
	}
	require.Len(t, is, len(wanted), "%s: run with -rewrite", path)
}
