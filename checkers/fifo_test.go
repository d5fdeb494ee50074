package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

// sendTwo lets delays send two buffers of ten elements over its remote channel to db.
func sendTwo(p *tape) {
	p.task(protocol.CreditGranted, db, 0, 2, 2)
	p.task(protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	p.task(protocol.BufferSent, delays, 0, 1, 200, 10, 10)
}

func TestFIFOAcceptsAChannelThatDeliversInOrder(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sendTwo(p)
	p.task(protocol.BufferReceived, db, 0, 0, 100, 1)
	p.task(protocol.BufferConsumed, db, 0, 0, 10, 0)
	p.task(protocol.BufferReceived, db, 0, 1, 200, 0)
	p.task(protocol.BufferConsumed, db, 0, 10, 4, 0)
	p.task(protocol.BufferConsumed, db, 0, 14, 6, 0)
	require.Empty(t, p.finished())
}

func TestFIFOSeesElementsThatTheSenderSkips(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	first := p.task(protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	jump := p.task(protocol.BufferSent, delays, 0, 1, 100, 12, 10)
	requireOnly(t, p.finished(), "lost/fifo/delays-to-db", first, jump)
}

func TestFIFOSeesElementsThatTheSenderRepeats(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	first := p.task(protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	again := p.task(protocol.BufferSent, delays, 0, 1, 100, 9, 10)
	requireOnly(t, p.finished(), "duplicated/fifo/delays-to-db", first, again)
}

func TestFIFOSeesSequenceNumbersGoBackwards(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	first := p.task(protocol.BufferSent, delays, 0, 7, 100, 0, 10)
	second := p.task(protocol.BufferSent, delays, 0, 7, 100, 10, 10)
	requireOnly(t, p.finished(), "reordered/fifo/delays-to-db", first, second)
}

func TestFIFOSeesABufferThatOvertakes(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sendTwo(p)
	early := p.task(protocol.BufferReceived, db, 0, 1, 200, 1)
	late := p.task(protocol.BufferReceived, db, 0, 0, 100, 0)
	requireOnly(t, p.finished(), "reordered/fifo/delays-to-db", early, late)
}

func TestFIFOSeesABufferThatNeverArrives(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sendTwo(p)
	early := p.task(protocol.BufferReceived, db, 0, 1, 200, 1)
	requireOnly(t, p.finished(), "lost/fifo/delays-to-db", early)
}

func TestFIFOSeesABufferThatArrivesTwice(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sendTwo(p)
	first := p.task(protocol.BufferReceived, db, 0, 0, 100, 1)
	again := p.task(protocol.BufferReceived, db, 0, 0, 100, 0)
	requireOnly(t, p.finished(), "duplicated/fifo/delays-to-db", first, again)
}

func TestFIFOSeesABufferThatChangesOnTheWay(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sendTwo(p)
	changed := p.task(protocol.BufferReceived, db, 0, 0, 99, 1)
	requireOnly(t, p.finished(), "corrupt/fifo/delays-to-db", changed)
}

func TestFIFOSeesABufferThatNobodySent(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sendTwo(p)
	p.task(protocol.BufferReceived, db, 0, 0, 100, 1)
	p.task(protocol.BufferReceived, db, 0, 1, 200, 0)
	unsent := p.task(protocol.BufferReceived, db, 0, 2, 200, 0)
	violations := p.finished()
	require.Len(t, violations, 1)
	require.Equal(t, "orphan/fifo/delays-to-db", violations[0].Signature)
	require.Equal(t, unsent, violations[0].Witness[1])
}

func TestFIFOSeesConsumptionSkipAndRepeat(t *testing.T) {
	for first, class := range map[int64]string{11: "lost", 9: "duplicated"} {
		p := only(t, tapeSetup(), NewFIFO())
		p.begin(0, 0)
		sendTwo(p)
		before := p.task(protocol.BufferConsumed, db, 0, 0, 10, 0)
		wrong := p.task(protocol.BufferConsumed, db, 0, first, 2, 0)
		requireOnly(t, p.finished(), class+"/fifo/delays-to-db", before, wrong)
	}
}

func TestFIFOSeesConsumptionOfWhatWasNotSent(t *testing.T) {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	sent := p.task(protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	wrong := p.task(protocol.BufferConsumed, db, 0, 0, 11, 0)
	requireOnly(t, p.finished(), "orphan/fifo/delays-to-db", sent, wrong)
}

// inFlightPoint is a checkpoint in which delays has sent 20 elements, of which db has
// applied 10 and recorded 4, and delays has recorded the last 6.
func inFlightPoint(id protocol.CheckpointID) *protocol.RecoveryPoint {
	sent := make([]uint64, 20)
	for i := range sent {
		sent[i] = uint64(1000 + i)
	}
	return &protocol.RecoveryPoint{Checkpoint: id, Tasks: []protocol.TaskPoint{
		{Task: flights0, Sent: []protocol.Chain{{}}},
		{Task: flights1, Sent: []protocol.Chain{{}}},
		{
			Task: delays, Received: make([]protocol.Chain, 2), Sent: []protocol.Chain{chainOf(sent...)},
			OutputState: [][]uint64{sent[14:]},
		},
		{Task: db, Received: []protocol.Chain{chainOf(sent[:10]...)}, InputState: [][]uint64{sent[10:14]}},
	}}
}

func restoreInFlight(t *testing.T) *tape {
	p := only(t, tapeSetup(), NewFIFO())
	p.begin(0, 0)
	p.checkpoint(1, 0)
	p.suite.ObservePoint(inFlightPoint(1))
	p.begin(1, 1)
	return p
}

func TestFIFOGoesOnAfterARestoreWhereTheCheckpointSays(t *testing.T) {
	p := restoreInFlight(t)
	p.in(1, protocol.BufferConsumed, db, 0, 10, 4, 0)       // recorded input
	p.in(1, protocol.BufferSent, delays, 0, 0, 100, 14, 6)  // recorded output, again
	p.in(1, protocol.BufferSent, delays, 0, 1, 100, 20, 10) // new
	p.in(1, protocol.BufferConsumed, db, 0, 14, 16, 0)
	require.Empty(t, p.finished())
}

func TestFIFOSeesARestoreThatForgetsRecordedInput(t *testing.T) {
	p := restoreInFlight(t)
	p.in(1, protocol.BufferSent, delays, 0, 0, 100, 14, 6)
	wrong := p.in(1, protocol.BufferConsumed, db, 0, 14, 6, 0)
	requireOnly(t, p.finished(), "lost/fifo/delays-to-db", wrong)
}

func TestFIFOSeesARestoreThatForgetsRecordedOutput(t *testing.T) {
	p := restoreInFlight(t)
	wrong := p.in(1, protocol.BufferSent, delays, 0, 0, 100, 20, 10)
	requireOnly(t, p.finished(), "lost/fifo/delays-to-db", wrong)
}

func TestFIFOLetsAZombieGoOnInItsOwnAttempt(t *testing.T) {
	p := restoreInFlight(t)
	p.in(1, protocol.BufferConsumed, db, 0, 10, 4, 0)
	p.in(0, protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	p.in(0, protocol.BufferConsumed, db, 0, 0, 10, 0)
	p.in(1, protocol.BufferSent, delays, 0, 0, 100, 14, 6)
	require.Empty(t, p.finished())
}

func TestFIFOLetsAReceiverBeAheadUnderAtLeastOnceOnly(t *testing.T) {
	point := inFlightPoint(1)
	point.Tasks[delays].OutputState, point.Tasks[db].InputState = nil, nil
	point.Tasks[db].Received[0].Count = 23 // three from behind the barrier
	for contract, ok := range map[protocol.Contract]bool{
		protocol.ContractAtLeastOnce: true, protocol.ContractExactlyOnce: false,
	} {
		setup := tapeSetup()
		setup.Contract = contract
		p := only(t, setup, NewFIFO())
		p.begin(0, 0)
		p.checkpoint(1, 0)
		p.suite.ObservePoint(point)
		p.begin(1, 1)
		p.in(1, protocol.BufferSent, delays, 0, 0, 100, 20, 10)
		p.in(1, protocol.BufferConsumed, db, 0, 23, 10, 0)
		require.Equal(t, ok, len(p.finished()) == 0)
	}
}
