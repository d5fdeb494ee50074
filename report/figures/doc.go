// Package figures draws a comparison: one function a figure, SVG and PNG of each.
//
//	cells.Summary ──All──▶ []Figure ──SVG, PNG──▶ bytes
//
//	 title                                         A figure is a title that names it, a line
//	 conditions                                    that says of what, a legend that covers no
//	 ● aligned  ■ unaligned  -- closed form        data, and the plot. Colour and marker of a
//	 10 s ┼──────────────────────────●─            protocol are the same in every figure, and
//	  1 s ┼───────────────●────────────            never is colour alone what tells two apart.
//	      └───┬───────────┬──────────┬─
//
// Points are medians over seeds with their interval. A hollow marker with an arrow is a
// lower bound: what it stands for was cut off. On a logarithmic axis zero has a line of its
// own at the foot.
//
// The bytes of an SVG depend on the comparison alone and are the same on every machine;
// those of a PNG may differ between processor architectures, which rasterise differently.
package figures
