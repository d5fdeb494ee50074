package theory_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/scenarios/result"
)

func Example() {
	pipeline := &result.Pipeline{
		Exchanges: []result.Exchange{{
			Senders: 2, Receivers: 2, InputBuffers: 12, OutputBuffers: 12, SubpartitionBuffers: 10,
			SegmentBytes: 32 << 10, RecordBytes: 100, LatencyNanos: 200_000, ResidualNanos: 10_000_000,
		}},
		SinkServiceNanos:           10_000_000,
		StorageLatencyNanos:        5_000_000,
		StorageTotalBytesPerSecond: 200 << 20,
	}
	// 1 MB in flight; the busier sink has 5,200 records of it ahead: 52 s.
	c := &protocol.CheckpointStats{InFlightBytes: 1 << 20, BottleneckNanos: 52_000_000_000}
	for _, name := range []protocol.Name{protocol.Aligned, protocol.Unaligned} {
		fmt.Println(name, theory.Predict(name, pipeline, c).DurationNanos/1_000_000, "ms")
	}
	// Output:
	// aligned 52000 ms
	// unaligned 20 ms
}
