// Package library holds the scenarios that come with simrun, as files.
//
//	library/*.yaml ──Read("flight-delays")──▶ text ──config.Load──▶ Scenario
//
// Each file opens with what it teaches and says what a run of it must reach. Four kinds
// stand side by side: jobs (colour-count, nexmark-q3 …), single mechanisms (overdraft,
// zombie-fenced …), recovery from each kind of fault (recover-…), and comparisons
// (…-backpressure).
//
// Duties of the caller: none; the files are part of the program.
package library
