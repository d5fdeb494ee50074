// Package report turns what runs leave behind into what people look at. Its rooms each do
// one step, and this package puts them together:
//
//	result.Comparison ─▶ cells ─┬▶ table    summary for a terminal
//	   (theory, stats)          ├▶ export   CSV, JSON lines
//	                            ├▶ figures  SVG, PNG
//	                            └▶ page     index.html
//	result.Outcome ────▶ outcome            one run: text, JSON
//	[]sim.Event ───────▶ trace              one run: every event
//
// Floats are allowed here and nowhere before: nothing of this reaches a run. Everything
// written follows from the comparison alone. Two writes of one comparison give the same
// bytes, with one exception: PNG may differ between processor architectures.
package report
