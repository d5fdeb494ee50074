package checkers

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/sim"
)

func take(p *tape, inUse ...int64) (last sim.Event) {
	for _, n := range inUse {
		last = p.task(protocol.SegmentTaken, delays, 0, 0, n)
	}
	return last
}

func TestBuffersAcceptsAPoolThatGetsAllItsSegmentsBack(t *testing.T) {
	p := only(t, tapeSetup(), NewBuffers())
	p.begin(0, 0)
	take(p, 1, 2, 3, 4)
	for n := int64(3); n >= 0; n-- {
		p.task(protocol.SegmentReturned, delays, 0, 0, n)
	}
	p.task(protocol.TaskFinished, delays, 0)
	require.Empty(t, p.finished())
}

func TestBuffersSeesAPoolGiveOutMoreThanItHas(t *testing.T) {
	p := only(t, tapeSetup(), NewBuffers())
	p.begin(0, 0)
	fourth := take(p, 1, 2, 3, 4)
	fifth := take(p, 5)
	requireOnly(t, p.finished(), "buffer-leak/buffers/delays", fourth, fifth)
}

func TestBuffersSeesASegmentReturnedTwice(t *testing.T) {
	p := only(t, tapeSetup(), NewBuffers())
	p.begin(0, 0)
	take(p, 1, 2)
	first := p.task(protocol.SegmentReturned, delays, 0, 0, 1)
	second := p.task(protocol.SegmentReturned, delays, 0, 0, 1)
	requireOnly(t, p.finished(), "buffer-leak/buffers/delays", first, second)
}

func TestBuffersSeesATaskEndWithSegmentsInUse(t *testing.T) {
	for _, kind := range []protocol.EventKind{protocol.TaskFinished, protocol.TaskCanceled,
		protocol.TaskFailed} {
		p := only(t, tapeSetup(), NewBuffers())
		p.begin(0, 0)
		last := take(p, 1, 2)
		end := p.task(kind, delays, 0)
		requireOnly(t, p.finished(), "buffer-leak/buffers/delays", last, end)
	}
}

func TestBuffersSeesALeakWhenTheNextAttemptIsDeployed(t *testing.T) {
	p := only(t, tapeSetup(), NewBuffers())
	p.begin(0, 0)
	last := take(p, 1)
	end := p.task(protocol.TaskCanceled, delays, 0)
	p.begin(1, 0)
	requireOnly(t, p.finished(), "buffer-leak/buffers/delays", last, end)
}

func TestBuffersForgivesATaskThatCrashed(t *testing.T) {
	p := only(t, tapeSetup(), NewBuffers())
	p.begin(0, 0)
	take(p, 1, 2)
	p.begin(1, 0) // no end of attempt 0: its process died
	p.in(1, protocol.SegmentTaken, delays, 0, 0, 1)
	p.in(1, protocol.SegmentReturned, delays, 0, 0, 0)
	p.in(1, protocol.TaskFinished, delays, 1)
	require.Empty(t, p.finished())
}

func TestBuffersForgivesATaskWhoseProcessACrashStruckAtItsEnd(t *testing.T) {
	p := only(t, tapeSetup(), NewBuffers())
	p.begin(0, 0)
	take(p, 1)
	end := p.task(protocol.TaskFinished, delays, 0)
	strike := sim.Event{TimeNanos: end.TimeNanos, Actor: sim.Outside, Kind: sim.EventKind(protocol.FaultInjected),
		Args: [6]int64{0, int64(protocol.FaultCrash)}, Cause: sim.Cause{Actor: end.Actor, Ordinal: end.Ordinal}}
	p.suite.Observe(&strike)
	require.Empty(t, p.finished())
}

func TestCreditsAcceptsASenderThatSpendsWhatItWasGiven(t *testing.T) {
	p := only(t, tapeSetup(), NewCredits())
	p.begin(0, 0)
	sendTwo(p)
	p.task(protocol.BufferReceived, db, 0, 0, 100, 1)
	p.task(protocol.CreditGranted, db, 0, 9, 10)
	p.task(protocol.BufferSent, delays, 0, 2, 100, 20, 10)
	p.task(protocol.BufferSent, flights0, 0, 0, 100, 0, 10) // a local channel
	require.Empty(t, p.finished())
}

func TestCreditsSeesABufferSentWithoutCredit(t *testing.T) {
	p := only(t, tapeSetup(), NewCredits())
	p.begin(0, 0)
	grant := p.task(protocol.CreditGranted, db, 0, 1, 1)
	p.task(protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	second := p.task(protocol.BufferSent, delays, 0, 1, 100, 10, 10)
	requireOnly(t, p.finished(), "credit-overflow/credits/delays-to-db", grant, second)
}

func TestCreditsSeesMoreAnnouncedThanThereIs(t *testing.T) {
	p := only(t, tapeSetup(), NewCredits())
	p.begin(0, 0)
	first := p.task(protocol.CreditGranted, db, 0, 8, 8)
	second := p.task(protocol.CreditGranted, db, 0, 3, 3)
	requireOnly(t, p.finished(), "credit-overflow/credits/delays-to-db", first, second)
}

func TestCreditsSeesAnArrivalWithoutCredit(t *testing.T) {
	p := only(t, tapeSetup(), NewCredits())
	p.begin(0, 0)
	grant := p.task(protocol.CreditGranted, db, 0, 1, 1)
	p.task(protocol.BufferSent, delays, 0, 0, 100, 0, 10)
	arrival := p.task(protocol.BufferReceived, db, 0, 0, 100, -1)
	requireOnly(t, p.finished(), "credit-overflow/credits/delays-to-db", grant, arrival)
}

func TestWatermarksAcceptsThatARestoreResetsThem(t *testing.T) {
	p := only(t, tapeSetup(), NewWatermarks())
	p.begin(0, 0)
	p.task(protocol.WatermarkAdvanced, delays, 40)
	p.task(protocol.WatermarkAdvanced, delays, 50)
	p.begin(1, 0)
	p.in(1, protocol.WatermarkAdvanced, delays, 10)
	p.in(0, protocol.WatermarkAdvanced, delays, 60) // a zombie
	p.in(1, protocol.WatermarkAdvanced, delays, 10)
	require.Empty(t, p.finished())
}

func TestWatermarksSeesEventTimeGoBackwards(t *testing.T) {
	p := only(t, tapeSetup(), NewWatermarks())
	p.begin(0, 0)
	p.task(protocol.WatermarkAdvanced, flights0, 70)
	high := p.task(protocol.WatermarkAdvanced, delays, 50)
	low := p.task(protocol.WatermarkAdvanced, delays, 40)
	requireOnly(t, p.finished(), "watermark-regression/watermarks/delays", high, low)
}
