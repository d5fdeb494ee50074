// Package units writes numbers for people: up to three significant digits, a unit, no exponent.
//
//	1240000000 ns ──▶ 1.24 s      3565158 bytes ──▶ 3.4 MB      12345 ──▶ 12.3k
//
// KB, MB and GB are 2^10, 2^20 and 2^30 bytes, as Flink's user interface shows them. A
// number never rounds up into the next unit unnoticed: 999.9 ms is written "1 s".
// The words depend on the number alone, so two reports of one run are the same bytes.
package units
