package figures

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	figureWidth  = 560 * vg.Length(1)
	figureHeight = 360 * vg.Length(1)
	margin       = 10 * vg.Length(1)
	thumbWidth   = 24 * vg.Length(1)
)

// Figure is a plot with what a reader needs around it.
type Figure struct {
	// Name is the stem of its file names: "flights-duration".
	Name string
	// Title says what is shown, Subtitle of what and how often.
	Title, Subtitle string
	// Caption says in a sentence what there is to see, Reading how to read it, Formula
	// which closed form is drawn (empty: none).
	Caption, Reading, Formula string
	// XLabel and YLabel name the axes.
	XLabel, YLabel string
	// Plot is what is drawn under title and legend.
	Plot *plot.Plot

	legend []entry
	height vg.Length // 0: figureHeight
}

// entry is one word of the legend and the picture in front of it.
type entry struct {
	text  string
	thumb func(c *draw.Canvas, left, right, middle vg.Length)
}

func (f *Figure) size() (width, height vg.Length) {
	if f.height > 0 {
		return figureWidth, f.height
	}
	return figureWidth, figureHeight
}

// draw lays the figure out from the top: title, subtitle, legend, plot.
func (f *Figure) draw(c draw.Canvas) {
	c = draw.Crop(c, margin, -margin, margin, -margin)
	y := c.Max.Y
	y = f.line(&c, boldStyle(13, ink), y, f.Title)
	y = f.line(&c, textStyle(9.5, muted), y-vg.Points(1), f.Subtitle)
	y = f.drawLegend(&c, y-vg.Points(4))
	f.drawPlot(draw.Crop(c, 0, 0, 0, y-c.Max.Y-vg.Points(6)))
}

// drawPlot draws the plot and names its axes. gonum would name them as well, but on a
// logarithmic axis it makes room for the name where the name is not.
func (f *Figure) drawPlot(c draw.Canvas) {
	s := textStyle(10, ink)
	height := s.FontExtents().Height
	s.XAlign, s.YAlign = draw.XCenter, draw.YBottom
	inner := draw.Crop(c, height+vg.Points(8), 0, height, 0)
	data := f.Plot.DataCanvas(inner)
	c.FillText(s, vg.Point{X: data.Center().X, Y: c.Min.Y}, f.XLabel)
	s.Rotation = math.Pi / 2
	s.YAlign = draw.YTop
	c.FillText(s, vg.Point{X: c.Min.X - vg.Points(2), Y: data.Center().Y}, f.YLabel)
	f.Plot.Draw(inner)
}

// line writes a line of text below y and returns the y below it.
func (f *Figure) line(c *draw.Canvas, s draw.TextStyle, y vg.Length, text string) vg.Length {
	if text == "" {
		return y
	}
	s.YAlign = draw.YTop
	c.FillText(s, vg.Point{X: c.Min.X, Y: y}, text)
	return y - s.FontExtents().Height
}

// drawLegend sets the entries in a row, and goes on in a further row where one is full.
func (f *Figure) drawLegend(c *draw.Canvas, y vg.Length) vg.Length {
	if len(f.legend) == 0 {
		return y
	}
	s := textStyle(9.5, ink)
	s.YAlign = draw.YCenter
	rowHeight := s.FontExtents().Height + vg.Points(3)
	x := c.Min.X
	for _, e := range f.legend {
		width := thumbWidth + vg.Points(4) + s.Width(e.text)
		if x > c.Min.X && x+width > c.Max.X {
			x, y = c.Min.X, y-rowHeight
		}
		e.thumb(c, x, x+thumbWidth, y-rowHeight/2)
		c.FillText(s, vg.Point{X: x + thumbWidth + vg.Points(4), Y: y - rowHeight/2}, e.text)
		x += width + vg.Points(12)
	}
	return y - rowHeight
}

// newPlot is an empty plot in the house style: thin axes, no vertical axis line.
func newPlot() *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Label.TextStyle.Font = textStyle(10, ink).Font
		axis.Tick.Label.Font = textStyle(9.5, ink).Font
		axis.Tick.Label.Color = ink
		axis.Tick.Length = vg.Points(3)
		axis.LineStyle = draw.LineStyle{Color: ink, Width: vg.Points(0.6)}
		axis.Tick.LineStyle = draw.LineStyle{Color: ink, Width: vg.Points(0.6)}
		axis.Padding = 0
	}
	p.Y.LineStyle.Width = 0
	p.Y.Tick.LineStyle.Width = 0
	p.Y.Padding = vg.Points(2)
	return p
}

// horizontalGrid draws a line at each labelled tick of the vertical axis.
type horizontalGrid struct{}

// Plot implements plot.Plotter.
func (horizontalGrid) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if at := y(t.Value); !t.IsMinor() && c.ContainsY(at) {
			c.StrokeLine2(draw.LineStyle{Color: grid, Width: vg.Points(0.7)}, c.Min.X, at, c.Max.X, at)
		}
	}
}
