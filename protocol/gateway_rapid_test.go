package protocol

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestEachEventIsOnOneSideOfTheCut holds S29: an event that the coordinator's snapshot
// says was sent has been received when the checkpoint is triggered, and one sent after the
// snapshot is received after the subtask's part. Each event arrives once and in order.
func TestEachEventIsOnOneSideOfTheCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &gatewayModel{t: t, gateways: NewEventGateways(gatewaySubtasks)}
		t.Repeat(map[string]func(*rapid.T){
			"send":     m.actSend,
			"deliver":  m.actDeliver,
			"snapshot": m.actSnapshot,
			"ack":      m.actAck,
			"abort":    m.actAbort,
		})
		m.settle()
	})
}

const gatewaySubtasks = 2

type gatewayModel struct {
	t        require.TestingT
	gateways *EventGateways
	out      GatewayEffects
	lastID   CheckpointID
	sent     [gatewaySubtasks][]OperatorEvent
	lastSent OperatorEvent
	onTheWay [gatewaySubtasks][]OperatorEvent
	received [gatewaySubtasks][]OperatorEvent
	cuts     []gatewayCut
}

// gatewayCut is a checkpoint in flight.
type gatewayCut struct {
	id        CheckpointID
	sent      [gatewaySubtasks]int // in the coordinator's snapshot
	triggered bool
	acked     [gatewaySubtasks]bool
}

func (m *gatewayModel) step(in GatewayInput) {
	m.out.Reset()
	m.gateways.Step(in, &m.out)
	for _, e := range m.out.List {
		switch e.Kind {
		case DeliverEvent:
			m.onTheWay[e.Subtask] = append(m.onTheWay[e.Subtask], e.Event)
		case CoordinatorSnapshotted:
			m.triggered(e.Checkpoint)
		default:
			require.FailNow(m.t, "unexpected effect", e.String())
		}
	}
}

func (m *gatewayModel) triggered(id CheckpointID) {
	for i := range m.cuts {
		if cut := &m.cuts[i]; cut.id == id {
			cut.triggered = true
			for subtask := range gatewaySubtasks {
				require.GreaterOrEqual(m.t, len(m.received[subtask]), cut.sent[subtask])
			}
			return
		}
	}
	require.FailNow(m.t, "snapshot of an unknown checkpoint")
}

func (m *gatewayModel) actSend(t *rapid.T) {
	subtask := rapid.IntRange(0, gatewaySubtasks-1).Draw(t, "subtask")
	m.lastSent++
	m.sent[subtask] = append(m.sent[subtask], m.lastSent)
	m.step(GatewayInput{Kind: GatewaySend, Subtask: subtask, Event: m.lastSent})
}

func (m *gatewayModel) actDeliver(t *rapid.T) {
	m.deliver(rapid.IntRange(0, gatewaySubtasks-1).Draw(t, "subtask"))
}

func (m *gatewayModel) deliver(subtask int) {
	if len(m.onTheWay[subtask]) == 0 {
		return
	}
	event := m.onTheWay[subtask][0]
	m.onTheWay[subtask] = m.onTheWay[subtask][1:]
	m.received[subtask] = append(m.received[subtask], event)
	require.Equal(m.t, m.sent[subtask][:len(m.received[subtask])], m.received[subtask])
	m.step(GatewayInput{Kind: GatewayConfirmed, Subtask: subtask, Event: event})
}

func (m *gatewayModel) actSnapshot(*rapid.T) {
	m.lastID++
	cut := gatewayCut{id: m.lastID}
	for subtask := range gatewaySubtasks {
		cut.sent[subtask] = len(m.sent[subtask])
	}
	m.cuts = append(m.cuts, cut)
	m.step(GatewayInput{Kind: GatewayMark, Checkpoint: m.lastID})
	m.step(GatewayInput{Kind: GatewayClose, Checkpoint: m.lastID})
}

// actAck lets a subtask take its part of the oldest triggered checkpoint.
func (m *gatewayModel) actAck(t *rapid.T) {
	m.ack(rapid.IntRange(0, gatewaySubtasks-1).Draw(t, "subtask"))
}

func (m *gatewayModel) ack(subtask int) {
	for i := range m.cuts {
		cut := &m.cuts[i]
		if cut.acked[subtask] || !cut.triggered {
			continue
		}
		require.Len(m.t, m.received[subtask], cut.sent[subtask],
			"what the subtask has received is what the coordinator had sent")
		cut.acked[subtask] = true
		m.step(GatewayInput{Kind: GatewaySubtaskAcked, Subtask: subtask, Checkpoint: cut.id})
		return
	}
}

