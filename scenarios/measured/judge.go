package measured

import (
	"math"

	"simrun/scenarios/result"
)

// The bars (docs/fidelity.md). A cell is a (run, vertex or whole checkpoint, column).
const (
	longMillis = 100
	// Long times: half of the cells within the first, nine in ten within the second or the
	// run's own spread.
	longHalf, longMost = 0.03, 0.10
	// Short times: nine in ten within a factor, or so many milliseconds.
	shortFactor, shortMillis = 2, 5
	// Bytes of in-flight data: half within; what is below a segment within a segment.
	bytesHalf = 0.10
	// Throughput: half within.
	throughputHalf = 0.03
)

// judge says in which band a cell is and whether it is within what its bar asks of it.
func judge(f *result.FidelityFigure, segmentBytes float64) {
	distance := math.Abs(f.Predicted - f.Measured)
	switch kindOf(f.Metric) {
	case kindTime:
		f.Judged, f.Time, f.Long = true, true, f.Measured >= longMillis
		if f.Long {
			f.Passes = f.RelativeError <= max(longMost, f.Spread)
		} else {
			f.Passes = distance <= shortMillis ||
				f.Predicted <= shortFactor*f.Measured && f.Predicted >= f.Measured/shortFactor
		}
	case kindInFlight:
		f.Judged, f.Long = true, f.Measured >= segmentBytes
		f.Passes = f.RelativeError <= bytesHalf || !f.Long && distance <= segmentBytes
	case kindThroughput:
		f.Judged, f.Long = true, true
		f.Passes = f.RelativeError <= throughputHalf
	}
	f.Passes = f.Passes && !f.Missing
}

// bands puts figures together: the metrics that have a bar of their own, in both bands,
// those that several columns make up, and then every column for itself.
func bands(figures []result.FidelityFigure) []result.FidelityBand {
	var list []result.FidelityBand
	add := func(metric string, barred bool, of func(f *result.FidelityFigure) bool) {
		for _, band := range []string{result.BandLong, result.BandShort} {
			cells := choose(figures, func(f *result.FidelityFigure) bool {
				return f.Judged && f.Long == (band == result.BandLong) && of(f)
			})
			if len(cells) > 0 {
				list = append(list, newBand(metric, band, barred, cells))
			}
		}
	}
	is := func(metric string) func(*result.FidelityFigure) bool {
		return func(f *result.FidelityFigure) bool { return f.Metric == metric }
	}
	ofKind := func(kind int) func(*result.FidelityFigure) bool {
		return func(f *result.FidelityFigure) bool { return kindOf(f.Metric) == kind }
	}
	add("e2e_ms", true, is("e2e_ms"))
	add(result.AllTimes, true, ofKind(kindTime))
	add("processed_bytes", true, is("processed_bytes"))
	add("persisted_bytes", true, is("persisted_bytes"))
	add(result.AllBytes, true, ofKind(kindInFlight))
	add(columnThroughput, true, is(columnThroughput))
	for _, metric := range figureColumns()[len(checkpointMetrics):] {
		add(metric, false, is(metric))
	}
	return list
}

func choose(
	figures []result.FidelityFigure, of func(*result.FidelityFigure) bool,
) (chosen []*result.FidelityFigure) {
	for i := range figures {
		if of(&figures[i]) {
			chosen = append(chosen, &figures[i])
		}
	}
	return chosen
}

func newBand(metric, band string, barred bool, cells []*result.FidelityFigure) result.FidelityBand {
	b := result.FidelityBand{Metric: metric, Band: band, Cells: len(cells), Barred: barred}
	var errors []float64
	for _, f := range cells {
		errors = append(errors, f.RelativeError)
		if f.Passes {
			b.Passed++
		}
	}
	b.MedianError, b.P90Error = quantile(errors, 50), quantile(errors, 90)
	if barred {
		b.Bar, b.WithinBar = bar(&b, cells)
	}
	return b
}

// bar says what a band must keep, and whether it does.
func bar(b *result.FidelityBand, cells []*result.FidelityFigure) (text string, kept bool) {
	half, most := 2*b.Passed >= b.Cells, 10*b.Passed >= 9*b.Cells
	switch kind := kindOf(cells[0].Metric); {
	case kind == kindThroughput:
		return "half within 3 %", half
	case kind == kindInFlight && b.Band == result.BandLong:
		return "half within 10 %", half
	case kind == kindInFlight:
		return "half within 10 %, or a segment", half
	case b.Band == result.BandShort:
		return "nine in ten within a factor of 2, or 5 ms", most
	}
	return "half within 3 %, nine in ten within 10 % or the run's spread",
		most && within(cells, longHalf)*2 >= b.Cells
}

func within(cells []*result.FidelityFigure, limit float64) (n int) {
	for _, f := range cells {
		if f.RelativeError <= limit {
			n++
		}
	}
	return n
}
