package figures

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Survivors are seed streams that look for planted bugs of one kind.
type Survivors struct {
	Name string
	// Detected are the seeds that each stream needed, CutOff those after which streams ended
	// that had not found anything.
	Detected, CutOff []uint64
}

// Add adds a stream.
func (s *Survivors) Add(seeds uint64, detected bool) {
	if detected {
		s.Detected = append(s.Detected, seeds)
	} else {
		s.CutOff = append(s.CutOff, seeds)
	}
}

// Survival is the share of streams whose bug has not been detected after so many seeds,
// after Kaplan and Meier (1958): a stream that was cut off counts until then. The first of
// the curves is drawn bold; there may be seven.
func Survival(curves []Survivors, subtitle string) *Figure {
	f := &Figure{
		Name: "detection", Title: "Planted bugs that are not yet detected", Subtitle: subtitle,
		XLabel: "Seeds", YLabel: "Share of streams without a detection",
		Caption: "Each curve falls by one step for every stream that detects its bug.",
		Reading: "Where a curve crosses one half is the median number of seeds; what is left at the right end " +
			"was cut off.",
	}
	p := newPlot()
	values := []float64{1}
	for i := range curves {
		for _, seeds := range slices.Concat(curves[i].Detected, curves[i].CutOff) {
			values = append(values, float64(seeds))
		}
	}
	floor := logAxis(&p.X, values, 0, countQuantity)
	linearAxis(&p.Y, 1, 0, shareQuantity)
	p.Add(horizontalGrid{}, level{0.5})
	for i := len(curves) - 1; i >= 0; i-- {
		xs, ys := curves[i].steps(max(floor, p.X.Min))
		p.Add(&curve{line: survivalLine(i), xs: xs, ys: ys})
	}
	for i := range curves {
		f.legend = append(f.legend, lineEntry(curves[i].Name, survivalLine(i)))
	}
	f.Plot = p
	return f
}

// steps is the curve, from a place left of the first seed on.
func (s *Survivors) steps(from float64) (xs, ys []float64) {
	share, at := 1.0, len(s.Detected)+len(s.CutOff)
	xs, ys = []float64{from}, []float64{share}
	ends := slices.Concat(s.Detected, s.CutOff)
	slices.Sort(ends)
	for _, seeds := range slices.Compact(ends) {
		detected, cutOff := counted(s.Detected, seeds), counted(s.CutOff, seeds)
		xs, ys = append(xs, float64(seeds)), append(ys, share)
		share *= 1 - float64(detected)/float64(at)
		xs, ys = append(xs, float64(seeds)), append(ys, share)
		at -= detected + cutOff
	}
	return xs, ys
}

func counted(list []uint64, value uint64) int {
	n := 0
	for _, x := range list {
		if x == value {
			n++
		}
	}
	return n
}

// survivalLine tells curves apart by colour and by dashes; the first is of ink and bold.
func survivalLine(i int) draw.LineStyle {
	colours := []color.NRGBA{
		ink, {0x00, 0x72, 0xb2, 0xff}, {0xd5, 0x5e, 0x00, 0xff}, {0x00, 0x9e, 0x73, 0xff},
		{0xcc, 0x79, 0xa7, 0xff}, {0xe6, 0x9f, 0x00, 0xff}, {0x56, 0xb4, 0xe9, 0xff},
	}
	dashes := [][]vg.Length{nil, nil, {6, 2}, {2, 2}, {8, 2, 2, 2}, {4, 4}, {1, 2}}
	at := i % len(colours)
	ls := draw.LineStyle{Color: colours[at], Width: vg.Points(1.3), Dashes: dashes[at]}
	if i == 0 {
		ls.Width = vg.Points(2.4)
	}
	return ls
}
