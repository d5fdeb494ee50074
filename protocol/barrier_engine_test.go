package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// engineModel says what an engine must have done, from sets and conditions, without the
// states of Flink's classes: when is the snapshot due, and who waits.
type engineModel struct {
	policy    Policy
	open      map[ChannelIndex]bool
	announced map[ChannelIndex]bool
	heard     map[ChannelIndex]bool // barrier or end, for current
	blocked   map[ChannelIndex]bool
	aborted   map[CheckpointID]bool
	current   CheckpointID
	first     Barrier
	target    int
	pending   bool
	timer     bool
	overtakes bool // current has switched or began so
	consumed  bool // a barrier of current was consumed
	recorded  bool // the snapshot of current was due

	snapshots, declines, passed []CheckpointID
}

func newEngineModel(policy Policy, channels int) *engineModel {
	m := &engineModel{policy: policy, open: map[ChannelIndex]bool{}, aborted: map[CheckpointID]bool{}}
	for ch := range channels {
		m.open[ChannelIndex(ch)] = true
	}
	m.begin(Barrier{})
	m.pending = false
	return m
}

func (m *engineModel) begin(b Barrier) {
	m.current, m.first, m.target, m.pending = b.ID, b, len(m.open), true
	m.timer = m.policy.Alternates() && b.Timeoutable()
	m.overtakes, m.consumed, m.recorded = false, false, false
	m.heard, m.blocked = map[ChannelIndex]bool{}, map[ChannelIndex]bool{}
	m.announced = map[ChannelIndex]bool{}
}

func (m *engineModel) decline(id CheckpointID) {
	passed := len(m.passed) > 0 && m.passed[len(m.passed)-1] == id
	if !passed {
		m.declines = append(m.declines, id)
	}
	m.current, m.pending, m.timer = max(m.current, id), false, false
	m.blocked, m.announced = map[ChannelIndex]bool{}, map[ChannelIndex]bool{}
}

func (m *engineModel) sign(b Barrier) (obsolete bool) {
	if b.ID > m.current {
		if m.pending {
			m.decline(m.current)
		}
		m.begin(b)
	}
	return b.ID < m.current || !m.pending
}

func (m *engineModel) record() {
	if m.recorded {
		return
	}
	m.recorded = true
	if m.aborted[m.current] {
		m.passed = append(m.passed, m.current)
		return
	}
	m.snapshots = append(m.snapshots, m.current)
}

func (m *engineModel) isLate(b Barrier, now int64) bool {
	return b.Timeoutable() && now-b.TriggerNanos > b.TimeoutNanos
}

func (m *engineModel) barrier(ch ChannelIndex, b Barrier, now int64) {
	if m.sign(b) {
		return
	}
	m.heard[ch], m.consumed = true, true
	delete(m.announced, ch)
	if b.BlocksUpstream() {
		m.blocked[ch] = true
	}
	complete := len(m.heard) == m.target
	if b.Alignment == AlignmentUnaligned || b.Alignment == AlignmentInline ||
		m.policy.Alternates() && !complete && m.isLate(b, now) {
		m.overtakes = true
	}
	if m.overtakes || complete {
		m.record()
	}
	m.finish(complete)
}

func (m *engineModel) finish(complete bool) {
	if complete {
		m.pending, m.timer = false, false
		m.blocked = map[ChannelIndex]bool{}
	}
}

func (m *engineModel) end(ch ChannelIndex, now int64) {
	delete(m.open, ch)
	delete(m.blocked, ch)
	delete(m.announced, ch)
	if !m.pending {
		return
	}
	m.heard[ch] = true
	complete := len(m.heard) == m.target
	if m.policy.Alternates() && m.consumed && !complete && m.isLate(m.first, now) {
		m.overtakes = true
		m.record()
	}
	if complete {
		m.record()
	}
	m.finish(complete)
}

func (m *engineModel) cancel(id CheckpointID) {
	if id < m.current || id == m.current && !m.pending {
		return
	}
	if id > m.current && m.pending {
		m.decline(m.current)
	}
	m.decline(id)
}

func (m *engineModel) fire(id CheckpointID) {
	if id != m.current || !m.timer {
		return
	}
	m.timer, m.overtakes = false, true
	if m.consumed {
		m.record()
	}
}

// observed is what the effects of an engine amount to.
type observed struct {
	blocked                     map[ChannelIndex]bool
	owed                        map[ChannelIndex]int // blocking barriers not yet resumed
	snapshots, declines, passed []CheckpointID
	inputsDone                  map[CheckpointID]int
}

func (o *observed) apply(t *rapid.T, effects []Effect) {
	for _, effect := range effects {
		switch effect.Kind {
		case EffectBlock:
			require.False(t, o.blocked[effect.Channel])
			o.blocked[effect.Channel] = true
		case EffectResume:
			delete(o.blocked, effect.Channel)
			o.owed[effect.Channel]--
			require.GreaterOrEqual(t, o.owed[effect.Channel], 0)
		case EffectSnapshot:
			o.snapshots = append(o.snapshots, effect.Checkpoint)
		case EffectDecline:
			o.declines = append(o.declines, effect.Checkpoint)
		case EffectForwardCancel:
			o.passed = append(o.passed, effect.Checkpoint)
		case EffectInputsDone:
			o.inputsDone[effect.Checkpoint]++
			require.Equal(t, 1, o.inputsDone[effect.Checkpoint])
		}
	}
}

// engineMachine is the rapid state machine: one engine, its model, and a host that keeps
// its duties.
type engineMachine struct {
	engine *BarrierEngine
	model  *engineModel
	seen   observed
	now    int64
	out    Effects
}

