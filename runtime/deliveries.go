package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/network"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// Delivery is a message that is first on its path to a process, and waits for its turn.
type Delivery struct {
	// To is the process it comes to, Path the way: what is on one path stays in order.
	To       sim.ProcessID
	Path     DeliveryPath
	From     sim.ActorID
	Kind     rpc.Kind
	Receiver sim.ActorID
	// Task that sends an acknowledgement or hears of a checkpoint.
	Task       protocol.TaskID
	Attempt    protocol.Attempt
	Checkpoint protocol.CheckpointID
	// Buffer, if it is one, until the turn is over.
	Buffer *network.Buffer
}

// DeliveryPath tells the paths to a process apart: a connection, or who posts.
type DeliveryPath struct {
	Connection sim.ConnectionID
	Origin     sim.ProcessID
}

// What says in a few words what is delivered: "barrier 1", "the acknowledgement of checkpoint 1".
func (d *Delivery) What() string {
	switch d.Kind {
	case rpc.Acknowledge:
		return fmt.Sprintf("the acknowledgement of checkpoint %d", d.Checkpoint)
	case rpc.DeclineReport:
		return fmt.Sprintf("the decline of checkpoint %d", d.Checkpoint)
	case rpc.NotifyDone:
		return fmt.Sprintf("the completion of checkpoint %d", d.Checkpoint)
	case rpc.NotifyAbort:
		return fmt.Sprintf("the abort of checkpoint %d", d.Checkpoint)
	}
	b := d.Buffer
	switch b.Kind {
	case network.BarrierEvent:
		return fmt.Sprintf("barrier %d", b.Barrier.ID)
	case network.AnnouncementEvent:
		return fmt.Sprintf("the announcement of barrier %d", b.Barrier.ID)
	case network.CancelEvent:
		return fmt.Sprintf("the cancellation of checkpoint %d", b.Mark)
	case network.EndOfDataEvent:
		return "the end of data"
	case network.EndOfPartitionEvent:
		return "the end of the partition"
	case network.Data:
		return fmt.Sprintf("buffer %d", b.Sequence)
	}
	return fmt.Sprintf("event %d", b.Sequence)
}

// deliveries are the turns of a run: the messages of which the order can matter to a
// checkpoint come one by one, as the choices say.
type deliveries struct {
	choices []int
	made    int
	turn    func(waiting []Delivery, choice int) int
	waiting []Delivery
}

// turnsOf is nil for a run whose deliveries are left to the network.
func turnsOf(o *Options) sim.Turns {
	if len(o.Deliveries) == 0 {
		return nil
	}
	return &deliveries{choices: o.Deliveries, turn: o.Turn}
}

// Holds implements sim.Turns.
func (d *deliveries) Holds(kind rpc.Kind) bool {
	switch kind {
	case rpc.Buffer, rpc.NotifyDone, rpc.NotifyAbort, rpc.Acknowledge, rpc.DeclineReport:
		return true
	}
	return false
}

// Choose implements sim.Turns. A choice that is larger than the number of paths is the last.
func (d *deliveries) Choose(to sim.ProcessID, waiting []sim.Waiting) int {
	choice := 0
	if paths := len(waiting); paths > 1 {
		if d.made < len(d.choices) {
			choice = min(d.choices[d.made], paths-1)
		}
		d.made++
	}
	if d.turn == nil {
		return choice
	}
	d.waiting = d.waiting[:0]
	for i := range waiting {
		d.waiting = append(d.waiting, deliveryOf(to, &waiting[i]))
	}
	return d.turn(d.waiting, choice)
}

func deliveryOf(to sim.ProcessID, w *sim.Waiting) Delivery {
	d := Delivery{To: to, Path: DeliveryPath{w.Connection, w.Origin}, From: w.From, Receiver: w.To,
		Kind: w.Message.Kind}
	switch body := w.Message.Body.(type) {
	case *rpc.Acknowledgement:
		d.Task, d.Attempt, d.Checkpoint = body.Task, body.Attempt, body.Checkpoint
	case *rpc.DeclineNotice:
		d.Task, d.Attempt, d.Checkpoint = body.Task, body.Attempt, body.Checkpoint
	case *network.Buffer:
		d.Buffer = body
	default:
		d.Task, d.Attempt = protocol.TaskID(w.Message.A), protocol.Attempt(w.Message.B)
		d.Checkpoint = protocol.CheckpointID(w.Message.C)
	}
	return d
}
