package runtime

import (
	"fmt"

	"simrun/protocol"
	"simrun/sim"
)

// activeThrottle is a limit of a way that has not ended: the lowest of them holds.
type activeThrottle struct {
	from, to       sim.NodeID
	bytesPerSecond int64
}

// ends are the two machines of a link.
func (t *Target) ends(d *protocol.Disturbance) (a, b sim.NodeID, err error) {
	a, okA := t.node(d.Targets[0])
	b, okB := t.node(d.Targets[1])
	switch {
	case !okA:
		return a, b, t.refuse(d)
	case !okB:
		return a, b, &RoleError{d.Targets[1], d.Kind, protocol.Nearest(d.Targets[1], t.Roles())}
	case a == b:
		return a, b, fmt.Errorf("cannot %s %q and %q: they are on one machine", d.Kind, d.Targets[0], d.Targets[1])
	case d.Kind != protocol.FaultPartition && (t.isStorage(a) || t.isStorage(b)):
		return a, b, &RoleError{storageRole, d.Kind, ""}
	}
	return a, b, nil
}

// isStorage reports whether a machine is the storage's: requests to it do not go by links,
// though a partition keeps them away.
func (t *Target) isStorage(n sim.NodeID) bool { return t.s.Kernel.NodeName(n) == storageRole }

func (t *Target) hurtLink(d *protocol.Disturbance) (int64, error) {
	a, b, err := t.ends(d)
	if err != nil {
		return 0, err
	}
	if d.Kind == protocol.FaultReset {
		if t.s.Kernel.ResetConnections(a, b) == 0 {
			return int64(a), fmt.Errorf("no connection joins %q and %q", d.Targets[0], d.Targets[1])
		}
		return int64(a), nil
	}
	t.hurtWay(d, a, b)
	if !d.OneWay {
		t.hurtWay(d, b, a)
	}
	return int64(a), nil
}

func (t *Target) mendLink(d *protocol.Disturbance) error {
	a, b, err := t.ends(d)
	if err != nil {
		return err
	}
	t.mendWay(d, a, b)
	if !d.OneWay {
		t.mendWay(d, b, a)
	}
	return nil
}

// hurtWay hurts a link in one direction. Faults of one way add up, and end one by one.
func (t *Target) hurtWay(d *protocol.Disturbance, from, to sim.NodeID) {
	switch d.Kind {
	case protocol.FaultPartition:
		t.s.Kernel.PartitionOneWay(from, to)
	case protocol.FaultHold:
		t.s.Kernel.HoldOneWay(from, to)
	case protocol.FaultDelay:
		t.delay(from, to, d.ByNanos, 0)
	case protocol.FaultJitter:
		t.delay(from, to, 0, d.ByNanos)
	case protocol.FaultThrottle:
		t.throttles = append(t.throttles, activeThrottle{from, to, d.BytesPerSecond})
		t.throttle(from, to)
	}
}

func (t *Target) mendWay(d *protocol.Disturbance, from, to sim.NodeID) {
	switch d.Kind {
	case protocol.FaultPartition:
		t.s.Kernel.HealOneWay(from, to)
	case protocol.FaultHold:
		t.s.Kernel.ReleaseOneWay(from, to)
	case protocol.FaultDelay:
		t.delay(from, to, -d.ByNanos, 0)
	case protocol.FaultJitter:
		t.delay(from, to, 0, -d.ByNanos)
	case protocol.FaultThrottle:
		ended := activeThrottle{from, to, d.BytesPerSecond}
		for i, active := range t.throttles {
			if active == ended {
				t.throttles = append(t.throttles[:i], t.throttles[i+1:]...)
				break
			}
		}
		t.throttle(from, to)
	}
}

func (t *Target) delay(from, to sim.NodeID, byNanos, jitterNanos int64) {
	options := t.s.Kernel.LinkOptionsOf(from, to)
	options.AddedNanos += byNanos
	options.JitterNanos += jitterNanos
	t.s.Kernel.SetLinkOneWay(from, to, options)
}

// throttle gives a way the lowest bandwidth of its active limits and its own.
func (t *Target) throttle(from, to sim.NodeID) {
	options := t.s.Kernel.LinkOptionsOf(from, to)
	options.BytesPerSecond = t.s.options.Cluster.Network.LinkBytesPerSecond
	for _, active := range t.throttles {
		if active.from == from && active.to == to &&
			(options.BytesPerSecond == 0 || active.bytesPerSecond < options.BytesPerSecond) {
			options.BytesPerSecond = active.bytesPerSecond
		}
	}
	t.s.Kernel.SetLinkOneWay(from, to, options)
}

// isolate cuts all links of a machine.
func (t *Target) isolate(d *protocol.Disturbance) (int64, error) {
	n, ok := t.node(d.Targets[0])
	if !ok {
		return 0, t.refuse(d)
	}
	for other := range t.s.Kernel.NodeCount() {
		t.s.Kernel.Partition(n, sim.NodeID(other))
	}
	return int64(n), nil
}

func (t *Target) rejoin(d *protocol.Disturbance) error {
	n, ok := t.node(d.Targets[0])
	if !ok {
		return t.refuse(d)
	}
	for other := range t.s.Kernel.NodeCount() {
		t.s.Kernel.Heal(n, sim.NodeID(other))
	}
	return nil
}
