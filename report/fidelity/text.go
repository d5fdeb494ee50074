package fidelity

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"simrun/report/columns"
	"simrun/report/units"
	"simrun/scenarios/result"
)

// Text writes every figure, run by run, and then how the bars are kept.
func Text(w io.Writer, f *result.Fidelity) error {
	var b strings.Builder
	from := 0
	for _, run := range f.Runs {
		to := from
		for to < len(f.Figures) && f.Figures[to].Run == run.Name {
			to++
		}
		fmt.Fprintf(&b, "%s  %s\n", run.Name, run.Summary)
		if err := columns.Write(&b, figureHeadings(), figureRows(f.Figures[from:to])); err != nil {
			return err
		}
		b.WriteByte('\n')
		from = to
	}
	if err := columns.Write(&b, bandHeadings(), bandRows(f.Bands)); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func figureHeadings() []columns.Column {
	return []columns.Column{
		{Title: "  vertex"}, {Title: "metric"}, {Title: "predicted", Right: true},
		{Title: "measured", Right: true}, {Title: "off", Right: true}, {Title: ""},
	}
}

// figureRows put minimum, average and maximum over the subtasks into one row.
func figureRows(figures []result.FidelityFigure) (rows [][]string) {
	for i := 0; i < len(figures); {
		n := 1
		if strings.HasSuffix(figures[i].Metric, "_min") && i+2 < len(figures) {
			n = 3
		}
		rows = append(rows, figureRow(figures[i:i+n]))
		i += n
	}
	return rows
}

func figureRow(group []result.FidelityFigure) []string {
	var predicted, measured, off []string
	passes := true
	for i := range group {
		f := &group[i]
		predicted = append(predicted, predictedText(f))
		measured = append(measured, number(f.Measured))
		off = append(off, errorText(f.RelativeError))
		passes = passes && (f.Passes || !f.Judged)
	}
	vertex := group[0].Vertex
	if vertex == "" {
		vertex = "(whole)"
	}
	mark := ""
	if !passes {
		mark = "off"
	}
	return []string{
		"  " + vertex, strings.TrimSuffix(group[0].Metric, "_min"), strings.Join(predicted, " / "),
		strings.Join(measured, " / "), strings.Join(off, " / "), mark,
	}
}

func predictedText(f *result.FidelityFigure) string {
	if f.Missing {
		return "none"
	}
	return number(f.Predicted)
}

// number writes four digits, and all of those before the point.
func number(x float64) string {
	switch {
	case x >= 1000:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 100:
		return trimmed(x, 1)
	}
	return trimmed(x, 2)
}

func trimmed(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func errorText(e float64) string {
	if e >= result.NoBound {
		return "-"
	}
	return units.Percent(e)
}

func bandHeadings() []columns.Column {
	return []columns.Column{
		{Title: "metric"}, {Title: "band"}, {Title: "cells", Right: true},
		{Title: "half within", Right: true}, {Title: "90 % within", Right: true},
		{Title: "in bound", Right: true}, {Title: ""}, {Title: "bar"},
	}
}

func bandRows(bands []result.FidelityBand) (rows [][]string) {
	for i := range bands {
		b := &bands[i]
		rows = append(rows, []string{
			b.Metric, b.Band, strconv.Itoa(b.Cells), errorText(b.MedianError), errorText(b.P90Error),
			units.Percent(float64(b.Passed) / float64(b.Cells)), kept(b), b.Bar,
		})
	}
	return rows
}

func kept(b *result.FidelityBand) string {
	switch {
	case !b.Barred:
		return ""
	case b.WithinBar:
		return "kept"
	}
	return "MISSED"
}
