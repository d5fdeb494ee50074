// Package trace writes the events of a run for other programs.
//
//	kernel ──*sim.Event──▶ JSONLines ──▶ {"time_nanos":…,"actor":"sink-0","event":"barrier-consumed",…}
//	                          │
//	                          names: who is actor 7?
//
//	*result.Recording ──Perfetto──▶ tracks, slices, flows and counters for ui.perfetto.dev
//	                  ──ShiViz────▶ a log with vector clocks for bestchai.bitbucket.io/shiviz
//
// An event names its cause, so whoever reads the lines can follow it back, join lanes into a
// space-time diagram, or cut out what led to a violation. Each format is a file of this
// package, made from the same two things: events in the order in which the kernel ran them,
// and names of actors.
//
// A JSONLines is fed as the run goes, or with Write from a slice; the caller calls Flush at
// the end and looks at its error. It keeps nothing but a buffer. The other two take what was
// kept of a run, and are as large as that.
package trace
