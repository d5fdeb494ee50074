package network

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/record"
)

// entry is a buffer or event in the model's queue: data is the range of bytes of the
// stream that it holds.
type entry struct {
	from, to int64 // bytes
	segment  int
	event    *Buffer
}

// queueModel is a subpartition byte by byte. It knows nothing of pieces: what a piece must
// be follows from which bytes of the stream it covers.
type queueModel struct {
	ends     []int64 // of every element that was written or begun, in bytes
	bytes    int64
	priority []entry
	queue    []entry
	open     bool // the last of queue may grow
	segment  int  // being filled; 0: none
	segments int  // ever taken
	used     int32
	capacity int32
	flush    bool
	blocked  bool
	polled   []entry // data whose memory is not let go of
}

func (m *queueModel) inUse() int32 {
	held := map[int]bool{}
	for _, e := range append(append([]entry{}, m.queue...), m.polled...) {
		if e.event == nil {
			held[e.segment] = true
		}
	}
	if m.segment > 0 {
		held[m.segment] = true
	}
	return int32(len(held))
}

// writeByte adds a byte of the stream; false: no segment is free.
func (m *queueModel) writeByte(free bool, size int32) bool {
	if m.segment == 0 {
		if !free {
			return false
		}
		m.segments++
		m.segment, m.used, m.capacity = m.segments, 0, size
	}
	if !m.open {
		m.queue = append(m.queue, entry{from: m.bytes, to: m.bytes, segment: m.segment})
		m.open = true
	}
	m.bytes++
	m.used++
	m.queue[len(m.queue)-1].to = m.bytes
	if m.used == m.capacity {
		m.finish()
	}
	return true
}

func (m *queueModel) finish() { m.segment, m.open = 0, false }

func (m *queueModel) size() int { return len(m.priority) + len(m.queue) }

func (m *queueModel) canPoll() bool {
	onlyOpen := m.size() == 1 && m.open
	return !m.blocked && m.size() > 0 && (!onlyOpen || m.flush)
}

func (m *queueModel) backlog() int32 {
	if m.blocked {
		return 0
	}
	n := int32(0)
	for i, e := range m.queue {
		if e.event == nil && (m.flush || !m.open || i < len(m.queue)-1) {
			n++
		}
	}
	return n
}

func (m *queueModel) poll() entry {
	var e entry
	if len(m.priority) > 0 {
		e, m.priority = m.priority[0], m.priority[1:]
	} else {
		e, m.queue = m.queue[0], m.queue[1:]
	}
	if len(m.queue) == 0 {
		m.open = false
	}
	m.flush = m.flush && m.size() > 0
	m.blocked = e.event != nil && e.event.BlocksUpstream()
	if e.event == nil {
		m.polled = append(m.polled, e)
	}
	return e
}

// piece is what a buffer with the bytes [from, to) of the stream must look like.
func (m *queueModel) piece(from, to int64) (p record.Piece, ended []uint64) {
	p.SizeBytes = int32(to - from)
	begin := int64(0)
	for n, end := range m.ends {
		if begin < from && end > from {
			p.HeadBytes = int32(min(end, to) - from)
		}
		if end > from && end <= to {
			ended = append(ended, uint64(n))
		}
		if begin >= from && begin < to && end > to {
			p.TailBytes = int32(to - begin)
		}
		begin = end
	}
	return p, ended
}

func (m *queueModel) requirePiece(t *rapid.T, e entry, p record.Piece) {
	wanted, ended := m.piece(e.from, e.to)
	require.Equal(t, wanted.SizeBytes, p.SizeBytes)
	require.Equal(t, wanted.HeadBytes, p.HeadBytes, "head of %+v", p)
	require.Equal(t, wanted.TailBytes, p.TailBytes, "tail of %+v", p)
	require.Equal(t, len(ended), len(p.Elements))
	for i := range ended {
		require.Equal(t, ended[i], p.Elements[i].Lineage)
	}
}

// subpartitionMachine drives a subpartition and its model side by side.
type subpartitionMachine struct {
	model   queueModel
	arena   *Arena
	p       *Partition
	s       *Subpartition
	current record.Record
	left    int32
	held    []*Buffer
	next    protocol.CheckpointID
}

func newSubpartitionMachine(t *rapid.T) *subpartitionMachine {
	segment := rapid.Int32Range(1, 24).Draw(t, "segment")
	p := partitionOf(small(segment, 2, rapid.Int32Range(0, 4).Draw(t, "floating"), 10,
		rapid.Int32Range(0, 3).Draw(t, "overdraft")), job.Forward, 1)
	return &subpartitionMachine{p: p, s: &p.Subpartitions[0], arena: p.Subpartitions[0].arena, next: 1}
}

