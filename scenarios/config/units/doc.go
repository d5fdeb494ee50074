// Package units reads and writes quantities as Flink's configuration does, in exact
// integer arithmetic: a scenario's numbers never pass through a float.
//
//	"10 min" ──ParseDuration──▶ 600000000000 ns ──FormatDuration──▶ "10 min"
//	"32 kb"  ──ParseSize──────▶ 32768 bytes     ──FormatSize──────▶ "32 kb"
//	"0.25"   ──ParseDecimal───▶ 1/4             ──FormatDecimal───▶ "0.25"
//
// Duties of the caller: errors say what is wrong with the text; whoever knows where it
// stood adds the place.
package units
