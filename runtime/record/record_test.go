package record_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/record"
)

// cut writes elements into segments of so many bytes and gives what lies in them.
func cut(t require.TestingT, elements []record.Record, every int32) []record.Piece {
	options := job.DefaultNetwork()
	options.SegmentSizeBytes, options.ExclusiveBuffers = every, 4000
	p := network.NewPartition(network.PartitionOptions{
		Edge: &job.Edge{Exchange: job.Forward}, Subpartitions: 1, MaxParallelism: 128,
		Network: &options, Arena: &network.Arena{},
	})
	w := network.Writer{Partitions: []*network.Partition{p}}
	w.Begin(elements)
	require.True(t, w.Resume())
	return p.Subpartitions[0].Overtaken(nil)
}

func TestPiecesHoldEveryElementOnceAndAllItsBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var elements []record.Record
		bytes := int64(0)
		for i := range rapid.Uint64Range(0, 20).Draw(t, "elements") {
			r := record.Record{Lineage: i, SizeBytes: rapid.Int32Range(1, 100).Draw(t, "bytes")}
			elements, bytes = append(elements, r), bytes+int64(r.SizeBytes)
		}
		pieces := cut(t, elements, rapid.Int32Range(1, 40).Draw(t, "every"))
		require.Empty(t, problem(pieces))
		var listed []record.Record
		for _, p := range pieces {
			listed = append(listed, p.Elements...)
			bytes -= int64(p.SizeBytes)
		}
		require.Equal(t, elements, listed)
		require.Zero(t, bytes)
	})
}

func TestBrokenPiecesAreTold(t *testing.T) {
	spanning := record.Record{SizeBytes: 10}
	for wanted, pieces := range map[string][]record.Piece{
		"piece 0 begins in the middle of an element":         {{SizeBytes: 4, HeadBytes: 4}},
		"piece 1 does not go on with the element of 6 bytes": {{SizeBytes: 6, TailBytes: 6}, {SizeBytes: 10, Elements: []record.Record{spanning}}},
		"piece 1 ends an element of 10 bytes after 11":       {{SizeBytes: 6, TailBytes: 6}, {SizeBytes: 5, HeadBytes: 5, Elements: []record.Record{spanning}}},
		"piece 0 has 9 bytes, its parts 10":                  {{SizeBytes: 9, Elements: []record.Record{spanning}}},
		"the last element stops after 6 bytes":               {{SizeBytes: 6, TailBytes: 6}},
	} {
		require.Equal(t, wanted, problem(pieces))
	}
}

func TestContentTellsEveryFieldThatAReaderSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := record.Record{Lineage: rapid.Uint64().Draw(t, "lineage"), Key: rapid.Uint64().Draw(t, "key"),
			TimeNanos: rapid.Int64().Draw(t, "time"), A: rapid.Int64().Draw(t, "a")}
		for _, change := range []func(*record.Record){
			func(r *record.Record) { r.Lineage++ }, func(r *record.Record) { r.Key++ }, func(r *record.Record) { r.TimeNanos++ },
			func(r *record.Record) { r.A++ }, func(r *record.Record) { r.B++ }, func(r *record.Record) { r.C++ },
		} {
			other := r
			change(&other)
			require.NotEqual(t, r.Content(), other.Content())
		}
		later := r
		later.BornNanos, later.SizeBytes = 5, 99
		require.Equal(t, r.Content(), later.Content(), "when and how it came is no content")
	})
}

func TestControlElementsAreNoRecordsAndHaveNamesOfTheirOwn(t *testing.T) {
	names := map[uint64]bool{}
	for _, r := range []record.Record{record.Watermark(0), record.Watermark(1), record.Watermark(1e18), record.Status(record.TagIdle), record.Status(record.TagActive)} {
		require.False(t, r.IsRecord())
		require.Positive(t, r.SizeBytes)
		require.NotZero(t, r.Lineage>>63, "the top bit marks it")
		names[r.Lineage] = true
	}
	require.Len(t, names, 5)
	typed := record.Record{Tag: 3}
	require.True(t, typed.IsRecord())
}
