package step_test

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/step"
	"simrun/sim"
)

// writer makes a step, unless it dies before it.
type writer struct{ steps *step.Hook }

func (w *writer) Receive(c *sim.Context, _ sim.Message) {
	if w.steps.Before(c, protocol.StepWriteMetadata, protocol.NoTask, 7) {
		return
	}
	fmt.Println("writes the metadata of checkpoint 7")
	w.steps.After(c, protocol.StepWriteMetadata, protocol.NoTask, 7)
}

// A watch sees every step on both sides, and can crash who makes it: then it is not made.
func Example() {
	hook := &step.Hook{}
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "node-0"})
	process := k.AddProcess(sim.ProcessOptions{Name: "job-manager-0", Node: node, Boot: func(b *sim.Boot) {
		b.Send(b.Spawn("writer", &writer{hook}), 1, sim.Message{})
	}})
	crash := false
	hook.Set(func(_ *sim.Context, at protocol.StepReached) {
		fmt.Println(at.Moment, at.Step)
		if crash {
			k.Crash(process)
		}
	})
	k.RunUntil(10)
	crash = true
	k.Crash(process)
	k.Restart(process)
	k.RunUntil(20)
	// Output:
	// before write-metadata
	// writes the metadata of checkpoint 7
	// after write-metadata
	// before write-metadata
}
