package coordinator

import (
	"slices"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/rpc"
	"simrun/sim"
)

// JobRecord is what a job manager must not lose: it is kept in the highly available store
// as one object, so that every change is one compare-and-swap (Flink: the checkpoint
// pointers, CheckpointIDCounter and JobResultStore in ZooKeeper or Kubernetes).
type JobRecord struct {
	// Epoch is that of the leader that wrote it: once a new leader has written the record,
	// an older one can write no more.
	Epoch int64
	// NextAttempt and NextCheckpoint are free: no task and no checkpoint ever had them.
	NextAttempt    protocol.Attempt
	NextCheckpoint protocol.CheckpointID
	// Completed are the retained checkpoints, oldest first.
	Completed []Pointer
	// Savepoints are the user's: they are never restored from here, and never deleted.
	Savepoints []protocol.CheckpointID
	// Status is terminal once the job has ended; then nobody starts it again.
	Status protocol.JobStatus
}

// Pointer says where the metadata of a completed checkpoint is.
type Pointer struct {
	Checkpoint protocol.CheckpointID
	Attempt    protocol.Attempt
	// Unclaimed checkpoints belong to another run and are never deleted.
	Unclaimed bool
}

// recordBytes and pointerBytes are sizes in the store.
const (
	recordBytes  = 128
	pointerBytes = 64
)

// clone is a copy that may be changed; what was handed to the store may not.
func (m *Memory) clone(r *JobRecord) *JobRecord {
	copied := m.records.New()
	*copied = *r
	copied.Completed = append(m.pointers.Room(max(pointersRoom, len(r.Completed)+1)), r.Completed...)
	copied.Savepoints = slices.Clone(r.Savepoints)
	return copied
}

func (r *JobRecord) sizeBytes() int64 { return recordBytes + int64(len(r.Completed))*pointerBytes }

// change is one wanted change of the record; done is told how it ended.
type change struct {
	apply func(r *JobRecord)
	done  func(c *sim.Context, outcome writeOutcome)
}

// keeper writes one leader's changes of the record, in order, one at a time. It fences:
// when the record was written by somebody with a higher epoch, deposed is called and
// nothing more is written.
type keeper struct {
	options *JobManagerOptions
	epoch   int64
	// current is the record as it is in the store at version.
	current *JobRecord
	version int64
	// unknown: a write may or may not have happened; the record must be read first.
	unknown bool
	busy    bool
	writing *JobRecord
	call    int // of the request under way, in the log of operations
	queue   []change
	// reading is called when the record has been read, deposed when a newer leader wrote it.
	reading func(c *sim.Context)
	deposed func(c *sim.Context)
}

func (k *keeper) durable() bool {
	return k.options.Config.HighAvailability == job.HighAvailabilityStore
}

// update queues a change.
func (k *keeper) update(c *sim.Context, apply func(*JobRecord), done func(*sim.Context, writeOutcome)) {
	k.queue = append(k.queue, change{apply, done})
	k.next(c)
}

// next starts what is to be done next. In memory a change is done at once.
func (k *keeper) next(c *sim.Context) {
	for !k.durable() && len(k.queue) > 0 {
		first := k.queue[0]
		k.queue = slices.Delete(k.queue, 0, 1)
		k.current = k.options.Memory.clone(k.current)
		first.apply(k.current)
		first.done(c, writeDone)
	}
	switch {
	case k.busy || !k.durable():
	case k.unknown || k.reading != nil:
		k.busy = true
		reply := sim.Message{Kind: rpc.PointerLoaded, D: k.epoch}
		k.called(c, protocol.OperationRead, protocol.RegisterValue{})
		c.Store(k.options.HighAvailability).Get(rpc.JobKey(), reply)
	case len(k.queue) > 0:
		k.write(c)
	}
}

func (k *keeper) write(c *sim.Context) {
	k.busy = true
	k.writing = k.options.Memory.clone(k.current)
	k.writing.Epoch = k.epoch
	k.queue[0].apply(k.writing)
	k.called(c, protocol.OperationSwap, k.writing.value())
	c.Store(k.options.HighAvailability).CompareAndSwap(
		rpc.JobKey(), k.version, k.writing.sizeBytes(), k.writing,
		sim.Message{Kind: rpc.PointerStored, D: k.epoch})
}

