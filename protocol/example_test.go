package protocol_test

import (
	"fmt"

	"simrun/protocol"
)

// An aligned checkpoint passes a task with two channels.
func ExampleNewMachine() {
	task := protocol.NewMachine(protocol.Aligned, protocol.TaskShape{Task: 1, Channels: 2})
	barrier := protocol.Options(protocol.Aligned, protocol.CheckpointRequest{ID: 1})
	var effects protocol.Effects
	for channel := range protocol.ChannelIndex(2) {
		effects.Reset()
		task.Step(protocol.Input{Kind: protocol.InputBarrier, Channel: channel, Barrier: barrier}, &effects)
		fmt.Printf("barrier from channel %d\n%s", channel, &effects)
	}
	// Output:
	// barrier from channel 0
	// alignment-started checkpoint=1
	// block channel=0 checkpoint=1
	// barrier from channel 1
	// alignment-ended checkpoint=1
	// block channel=1 checkpoint=1
	// inputs-done checkpoint=1
	// snapshot id=1 alignment=aligned
	// resume channel=0 checkpoint=1
	// resume channel=1 checkpoint=1
}

// A cut that misses a record in flight names the channel and the counters.
func ExampleCheckCut() {
	var sent, received protocol.Chain
	sent.Extend(100)
	received.Extend(100)
	sent.Extend(101) // in flight, and nobody recorded it
	point := &protocol.RecoveryPoint{Checkpoint: 3, Tasks: []protocol.TaskPoint{
		{Task: 0, Sent: []protocol.Chain{sent}},
		{Task: 1, Received: []protocol.Chain{received}},
	}}
	links := []protocol.ChannelLink{{Sender: 0, Receiver: 1}}
	for _, violation := range protocol.CheckCut(point, links, protocol.ContractExactlyOnce) {
		fmt.Println(violation)
	}
	// Output:
	// lost checkpoint=3 link=0.0->1.0 received=1 input-state=0 output-state=0 sent=2
}

func ExampleParseEvent() {
	kind, args, err := protocol.ParseEvent("checkpoint-aborted checkpoint=3 reason=CHECKPOINT_EXPIRED")
	fmt.Println(kind, args[0], protocol.FailureReason(args[1]), err)
	fmt.Println(protocol.EventText(kind, args))
	// Output:
	// checkpoint-aborted 3 CHECKPOINT_EXPIRED <nil>
	// checkpoint-aborted checkpoint=3 reason=CHECKPOINT_EXPIRED
}
