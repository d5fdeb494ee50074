// Package page writes a comparison as one self-contained HTML file: tables and figures
// inline, no script, nothing from the network, light and dark, fit for printing.
//
//	cells.Summary ─┐
//	               ├──Write──▶ index.html
//	[]*Figure ─────┘   per workload: conditions, summary table, figures with captions, notes
//
// The file holds no time of day, no wall time and no machine's name: one comparison, one
// sequence of bytes. Links lead only to files of the same folder, which the caller writes
// beside it under the figures' names (report.Write does).
package page
