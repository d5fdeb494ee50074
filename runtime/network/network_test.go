package network

import (
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
)

// sized is the n-th element of a test, of so many bytes; its lineage is its ordinal.
func sized(n int64, bytes int32) record.Record {
	return record.Record{Lineage: uint64(n), Key: uint64(n) * 7, SizeBytes: bytes}
}

// lineages name elements.
func lineages(elements []record.Record) []uint64 {
	names := make([]uint64, 0, len(elements))
	for i := range elements {
		names = append(names, elements[i].Lineage)
	}
	return names
}

// small is a network of few and short segments, so that everything happens often.
func small(segment, exclusive, floating, perSubpartition, overdraft int32) *job.Network {
	n := job.DefaultNetwork()
	n.SegmentSizeBytes, n.ExclusiveBuffers, n.OutputFloatingBuffers = segment, exclusive, floating
	n.MaxBuffersPerChannel, n.MaxOverdraftBuffers = perSubpartition, overdraft
	return &n
}

func partitionOf(n *job.Network, e job.Exchange, subpartitions int) *Partition {
	return NewPartition(PartitionOptions{
		Edge: &job.Edge{Exchange: e}, Subpartitions: subpartitions, MaxParallelism: 128,
		Network: n, Arena: &Arena{}, FirstChannel: int32(subpartitions - 1),
	})
}

// event is an event buffer; barriers carry the checkpoint.
func event(a *Arena, kind Kind, id protocol.CheckpointID, alignment protocol.Alignment) *Buffer {
	b := a.NewBuffer(kind)
	b.Barrier = protocol.Barrier{ID: id, Alignment: alignment, TimeoutNanos: protocol.NoTimeout}
	return b
}

// drained polls and lets go of everything, blocked or not, and returns the elements.
func drained(s *Subpartition) []record.Record {
	var all []record.Record
	for s.Waiting() {
		s.Resume()
		s.Flush()
		b := s.Poll()
		if b == nil {
			break
		}
		all = append(all, b.Piece.Elements...)
		s.LetGo(b)
	}
	return all
}

// chance is true in one of n cases.
func chance(t *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(t, what) == 1 }