func (m *gatewayModel) actAbort(t *rapid.T) {
	if len(m.cuts) == 0 {
		t.Skip()
	}
	at := rapid.IntRange(0, len(m.cuts)-1).Draw(t, "checkpoint")
	id := m.cuts[at].id
	m.cuts = slices.Delete(m.cuts, at, at+1)
	m.step(GatewayInput{Kind: GatewayCheckpointAborted, Checkpoint: id})
}

func (m *gatewayModel) settle() {
	for range 1000 {
		for subtask := range gatewaySubtasks {
			m.deliver(subtask)
			m.ack(subtask)
		}
	}
	for subtask := range gatewaySubtasks {
		require.Equal(m.t, m.sent[subtask], append([]OperatorEvent(nil), m.received[subtask]...))
		require.Zero(m.t, m.gateways.Held(subtask))
	}
	require.Zero(m.t, m.gateways.Unconfirmed())
}

// TestEachSplitIsReadOnce holds S30 against readers that fail, restore their own state,
// and checkpoints that complete or not, with or without notice to the enumerator.
func TestEachSplitIsReadOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &splitModel{e: NewSplitEnumerator(SplitEnumeratorOptions{Readers: 2, Splits: 6})}
		t.Repeat(map[string]func(*rapid.T){
			"request":  m.actRequest,
			"snapshot": m.actSnapshot,
			"complete": m.actComplete,
			"fail":     m.actFail,
			"":         m.check,
		})
	})
}

type splitModel struct {
	e         *SplitEnumerator
	readers   [2][]int32
	states    [2][]splitReaderState // by checkpoint
	pending   CheckpointID
	lastID    CheckpointID
	completed CheckpointID
}

type splitReaderState struct {
	id     CheckpointID
	splits []int32
}

func (m *splitModel) actRequest(t *rapid.T) {
	var out EnumeratorEffects
	m.e.Step(EnumeratorInput{Kind: SplitRequested, Reader: rapid.IntRange(0, 1).Draw(t, "reader")}, &out)
	for _, e := range out.List {
		if e.Kind == AssignSplit {
			m.readers[e.Reader] = append(m.readers[e.Reader], e.Split)
		}
	}
}

func (m *splitModel) actSnapshot(*rapid.T) {
	m.lastID++
	m.pending = m.lastID
	m.e.Step(EnumeratorInput{Kind: EnumeratorSnapshot, Checkpoint: m.lastID}, nil)
	for reader := range m.readers {
		splits := append([]int32(nil), m.readers[reader]...)
		m.states[reader] = append(m.states[reader], splitReaderState{m.lastID, splits})
	}
}

func (m *splitModel) actComplete(t *rapid.T) {
	if m.pending == NoCheckpoint {
		t.Skip()
	}
	m.completed, m.pending = m.pending, NoCheckpoint
	if rapid.Bool().Draw(t, "notified") {
		m.e.Step(EnumeratorInput{Kind: EnumeratorCompleted, Checkpoint: m.completed}, nil)
		for _, a := range m.e.assigned {
			notYet := a.checkpoint == NoCheckpoint || a.checkpoint > m.completed
			require.True(t, notYet, "what can never go back is forgotten")
		}
	}
}

// actFail restarts one reader from the newest completed checkpoint; the pending one goes.
func (m *splitModel) actFail(t *rapid.T) {
	reader := rapid.IntRange(0, 1).Draw(t, "reader")
	m.pending = NoCheckpoint
	m.readers[reader] = nil
	for _, state := range m.states[reader] {
		if state.id == m.completed {
			m.readers[reader] = append([]int32(nil), state.splits...)
		}
	}
	m.e.Step(EnumeratorInput{Kind: ReaderReset, Reader: reader, Checkpoint: m.completed}, nil)
}

func (m *splitModel) check(t *rapid.T) {
	var seen [6]int
	for _, split := range m.e.Unassigned() {
		seen[split]++
	}
	for reader := range m.readers {
		for _, split := range m.readers[reader] {
			seen[split]++
		}
	}
	require.Equal(t, [6]int{1, 1, 1, 1, 1, 1}, seen, "each split is in one place")
}
