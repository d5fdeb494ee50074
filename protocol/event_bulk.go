package protocol

// Bulky reports whether there is an event of the kind for every buffer, record or timer, so
// that a log for people leaves them out and a recorder keeps only the latest of them.
func (k EventKind) Bulky() bool {
	switch k {
	case BufferSent, BufferReceived, BufferConsumed, SegmentTaken, SegmentReturned, CreditGranted,
		OverdraftTaken, RecordApplied, RecordEmitted, RecordVisible, WatermarkAdvanced, TimerFired, ClockRead,
		ElementsTaken, SourceAdvanced, ProcessingTimersFired, BackpressureStarted, BackpressureEnded:
		return true
	}
	return false
}
