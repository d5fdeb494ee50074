package figures_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/report/cells"
	"simrun/report/figures"
	"simrun/report/internal/synthetic"
	"simrun/scenarios/result"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden files")

func small() *cells.Summary { return cells.Summarize(synthetic.Comparison(synthetic.Small())) }

// TestDurationFigureIsAsApproved holds the bytes of one figure. After a change on purpose,
// rewrite the file and look at it.
func TestDurationFigureIsAsApproved(t *testing.T) {
	got, err := figures.Duration(small(), 0).SVG()
	require.NoError(t, err)
	path := filepath.Join("testdata", "duration.svg")
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got), "%s changed", path)
}

func TestFiguresAreTheSameBytesEachTime(t *testing.T) {
	first, second := figures.All(small(), 0), figures.All(small(), 0)
	require.Len(t, first, 13)
	for i, f := range first {
		a, err := f.SVG()
		require.NoError(t, err)
		b, err := second[i].SVG()
		require.NoError(t, err)
		again, err := f.SVG()
		require.NoError(t, err)
		require.True(t, bytes.Equal(a, b) && bytes.Equal(a, again), f.Name)
	}
}

func TestFiguresSayWhatTheyShow(t *testing.T) {
	for _, f := range figures.All(small(), 0) {
		require.NotEmpty(t, f.Title)
		require.NotEmpty(t, f.Subtitle)
		require.NotEmpty(t, f.Caption)
		require.NotEmpty(t, f.Reading)
		require.NotEmpty(t, f.XLabel)
		require.NotEmpty(t, f.YLabel)
		svg, err := f.SVG()
		require.NoError(t, err)
		wellFormed(t, svg)
		text := string(svg)
		require.Contains(t, text, "<title")
		require.Contains(t, text, "<desc>")
		require.Contains(t, text, "'Liberation Sans',Arial,Helvetica,sans-serif")
		require.NotContains(t, text, "font-family:Liberation", "a font without fallback")
	}
}

func wellFormed(t require.TestingT, document []byte) {
	decoder := xml.NewDecoder(bytes.NewReader(document))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}

func TestPNGIsOne(t *testing.T) {
	png, err := figures.Recovery(small(), 0).PNG()
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(png, []byte("\x89PNG\r\n")))
}

func TestInlineFigureTakesColoursFromItsPage(t *testing.T) {
	text, err := figures.Duration(small(), 0).Inline()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(text, "<svg "))
	require.Contains(t, text, "var(--c-0072b2,#0072B2)")
	require.NotRegexp(t, `:#[0-9A-F]{6}`, text)
}

func TestExpiredShareStandsInTheDurationFigure(t *testing.T) {
	s := small()
	expired := s.Cell(0, 2, 0)
	require.Positive(t, expired.Failed)
	svg, err := figures.Duration(s, 0).SVG()
	require.NoError(t, err)
	require.Contains(t, string(svg), ">57 %</text>")
	require.Contains(t, string(svg), "timeout 60 s")
	require.Contains(t, string(svg), "bound from buffer counts")
	require.Contains(t, string(svg), "closed form")
}

func TestNothingMeasuredGivesNoFigureOfIt(t *testing.T) {
	c := synthetic.Comparison(synthetic.Options{
		Protocols: []protocol.Name{protocol.None}, Workloads: []string{"w"},
		Slowdowns: []string{"1"}, Seeds: 1,
	})
	c.Runs[0].Outcome.Checkpoints, c.Runs[0].Recovery = nil, nil
	var names []string
	for _, f := range figures.All(cells.Summarize(c), 0) {
		names = append(names, f.Name)
	}
	require.Equal(t, []string{"w-throughput", "w-latency"}, names)
}

// A duration of zero is infinitely shorter than the baseline's: no place on a logarithmic axis.
func TestACheckpointThatTakesNoTimeCanBeDrawn(t *testing.T) {
	c := synthetic.Comparison(synthetic.Options{
		Protocols: []protocol.Name{protocol.Aligned, protocol.Unaligned}, Workloads: []string{"w"},
		Slowdowns: []string{"1"}, Seeds: 2,
	})
	for i := range c.Runs {
		checkpoints := c.Runs[i].Outcome.Checkpoints
		for k := range checkpoints {
			checkpoints[k].Status, checkpoints[k].EndToEndNanos = protocol.CheckpointSucceeded, 0
			if c.Runs[i].Protocol == protocol.Aligned {
				checkpoints[k].EndToEndNanos = 60e9
			}
		}
	}
	for _, f := range figures.All(cells.Summarize(c), 0) {
		_, err := f.SVG()
		require.NoError(t, err)
	}
}

func TestNamesOfFilesAreTame(t *testing.T) {
	require.Equal(t, "a-b..-c-d_e", figures.Slug("a/b.. c\\d_e"))
}

// TestAnyComparisonCanBeDrawn tries odd ones: zeros, gaps, cut values, single points,
// slowdowns that are zero or no numbers.
func TestAnyComparisonCanBeDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := oddComparison(t)
		for _, f := range figures.All(cells.Summarize(c), 0) {
			svg, err := f.SVG()
			require.NoError(t, err)
			require.NotContains(t, string(svg), "NaN")
			require.NotContains(t, string(svg), "Inf")
			wellFormed(t, svg)
		}
	})
}

func oddComparison(t *rapid.T) *result.Comparison {
	slowdowns := [][]string{{"1"}, {"0", "1", "2"}, {"low", "high"}, {"0.5", "50"}, {"2", "1"}}
	names := rapid.SliceOfNDistinct(rapid.SampledFrom(protocol.Names()), 1, 4, rapid.ID).Draw(t, "names")
	c := synthetic.Comparison(synthetic.Options{
		Protocols: names, Workloads: []string{"w"}, Seeds: 2, Slowdowns: []string{"1"},
	})
	c.Slowdowns = rapid.SampledFrom(slowdowns).Draw(t, "slowdowns")
	var runs []result.CellRun
	for _, slowdown := range c.Slowdowns {
		for _, run := range c.Runs {
			if rapid.IntRange(0, 3).Draw(t, "missing") == 0 {
				continue
			}
			run.Slowdown = slowdown
			run.Outcome = oddOutcome(t)
			run.Recovery = &result.Recovery{
				RestartNanos: rapid.Int64Range(0, 9e9).Draw(t, "restart"),
				Complete:     rapid.Bool().Draw(t, "caught up"),
			}
			runs = append(runs, run)
		}
	}
	c.Runs = runs
	return c
}

func oddOutcome(t *rapid.T) *result.Outcome {
	o := &result.Outcome{VirtualNanos: 100e9}
	reasons := []protocol.FailureReason{protocol.CheckpointExpired, protocol.TaskFailure}
	for range rapid.IntRange(0, 3).Draw(t, "checkpoints") {
		o.Checkpoints = append(o.Checkpoints, protocol.CheckpointStats{
			TriggerNanos:   rapid.Int64Range(0, 90e9).Draw(t, "trigger"),
			EndToEndNanos:  rapid.SampledFrom([]int64{0, 1, 1e6, 60e9}).Draw(t, "duration"),
			Status:         protocol.CheckpointStatus(rapid.IntRange(0, 2).Draw(t, "status")),
			Reason:         rapid.SampledFrom(reasons).Draw(t, "reason"),
			PersistedBytes: rapid.SampledFrom([]int64{0, 1, 1 << 40}).Draw(t, "persisted"),
			InFlightBytes:  rapid.SampledFrom([]int64{0, 1, 1 << 40}).Draw(t, "in flight"),
		})
	}
	return o
}
