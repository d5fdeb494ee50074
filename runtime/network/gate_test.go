package network

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/record"
)

// gateMachine is a gate with a sender at the far end of every channel. Grants reach senders
// at once.
type gateMachine struct {
	gate      *Gate
	arena     *Arena
	channels  []*InputChannel
	exclusive int32
	floating  int32
	credits   []int32     // of the senders
	backlog   []int32     // data buffers that wait at the senders
	sequence  []int64     // next of each sender
	taken     [][]*Buffer // by the task, not recycled
	received  []int32
	produced  []int32
}

func newGateMachine(t *rapid.T) *gateMachine {
	n := rapid.IntRange(1, 4).Draw(t, "channels")
	exclusive := rapid.Int32Range(0, 3).Draw(t, "exclusive")
	x := &gateMachine{
		arena: &Arena{}, exclusive: exclusive,
		floating: rapid.Int32Range(max(0, 1-exclusive), 5).Draw(t, "floating"), credits: make([]int32, n), backlog: make([]int32, n),
		sequence: make([]int64, n), taken: make([][]*Buffer, n), received: make([]int32, n), produced: make([]int32, n),
	}
	for i := range n {
		x.channels = append(x.channels, &InputChannel{Index: protocol.ChannelIndex(i)})
		x.credits[i] = x.exclusive
	}
	x.gate = NewGate(&Arena{}, x.channels, x.exclusive, x.floating)
	return x
}

func (x *gateMachine) any(t *rapid.T) int {
	return rapid.IntRange(0, len(x.channels)-1).Draw(t, "channel")
}

func (x *gateMachine) deliver() {
	for _, grant := range x.gate.Grants {
		x.credits[grant.Channel] += grant.Credits
	}
	x.gate.Grants = x.gate.Grants[:0]
}

func (x *gateMachine) produce(t *rapid.T) {
	i, n := x.any(t), rapid.Int32Range(1, 4).Draw(t, "buffers")
	if !x.channels[i].Ended() {
		x.backlog[i] += n
		x.produced[i] += n
	}
}

// send sends one buffer of a channel that has credit.
func (x *gateMachine) send(t *rapid.T) {
	i := x.any(t)
	if x.backlog[i] == 0 || x.credits[i] == 0 {
		t.Skip("nothing to send, or no credit")
	}
	x.sendFrom(t, i)
}

func (x *gateMachine) sendFrom(t *rapid.T, i int) {
	x.credits[i]--
	x.backlog[i]--
	b := x.arena.NewBuffer(Data)
	b.Sequence, b.Backlog = x.sequence[i], x.backlog[i]
	x.sequence[i]++
	require.True(t, x.channels[i].Receive(b), "a buffer that had credit found no room")
	x.gate.OnBacklog(x.channels[i], b.Backlog)
	x.deliver()
}

// announce tells of a backlog that no buffer can carry, as there is no credit for one.
func (x *gateMachine) announce(t *rapid.T) { x.announceOf(x.any(t)) }

func (x *gateMachine) announceOf(i int) {
	if x.exclusive == 0 && x.credits[i] == 0 && x.backlog[i] > 0 {
		x.gate.OnBacklog(x.channels[i], x.backlog[i])
		x.deliver()
	}
}

// stop is a channel's sender stopping behind a barrier.
func (x *gateMachine) stop(t *rapid.T) {
	i := x.any(t)
	if x.channels[i].Ended() {
		t.Skip("it has ended")
	}
	if credits := x.gate.Stopped(x.channels[i]); x.exclusive == 0 {
		require.Equal(t, x.credits[i], credits)
		x.credits[i] = 0
	}
	x.deliver()
}

func (x *gateMachine) sendEvent(t *rapid.T) {
	i := x.any(t)
	if x.channels[i].Ended() {
		t.Skip("it has ended")
	}
	b := x.arena.NewBuffer(CancelEvent)
	b.Sequence = x.sequence[i]
	x.sequence[i]++
	require.True(t, x.channels[i].Receive(b), "events need no credit")
}

func (x *gateMachine) take(t *rapid.T) {
	i := x.any(t)
	if waits, _ := x.channels[i].Peek(); !waits {
		t.Skip("nothing waits")
	}
	x.takeFrom(i)
}

func (x *gateMachine) takeFrom(i int) {
	b := x.channels[i].Take()
	if !b.IsData() {
		x.gate.Recycle(x.channels[i], b)
		return
	}
	x.received[i]++
	x.taken[i] = append(x.taken[i], b)
}

