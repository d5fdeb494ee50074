package detection

import (
	"math"

	"simrun/protocol"
	"simrun/report/stats"
	"simrun/scenarios/result/detection"
)

// Row is what there is to show of one bug.
type Row struct {
	Bug    protocol.Bug
	Caught bool
	// Checker and Class reported it first in most streams.
	Checker, Class string
	// Detected of Streams found it, Seeds is how many that took.
	Detected, Streams int
	Seeds             Seeds
	// SecondsMedian of wall time on one core until the detection; NaN if there is none.
	SecondsMedian float64
	// Case may be nil.
	Case        *detection.Case
	FalseAlarms []detection.Alarm
	// Explorers are what each explorer came to, in the record's order: the first is the one
	// that the rest of the row is about. Nil if there was only one.
	Explorers []Explored
}

// Seeds are seeds to detection; +Inf where no bound is known.
type Seeds struct {
	Median, Low, High float64
	// FromRate: streams were cut off, and the numbers come from the detection rate.
	FromRate bool
}

// Rows are those of a record, in its order.
func Rows(r *detection.Record) []Row {
	rows := make([]Row, 0, len(r.Bugs))
	for i := range r.Bugs {
		b := &r.Bugs[i]
		bug, _ := protocol.ParseBug(b.Word)
		row := Row{Bug: bug, Caught: b.Caught(), Streams: len(b.Streams), Seeds: runsOf(b.Streams), Case: b.Case,
			FalseAlarms: b.FalseAlarms, SecondsMedian: math.NaN()}
		row.Checker, row.Class = b.First()
		var seconds []float64
		for _, s := range b.Detections() {
			seconds = append(seconds, float64(s.Nanos)/1e9)
		}
		row.Detected = len(seconds)
		if len(seconds) > 0 {
			row.SecondsMedian = median(seconds)
		}
		row.Explorers = explored(r, b)
		rows = append(rows, row)
	}
	return rows
}

func median(values []float64) float64 {
	exact := make([]stats.Value, len(values))
	for i, v := range values {
		exact[i] = stats.Exact(v)
	}
	return stats.Median(exact).Low
}

// leastStreams have a 95 % interval of order statistics.
const leastStreams = 6

// SeedsOf is the estimate from streams.
func SeedsOf(streams []detection.Stream) Seeds {
	var values []stats.Value
	var detections, seeds uint64
	for _, s := range streams {
		seeds += s.Seeds
		if s.Detected {
			detections++
			values = append(values, stats.Exact(float64(s.Seeds)))
		} else {
			values = append(values, stats.AtLeast(float64(s.Seeds)))
		}
	}
	e := stats.NewEstimate(values)
	if len(streams) >= leastStreams && e.Median.IsExact() && e.Low.IsExact() && e.High.IsExact() {
		return Seeds{Median: math.Ceil(e.Median.Low), Low: e.Low.Low, High: e.High.Low}
	}
	low, high := rateInterval(detections, seeds)
	rate := float64(detections) / float64(max(seeds, 1))
	return Seeds{Median: halfAfter(rate), Low: halfAfter(high), High: halfAfter(low), FromRate: true}
}

// Overall are medians over the bugs that were caught; NaN where there are none.
type Overall struct {
	Caught, All                        int
	Seeds, Seconds                     float64
	Faults, Tasks, Widest, StoryLines  float64
	MostSeeds, MostFaults, MostStories float64
	SlowestBug                         protocol.Bug
}

// OverallOf sums rows up.
func OverallOf(rows []Row) Overall {
	o := Overall{All: len(rows)}
	var seeds, seconds, faults, tasks, widest, lines []float64
	for i := range rows {
		row := &rows[i]
		if !row.Caught {
			continue
		}
		o.Caught++
		seeds, seconds = append(seeds, row.Seeds.Median), append(seconds, row.SecondsMedian)
		if row.Seeds.Median > o.MostSeeds {
			o.MostSeeds, o.SlowestBug = row.Seeds.Median, row.Bug
		}
		if c := row.Case; c != nil && c.Minimized {
			faults, tasks = append(faults, float64(c.Faults)), append(tasks, float64(c.Tasks))
			widest, lines = append(widest, float64(c.Widest)), append(lines, float64(c.StoryLines))
			o.MostFaults = max(o.MostFaults, float64(c.Faults))
			o.MostStories = max(o.MostStories, float64(c.StoryLines))
		}
	}
	o.Seeds, o.Seconds = medianOrNone(seeds), medianOrNone(seconds)
	o.Faults, o.Tasks, o.Widest = medianOrNone(faults), medianOrNone(tasks), medianOrNone(widest)
	o.StoryLines = medianOrNone(lines)
	return o
}

func medianOrNone(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	return median(values)
}
