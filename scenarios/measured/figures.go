package measured

import (
	"math"
	"slices"
	"strings"

	"simrun/scenarios/result"
)

// compare puts a run's predicted beside its measured figures: the throughput, then the
// whole checkpoint, then vertex by vertex.
func compare(r *Run, p *Prediction) []result.FidelityFigure {
	segment := float64(r.SegmentBytes)
	throughput := figure(r.Name, "", columnThroughput,
		[]float64{p.RecordsPerSecond}, []float64{r.RecordsPerSecond}, segment)
	figures := []result.FidelityFigure{throughput}
	columns := figureColumns()
	add := func(vertex, of string, from, to int) {
		for i := from; i < to; i++ {
			measured := values(r.Samples, of, i)
			if len(measured) > 0 {
				figures = append(figures,
					figure(r.Name, vertex, columns[i], values(p.Samples, of, i), measured, segment))
			}
		}
	}
	vertices := r.Vertices()
	add("", anyVertex(r, vertices), 0, len(checkpointMetrics))
	for _, vertex := range vertices {
		add(vertex, vertex, len(checkpointMetrics), figureCount)
	}
	return figures
}

// anyVertex is a vertex whose lines stand for the whole checkpoint: they all have its
// figures, and one vertex's must not count several times.
func anyVertex(r *Run, vertices []string) string {
	most, chosen := 0, ""
	for _, vertex := range vertices {
		if n := len(values(r.Samples, vertex, 0)); n > most {
			most, chosen = n, vertex
		}
	}
	return chosen
}

// values are a column's, of a vertex, over the checkpoints that are samples: the first
// one holds class loading.
func values(samples []Sample, vertex string, column int) (list []float64) {
	for i := range samples {
		if s := &samples[i]; s.Vertex == vertex && s.Checkpoint >= firstSampleCheckpoint {
			list = append(list, s.Values[column])
		}
	}
	return list
}

// figure compares the medians of what was predicted and measured.
func figure(
	run, vertex, metric string, predicted, measured []float64, segmentBytes float64,
) result.FidelityFigure {
	f := result.FidelityFigure{
		Run: run, Vertex: vertex, Metric: metric, Measured: median(measured), Predicted: median(predicted),
		Missing: len(predicted) == 0,
	}
	f.RelativeError = relativeError(&f)
	if f.Measured > 0 {
		f.Spread = (slices.Max(measured) - slices.Min(measured)) / f.Measured
	}
	judge(&f, segmentBytes)
	return f
}

func relativeError(f *result.FidelityFigure) float64 {
	switch {
	case f.Missing:
		return result.NoBound
	case f.Predicted == f.Measured:
		return 0
	case f.Measured == 0:
		return result.NoBound
	}
	return min(math.Abs(f.Predicted-f.Measured)/f.Measured, result.NoBound)
}

// median of none is 0. The argument is not changed.
func median(list []float64) float64 { return quantile(list, 50) }

// quantile is the percent-th percentile: of the sorted values, the one at that part of the
// way from first to last, or between the two that are nearest.
func quantile(list []float64, percent int) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	at := (len(sorted) - 1) * percent
	low, rest := at/100, float64(at%100)/100
	if rest == 0 {
		return sorted[low]
	}
	return sorted[low] + (sorted[low+1]-sorted[low])*rest
}

// What a metric measures, and so how it is judged.
const (
	kindTime = iota
	kindInFlight
	kindThroughput
	kindOther
)

func kindOf(metric string) int {
	switch {
	case metric == columnThroughput:
		return kindThroughput
	case metric == recoveryMetric:
		return kindOther
	case strings.HasSuffix(metric, "_ms"), strings.Contains(metric, "_ms_"):
		return kindTime
	case strings.Contains(metric, "processed_bytes"), strings.Contains(metric, "persisted_bytes"):
		return kindInFlight
	}
	return kindOther
}