// recycle gives a buffer back. A floating one goes to whoever waits first and still wants
// one.
func (x *gateMachine) recycle(t *rapid.T) {
	i := x.any(t)
	if len(x.taken[i]) == 0 {
		t.Skip("nothing is held")
	}
	x.recycleOf(t, i)
}

func (x *gateMachine) recycleOf(t *rapid.T, i int) {
	b := x.taken[i][0]
	x.taken[i] = x.taken[i][1:]
	heir, before := protocol.NoChannel, x.gate.FloatingFree()
	for _, c := range x.gate.waiting {
		if !c.ended && c.Credits() < c.required {
			heir = c.Index
			break
		}
	}
	floating := b.Floating
	x.gate.Recycle(x.channels[i], b)
	if floating && heir != protocol.NoChannel {
		require.Equal(t, []Grant{{heir, 1}}, x.gate.Grants, "who waits first is served first")
	} else if floating {
		require.Empty(t, x.gate.Grants)
		require.Equal(t, before+1, x.gate.FloatingFree())
	}
	x.deliver()
}

func (x *gateMachine) end(t *rapid.T) {
	i := x.any(t)
	if x.backlog[i] > 0 || x.channels[i].QueuedBuffers() > 0 || chance(t, 3, "not yet") {
		t.Skip("data is still to come")
	}
	x.channels[i].SetEnded()
	x.gate.Retire(x.channels[i])
	x.deliver()
}

func (x *gateMachine) check(t *rapid.T) {
	floating := x.gate.FloatingFree()
	require.GreaterOrEqual(t, floating, int32(0))
	for i, c := range x.channels {
		require.GreaterOrEqual(t, c.exclusiveFree, int32(0))
		require.GreaterOrEqual(t, c.floatingFree, int32(0))
		exclusive := c.exclusiveFree
		floating += c.floatingFree
		count := func(b *Buffer) {
			switch {
			case b.Floating:
				floating++
			case b.IsData():
				exclusive++
			}
		}
		c.Queued(count)
		for _, b := range x.taken[i] {
			count(b)
		}
		require.Equal(t, x.exclusive, exclusive, "exclusive buffers of channel %d", i)
		if !c.Ended() {
			require.Equal(t, c.Credits(), x.credits[i], "the sender of channel %d counts otherwise", i)
		}
		require.Equal(t, c.waiting, x.waits(c))
	}
	require.Equal(t, x.floating, floating, "floating buffers")
	if x.gate.FloatingFree() > 0 {
		require.Empty(t, x.gate.waiting, "somebody waits though a buffer is free")
	}
}

func (x *gateMachine) waits(c *InputChannel) bool {
	times := 0
	for _, other := range x.gate.waiting {
		if other == c {
			times++
		}
	}
	return times == 1
}

func TestGateConservesBuffersAndServesWaitersInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := newGateMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"produce": x.produce, "send": x.send, "send again": x.send, "event": x.sendEvent,
			"take": x.take, "recycle": x.recycle, "end": x.end,
			"announce": x.announce, "stop": x.stop, "": x.check,
		})
		for range 1000 { // it never locks up: whatever was produced arrives
			for i := range x.channels {
				x.announceOf(i)
				if x.backlog[i] > 0 && x.credits[i] > 0 {
					x.sendFrom(t, i)
				}
				if waits, _ := x.channels[i].Peek(); waits {
					x.takeFrom(i)
				}
				if len(x.taken[i]) > 0 {
					x.recycleOf(t, i)
				}
			}
		}
		x.check(t)
		require.Equal(t, x.produced, x.received)
	})
}

func TestReceiverRefusesABufferWithoutCreditOrOutOfOrder(t *testing.T) {
	c := &InputChannel{}
	NewGate(&Arena{}, []*InputChannel{c}, 1, 0)
	require.False(t, c.Receive(&Buffer{Sequence: 1}), "one was lost")
	require.True(t, c.Receive(&Buffer{Sequence: 0}))
	require.False(t, c.Receive(&Buffer{Sequence: 1}), "no buffer is free")
	require.False(t, c.Receive(&Buffer{Sequence: 1, Kind: CancelEvent}), "the sequence went on")
	require.True(t, c.Receive(&Buffer{Sequence: 2, Kind: CancelEvent}))
}

