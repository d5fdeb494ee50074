package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCoordinatorDoesNotAllocate(t *testing.T) {
	options := DefaultCoordinatorOptions()
	options.IntervalNanos = nanosPerSecond
	c := NewCheckpointCoordinator(options, scriptGraph("flights"))
	host := &roundHost{c: c}
	host.start()
	for range 20 {
		host.round()
	}
	require.Zero(t, testing.AllocsPerRun(100, host.round))
	require.Equal(t, host.id, c.Store().Latest())
}

// roundHost takes one checkpoint a round: every other one is declined first.
type roundHost struct {
	c   *CheckpointCoordinator
	out CoordinatorEffects
	now int64
	id  CheckpointID

	show  bool // keep the effects, as text
	shown []string
}

func (h *roundHost) start() {
	h.step(CoordinatorInput{Kind: CoordinatorRestoreRequested})
	h.step(CoordinatorInput{Kind: CoordinatorTasksRunning, DelayNanos: nanosPerSecond})
	h.now += nanosPerSecond
}

func (h *roundHost) step(in CoordinatorInput) {
	in.NowNanos = h.now
	h.out.Reset()
	h.c.Step(in, &h.out)
	for i := 0; h.show && i < len(h.out.List); i++ {
		h.shown = append(h.shown, h.out.List[i].String())
	}
}

func (h *roundHost) round() {
	h.trigger()
	h.step(CoordinatorInput{
		Kind: CoordinatorDecline, Checkpoint: h.id, Reason: CheckpointDeclinedTaskNotReady,
	})
	h.trigger()
	for task := range TaskID(5) {
		h.step(CoordinatorInput{Kind: CoordinatorAck, Checkpoint: h.id, Task: task})
	}
	h.step(CoordinatorInput{Kind: CoordinatorMetadataStored, Checkpoint: h.id})
}

func (h *roundHost) trigger() {
	h.step(CoordinatorInput{Kind: CoordinatorTimerFired, Timer: TimerPeriodic})
	h.id++
	h.step(CoordinatorInput{Kind: CoordinatorIDAssigned, Checkpoint: h.id})
	h.now += nanosPerSecond
}

func TestTwoPhaseCommitDoesNotAllocate(t *testing.T) {
	sink, out, state := NewTwoPhaseCommit(1, DefaultTwoPhaseOptions()), TwoPhaseEffects{}, TransactionState{}
	sink.Step(TwoPhaseInput{Kind: SinkOpened}, &out)
	id := CheckpointID(0)
	round := func() {
		id++
		out.Reset()
		current := sink.Current()
		sink.Step(TwoPhaseInput{Kind: SinkSnapshot, Checkpoint: id}, &out)
		sink.StateInto(&state)
		sink.Step(TwoPhaseInput{Kind: SinkCompleted, Checkpoint: id}, &out)
		sink.Step(TwoPhaseInput{Kind: SinkCommitted, Transaction: current}, &out)
	}
	round()
	require.Zero(t, testing.AllocsPerRun(100, round))
	require.Zero(t, sink.Pending())
}

func TestEventGatewaysDoNotAllocate(t *testing.T) {
	gateways, out := NewEventGateways(4), GatewayEffects{}
	event, id := OperatorEvent(0), CheckpointID(0)
	feed := func(in GatewayInput) { gateways.Step(in, &out) }
	round := func() {
		out.Reset()
		id++
		feed(GatewayInput{Kind: GatewayMark, Checkpoint: id})
		feed(GatewayInput{Kind: GatewayClose, Checkpoint: id})
		event++
		feed(GatewayInput{Kind: GatewaySend, Subtask: 2, Event: event})
		for subtask := range 4 {
			feed(GatewayInput{Kind: GatewaySubtaskAcked, Subtask: subtask, Checkpoint: id})
		}
		feed(GatewayInput{Kind: GatewayConfirmed, Subtask: 2, Event: event})
	}
	round()
	require.Zero(t, testing.AllocsPerRun(100, round))
	require.Zero(t, gateways.Unconfirmed())
}
