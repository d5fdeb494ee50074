// Package measured holds simrun against what real Flink measured: it builds the job of
// each measured run from its columns, simulates it with the same warm-up and measuring
// time, and puts predicted beside measured figures.
//
//	flink-measured.csv ──Parse──▶ []Run ──Simulate──▶ figures per vertex and metric
//	                                │ measured                │ predicted
//	                                └───────────▶ Cells ◀─────┘
//
// Duties of the caller: constants of the model are fitted once over all rows
// (docs/model.md), never per row.
package measured
