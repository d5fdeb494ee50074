package generate

import (
	"strconv"

	"simrun/faults/plan"
	"simrun/protocol"
)

func pauseShort(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultPause, d.process())
	return d.lasting(f, d.shape.HeartbeatTimeoutNanos/20, d.shape.HeartbeatTimeoutNanos*2/3)
}

func pauseLong(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultPause, d.process())
	f.LastsNanos = roundTime(Between(d, d.shape.HeartbeatTimeoutNanos*5/4, d.shape.HeartbeatTimeoutNanos*3))
	if d.mustStrike() && d.standbys() && isJobManager(f.Targets[0]) {
		d.atLeader(&f)
		return []plan.Fault{f}
	}
	return d.instant(f)
}

// factors are how much slower things get.
var factors = []int64{2, 5, 20}

func slowOperator(d *drawing) []plan.Fault {
	op := &d.shape.Operators[d.Choose(uint64(len(d.shape.Operators)))]
	target := op.ID
	if Chance(d, 1, 2) {
		target = op.subtask(d)
	}
	return d.slower(target)
}

func slowExternal(d *drawing) []plan.Fault { return d.slower(OneOf(d, d.shape.Externals...)) }

func slowStorage(d *drawing) []plan.Fault { return d.slower(roleStorage) }

func (d *drawing) slower(target string) []plan.Fault {
	f := d.fault(protocol.FaultSlow, target)
	f.FactorNumerator, f.FactorDenominator = OneOf(d, factors...), 1
	return d.lasting(f, d.shape.window()/20, d.shape.window())
}

func stall(d *drawing) []plan.Fault {
	target := d.subtask()
	if len(d.shape.Externals) > 0 && Chance(d, 1, 3) {
		target = OneOf(d, d.shape.Externals...)
	}
	f := d.fault(protocol.FaultStall, target)
	return d.lasting(f, d.shape.window()/20, d.shape.window()/2)
}

// delay makes a link slow: less than a heartbeat may take, so that nobody is given up.
func delay(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultDelay, "")
	d.link(&f)
	f.ByNanos = roundTime(Between(d, d.shape.CheckpointNanos/4, d.shape.HeartbeatTimeoutNanos*2/3))
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

func partitionShort(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultPartition, "")
	d.link(&f)
	shortest := min(d.shape.HeartbeatTimeoutNanos, d.shape.ConnectionTimeoutNanos)
	return d.lasting(f, shortest/20, shortest*2/3)
}

func partitionLong(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultPartition, "")
	d.link(&f)
	longest := max(d.shape.HeartbeatTimeoutNanos, d.shape.ConnectionTimeoutNanos)
	return d.lasting(f, longest*5/4, longest*2)
}

// swizzle cuts a random half of the machines off the job manager, one after the other, and
// heals them in another order: FoundationDB's "swizzle-clog", which found it more bugs than
// any other fault because every process sees the others come and go differently.
func swizzle(d *drawing) []plan.Fault {
	longest := max(d.shape.HeartbeatTimeoutNanos, d.shape.ConnectionTimeoutNanos)
	start := d.time()
	var cuts []plan.Fault
	for node := range d.shape.Nodes {
		if node > 0 && !Chance(d, 1, 2) {
			continue
		}
		f := d.fault(protocol.FaultPartition, nodeName(node))
		f.Targets[1] = nodeOf(d.jobManager())
		f.AtNanos = start + roundTime(Between(d, 0, longest/2))
		f.LastsNanos = start + longest + roundTime(Between(d, 0, longest)) - f.AtNanos
		cuts = append(cuts, f)
	}
	return cuts
}

// failWrites fails so few that the job tolerates them, or, where it may, all for a while.
func failWrites(d *drawing) []plan.Fault { return d.failing(protocol.StoragePut, false) }

func failReads(d *drawing) []plan.Fault { return d.failing(protocol.StorageGet, false) }

// failRecovery kills a job manager or a task and has reads fail in the recovery from that: a
// new leader reads the job's record and its checkpoints, tasks read their state.
func failRecovery(d *drawing) []plan.Fault {
	dead := d.fault(protocol.FaultCrash, d.jobManager())
	step, ordinal := OneOf(d, protocol.StepReadRecord, protocol.StepFence, protocol.StepLead), int64(2)
	if Chance(d, 1, 3) {
		dead.Targets[0] = d.subtask()
		step, ordinal = OneOf(d, protocol.StepFailOver, protocol.StepChooseRestore), 1
	} else {
		dead.LastsNanos = d.down()
	}
	if isJobManager(dead.Targets[0]) && d.mustStrike() && d.standbys() {
		d.atLeader(&dead)
	} else {
		d.when(&dead)
	}
	bad := d.fault(protocol.FaultFail, roleStorage)
	bad.Operation, bad.Count = protocol.StorageGet, Between(d, 1, 4)
	bad.When = plan.When{Step: step.String(), Ordinal: ordinal}
	if step == protocol.StepChooseRestore {
		bad.Ordinal = 2
	}
	bad.LastsNanos = max(roundTime(Between(d, d.shape.window()/10, d.shape.window())), minLastsNanos)
	return []plan.Fault{dead, bad}
}

func loseAnswers(d *drawing) []plan.Fault {
	operation := OneOf(d, protocol.StoragePut, protocol.StorageDelete, protocol.StorageAny)
	return d.failing(operation, true)
}

func (d *drawing) failing(operation protocol.StorageOperation, unknown bool) []plan.Fault {
	f := d.fault(protocol.FaultFail, roleStorage)
	f.Operation, f.Unknown = operation, unknown
	f.Count = Between(d, 1, 4)
	return d.lasting(f, d.shape.window()/10, d.shape.window())
}

// link draws the two ends of a link: machines, or the processes on them.
func (d *drawing) link(f *plan.Fault) {
	node := int(d.Choose(uint64(d.shape.Nodes)))
	f.Targets[0] = nodeName(node)
	f.Targets[1] = nodeOf(d.jobManager())
	if d.shape.Nodes > 1 && Chance(d, 1, 2) {
		other := int(d.Choose(uint64(d.shape.Nodes - 1)))
		if other >= node {
			other++
		}
		f.Targets[1] = nodeName(other)
	}
	if Chance(d, 1, 2) {
		f.Targets[0], f.Targets[1] = f.Targets[1], f.Targets[0]
	}
	f.OneWay = Chance(d, 1, 2)
}

// roleStorage is the checkpoint storage.
const roleStorage = "storage"

func nodeName(node int) string { return "node-" + strconv.Itoa(node) }

// nodeOf is the machine of a job manager or an external system.
func nodeOf(role string) string { return "node-" + role }

// roundTime keeps two digits of a time, so that plans read well.
func roundTime(nanos int64) int64 {
	step := int64(1)
	for nanos/step >= 100 {
		step *= 10
	}
	return max(nanos/step*step, 0)
}