func (e *engineMachine) step(t *rapid.T, in Input) {
	in.NowNanos = e.now
	e.out.Reset()
	e.engine.Step(in, &e.out)
	e.seen.apply(t, e.out.List)
}

func (e *engineMachine) drawChannel(t *rapid.T) (ChannelIndex, bool) {
	var free []ChannelIndex
	for ch := range e.engine.shape.Channels {
		if e.model.open[ChannelIndex(ch)] && !e.model.blocked[ChannelIndex(ch)] {
			free = append(free, ChannelIndex(ch))
		}
	}
	if len(free) == 0 {
		return NoChannel, false
	}
	return rapid.SampledFrom(free).Draw(t, "channel"), true
}

func (e *engineMachine) drawID(t *rapid.T) CheckpointID {
	return max(1, e.model.current+CheckpointID(rapid.SampledFrom([]int{0, 0, 0, 1, 1, -1, 2}).Draw(t, "id")))
}

func (e *engineMachine) drawBarrier(t *rapid.T) Barrier {
	var alignments []Alignment
	for a := AlignmentAligned; a <= AlignmentInline; a++ {
		if e.model.policy.accepts(a) {
			alignments = append(alignments, a)
		}
	}
	b := Barrier{ID: e.drawID(t), TimeoutNanos: NoTimeout}
	b.Alignment = rapid.SampledFrom(alignments).Draw(t, "alignment")
	if e.model.policy.Overtake && b.Alignment == AlignmentAligned && rapid.Bool().Draw(t, "timeoutable") {
		b.TimeoutNanos = 20
		b.TriggerNanos = e.now - rapid.Int64Range(0, 25).Draw(t, "age")
	}
	return b
}

func (e *engineMachine) barrier(t *rapid.T) {
	ch, ok := e.drawChannel(t)
	if !ok {
		t.Skip("every channel waits")
	}
	b := e.drawBarrier(t)
	if b.BlocksUpstream() {
		e.seen.owed[ch]++
	}
	e.model.barrier(ch, b, e.now)
	e.step(t, Input{Kind: InputBarrier, Channel: ch, Barrier: b})
	require.Equal(t, e.model.blocked[ch], e.seen.owed[ch] == 1)
}

func (e *engineMachine) announcement(t *rapid.T) {
	ch, ok := e.drawChannel(t)
	b := e.drawBarrier(t)
	if !ok || !b.Timeoutable() {
		t.Skip("nothing to announce")
	}
	if !e.model.sign(b) && !e.model.overtakes {
		e.model.announced[ch] = true
	}
	e.step(t, Input{Kind: InputAnnouncement, Channel: ch, Barrier: b, Sequence: 1})
}

func (e *engineMachine) endOfPartition(t *rapid.T) {
	ch, ok := e.drawChannel(t)
	if !ok || e.model.announced[ch] || e.model.pending && !e.model.consumed {
		t.Skip("a barrier is queued in front of the end")
	}
	e.model.end(ch, e.now)
	e.step(t, Input{Kind: InputEndOfPartition, Channel: ch})
}

func (e *engineMachine) cancel(t *rapid.T) {
	ch, ok := e.drawChannel(t)
	if !ok {
		t.Skip("every channel waits")
	}
	id := e.drawID(t)
	e.model.cancel(id)
	e.step(t, Input{Kind: InputCancelMarker, Channel: ch, Checkpoint: id})
}

func (e *engineMachine) timer(t *rapid.T) {
	id := e.drawID(t)
	e.model.fire(id)
	e.step(t, Input{Kind: InputTimer, Checkpoint: id})
}

func (e *engineMachine) abort(t *rapid.T) {
	id := e.drawID(t)
	decided := id < e.model.current || id == e.model.current && (!e.model.pending || e.model.recorded)
	if !decided {
		e.model.aborted[id] = true
	}
	e.step(t, Input{Kind: InputAborted, Checkpoint: id})
}

func (e *engineMachine) check(t *rapid.T) {
	require.Equal(t, e.model.blocked, e.seen.blocked)
	require.Equal(t, e.model.snapshots, e.seen.snapshots)
	require.Equal(t, e.model.declines, e.seen.declines)
	require.Equal(t, e.model.passed, e.seen.passed)
	require.Equal(t, e.model.pending, e.engine.isPending())
	require.Equal(t, len(e.model.open), e.engine.channels.open)
	for ch, owed := range e.seen.owed {
		if e.model.open[ch] {
			require.Equal(t, e.model.blocked[ch], owed > 0)
		}
	}
	for _, id := range e.model.snapshots {
		if !e.model.pending || id != e.model.current {
			require.Equal(t, 1, e.seen.inputsDone[id], "checkpoint %d", id)
		}
	}
}

func TestEngineDoesWhatItsModelSays(t *testing.T) {
	for _, name := range []Name{Aligned, ChandyLamport, Unaligned, HybridIn, HybridOut} {
		t.Run(string(name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				channels := rapid.IntRange(1, 6).Draw(t, "channels")
				e := &engineMachine{
					engine: NewBarrierEngine(PolicyOf(name), TaskShape{Channels: channels}),
					model:  newEngineModel(PolicyOf(name), channels),
					seen: observed{blocked: map[ChannelIndex]bool{}, owed: map[ChannelIndex]int{},
						inputsDone: map[CheckpointID]int{}},
				}
				t.Repeat(map[string]func(*rapid.T){
					"barrier": e.barrier, "another-barrier": e.barrier, "announcement": e.announcement,
					"end-of-partition": e.endOfPartition, "cancel": e.cancel,
					"timer": e.timer, "abort": e.abort,
					"time": func(t *rapid.T) { e.now += rapid.Int64Range(0, 40).Draw(t, "nanos") },
					"":     e.check,
				})
			})
		})
	}
}
