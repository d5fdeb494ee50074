package protocol

import "fmt"

// OperatorEvent numbers the events that an operator coordinator sends to its subtasks, in
// the order of sending; the host keeps what they say.
type OperatorEvent int64

// EventGateways carries the events of one operator coordinator to its subtasks, so that
// each event is either in the coordinator's snapshot as not sent, or in the subtask's as
// received (Flink: OperatorCoordinatorHolder with a SubtaskGatewayImpl per subtask).
//
//	coordinator:  e1 --- snapshot(7) e2 ------------------------- e3
//	gateway:      e1 -> |closed for 7   e2 held      | opened -> e2   e3 ->
//	subtask:         e1        barrier 7, ack of 7 --^
//
// From the snapshot of the coordinator on, the gateway to a subtask is closed until that
// subtask has taken its own part of the checkpoint, or the checkpoint is aborted. The
// snapshot does not count as taken before all events sent earlier have arrived, and it
// fails if one is lost (FLINK-23233). A lost event fails the subtask it was for.
//
// It is a pure state machine: the host feeds inputs and carries out the effects in order.
// Events and barriers to one subtask must travel in order.
type EventGateways struct {
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug         Bug
	subtasks    []subtaskGateway
	marked      []CheckpointID // the coordinator's snapshot is under way
	latest      CheckpointID   // the largest ever marked
	lastSent    OperatorEvent
	waiting     []gatewaySnapshot
	unconfirmed []sentEvent // in the order of sending
}

// subtaskGateway is the gateway to one subtask.
type subtaskGateway struct {
	closed []CheckpointID // ascending
	held   []heldEvent    // in the order of sending
}

// heldEvent waits for the checkpoint that was the last to close the gateway before it.
type heldEvent struct {
	checkpoint CheckpointID
	event      OperatorEvent
}

type sentEvent struct {
	subtask int
	event   OperatorEvent
}

// gatewaySnapshot waits until every event up to last has arrived.
type gatewaySnapshot struct {
	checkpoint CheckpointID
	last       OperatorEvent
}

// GatewayInputKind is what happened to the gateways.
type GatewayInputKind uint8

const (
	// GatewaySend: the coordinator sends Event to Subtask.
	GatewaySend GatewayInputKind = iota
	// GatewayConfirmed: Subtask has received Event.
	GatewayConfirmed
	// GatewayLost: Event could not be delivered to Subtask, or nobody knows.
	GatewayLost
	// GatewayMark: the coordinator is asked for its snapshot for Checkpoint.
	GatewayMark
	// GatewayClose: the coordinator has taken its snapshot for Checkpoint.
	GatewayClose
	// GatewaySubtaskAcked: Subtask has taken its part of Checkpoint.
	GatewaySubtaskAcked
	// GatewayCheckpointAborted: Checkpoint will not complete.
	GatewayCheckpointAborted
	// GatewaySubtaskReset: Subtask is restarted; what was on the way to it is gone.
	GatewaySubtaskReset
	// GatewayReset: the coordinator and all subtasks are restored.
	GatewayReset
)

// GatewayInput is one step's cause. Which fields matter is said at its kind.
type GatewayInput struct {
	Kind       GatewayInputKind
	Subtask    int
	Event      OperatorEvent
	Checkpoint CheckpointID
}

// GatewayEffectKind is what EventGateways ask their host to do.
type GatewayEffectKind uint8

const (
	// DeliverEvent: send Event to Subtask, and answer GatewayConfirmed or GatewayLost.
	DeliverEvent GatewayEffectKind = iota
	// FailSubtask: Event was lost; Subtask must fail over to be consistent again.
	FailSubtask
	// CoordinatorSnapshotted: the coordinator's part of Checkpoint is done, tasks may be
	// triggered.
	CoordinatorSnapshotted
	// CoordinatorSnapshotFailed: it cannot be done.
	CoordinatorSnapshotFailed
)

var gatewayEffectNames = [...]string{"deliver", "fail-subtask", "snapshotted", "snapshot-failed"}

// GatewayEffect is one order to the host. Which fields matter is said at its kind.
type GatewayEffect struct {
	Kind       GatewayEffectKind
	Subtask    int
	Event      OperatorEvent
	Checkpoint CheckpointID
}

// String is the effect as scripts show it.
func (e GatewayEffect) String() string {
	name := gatewayEffectNames[e.Kind]
	if e.Kind == DeliverEvent || e.Kind == FailSubtask {
		return fmt.Sprintf("%s subtask=%d event=%d", name, e.Subtask, e.Event)
	}
	return fmt.Sprintf("%s checkpoint=%d", name, e.Checkpoint)
}

// GatewayEffects is the caller-owned buffer that a step appends to, in order.
type GatewayEffects struct{ List []GatewayEffect }

// Reset empties the buffer.
func (e *GatewayEffects) Reset() { e.List = e.List[:0] }

// Add appends one effect.
func (e *GatewayEffects) Add(effect GatewayEffect) { e.List = append(e.List, effect) }
