package runtime

import (
	"simrun/protocol"
	"simrun/runtime/coordinator"
	"simrun/runtime/record"
)

// inFlight measures, outside of the model, what is in all channels at a trigger: bytes
// and records, and how long the busiest sink subtask will need for what is bound for it.
// It is the input of the closed forms (reference protocols.md 5.2, 5.3).
func (c *System) inFlight() coordinator.InFlight {
	var total coordinator.InFlight
	c.routes.reset(c)
	for _, t := range c.live {
		if t == nil {
			continue
		}
		t.InFlight(func(to protocol.TaskID, bytes int64, elements []record.Record) {
			total.Bytes += bytes
			for i := range elements {
				if elements[i].IsRecord() {
					total.Records++
					c.routes.bound(to, &elements[i])
				}
			}
		})
	}
	total.BottleneckNanos = c.routes.longest()
	return total
}
