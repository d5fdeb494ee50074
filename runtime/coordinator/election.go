package coordinator

import (
	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/runtime/step"
	"simrun/sim"
)

// LeaseOptions are the timings of the leader election.
type LeaseOptions struct {
	// DurationNanos is how long a lease holds after its last renewal.
	DurationNanos int64
	// RenewNanos is how often the leader renews it, and RetryNanos how often the others
	// look at it.
	RenewNanos, RetryNanos int64
	// Bug is the planted bug of the run; NoBug in a healthy one.
	Bug protocol.Bug
	// Operations, if not nil, takes the requests for the lease down.
	Operations *protocol.OperationLog
}

// DefaultLeaseOptions are Flink's for Kubernetes:
// high-availability.kubernetes.leader-election.lease-duration 15 s and retry-period 5 s.
func DefaultLeaseOptions() LeaseOptions {
	return LeaseOptions{DurationNanos: 15e9, RenewNanos: 5e9, RetryNanos: 5e9}
}

// leaseOptions are those of a job's options.
func leaseOptions(f *job.Failure) LeaseOptions {
	if f.LeaseDurationNanos == 0 {
		return DefaultLeaseOptions()
	}
	return LeaseOptions{
		DurationNanos: f.LeaseDurationNanos, RenewNanos: f.LeaseRetryNanos, RetryNanos: f.LeaseRetryNanos,
	}
}

// Lease is the object that the leader holds. Epoch is the fencing token: it rises with
// every change of the holder, also to a new incarnation of the same one.
type Lease struct {
	Holder  int32
	Epoch   int64
	Renewal int64
}

const leaseBytes = 64

// candidates: each next job manager of a new cluster is up that part of a retry period later.
const candidates = 5

// election is one job manager's part in the leader election (Kubernetes:
// client-go LeaderElector). No two clocks are compared: a follower takes the lease when,
// by its own clock, nobody has renewed it for its duration; the leader gives up when, by
// its own clock, it could not renew for that long. As clocks may drift, both can believe
// to lead for a moment; the job's record tells them apart by epoch.
type election struct {
	options LeaseOptions
	store   sim.StoreID
	index   int32
	leading bool
	// lease and version are what was last seen in the store; unknown: it must be read
	// before the next write.
	lease   Lease
	version int64
	unknown bool
	// seenNanos is when this version was first seen (follower) or when its writing began
	// (leader), by the own clock.
	seenNanos int64
	waiting   bool // for an answer of the store
	sentNanos int64
	claiming  Lease // what is being written
	call      int   // of the request under way, in Operations
	steps     *step.Hook
}

func (e *election) receive(c *sim.Context, m sim.Message) {
	switch m.Kind {
	case rpc.LeaseTimer:
		e.tick(c)
	case leaseLoaded, leaseStored:
		e.waiting = false
		reply := m.Body.(*sim.StoreReply)
		lease, _ := reply.Body.(*Lease)
		e.options.Operations.Return(e.call, c.NowNanos(), operationOutcome(reply), reply.Version, leaseValue(lease))
		if m.Kind == leaseLoaded {
			e.loaded(c, reply)
		} else {
			e.stored(c, reply)
		}
	}
}

// leaseValue is what the lease's rules speak of. An epoch belongs to one holder.
func leaseValue(l *Lease) protocol.RegisterValue {
	if l == nil {
		return protocol.RegisterValue{}
	}
	return protocol.RegisterValue{Epoch: l.Epoch, Owner: int64(l.Holder) + 1, Counter: l.Renewal}
}

// stepDown follows again: another leader has been seen.
func (e *election) stepDown(c *sim.Context) {
	e.leading, e.unknown, e.seenNanos = false, true, c.ClockNanos()
}

// tick looks at the lease, or renews it.
func (e *election) tick(c *sim.Context) {
	period := e.options.RetryNanos
	if e.leading {
		period = e.options.RenewNanos
		if c.ClockNanos()-e.seenNanos >= e.options.DurationNanos {
			e.leading = false
		}
	}
	c.After(period, sim.Message{Kind: rpc.LeaseTimer, Housekeeping: true})
	switch {
	case e.waiting:
	case e.leading && !e.unknown:
		e.write(c, Lease{e.index, e.lease.Epoch, e.lease.Renewal + 1})
	default:
		e.waiting = true
		e.call = e.options.Operations.Call(protocol.Operation{
			Service: protocol.ServiceLease, Kind: protocol.OperationRead, Client: int64(e.index),
			CallNanos: c.NowNanos(),
		})
		c.Store(e.store).Get(rpc.LeaseKey(), sim.Message{Kind: leaseLoaded, Housekeeping: true})
	}
}

func (e *election) write(c *sim.Context, lease Lease) {
	if e.steps.Before(c, protocol.StepAskLease, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	e.waiting = true
	e.claiming, e.sentNanos = lease, c.ClockNanos()
	e.call = e.options.Operations.Call(protocol.Operation{
		Service: protocol.ServiceLease, Kind: protocol.OperationSwap, Client: int64(e.index),
		CallNanos: c.NowNanos(), Expected: e.version, Value: leaseValue(&lease),
	})
	c.Store(e.store).CompareAndSwap(rpc.LeaseKey(), e.version, leaseBytes, &lease,
		sim.Message{Kind: leaseStored, Housekeeping: true})
}

// loaded follows the lease, and claims it once it is free.
func (e *election) loaded(c *sim.Context, reply *sim.StoreReply) {
	if failed(reply) {
		return
	}
	if !reply.Found {
		e.version = 0
		e.write(c, Lease{Holder: e.index, Epoch: 1})
		return
	}
	changed := reply.Version != e.version
	e.version, e.lease, e.unknown = reply.Version, *reply.Body.(*Lease), false
	switch {
	case e.leading:
		e.leading = e.lease.Holder == e.index && e.lease.Epoch == e.claiming.Epoch
	case changed:
		e.seenNanos = c.ClockNanos()
	case c.ClockNanos()-e.seenNanos >= e.options.DurationNanos:
		if e.options.Bug == protocol.BugEpochKept {
			e.lease.Epoch--
		}
		e.write(c, Lease{Holder: e.index, Epoch: e.lease.Epoch + 1})
	}
}

// stored takes note of an own write. One whose outcome is unknown is looked up at the
// next tick; if it took effect, a leader goes on, and a follower, which would find its own
// name in a lease that it does not hold, waits for that to expire.
func (e *election) stored(c *sim.Context, reply *sim.StoreReply) {
	if e.steps.After(c, protocol.StepAskLease, protocol.NoTask, protocol.NoCheckpoint) {
		return
	}
	switch outcomeOf(reply) {
	case writeDone:
		e.version, e.lease, e.seenNanos = reply.Version, e.claiming, e.sentNanos
		e.leading = true
	case writeConflict:
		e.leading = false
	case writeUnknown:
		e.unknown = true
	}
}
