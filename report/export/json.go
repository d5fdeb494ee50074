package export

import (
	"encoding/json"
	"io"
	"math"

	"simrun/report/cells"
	"simrun/report/stats"
)

// cellObject has the keys of the design's table for compare, in its order.
type cellObject struct {
	Protocol    string  `json:"protocol"`
	Workload    string  `json:"workload"`
	Slowdown    string  `json:"slowdown"`
	Seeds       int     `json:"seeds"`
	FailedShare float64 `json:"failed_share"`
	Skipped     int64   `json:"skipped"`
	// Censored is the number of seeds whose duration is only "at least" its value; the
	// median is when half of the seeds' are.
	Censored     int       `json:"censored"`
	Duration     *interval `json:"duration_nanos"`
	StartDelay   *interval `json:"start_delay_nanos"`
	Alignment    *interval `json:"alignment_nanos"`
	Checkpointed *interval `json:"checkpointed_bytes"`
	Persisted    *interval `json:"persisted_bytes"`
	Throughput   *interval `json:"records_per_second"`
	Latency      *interval `json:"latency_nanos"`
	Recovery     *interval `json:"recovery_nanos"`
	Theory       *int64    `json:"theory_duration_nanos"`
}

// interval is a median over seeds with its interval, in whole units. What is only known to
// be "at least" x is x.
type interval struct {
	Median int64 `json:"median"`
	Low    int64 `json:"low"`
	High   int64 `json:"high"`
}

// CellsJSON writes an object a line for each cell: protocol, then workload, then slowdown.
func CellsJSON(w io.Writer, s *cells.Summary) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	all := s.Cells()
	for i := range all {
		if err := encoder.Encode(newCellObject(&all[i])); err != nil {
			return err
		}
	}
	return nil
}

func newCellObject(c *cells.Cell) cellObject {
	of := func(m cells.Metric) *interval { return newInterval(c.Estimates[m]) }
	return cellObject{
		Protocol: string(c.Protocol), Workload: c.Workload, Slowdown: c.Slowdown,
		Seeds: c.Seeds(), FailedShare: rounded(c.FailedShare()), Skipped: c.Skipped,
		Censored: c.CensoredSeeds,
		Duration: of(cells.Duration), StartDelay: of(cells.StartDelay), Alignment: of(cells.Alignment),
		Checkpointed: of(cells.Checkpointed), Persisted: of(cells.Persisted),
		Throughput: of(cells.Throughput), Latency: of(cells.Latency), Recovery: of(cells.RecoveryTime),
		Theory: medianOf(c.Theory),
	}
}

func newInterval(e stats.Estimate) *interval {
	if e.N == 0 || e.Median.IsUnknown() {
		return nil
	}
	return &interval{whole(e.Median.Low), whole(e.Low.Low), whole(e.High.Low)}
}

func medianOf(e stats.Estimate) *int64 {
	if e.N == 0 {
		return nil
	}
	median := whole(e.Median.Low)
	return &median
}

func whole(x float64) int64 { return int64(math.Round(x)) }

// rounded keeps six decimals of a share: enough for a million checkpoints.
func rounded(share float64) float64 { return math.Round(share*1e6) / 1e6 }
