// Package detection shows how soon planted bugs were detected: as a table, as JSON lines, and
// as the project's track record with a survival curve.
//
//	detection.Record ─Rows─▶ seeds to detection, median [low, high] ─▶ Text, JSON
//	                                                                └▶ Page, figures.Survival
//
// The seeds that a stream needs are one sample. Their median has the exact interval of order
// statistics (package stats), without any assumption about the distribution. A stream that
// came to its limit was cut off: all that is known is "more than the limit". Where the
// median or an end of the interval falls on such streams, both come from the detection rate
// instead: d detections in n seeds give a probability per seed with its Clopper-Pearson
// interval, and a bug that each seed shows with probability p has been detected in half of
// all streams after ln 2 / -ln(1-p) seeds. Rows say which of the two was taken.
//
// Duties of the caller: a record's streams are independent and none was left out.
package detection