// write begins an element of up to several segments, or goes on with one that is blocked.
func (x *subpartitionMachine) write(t *rapid.T) {
	if x.left == 0 {
		bytes := rapid.Int32Range(1, 80).Draw(t, "bytes")
		x.current, x.left = sized(int64(len(x.model.ends)), bytes), bytes
		end := int64(bytes)
		if n := len(x.model.ends); n > 0 {
			end += x.model.ends[n-1]
		}
		x.model.ends = append(x.model.ends, end)
	}
	room := x.p.Pool.target + x.p.Pool.overdraft
	x.left = x.s.write(&x.current, x.left)
	for n := len(x.model.ends); x.model.bytes < x.model.ends[n-1]; {
		if !x.model.writeByte(x.model.inUse() < room, x.s.size) {
			break
		}
	}
	require.EqualValues(t, x.model.ends[len(x.model.ends)-1]-x.model.bytes, x.left)
}

func (x *subpartitionMachine) resize(t *rapid.T) {
	x.s.SetSize(rapid.Int32Range(1, 24).Draw(t, "size"))
}

func (x *subpartitionMachine) flushAll(t *rapid.T) {
	before := x.model.canPoll()
	if x.model.size() > 0 {
		x.model.flush = x.model.flush || x.model.size() > 1 || x.model.open
	}
	require.Equal(t, !before && x.model.canPoll(), x.s.Flush())
}

// inline appends an event behind the data.
func (x *subpartitionMachine) inline(t *rapid.T) {
	if x.left > 0 {
		t.Skip("an event waits for the end of the record")
	}
	b := event(x.arena, BarrierEvent, x.next, protocol.AlignmentAligned)
	if chance(t, 2, "cancel") {
		b = event(x.arena, CancelEvent, 0, 0)
	}
	x.next++
	x.model.finish()
	x.model.queue = append(x.model.queue, entry{event: b})
	x.s.Append(b)
}

// overtake inserts an unaligned barrier: what it overtakes is everything that is queued.
func (x *subpartitionMachine) overtake(t *rapid.T) {
	if x.left > 0 {
		t.Skip("a barrier waits for the end of the record")
	}
	b := event(x.arena, BarrierEvent, x.next, protocol.AlignmentUnaligned)
	x.next++
	x.requireCaptured(t, x.s.Overtaken(nil), len(x.model.queue))
	x.model.finish()
	x.model.priority = append(x.model.priority, entry{event: b})
	x.s.AppendPriority(b)
}

// convert turns a queued barrier unaligned: what it overtakes is the data ahead of it.
func (x *subpartitionMachine) convert(t *rapid.T) {
	for i, e := range x.model.queue {
		if e.event == nil || e.event.Kind != BarrierEvent || chance(t, 2, "another") {
			continue
		}
		x.requireCaptured(t, x.s.Convert(e.event.Barrier.AsUnaligned(), nil), i)
		require.True(t, e.event.Priority)
		x.model.queue = append(append([]entry{}, x.model.queue[:i]...), x.model.queue[i+1:]...)
		x.model.priority = append(x.model.priority, e)
		return
	}
	t.Skip("no barrier waits")
}

func (x *subpartitionMachine) requireCaptured(t *rapid.T, pieces []record.Piece, until int) {
	n := 0
	for _, e := range x.model.queue[:until] {
		if e.event == nil {
			require.Less(t, n, len(pieces))
			x.model.requirePiece(t, e, pieces[n])
			n++
		}
	}
	require.Equal(t, n, len(pieces), "events between are not stored")
}

func (x *subpartitionMachine) poll(t *rapid.T) {
	if !x.model.canPoll() {
		require.Nil(t, x.s.Poll())
		return
	}
	e := x.model.poll()
	b := x.s.Poll()
	require.Equal(t, x.model.backlog(), b.Backlog)
	if e.event != nil {
		require.Same(t, e.event, b)
		return
	}
	x.model.requirePiece(t, e, b.Piece)
	_, ended := x.model.piece(0, e.from)
	require.EqualValues(t, len(ended), b.First)
	x.held = append(x.held, b)
}

