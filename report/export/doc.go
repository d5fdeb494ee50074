// Package export writes a comparison for programs: CSV of everything and the JSON lines of
// `simrun compare --json`.
//
//	result.Comparison ──CheckpointsCSV──▶ a line for each checkpoint of each run
//	                  ──RecoveriesCSV───▶ a line for each recovery, in its four parts
//	cells.Summary     ──CellsCSV────────▶ a line for each cell, with intervals and ratios
//	                  ──CellsJSON───────▶ an object for each cell
//
// Names of columns and keys are a contract: they are only ever added to, at the end, and a
// golden test holds them. Times are integer nanoseconds of virtual time. An empty CSV field
// or a JSON null is "not measured". Nothing of wall time is in any of them, so one
// comparison gives the same bytes each time.
package export
