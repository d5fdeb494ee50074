// Package folder writes a folder of results whole or not at all.
//
//	Replace("out", fill)    fill(".out-123")   ──rename──▶  out
//	                        files, then marker              the old out, if it was a result, is gone
//
// A folder that this package wrote holds a marker file; such a folder may be replaced. Any
// other folder that is not empty is refused with *ForeignError, so that a slip of the
// command line deletes nobody's work. Callers should Check before a long run, and write
// only below the path that they are handed.
package folder
