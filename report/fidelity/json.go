package fidelity

import (
	"encoding/json"
	"io"
	"math"

	"simrun/scenarios/result"
)

// figureObject has the keys of the contract for a figure of `validate --json`.
type figureObject struct {
	Run       string   `json:"run"`
	Vertex    string   `json:"vertex"`
	Metric    string   `json:"metric"`
	Measured  float64  `json:"measured"`
	Predicted *float64 `json:"predicted"` // null: no checkpoint completed
}

// bandObject has those of a metric's band. Errors without bound are null, and so is
// within_bar where no bar is set.
type bandObject struct {
	Metric           string   `json:"metric"`
	Band             string   `json:"band"`
	Cells            int      `json:"cells"`
	MedianRelError   *float64 `json:"median_rel_error"`
	P90RelError      *float64 `json:"p90_rel_error"`
	WithinBar        *bool    `json:"within_bar"`
	CellsWithinBound int      `json:"cells_within_bound"`
	Bar              string   `json:"bar"`
}

// JSON writes an object a line: every figure, then every band.
func JSON(w io.Writer, f *result.Fidelity) error {
	encoder := json.NewEncoder(w)
	for i := range f.Figures {
		if err := encoder.Encode(newFigureObject(&f.Figures[i])); err != nil {
			return err
		}
	}
	for i := range f.Bands {
		if err := encoder.Encode(newBandObject(&f.Bands[i])); err != nil {
			return err
		}
	}
	return nil
}

func newFigureObject(f *result.FidelityFigure) figureObject {
	o := figureObject{Run: f.Run, Vertex: f.Vertex, Metric: f.Metric, Measured: rounded(f.Measured)}
	if !f.Missing {
		predicted := rounded(f.Predicted)
		o.Predicted = &predicted
	}
	return o
}

func newBandObject(b *result.FidelityBand) bandObject {
	o := bandObject{
		Metric: b.Metric, Band: b.Band, Cells: b.Cells, CellsWithinBound: b.Passed, Bar: b.Bar,
		MedianRelError: bounded(b.MedianError), P90RelError: bounded(b.P90Error),
	}
	if b.Barred {
		o.WithinBar = &b.WithinBar
	}
	return o
}

func bounded(e float64) *float64 {
	if e >= result.NoBound {
		return nil
	}
	e = rounded(e)
	return &e
}

// rounded keeps microseconds of a time, and four digits of an error.
func rounded(x float64) float64 { return math.Round(x*1e4) / 1e4 }
