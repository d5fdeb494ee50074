package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/cells"
	"simrun/report/export"
	"simrun/report/internal/synthetic"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden files")

func files() map[string]func(io.Writer) error {
	c := synthetic.Comparison(synthetic.Small())
	s := cells.Summarize(c)
	return map[string]func(io.Writer) error{
		"cells.jsonl":     func(w io.Writer) error { return export.CellsJSON(w, s) },
		"cells.csv":       func(w io.Writer) error { return export.CellsCSV(w, s) },
		"recoveries.csv":  func(w io.Writer) error { return export.RecoveriesCSV(w, c) },
		"checkpoints.csv": func(w io.Writer) error { return export.CheckpointsCSV(w, c) },
	}
}

func TestFilesAreAsApproved(t *testing.T) {
	for name, write := range files() {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.NoError(t, write(&b))
			path := filepath.Join("testdata", name)
			if *rewrite {
				require.NoError(t, os.MkdirAll("testdata", 0o755))
				require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.True(t, bytes.Equal(want, b.Bytes()), "%s changed", path)
		})
	}
}

// TestKeysOfCompareAreAContract has them from the design, in order.
func TestKeysOfCompareAreAContract(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, files()["cells.jsonl"](&b))
	decoder := json.NewDecoder(&b)
	for range 6 {
		keys, nested := keysOf(t, decoder)
		require.Equal(t, []string{
			"protocol", "workload", "slowdown", "seeds", "failed_share", "skipped", "censored",
			"duration_nanos", "start_delay_nanos", "alignment_nanos", "checkpointed_bytes",
			"persisted_bytes", "records_per_second", "latency_nanos", "recovery_nanos",
			"theory_duration_nanos",
		}, keys)
		for _, inner := range nested {
			require.Equal(t, []string{"median", "low", "high"}, inner)
		}
	}
}

// keysOf reads one object and returns its keys and those of the objects in it, in order.
func keysOf(t *testing.T, decoder *json.Decoder) (keys []string, nested [][]string) {
	t.Helper()
	open, err := decoder.Token()
	require.NoError(t, err)
	require.Equal(t, json.Delim('{'), open)
	for decoder.More() {
		key, err := decoder.Token()
		require.NoError(t, err)
		keys = append(keys, key.(string))
		var value json.RawMessage
		require.NoError(t, decoder.Decode(&value))
		if value[0] == '{' {
			inner, _ := keysOf(t, json.NewDecoder(bytes.NewReader(value)))
			nested = append(nested, inner)
		}
	}
	_, err = decoder.Token()
	require.NoError(t, err)
	return keys, nested
}

func TestTimesInJSONAreWholeNumbers(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, files()["cells.jsonl"](&b))
	decoder := json.NewDecoder(&b)
	for decoder.More() {
		var object struct {
			Duration *struct{ Median, Low, High int64 } `json:"duration_nanos"`
		}
		require.NoError(t, decoder.Decode(&object))
		require.LessOrEqual(t, object.Duration.Low, object.Duration.Median)
		require.LessOrEqual(t, object.Duration.Median, object.Duration.High)
	}
}

func TestEveryCheckpointHasALine(t *testing.T) {
	c := synthetic.Comparison(synthetic.Small())
	var b bytes.Buffer
	require.NoError(t, export.CheckpointsCSV(&b, c))
	lines, err := csv.NewReader(&b).ReadAll()
	require.NoError(t, err)
	want := 1
	for _, run := range c.Runs {
		want += len(run.Outcome.Checkpoints)
	}
	require.Len(t, lines, want)
}

func TestWallTimeIsInNoFile(t *testing.T) {
	c := synthetic.Comparison(synthetic.Small())
	for i := range c.Runs {
		c.Runs[i].Outcome.WallNanos = 987_654_321
	}
	for _, write := range []func(io.Writer) error{
		func(w io.Writer) error { return export.CellsJSON(w, cells.Summarize(c)) },
		func(w io.Writer) error { return export.CheckpointsCSV(w, c) },
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b))
		require.NotContains(t, b.String(), "987654321")
	}
}

func TestWriteErrorsAreReturned(t *testing.T) {
	for name, write := range files() {
		require.ErrorIs(t, write(brokenPipe{}), io.ErrClosedPipe, name)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
