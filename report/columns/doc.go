// Package columns sets text in aligned columns, for terminals.
//
//	protocol   duration          protocol, left      a column is as wide as its widest text
//	aligned      1.24 s          duration, right     in characters, and no line ends in blanks
//
// It knows nothing of colours and adds none. A text holds no line breaks.
package columns
