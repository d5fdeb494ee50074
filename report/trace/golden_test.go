package trace_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/trace"
	"simrun/scenarios/result"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden files")

func TestExportsOfATinyRunAreAsTheyWere(t *testing.T) {
	r := recordingOf(t, tiny)
	for name, write := range map[string]func(io.Writer, *result.Recording) error{
		"tiny.perfetto.json": trace.Perfetto,
		"tiny.shiviz.log":    func(w io.Writer, r *result.Recording) error { return trace.ShiViz(w, r, quiet) },
		"tiny.log":           trace.Log,
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b, r))
		file := filepath.Join("testdata", name)
		if *rewrite {
			require.NoError(t, os.WriteFile(file, b.Bytes(), 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), b.String(), "go test ./report/trace -rewrite writes it anew")
	}
}
