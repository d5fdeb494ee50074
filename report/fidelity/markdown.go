package fidelity

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"simrun/scenarios/result"
)

// notes say what is compared, what is off and why: the part that a person writes.
//
//go:embed notes.md
var notes string

// Places in the notes at which tables go.
const (
	placeSource = "<!-- source -->"
	placeBars   = "<!-- bars -->"
	placeFigure = "<!-- figure -->"
	placeRuns   = "<!-- runs -->"
	placeOff    = "<!-- off -->"
)

// FigureName is what the picture is called, usually.
const FigureName = "fidelity.svg"

// Markdown writes the whole account: notes, bars, the figure that lies at picture, a line for
// each run, and every cell that is out of its bound.
func Markdown(w io.Writer, f *result.Fidelity, picture string) error {
	text := strings.NewReplacer(
		placeSource, source(f), placeBars, bars(f), placeFigure, figure(picture),
		placeRuns, runs(f), placeOff, off(f),
	).Replace(notes)
	_, err := io.WriteString(w, text)
	return err
}

func source(f *result.Fidelity) string {
	recoveries := 0
	for i := range f.Figures {
		if f.Figures[i].Metric == "recovery_ms" {
			recoveries++
		}
	}
	return fmt.Sprintf("`%s`: %d runs and %d recoveries, on a machine of %d cores.",
		f.Source, len(f.Runs)-recoveries, recoveries, f.Cores)
}

func figure(picture string) string {
	return "![Predicted against measured times, on logarithmic axes](" + picture + ")\n"
}

func bars(f *result.Fidelity) string {
	var b strings.Builder
	row(&b, "metric", "band", "cells", "half within", "nine in ten within", "in bound", "bar", "")
	row(&b, "---", "---", "---:", "---:", "---:", "---:", "---", "---")
	for i := range f.Bands {
		if band := &f.Bands[i]; band.Barred {
			row(&b, "`"+band.Metric+"`", band.Band, fmt.Sprint(band.Cells), errorText(band.MedianError),
				errorText(band.P90Error), fmt.Sprintf("%d of %d", band.Passed, band.Cells), band.Bar, kept(band))
		}
	}
	return b.String()
}

func row(b *strings.Builder, cells ...string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// runs has the figures of the whole checkpoint, predicted beside measured.
func runs(f *result.Fidelity) string {
	var b strings.Builder
	row(&b, "run", "what", "e2e ms", "processed bytes", "persisted bytes", "records/s")
	row(&b, "---", "---", "---:", "---:", "---:", "---:")
	for _, run := range f.Runs {
		cells := []string{run.Name, run.Summary}
		for _, metric := range []string{
			"e2e_ms", "processed_bytes", "persisted_bytes", "throughput_records_per_s",
		} {
			cells = append(cells, pair(f, run.Name, metric))
		}
		if recovery := pair(f, run.Name, "recovery_ms"); recovery != "" {
			cells[2] = recovery + " (recovery)"
		}
		row(&b, cells...)
	}
	return b.String()
}

// pair is predicted / measured of a run's figure; empty if there is none.
func pair(f *result.Fidelity, run, metric string) string {
	at := slices.IndexFunc(f.Figures, func(x result.FidelityFigure) bool {
		return x.Run == run && x.Metric == metric
	})
	if at < 0 {
		return ""
	}
	x := &f.Figures[at]
	if x.Measured == 0 && x.Predicted == 0 && !x.Missing {
		return "0"
	}
	return predictedText(x) + " / " + number(x.Measured)
}

// off lists the cells out of bound.
func off(f *result.Fidelity) string {
	var b strings.Builder
	row(&b, "run", "vertex", "metric", "predicted", "measured", "error", "spread of the run")
	row(&b, "---", "---", "---", "---:", "---:", "---:", "---:")
	for i := range f.Figures {
		if x := &f.Figures[i]; x.Judged && !x.Passes {
			row(&b, x.Run, x.Vertex, "`"+x.Metric+"`", predictedText(x), number(x.Measured),
				errorText(x.RelativeError), errorText(x.Spread))
		}
	}
	return b.String()
}