func (x *subpartitionMachine) letGo(t *rapid.T) {
	if len(x.held) == 0 {
		t.Skip("nothing is held")
	}
	i := rapid.IntRange(0, len(x.held)-1).Draw(t, "which")
	x.s.LetGo(x.held[i])
	x.held = append(x.held[:i], x.held[i+1:]...)
	x.model.polled = append(x.model.polled[:i], x.model.polled[i+1:]...)
}

func (x *subpartitionMachine) resume(*rapid.T) {
	x.model.blocked = false
	x.s.Resume()
}

func (x *subpartitionMachine) check(t *rapid.T) {
	require.Equal(t, x.model.canPoll(), x.s.CanPoll())
	require.Equal(t, x.model.backlog(), x.s.Backlog())
	require.Equal(t, x.model.blocked, x.s.Blocked())
	require.Equal(t, x.model.size() > 0, x.s.Waiting())
	require.Equal(t, x.model.inUse(), x.p.Pool.InUse())
	require.Equal(t, len(x.model.priority) > 0 && x.model.canPoll(), x.s.NextHasPriority())
}

func TestSubpartitionGivesWhatWasWrittenInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newSubpartitionMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"write": x.write, "write again": x.write, "resize": x.resize, "flush": x.flushAll, "inline": x.inline,
			"overtake": x.overtake, "convert": x.convert, "poll": x.poll, "poll again": x.poll,
			"let go": x.letGo, "resume": x.resume, "": x.check,
		})
		x.s.Release()
		for _, b := range x.held {
			x.s.LetGo(b)
		}
		require.Zero(t, x.p.Pool.InUse(), "every segment comes back")
	})
}

func TestSequenceNumbersAreGivenAtThePoll(t *testing.T) {
	p := partitionOf(small(10, 2, 8, 10, 0), job.Forward, 1)
	s := &p.Subpartitions[0]
	r := sized(0, 10)
	require.Zero(t, s.write(&r, 10))
	s.Append(event(s.arena, BarrierEvent, 1, protocol.AlignmentAligned))
	s.Convert(protocol.Barrier{ID: 1, Alignment: protocol.AlignmentUnaligned}, nil)
	first, second := s.Poll(), s.Poll()
	require.True(t, second.Shared, "the snapshot has its elements")
	require.Equal(t, BarrierEvent, first.Kind)
	require.EqualValues(t, 0, first.Sequence, "the barrier overtook the data")
	require.EqualValues(t, 1, second.Sequence)
	require.Nil(t, s.Poll())
}

func TestConvertWithoutABarrierPanics(t *testing.T) {
	p := partitionOf(small(10, 2, 8, 10, 0), job.Forward, 1)
	require.Panics(t, func() { p.Subpartitions[0].Convert(protocol.Barrier{ID: 3}, nil) })
}

func TestRecoveredDataComesFirstAndIsNumberedToWhereItStood(t *testing.T) {
	p := partitionOf(small(10, 1, 0, 10, 0), job.Forward, 1)
	s := &p.Subpartitions[0]
	pieces := []record.Piece{
		{Elements: []record.Record{sized(7, 4)}, SizeBytes: 10, TailBytes: 6},
		{SizeBytes: 10, HeadBytes: 10},
		{Elements: []record.Record{sized(8, 20), sized(9, 2)}, SizeBytes: 6, HeadBytes: 4},
	}
	s.Recover(pieces)
	require.EqualValues(t, 3, p.Pool.InUse(), "it may take more than the pool has")
	s.Sent.Count = 10
	s.NumberRecovered()
	s.Append(event(s.arena, EndOfOutputStateEvent, 0, 0))
	var first []int64
	for range 3 {
		b := s.Poll()
		first = append(first, b.First)
		s.LetGo(b)
	}
	require.Equal(t, []int64{7, 8, 8}, first)
	require.True(t, s.Poll().BlocksUpstream())
	require.Nil(t, s.Poll())
	require.Zero(t, p.Pool.InUse())
}

func TestReleasedSubpartitionHoldsNothingAndTakesNothing(t *testing.T) {
	p := partitionOf(small(10, 2, 8, 10, 0), job.Broadcast, 2)
	w := Writer{Partitions: []*Partition{p}}
	p.Subpartitions[0].Release()
	require.True(t, p.Subpartitions[0].Released())
	w.Begin([]record.Record{sized(0, 35), sized(1, 5)})
	require.True(t, w.Resume())
	require.Empty(t, drained(&p.Subpartitions[0]))
	require.Equal(t, []uint64{0, 1}, lineages(drained(&p.Subpartitions[1])))
	require.Zero(t, p.Pool.InUse())
}
