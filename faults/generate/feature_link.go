package generate

import (
	"simrun/faults/plan"
	"simrun/protocol"
)

// isolate cuts all links of a task manager's machine: short, or until others give it up.
func isolate(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultIsolate, nodeName(int(d.Choose(uint64(d.shape.Nodes)))))
	timeout := max(d.shape.HeartbeatTimeoutNanos, d.shape.ConnectionTimeoutNanos)
	return d.lasting(f, timeout*5/4, timeout*2)
}

// hold keeps what a link is given, and lets it go at once; nobody is given up meanwhile.
func hold(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultHold, "")
	d.link(&f)
	return d.lasting(f, d.shape.HeartbeatTimeoutNanos/20, d.shape.HeartbeatTimeoutNanos*2/3)
}

// reset breaks the connections of a link at once.
func reset(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultReset, "")
	node := int(d.Choose(uint64(d.shape.Nodes)))
	f.Targets[0], f.Targets[1] = nodeName(node), nodeName((node+1)%d.shape.Nodes)
	return d.instant(f)
}

// jitter makes messages of a link take longer, each by a time of its own.
func jitter(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultJitter, "")
	d.link(&f)
	f.ByNanos = roundTime(Between(d, d.shape.CheckpointNanos/4, d.shape.HeartbeatTimeoutNanos/2))
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

// throttle leaves a link little bandwidth, but enough for control messages in time.
func throttle(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultThrottle, "")
	d.link(&f)
	f.BytesPerSecond = OneOf[int64](d, 1<<20, 256<<10, 4<<20)
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

// loseMessages, duplicateMessages and reorderMessages strike some or all control messages.
func loseMessages(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultLose, plan.AnyMessage)
	f.Every = OneOf[int64](d, 8, 4, 16)
	return d.lasting(f, d.shape.window()/10, d.shape.window()/2)
}

func duplicateMessages(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultDuplicate, plan.AnyMessage)
	f.ByNanos = roundTime(Between(d, 0, d.shape.HeartbeatTimeoutNanos))
	f.Every = OneOf[int64](d, 0, 2, 4)
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

func reorderMessages(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultReorder, plan.AnyMessage)
	f.ByNanos = roundTime(Between(d, d.shape.CheckpointNanos/4, d.shape.HeartbeatTimeoutNanos/2))
	f.ByNanos = max(f.ByNanos, minLastsNanos)
	f.Every = OneOf[int64](d, 2, 0, 4)
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}
