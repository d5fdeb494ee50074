package measured

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/runtime/job"
)

// field is a column of the configuration: a word, or a whole number within bounds.
type field struct {
	name      string
	words     []string
	low, high int64
	word      func(*Run, string)
	number    func(*Run, int64)
}

const (
	million = 1_000_000
	billion = 1000 * million
)

// The columns of a file that name a line and the run's result.
const (
	columnRun        = "run"
	columnThroughput = "throughput_records_per_s"
	columnCheckpoint = "checkpoint"
	columnVertex     = "vertex"
)

var exchanges = []job.Exchange{job.Keyed, job.Rebalance, job.Forward}

// fields are the columns of the configuration. Their bounds are what Flink accepts, or
// far above what anybody measures.
func fields() []field {
	return []field{
		{name: "topology", words: []string{TopologyChain, TopologyUnion},
			word: func(r *Run, w string) { r.Topology = w }},
		{name: "protocol", words: protocols(),
			word: func(r *Run, w string) { r.Protocol = protocol.Name(w) }},
		{name: "aligned_timeout_ms", high: 86400 * 1000,
			number: func(r *Run, n int64) { r.AlignedTimeoutNanos = n * million }},
		{name: "parallelism", low: 1, high: maxParallelism,
			number: func(r *Run, n int64) { r.Parallelism = int(n) }},
		{name: "depth", low: 2, high: 64, number: func(r *Run, n int64) { r.Depth = int(n) }},
		{name: "exchange", words: exchangeWords(),
			word: func(r *Run, w string) { r.Exchange = exchangeOf(w) }},
		{name: "sink_nanos_per_record", high: 3600 * billion,
			number: func(r *Run, n int64) { r.SinkNanos = n }},
		{name: "payload_bytes", high: 64 << 20, number: func(r *Run, n int64) { r.PayloadBytes = n }},
		{name: "keys", low: 1, high: 100 * million, number: func(r *Run, n int64) { r.Keys = n }},
		{name: "state_bytes_per_key", high: 1 << 30,
			number: func(r *Run, n int64) { r.StateBytesPerKey = n }},
		{name: "source_records_per_s", high: billion,
			number: func(r *Run, n int64) { r.SourceRecordsPerSecond = n }},
		{name: "segment_bytes", low: 256, high: 64 << 20, number: func(r *Run, n int64) { r.SegmentBytes = n }},
		{name: "buffer_timeout_ms", low: -1, high: 3600 * 1000,
			number: func(r *Run, n int64) { r.BufferTimeoutNanos = n * million }},
		{name: "buffer_debloat", words: []string{"false", "true"},
			word: func(r *Run, w string) { r.Debloat = w == "true" }},
		{name: "buffer_debloat_target_ms", low: 1, high: 3600 * 1000,
			number: func(r *Run, n int64) { r.DebloatTargetNanos = n * million }},
		{name: "layout", words: []string{LayoutOneTaskManager, LayoutSpread, LayoutRemote},
			word: func(r *Run, w string) { r.Layout = w }},
		{name: "storage_bytes_per_s", high: 1 << 50,
			number: func(r *Run, n int64) { r.StorageBytesPerSecond = n }},
		{name: "storage_latency_nanos", high: 3600 * billion,
			number: func(r *Run, n int64) { r.StorageLatencyNanos = n }},
		{name: "checkpoint_interval_ms", low: 10, high: 86400 * 1000,
			number: func(r *Run, n int64) { r.IntervalNanos = n * million }},
		{name: "run_s", low: 1, high: 86400, number: func(r *Run, n int64) { r.RunNanos = n * billion }},
	}
}

// maxParallelism is that of the measured jobs: the number of key groups.
const maxParallelism = 128

// protocols are those that Flink has, and can be measured.
func protocols() []string {
	return []string{
		string(protocol.Aligned), string(protocol.AtLeastOnce), string(protocol.Unaligned),
		string(protocol.HybridOut), string(protocol.HybridIn),
	}
}

func exchangeWords() (words []string) {
	for _, e := range exchanges {
		words = append(words, e.String())
	}
	return words
}

func exchangeOf(word string) job.Exchange {
	for _, e := range exchanges {
		if e.String() == word {
			return e
		}
	}
	panic("measured: no exchange " + word)
}

// checkpointMetrics are the figures of a whole checkpoint, vertexMetrics those of a vertex,
// each with a minimum, an average and a maximum over its subtasks.
var (
	checkpointMetrics = [...]string{"e2e_ms", "checkpointed_bytes", "processed_bytes", "persisted_bytes"}
	vertexMetrics     = [...]string{
		"vertex_e2e_ms", "start_delay_ms", "alignment_ms", "alignment_processed_bytes",
		"alignment_persisted_bytes", "sync_ms", "async_ms", "vertex_checkpointed_bytes",
	}
	aggregates = [...]string{"_min", "_avg", "_max"}
)

const figureCount = len(checkpointMetrics) + len(vertexMetrics)*len(aggregates)

// figureColumns are the columns of the figures, whole checkpoint first.
func figureColumns() []string {
	names := append([]string(nil), checkpointMetrics[:]...)
	for _, metric := range vertexMetrics {
		for _, aggregate := range aggregates {
			names = append(names, metric+aggregate)
		}
	}
	return names
}

// Columns are all columns of a measurement file, in the order of the given one.
func Columns() []string {
	names := []string{columnRun}
	for _, f := range fields() {
		names = append(names, f.name)
	}
	names = append(names, columnThroughput, columnCheckpoint)
	names = append(names, checkpointMetrics[:]...)
	names = append(names, columnVertex)
	return append(names, figureColumns()[len(checkpointMetrics):]...)
}

// expected says what the field accepts.
func (f *field) expected() string {
	if f.words != nil {
		return strings.Join(f.words, ", ")
	}
	return fmt.Sprintf("a whole number from %d to %d, without a unit", f.low, f.high)
}
