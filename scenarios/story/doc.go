// Package story finds out what there is to tell of a run: which events led to its
// violation, where each subtask stood, and what would have made it pass.
//
//	case ──▶ look: run under the checkers ──▶ violation, witness events, broken cut
//	     ──▶ record: run again, keep events ─▶ result.Recording
//	                                              │  causes, backwards from the witnesses
//	                                              ▼
//	         slice: what is worth telling ──▶ moments, lanes, arrows, cut lines
//	     ──▶ what if: run without a fault, with it moved, … ──▶ result.WhatIf
//
// A story is data (result.Story); report/explain puts it into words and a picture, and
// report/trace into the formats of other programs.
//
// The slice is a part of the causal past of the witnesses: every event names the one that
// brought it about, and what an actor did before counts too. Of that past, which is most of
// the run, a dozen moments are told: faults and failovers, the steps of the checkpoint, the
// channel and the transaction that the violation is about. What several subtasks do alike
// is one moment.
//
// The caller bounds it: events kept, moments told, runs made (Options). A case that has no
// violation has a story without moments of its own; its recording can still be exported.
package story
