// Package laws holds the project to its own rules, as an ordinary test that reads the
// source. A rule that is broken is named with its place and with what to do instead.
//
//	             ┌─ determinism   sim protocol runtime faults checkers: no clock, goroutine,
//	             │                map order, float, global randomness, mutable global
//	source ──▶ ──┼─ house         which package may import which; folders; doc.go
//	             └─ style         length of functions, lines and files; documented names
//
// Every rule has a test that plants a violation and sees it named. There is nothing here
// to call: the package exists for its tests.
package laws
