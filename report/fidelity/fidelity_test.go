package fidelity_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/fidelity"
	"simrun/report/figures"
	"simrun/scenarios/result"
)

// small is a comparison of two runs, one of which took no checkpoint in simulation.
func small() *result.Fidelity {
	return &result.Fidelity{
		Source: "mine.csv", Cores: 4,
		Runs: []result.MeasuredRun{
			{Name: "r1", Summary: "aligned, 2 x 3", Protocol: "aligned"},
			{Name: "r2", Summary: "unaligned, 2 x 3", Protocol: "unaligned"},
		},
		Figures: []result.FidelityFigure{
			{Run: "r1", Metric: "throughput_records_per_s", Measured: 1979, Predicted: 1978.31, RelativeError: 0.0003,
				Judged: true, Long: true, Passes: true},
			{Run: "r1", Metric: "e2e_ms", Measured: 1547, Predicted: 1545.12345, RelativeError: 0.0012, Spread: 0.06,
				Judged: true, Long: true, Time: true, Passes: true},
			{Run: "r1", Vertex: "op1", Metric: "sync_ms_min", Predicted: 0.1, RelativeError: result.NoBound,
				Judged: true, Time: true, Passes: true},
			{Run: "r1", Vertex: "op1", Metric: "sync_ms_avg", Measured: 31, Predicted: 0.1, RelativeError: 0.997,
				Judged: true, Time: true, Spread: 2},
			{Run: "r1", Vertex: "op1", Metric: "sync_ms_max", Measured: 63, Predicted: 63, Judged: true, Time: true,
				Passes: true},
			{Run: "r2", Metric: "e2e_ms", Measured: 15, Missing: true, RelativeError: result.NoBound, Judged: true,
				Time: true},
		},
		Bands: []result.FidelityBand{
			{Metric: "e2e_ms", Band: result.BandLong, Cells: 1, MedianError: 0.0012, P90Error: 0.0012, Passed: 1,
				Barred: true, WithinBar: true, Bar: "half within 3 %"},
			{Metric: "e2e_ms", Band: result.BandShort, Cells: 1, MedianError: result.NoBound,
				P90Error: result.NoBound, Barred: true, Bar: "nine in ten"},
			{Metric: "sync_ms_avg", Band: result.BandShort, Cells: 1, MedianError: 0.997, P90Error: 0.997},
		},
	}
}

// TestJSONKeepsItsKeys: they are a contract, only ever added to.
func TestJSONKeepsItsKeys(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, fidelity.JSON(&b, small()))
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	require.Len(t, lines, 9)
	require.JSONEq(t,
		`{"run":"r1","vertex":"","metric":"e2e_ms","measured":1547,"predicted":1545.1235}`, lines[1])
	require.JSONEq(t, `{"run":"r2","vertex":"","metric":"e2e_ms","measured":15,"predicted":null}`, lines[5])
	require.JSONEq(t, `{"metric":"e2e_ms","band":"long","cells":1,"median_rel_error":0.0012,
		"p90_rel_error":0.0012,"within_bar":true,"cells_within_bound":1,"bar":"half within 3 %"}`, lines[6])
	require.JSONEq(t, `{"metric":"e2e_ms","band":"short","cells":1,"median_rel_error":null,
		"p90_rel_error":null,"within_bar":false,"cells_within_bound":0,"bar":"nine in ten"}`, lines[7])
	require.JSONEq(t, `{"metric":"sync_ms_avg","band":"short","cells":1,"median_rel_error":0.997,
		"p90_rel_error":0.997,"within_bar":null,"cells_within_bound":0,"bar":""}`, lines[8])
	for _, line := range lines {
		require.True(t, json.Valid([]byte(line)), line)
	}
}

func TestTextPutsPredictedBesideMeasured(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, fidelity.Text(&b, small()))
	for _, want := range []string{
		"r1  aligned, 2 x 3\n",
		"  (whole)  e2e_ms                              1545         1547            0.1 %\n",
		"  op1      sync_ms                   0.1 / 0.1 / 63  0 / 31 / 63  - / 100 % / 0 %  off\n",
		"  (whole)  e2e_ms       none        15    -  off\n",
		"MISSED",
		"kept",
	} {
		require.Contains(t, b.String(), want)
	}
}

func TestMarkdownHasEveryTable(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, fidelity.Markdown(&b, small(), "pictures/fidelity.svg"))
	for _, want := range []string{
		"`mine.csv`: 2 runs and 0 recoveries, on a machine of 4 cores.",
		"| `e2e_ms` | short | 1 | - | - | 0 of 1 | nine in ten | MISSED |",
		"(pictures/fidelity.svg)",
		"| r1 | aligned, 2 x 3 | 1545 / 1547 |",
		"| r2 | unaligned, 2 x 3 | none / 15 |",
		"| r1 | op1 | `sync_ms_avg` | 0.1 | 31 | 100 % | 200 % |",
	} {
		require.Contains(t, b.String(), want)
	}
	require.NotContains(t, b.String(), "<!--")
}

func TestFigureIsDrawnTheSameEveryTime(t *testing.T) {
	first, err := figures.Fidelity(small()).SVG()
	require.NoError(t, err)
	second, err := figures.Fidelity(small()).SVG()
	require.NoError(t, err)
	require.Equal(t, first, second)
	require.Contains(t, string(first), "Predicted against measured")
	require.Contains(t, string(first), "aligned")
	empty, err := figures.Fidelity(&result.Fidelity{Source: "nothing"}).SVG()
	require.NoError(t, err)
	require.NotEmpty(t, empty)
}
