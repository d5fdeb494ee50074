package operator

import (
	"fmt"

	"simrun/protocol"
	"simrun/runtime/record"
)

// Inputs hands the records of a task's channels out again, in the order of each channel.
type Inputs interface {
	// Next is the next record of the channel and the function's input that it goes to;
	// false if the channel has none left.
	Next(channel protocol.ChannelIndex) (r record.Record, input int, ok bool)
}

// Reexecute makes the chain do again what the steps witnessed, from the state it is in,
// and shows emit what leaves it. It says at which step a channel lacked a record.
func Reexecute(c *Chain, steps []Step, inputs Inputs, emit func(*record.Record)) error {
	for i, step := range steps {
		if step.Kind != StepRecords {
			c.repeat(step)
			show(c, emit)
			continue
		}
		for n := range step.Count {
			r, input, ok := inputs.Next(step.Channel)
			if !ok {
				return fmt.Errorf("step %d: channel %d has only %d of %d records",
					i, step.Channel, n, step.Count)
			}
			c.Process(input, &r)
			show(c, emit)
		}
	}
	return nil
}

// repeat carries out a step that is no record.
func (c *Chain) repeat(step Step) {
	switch step.Kind {
	case StepWatermark:
		c.Watermark(step.Input, step.Nanos, 0)
	case StepStatus:
		c.Status(step.Input, record.Tag(step.Nanos), 0)
	case StepEventTimers:
		c.Continue(int(step.Count))
	case StepProcessingTimers:
		c.FireProcessingTimers(step.Nanos, int(step.Count))
	case StepClock:
		c.Out.Records = c.Out.Records[:0]
		c.ClockNanos = step.Nanos
	case StepFinish:
		c.Finish()
	default:
		panic(fmt.Sprintf("operator: unknown step kind %d", step.Kind))
	}
}

func show(c *Chain, emit func(*record.Record)) {
	for i := range c.Out.Records {
		emit(&c.Out.Records[i])
	}
}