func TestSurplusFloatingBuffersGoBackWhenAnExclusiveOneComes(t *testing.T) {
	c := &InputChannel{}
	g := NewGate(&Arena{}, []*InputChannel{c}, 2, 3)
	g.OnBacklog(c, 3)
	require.Equal(t, []Grant{{0, 3}}, g.Grants)
	require.Zero(t, g.FloatingFree())
	for i := range int64(4) {
		require.True(t, c.Receive(&Buffer{Sequence: i}))
		g.OnBacklog(c, 3-int32(i))
	}
	var buffers []*Buffer
	for range 4 {
		buffers = append(buffers, c.Take())
	}
	require.True(t, buffers[0].Floating && buffers[1].Floating && buffers[2].Floating, "floating ones go first")
	require.False(t, buffers[3].Floating)
	g.Recycle(c, buffers[0])
	g.OnBacklog(c, 0)
	g.Grants = g.Grants[:0]
	require.EqualValues(t, 2, c.Credits())
	g.Recycle(c, buffers[3])
	require.Empty(t, g.Grants, "it had two already: the floating one went back instead")
	require.EqualValues(t, 2, c.Credits())
}

func TestBuffersInUseAreThoseHereAndThoseHeldBack(t *testing.T) {
	remote, local, ended := &InputChannel{}, &InputChannel{Index: 1, Local: true}, &InputChannel{Index: 2}
	g := NewGate(&Arena{}, []*InputChannel{remote, local, ended}, 2, 8)
	require.Zero(t, g.BuffersInUse())
	require.True(t, remote.Receive(&Buffer{}))
	g.OnBacklog(remote, 3)
	require.EqualValues(t, 1+3, g.BuffersInUse())
	require.True(t, local.Receive(&Buffer{Backlog: 5}))
	require.EqualValues(t, 1+3+1+5, g.BuffersInUse())
	require.True(t, ended.Receive(&Buffer{}))
	ended.SetEnded()
	require.EqualValues(t, 1+3+1+5, g.BuffersInUse())
}

func TestRecoveredAndLocalBuffersAreNotTheGates(t *testing.T) {
	c := &InputChannel{}
	g := NewGate(&Arena{}, []*InputChannel{c}, 2, 2)
	arena := &Arena{}
	c.Received.Count = 40
	c.Recover(arena, []record.Piece{{Elements: []record.Record{sized(0, 4)}, SizeBytes: 4}, {SizeBytes: 1}})
	require.EqualValues(t, 2, c.Credits())
	first, second, last := c.Take(), c.Take(), c.Take()
	require.EqualValues(t, 40, first.First)
	require.EqualValues(t, 41, second.First)
	require.Equal(t, EndOfInputStateEvent, last.Kind)
	g.Recycle(c, first)
	require.EqualValues(t, 2, c.Credits())
	require.Empty(t, g.Grants)
	c.Local = true
	g.Recycle(c, &Buffer{})
	require.EqualValues(t, 2, c.Credits())
}

// A channel that stands still behind its barrier must not pin what another one needs to get
// its own barrier through (FLINK-16641).
func TestStoppedChannelWithoutExclusiveBuffersGivesItsCreditAway(t *testing.T) {
	for _, bug := range []protocol.Bug{protocol.NoBug, protocol.BugFloatingBuffersPinned} {
		stopped, other := &InputChannel{}, &InputChannel{Index: 1}
		g := NewGate(&Arena{}, []*InputChannel{stopped, other}, 0, 3)
		g.Bug = bug
		g.OnBacklog(stopped, 3)
		g.OnBacklog(other, 2)
		require.Equal(t, []Grant{{0, 3}}, g.Grants)
		g.Grants = g.Grants[:0]
		if bug == protocol.BugFloatingBuffersPinned {
			require.Zero(t, g.Stopped(stopped))
			require.Empty(t, g.Grants)
			continue
		}
		require.EqualValues(t, 3, g.Stopped(stopped))
		require.Equal(t, []Grant{{1, 1}, {1, 1}}, g.Grants)
		require.EqualValues(t, 1, g.FloatingFree())
		require.Zero(t, stopped.Credits())
	}
}

func TestStoppedChannelKeepsExclusiveBuffers(t *testing.T) {
	c := &InputChannel{}
	g := NewGate(&Arena{}, []*InputChannel{c}, 2, 3)
	g.OnBacklog(c, 3)
	require.Zero(t, g.Stopped(c))
	require.EqualValues(t, 5, c.Credits())
}
