package result

// Fidelity is how simulated runs compare with measured ones.
type Fidelity struct {
	// Source names the measurements, Cores is the simulated machine's.
	Source string
	Cores  int
	// Runs describe the measured runs, in their order.
	Runs []MeasuredRun
	// Figures are all compared numbers: by run, then whole checkpoint, then vertex, then
	// metric.
	Figures []FidelityFigure
	// Bands are the figures put together by metric and band.
	Bands []FidelityBand
}

// MeasuredRun says in a line what a run was.
type MeasuredRun struct {
	Name, Summary string
	// Protocol is the run's, for its colour in a figure.
	Protocol string
}

// FidelityFigure is one number, predicted and measured: the median over the run's
// checkpoints, in the unit that the metric's name ends in.
type FidelityFigure struct {
	Run string
	// Vertex is empty for the whole checkpoint and for the run.
	Vertex string
	// Metric is the measurement file's column, or "recovery_ms".
	Metric   string
	Measured float64
	// Predicted means nothing if Missing: no checkpoint of the simulated run completed.
	Predicted float64
	Missing   bool
	// RelativeError is |predicted - measured| / measured: 0 where both are 0, NoBound where
	// only measured is.
	RelativeError float64
	// Spread is (max - min) / median of the measured values.
	Spread float64
	// Judged: the figure counts for a bar; Long says in which band. Time: it is a duration
	// of a checkpoint, in milliseconds.
	Judged, Long, Time bool
	// Passes: it is within what nine in ten must keep.
	Passes bool
}

// NoBound stands for a relative error without bound.
const NoBound = 1e9

// The bands of a metric.
const (
	// BandLong: 100 ms or more; a segment or more; and every throughput.
	BandLong = "long"
	// BandShort: less.
	BandShort = "short"
)

// FidelityBand are the figures of a metric in a band.
type FidelityBand struct {
	// Metric is a column, or a word for several: AllTimes, AllBytes.
	Metric, Band string
	Cells        int
	// MedianError and P90Error are of the relative errors.
	MedianError, P90Error float64
	// Passed is how many cells are within what nine in ten must keep (times), or half
	// (bytes and throughput).
	Passed int
	// Barred: a bar is set for it; WithinBar: it is kept. Bar says which.
	Barred, WithinBar bool
	Bar               string
}

// Metrics that stand for several columns.
const (
	// AllTimes are all columns in milliseconds.
	AllTimes = "all_ms"
	// AllBytes are all columns of processed and of persisted bytes.
	AllBytes = "all_in_flight_bytes"
)
