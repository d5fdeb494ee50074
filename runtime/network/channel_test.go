package network

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
)

// cutUp writes elements into segments of a few bytes and gives the pieces.
func cutUp(t *rapid.T) []record.Piece {
	n := small(rapid.Int32Range(3, 20).Draw(t, "segment"), 200, 0, 200, 0)
	p := partitionOf(n, job.Forward, 1)
	w := Writer{Partitions: []*Partition{p}}
	for i := range rapid.Int64Range(1, 12).Draw(t, "elements") {
		w.Begin([]record.Record{sized(i, rapid.Int32Range(1, 50).Draw(t, "bytes"))})
		require.True(t, w.Resume())
	}
	return p.Subpartitions[0].Overtaken(nil)
}

// joined consumes pieces; false: the receiver saw that the stream is broken.
func joined(c *InputChannel, pieces []record.Piece) bool {
	for i := range pieces {
		if !c.Join(&pieces[i]) {
			return false
		}
		c.Leave(&pieces[i])
	}
	return c.PartialBytes() == 0
}

func TestPiecesOfAStreamJoinWhereverItWasCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { require.True(t, joined(&InputChannel{}, cutUp(t))) })
}

func TestReceiverMissesALostHalf(t *testing.T) {
	lost := 0
	rapid.Check(t, func(t *rapid.T) {
		pieces := cutUp(t)
		at := rapid.IntRange(0, len(pieces)-1).Draw(t, "lost")
		p := pieces[at]
		if p.HeadBytes == 0 && p.TailBytes == 0 || p.HeadBytes > 0 && p.TailBytes > 0 {
			return // whole records are the sequence number's business; and two halves may fit by chance
		}
		lost++
		require.False(t, joined(&InputChannel{}, append(append([]record.Piece{}, pieces[:at]...), pieces[at+1:]...)))
	})
	require.Positive(t, lost)
}

func TestReceiverMissesAHalfOfAnotherRecord(t *testing.T) {
	c := &InputChannel{}
	require.True(t, c.Join(&record.Piece{SizeBytes: 6, TailBytes: 6}))
	c.Leave(&record.Piece{SizeBytes: 6, TailBytes: 6})
	require.EqualValues(t, 6, c.PartialBytes())
	require.False(t, c.Join(&record.Piece{SizeBytes: 5, HeadBytes: 5, Elements: []record.Record{sized(0, 10)}}))
	require.False(t, c.Join(&record.Piece{SizeBytes: 5, Elements: []record.Record{sized(0, 5)}}))
	require.True(t, c.Join(&record.Piece{SizeBytes: 4, HeadBytes: 4, Elements: []record.Record{sized(0, 10)}}))
}

func TestPrioritizedBarrierStaysAlignedAndGoesFirst(t *testing.T) {
	c, arena := &InputChannel{}, &Arena{}
	NewGate(&Arena{}, []*InputChannel{c}, 5, 0)
	require.True(t, c.Receive(&Buffer{Sequence: 0}))
	barrier := event(arena, BarrierEvent, 4, protocol.AlignmentAligned)
	barrier.Sequence = 1
	require.True(t, c.Receive(barrier))
	announcement := event(arena, AnnouncementEvent, 4, protocol.AlignmentAligned)
	c.Announce(announcement)
	_, priority := c.Peek()
	require.True(t, priority)
	require.Same(t, announcement, c.Take())
	require.False(t, c.Prioritize(0), "that is data")
	require.True(t, c.Prioritize(1))
	require.False(t, c.Prioritize(1), "it is there already")
	require.Same(t, barrier, c.Take())
	require.True(t, barrier.BlocksUpstream(), "its sender waits to be resumed")
	require.True(t, c.Take().IsData())
}

func TestPersistedDataIsHandedOverOnce(t *testing.T) {
	c := &InputChannel{}
	b := &Buffer{Piece: record.Piece{SizeBytes: 3}}
	c.Persist(record.Piece{SizeBytes: 1})
	c.PersistBuffer(b)
	require.True(t, b.Shared)
	require.Equal(t, []record.Piece{{SizeBytes: 1}, {SizeBytes: 3}}, c.TakePersisted())
	require.Empty(t, c.TakePersisted())
}

// A snapshot keeps the elements of a buffer that it shares: were they used again, the next
// writer would write into the checkpoint.
func TestSharedElementsAreNotUsedAgain(t *testing.T) {
	arena := &Arena{}
	data := func(lineage int64) *Buffer {
		b := arena.NewBuffer(Data)
		b.Piece.Elements = append(arena.newElements(), sized(lineage, 1))
		return b
	}
	b := data(1)
	kept := b.Piece.Elements
	b.Shared = true
	arena.Free(b)
	b = data(2)
	require.EqualValues(t, 1, kept[0].Lineage)
	own := b.Piece.Elements
	arena.Free(b)
	b = arena.NewBuffer(BarrierEvent)
	require.Nil(t, b.Piece.Elements, "an event holds none")
	data(3)
	require.EqualValues(t, 3, own[0].Lineage, "what nobody shares is")
	require.Equal(t, BarrierEvent, b.Kind)
}
