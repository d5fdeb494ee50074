package explain

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// labels are the words of a diagram: short enough for a lane. The number is that of an
// argument of the event; -1: none.
var labels = map[protocol.EventKind]struct {
	word     string
	argument int
}{
	protocol.CheckpointTriggered:      {"trigger", 0},
	protocol.CheckpointAcknowledged:   {"ack", 0},
	protocol.CheckpointCompleted:      {"complete", 0},
	protocol.CheckpointAborted:        {"abort", 0},
	protocol.CheckpointDiscarded:      {"discard", 0},
	protocol.CheckpointNotified:       {"told of", 0},
	protocol.MetadataStored:           {"metadata", 0},
	protocol.MetadataLost:             {"LOST", 0},
	protocol.BarrierConsumed:          {"barrier", 2},
	protocol.AlignmentStarted:         {"align", 1},
	protocol.AlignmentEnded:           {"aligned", 1},
	protocol.ChannelBlocked:           {"block", -1},
	protocol.ChannelResumed:           {"resume", -1},
	protocol.SnapshotStarted:          {"snapshot", 1},
	protocol.SnapshotDone:             {"done", 1},
	protocol.SwitchedToUnaligned:      {"switch", 1},
	protocol.InFlightPersisted:        {"record", 1},
	protocol.InFlightRestored:         {"get back", 1},
	protocol.CheckpointDeclinedByTask: {"decline", 1},
	protocol.SpanningRecordAtCut:      {"half-read", -1},
	protocol.ObjectStored:             {"stored", 1},
	protocol.ObjectFailed:             {"PUT FAILS", -1},
	protocol.ObjectDeleted:            {"delete", 1},
	protocol.BufferSent:               {"send", 2},
	protocol.BufferReceived:           {"receive", 2},
	protocol.BufferConsumed:           {"process", 2},
	protocol.CreditGranted:            {"credit", 2},
	protocol.SegmentTaken:             {"segment", 3},
	protocol.SegmentReturned:          {"give back", 3},
	protocol.TransactionOpened:        {"open", -1},
	protocol.TransactionPreCommitted:  {"pre-commit", 2},
	protocol.TransactionCommitted:     {"COMMIT", -1},
	protocol.TransactionAborted:       {"ABORT", -1},
	protocol.TransactionTimedOut:      {"TIME OUT", -1},
	protocol.TransactionRecovered:     {"recover", 2},
	protocol.OutputVisible:            {"visible", -1},
	protocol.JobRestarting:            {"cancel", -1},
	protocol.JobRestored:              {"restore", 1},
	protocol.LeaderElected:            {"lead, epoch", 1},
	protocol.TaskFailed:               {"FAIL", -1},
	protocol.TaskFinished:             {"finish", -1},
	protocol.TaskCanceled:             {"cancelled", -1},
	protocol.OperatorsFinished:        {"input ends", -1},
	protocol.TaskRunning:              {"run", -1},
	protocol.WatermarkAdvanced:        {"watermark", -1},
	protocol.HeartbeatTimedOut:        {"silence", -1},
	protocol.ZombieFenced:             {"fence", -1},
}

// labelOf is the word for an event in a diagram.
func labelOf(kind protocol.EventKind, e *sim.Event) string {
	l, known := labels[kind]
	switch {
	case !known:
		return kind.String()
	case l.argument < 0:
		return l.word
	}
	return fmt.Sprintf("%s %d", l.word, e.Args[l.argument])
}
