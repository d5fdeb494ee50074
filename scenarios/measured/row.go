package measured

import (
	"encoding/csv"
	"io"
	"strconv"

	"simrun/protocol"
	"simrun/runtime/job"
)

// Run is one measured run: its configuration and its checkpoints.
type Run struct {
	Name, Topology         string
	Protocol               protocol.Name
	AlignedTimeoutNanos    int64
	Parallelism, Depth     int
	Exchange               job.Exchange
	SinkNanos              int64
	PayloadBytes           int64
	Keys                   int64
	StateBytesPerKey       int64
	SourceRecordsPerSecond int64
	SegmentBytes           int32
	BufferTimeoutNanos     int64
	Debloat                bool
	DebloatTargetNanos     int64
	Layout                 string
	StorageBytesPerSecond  int64
	StorageLatencyNanos    int64
	IntervalNanos          int64
	RunNanos               int64
	Throughput             int64
	Samples                []Sample
}

// Sample is one line of figures: of one checkpoint and vertex.
type Sample struct {
	Checkpoint int
	Vertex     string
	Values     map[string]float64 // by column
}

// Parse reads a measurement file.
func Parse(in io.Reader) ([]*Run, error) {
	lines, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, err
	}
	columns := map[string]int{}
	for i, name := range lines[0] {
		columns[name] = i
	}
	var runs []*Run
	byName := map[string]*Run{}
	for _, line := range lines[1:] {
		get := func(c string) string { return line[columns[c]] }
		number := func(c string) int64 {
			n, _ := strconv.ParseInt(get(c), 10, 64)
			return n
		}
		r := byName[get("run")]
		if r == nil {
			r = &Run{
				Name: get("run"), Topology: get("topology"), Protocol: protocol.Name(get("protocol")),
				AlignedTimeoutNanos: number("aligned_timeout_ms") * 1e6,
				Parallelism:         int(number("parallelism")), Depth: int(number("depth")),
				SinkNanos: number("sink_nanos_per_record"), PayloadBytes: number("payload_bytes"),
				Keys: number("keys"), StateBytesPerKey: number("state_bytes_per_key"),
				SourceRecordsPerSecond: number("source_records_per_s"),
				SegmentBytes:           int32(number("segment_bytes")), BufferTimeoutNanos: number("buffer_timeout_ms") * 1e6,
				Debloat: get("buffer_debloat") == "true", DebloatTargetNanos: number("buffer_debloat_target_ms") * 1e6,
				Layout: get("layout"), StorageBytesPerSecond: number("storage_bytes_per_s"),
				StorageLatencyNanos: number("storage_latency_nanos"),
				IntervalNanos:       number("checkpoint_interval_ms") * 1e6, RunNanos: number("run_s") * 1e9,
				Throughput: number("throughput_records_per_s"),
			}
			switch get("exchange") {
			case "keyed":
				r.Exchange = job.Keyed
			case "rebalance":
				r.Exchange = job.Rebalance
			}
			byName[r.Name] = r
			runs = append(runs, r)
		}
		s := Sample{Checkpoint: int(number("checkpoint")), Vertex: get("vertex"), Values: map[string]float64{}}
		for c, i := range columns {
			if v, err := strconv.ParseFloat(line[i], 64); err == nil {
				s.Values[c] = v
			}
		}
		r.Samples = append(r.Samples, s)
	}
	return runs, nil
}
