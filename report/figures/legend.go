package figures

import (
	"image/color"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
)

// protocolEntry shows a protocol's marker on its line.
func protocolEntry(name protocol.Name) entry {
	s := styleOf(name)
	return entry{string(name), func(c *draw.Canvas, left, right, middle vg.Length) {
		c.StrokeLine2(draw.LineStyle{Color: s.pale(), Width: vg.Points(2.2)}, left, middle, right, middle)
		s.mark(c, vg.Point{X: (left + right) / 2, Y: middle}, markerRadius, false)
	}}
}

// lineEntry shows a line.
func lineEntry(text string, ls draw.LineStyle) entry {
	return entry{text, func(c *draw.Canvas, left, right, middle vg.Length) {
		c.StrokeLine2(ls, left, middle, right, middle)
	}}
}

// lowerBoundEntry shows a hollow marker with its arrow.
func lowerBoundEntry() entry {
	return entry{"bound (cut off)", func(c *draw.Canvas, left, right, middle vg.Length) {
		s := series{style: style{ink, disc}}
		at := vg.Point{X: (left + right) / 2, Y: middle - vg.Points(3)}
		s.arrow(c, at, vg.Points(10))
		s.style.mark(c, at, markerRadius*0.85, true)
	}}
}

// textEntry shows a word of the figure.
func textEntry(text, sample string) entry {
	return entry{text, func(c *draw.Canvas, left, right, middle vg.Length) {
		s := boldStyle(8.5, ink)
		s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
		c.FillText(s, vg.Point{X: (left + right) / 2, Y: middle}, sample)
	}}
}

// boxEntry shows a filled box.
func boxEntry(text string, fill color.Color) entry {
	return entry{text, func(c *draw.Canvas, left, right, middle vg.Length) {
		c.FillPolygon(fill, []vg.Point{
			{X: left + 6, Y: middle - 4}, {X: right - 4, Y: middle - 4},
			{X: right - 4, Y: middle + 4}, {X: left + 6, Y: middle + 4},
		})
	}}
}

// percent is a share of 1 in whole percent, never rounded down to none or up to all.
func percent(share float64) string {
	whole := int(share*100 + 0.5)
	if whole == 0 && share > 0 {
		return "<1 %"
	}
	if whole == 100 && share < 1 {
		return ">99 %"
	}
	return strconv.Itoa(whole) + " %"
}
