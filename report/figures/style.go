package figures

import (
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
)

// Colours are color.NRGBA throughout: gonum takes color.RGBA as premultiplied, which turns
// a translucent blue into another colour.
var (
	ink   = color.NRGBA{0x33, 0x33, 0x33, 0xff}
	muted = color.NRGBA{0x6b, 0x6b, 0x6b, 0xff}
	grid  = color.NRGBA{0xe5, 0xe5, 0xe5, 0xff}
	paper = color.NRGBA{0xff, 0xff, 0xff, 0xff}
)

// style is how one protocol looks in every figure.
type style struct {
	colour color.NRGBA
	shape  shape
}

// pale is the style's colour where it must leave room for a line on top of it: a third of
// it on paper.
func (s style) pale() color.NRGBA {
	blend := func(c uint8) uint8 { return uint8((int(c) + 2*0xff) / 3) }
	return color.NRGBA{blend(s.colour.R), blend(s.colour.G), blend(s.colour.B), 0xff}
}

// styleOf has the colours of Okabe and Ito, which colour-blind readers can tell apart, and
// a marker that tells them apart without any colour.
func styleOf(name protocol.Name) style {
	switch name {
	case protocol.Aligned:
		return style{color.NRGBA{0x00, 0x72, 0xb2, 0xff}, disc}
	case protocol.Unaligned:
		return style{color.NRGBA{0xd5, 0x5e, 0x00, 0xff}, square}
	case protocol.HybridOut:
		return style{color.NRGBA{0x00, 0x9e, 0x73, 0xff}, triangle}
	case protocol.AtLeastOnce:
		return style{color.NRGBA{0xcc, 0x79, 0xa7, 0xff}, diamond}
	case protocol.HybridIn:
		return style{color.NRGBA{0xe6, 0x9f, 0x00, 0xff}, invertedTriangle}
	case protocol.ChandyLamport:
		return style{color.NRGBA{0x56, 0xb4, 0xe9, 0xff}, pentagon}
	}
	return style{muted, hexagon}
}

// shape is the outline of a marker around a point.
type shape func(at vg.Point, radius vg.Length) vg.Path

func disc(at vg.Point, radius vg.Length) vg.Path {
	var p vg.Path
	p.Move(vg.Point{X: at.X + radius, Y: at.Y})
	p.Arc(at, radius, 0, 2*math.Pi)
	p.Close()
	return p
}

func square(at vg.Point, r vg.Length) vg.Path           { return polygon(at, r*1.2, 4, math.Pi/4) }
func diamond(at vg.Point, r vg.Length) vg.Path          { return polygon(at, r*1.25, 4, 0) }
func triangle(at vg.Point, r vg.Length) vg.Path         { return polygon(at, r*1.35, 3, math.Pi/2) }
func invertedTriangle(at vg.Point, r vg.Length) vg.Path { return polygon(at, r*1.35, 3, -math.Pi/2) }
func pentagon(at vg.Point, r vg.Length) vg.Path         { return polygon(at, r*1.2, 5, math.Pi/2) }
func hexagon(at vg.Point, r vg.Length) vg.Path          { return polygon(at, r*1.2, 6, 0) }

// polygon has its first corner at the angle start.
func polygon(at vg.Point, radius vg.Length, corners int, start float64) vg.Path {
	var p vg.Path
	for i := range corners {
		sin, cos := math.Sincos(start + 2*math.Pi*float64(i)/float64(corners))
		corner := vg.Point{X: at.X + radius*vg.Length(cos), Y: at.Y + radius*vg.Length(sin)}
		if i == 0 {
			p.Move(corner)
			continue
		}
		p.Line(corner)
	}
	p.Close()
	return p
}

// mark draws a marker with a rim of paper, so that markers on top of each other stay apart;
// a hollow one is paper inside.
func (s style) mark(c *draw.Canvas, at vg.Point, radius vg.Length, hollow bool) {
	fill, rim := s.colour, paper
	if hollow {
		fill, rim = paper, s.colour
	}
	outline := s.shape(at, radius)
	c.SetColor(fill)
	c.Fill(outline)
	width := vg.Points(0.7)
	if hollow {
		width = vg.Points(1.3)
	}
	c.SetLineStyle(draw.LineStyle{Color: rim, Width: width})
	c.Stroke(outline)
}

// textStyle is the one typeface, in a size in points.
func textStyle(size float64, c color.NRGBA) draw.TextStyle {
	return draw.TextStyle{
		Color:   c,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Points(size)},
		Handler: plot.DefaultTextHandler,
	}
}

func boldStyle(size float64, c color.NRGBA) draw.TextStyle {
	s := textStyle(size, c)
	s.Font.Weight = xfont.WeightBold
	return s
}

func dashed(c color.NRGBA) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Points(1.1), Dashes: []vg.Length{vg.Points(4), vg.Points(2.5)}}
}

func dotted(c color.NRGBA) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Points(0.8), Dashes: []vg.Length{vg.Points(1), vg.Points(2)}}
}