// stored ends the change that was being written. A conflict means that somebody wrote
// after this leader last did: reading tells who, and the change is made again, or never.
func (k *keeper) stored(c *sim.Context, reply *sim.StoreReply) {
	k.busy = false
	k.returned(c, reply)
	outcome := outcomeOf(reply)
	switch outcome {
	case writeConflict:
		k.unknown = true
		k.next(c)
		return
	case writeDone:
		k.current, k.version = k.writing, reply.Version
	case writeUnknown:
		k.unknown = true
	}
	first := k.queue[0]
	k.queue = slices.Delete(k.queue, 0, 1)
	first.done(c, outcome)
	k.next(c)
}

// read reads the record anew, then calls done; it goes on trying until it can.
func (k *keeper) read(c *sim.Context, done func(*sim.Context)) {
	k.reading = done
	if !k.durable() {
		k.reading = nil
		if k.current == nil {
			k.current = &JobRecord{NextCheckpoint: 1, NextAttempt: firstAttempt(c.Incarnation())}
		}
		done(c)
	}
	k.next(c)
}

// firstAttempt is where a job manager without a durable record starts to count: what an
// earlier incarnation of it has deployed may still run.
func firstAttempt(incarnation int32) protocol.Attempt { return protocol.Attempt(incarnation) << 8 }

// floor is the first attempt that this job manager may clean up after: what the run
// before has written belongs to that one, and without a durable record nobody knows what
// an earlier incarnation has retained.
func (k *keeper) floor(c *sim.Context) (floor protocol.Attempt) {
	if from := k.options.RestoreFrom; from != nil {
		floor = from.Metadata.Attempt + 1
	}
	if !k.durable() {
		floor = max(floor, firstAttempt(c.Incarnation()))
	}
	return floor
}

// loaded takes what was read as the truth, or steps back from a newer leader.
func (k *keeper) loaded(c *sim.Context, reply *sim.StoreReply) {
	k.returned(c, reply)
	if failed(reply) {
		c.After(storeRetryNanos, sim.Message{Kind: retryTimer, A: retryRecord, D: k.epoch})
		return
	}
	k.busy = false
	k.current, k.version, k.unknown = &JobRecord{NextCheckpoint: 1}, 0, false
	if reply.Found {
		k.current, k.version = reply.Body.(*JobRecord), reply.Version
	}
	if k.current.Epoch > k.epoch {
		k.queue, k.reading = nil, nil
		k.deposed(c)
		return
	}
	if done := k.reading; done != nil {
		k.reading = nil
		done(c)
	}
	k.next(c)
}

// retry reads again after a failure.
func (k *keeper) retry(c *sim.Context) {
	k.busy = false
	k.next(c)
}

// called takes down a request to the store.
func (k *keeper) called(c *sim.Context, kind protocol.OperationKind, value protocol.RegisterValue) {
	k.call = k.options.Operations.Call(protocol.Operation{
		Service: protocol.ServiceCheckpoints, Kind: kind, Client: int64(k.options.Index),
		CallNanos: c.NowNanos(), Expected: k.version, Value: value,
	})
}

// returned takes down the store's answer.
func (k *keeper) returned(c *sim.Context, reply *sim.StoreReply) {
	found, _ := reply.Body.(*JobRecord)
	value := protocol.RegisterValue{}
	if found != nil {
		value = found.value()
	}
	k.options.Operations.Return(k.call, c.NowNanos(), operationOutcome(reply), reply.Version, value)
}

// value is what the rules of the checkpoint store speak of.
func (r *JobRecord) value() protocol.RegisterValue {
	v := protocol.RegisterValue{
		Epoch: r.Epoch, Counter: int64(r.NextCheckpoint), Ended: r.Status != protocol.JobCreated,
	}
	if n := len(r.Completed); n > 0 {
		v.Newest = r.Completed[n-1].Checkpoint
	}
	return v
}
