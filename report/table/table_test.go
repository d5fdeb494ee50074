package table_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"simrun/report/cells"
	"simrun/report/internal/synthetic"
	"simrun/report/table"
	"simrun/scenarios/result"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden files")

func render(t *testing.T, c *result.Comparison) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, table.Comparison(&b, cells.Summarize(c)))
	return b.String()
}

func TestTableIsAsApproved(t *testing.T) {
	got := render(t, synthetic.Comparison(synthetic.Small()))
	path := filepath.Join("testdata", "small.txt")
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestTableFitsIntoATerminal(t *testing.T) {
	for _, line := range strings.Split(render(t, synthetic.Comparison(synthetic.Full())), "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 120, line)
		require.Equal(t, strings.TrimRight(line, " "), line)
	}
}

func TestVacuousCellIsMarkedAndExplained(t *testing.T) {
	c := synthetic.Comparison(synthetic.Small())
	c.Runs[0].Outcome.Measures.SourceEnded = true
	got := render(t, c)
	require.Contains(t, got, "aligned !")
	require.Contains(t, got, "! vacuous: flights, 0.5x, aligned: source ended before the last measured "+
		"checkpoint (seed 1)")
}

func TestViolationsDoNotHideInMedians(t *testing.T) {
	c := synthetic.Comparison(synthetic.Small())
	c.Runs[0].Outcome.Verdict = result.Violation
	require.Contains(t, render(t, c), "! verdict violation (seed 1): flights, 0.5x, aligned")
}
