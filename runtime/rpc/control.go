package rpc

import (
	"simrun/protocol"
	"simrun/sim"
)

// ControlMessage is one kind of message that goes by RPC, and what its loss, and its
// repetition, mean. Data and credits go on connections, which lose nothing.
type ControlMessage struct {
	Kind Kind
	// Name is its word in a plan of faults.
	Name string
	// Lost says how the system gets over its loss.
	Lost string
	// Repeated messages are sent again with the same content.
	Repeated bool
}

var controlMessages = [...]ControlMessage{
	{Heartbeat, "heartbeat", "without any for the timeout, the peer is given up", true},
	{HeartbeatReply, "heartbeat-reply", "without any for the timeout, the peer is given up", true},
	{Register, "register", "sent again until the leader answers", true},
	{NewLeader, "new-leader", "a task manager asks for the leader by itself", true},
	{Deploy, "deploy", "the task manager's report shows that the task is not there: it failed", false},
	{CancelTask, "cancel-task", "sent again with every heartbeat until the task has ended", true},
	{TaskState, "task-state", "the task manager's next report says the same", false},
	{Trigger, "trigger", "the checkpoint expires", false},
	{Acknowledge, "acknowledge", "the checkpoint expires", false},
	{DeclineReport, "decline", "the checkpoint expires", false},
	{NotifyDone, "notify-done", "the next checkpoint's notification commits what this one's would have", false},
	{NotifyAbort, "notify-abort", "a later barrier or notification ends the checkpoint at the task", false},
	{EndOfData, "end-of-data", "checkpoints go on at their interval; none is taken at once", false},
	{OperatorAsk, "operator-ask", "the reader asks again", true},
	{OperatorTell, "operator-tell", "without its answer within the timeout, the reader's task fails", false},
	{OperatorTold, "operator-told", "without it within the timeout, the reader's task fails", false},
	{ExternalBegin, "external-begin", "sent again until it is answered", true},
	{ExternalWrite, "external-write", "sent again until it is answered", true},
	{ExternalPrepare, "external-prepare", "sent again until it is answered", true},
	{ExternalCommit, "external-commit", "sent again until it is answered", true},
	{ExternalAbort, "external-abort", "sent again until it is answered", true},
	{ExternalRecover, "external-recover", "sent again until it is answered", true},
	{ExternalAnswer, "external-answer", "the request is sent again, and answered as before", true},
}

// ControlMessages lists every kind of control message. The slice belongs to the caller.
func ControlMessages() []ControlMessage { return append([]ControlMessage(nil), controlMessages[:]...) }

// ControlMessageNames lists their names.
func ControlMessageNames() []string {
	names := make([]string, len(controlMessages))
	for i := range controlMessages {
		names[i] = controlMessages[i].Name
	}
	return names
}

// ControlMessageOf finds a kind of control message by its name.
func ControlMessageOf(name string) (ControlMessage, bool) {
	for i := range controlMessages {
		if controlMessages[i].Name == name {
			return controlMessages[i], true
		}
	}
	return ControlMessage{}, false
}

// IsRepeated reports whether messages of a kind are sent again with the same content.
func IsRepeated(kind Kind) bool {
	for i := range controlMessages {
		if controlMessages[i].Kind == kind {
			return controlMessages[i].Repeated
		}
	}
	return false
}

// AddressOf is what tells a control message from others of its kind between the same two
// actors: draws about it are addressed by it. What is sent again has the same address.
func AddressOf(m *sim.Message) (a, b uint64) {
	switch body := m.Body.(type) {
	case *protocol.Barrier:
		return of(m.A<<32|m.B, int64(body.ID))
	case *Deployment:
		return of(int64(body.Task), int64(body.Attempt))
	case *StateReport:
		return of(int64(body.Task)<<8|int64(body.State), int64(body.Attempt))
	case *Acknowledgement:
		return of(int64(body.Task)<<32|int64(body.Attempt), int64(body.Checkpoint))
	case *DeclineNotice:
		return of(int64(body.Task)<<32|int64(body.Attempt), int64(body.Checkpoint))
	case *ExternalRequest:
		return of(int64(body.Task)<<32|int64(body.Attempt), body.Sequence)
	}
	return of(m.A<<32|m.B, m.C<<32|m.D)
}

func of(a, b int64) (uint64, uint64) { return uint64(a), uint64(b) }
