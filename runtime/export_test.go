package runtime

import "simrun/runtime/coordinator"

// InFlight is what the system measures at a trigger.
func (c *System) InFlight() coordinator.InFlight { return c.inFlight() }

// ActiveSlowdowns is how many slowdowns and stalls have not ended.
func (t *Target) ActiveSlowdowns() int { return len(t.slow) }
