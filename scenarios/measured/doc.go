// Package measured holds simrun against what real Flink measured: it builds the job of
// each measured run from its columns, simulates it with the same warm-up and measuring
// time, and puts predicted beside measured figures.
//
//	flink-measured.csv ──Parse──▶ []*Run ──Predict──▶ figures per vertex and metric
//	                                │ measured              │ predicted
//	                                └──────▶ Validate ◀─────┘
//	                                            │
//	                                  result.Fidelity: figures, bands, bars
//
// The given measurements are embedded (Embedded). What Flink's options do not say (CPU of a
// record, the time a hop takes …) is in constants.go: few numbers, fitted once over all
// rows, explained in docs/model.md; nothing is fitted to a row.
//
// Duties of the caller: a file of one's own is measured as data/README.md says, on a
// machine whose cores are given to Validate.
package measured
