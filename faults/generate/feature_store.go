package generate

import (
	"simrun/faults/plan"
	"simrun/protocol"
)

func crashStorage(d *drawing) []plan.Fault {
	f := d.fault(protocol.FaultCrash, roleStorage)
	f.LastsNanos = d.down()
	return d.instant(f)
}

// tearWrites has writes leave a part of their object behind, and somebody die who writes.
func tearWrites(d *drawing) []plan.Fault {
	torn := d.fault(protocol.FaultTear, roleStorage)
	torn.LastsNanos = d.shape.FromNanos + d.shape.window()
	d.perhapsAtStep(&torn)
	dies := d.fault(protocol.FaultCrash, d.taskManager())
	dies.LastsNanos = d.down()
	d.when(&dies)
	return []plan.Fault{dies, torn}
}

// loseUnsynced has writes durable late, and the storage die when they are: what was lost
// before could be a completed checkpoint, and that cannot be survived.
func loseUnsynced(d *drawing) []plan.Fault {
	late := d.fault(protocol.FaultUnsync, roleStorage)
	usual := d.shape.CheckpointNanos
	late.ByNanos = max(roundTime(Between(d, usual/4, usual*4)), minLastsNanos)
	late.AtNanos = (d.shape.FromNanos + 1e6 - 1) / 1e6 * 1e6
	late.LastsNanos = max(roundTime(Between(d, d.shape.window()/10, d.shape.window()/2)), minLastsNanos)
	if d.perhapsAtStep(&late) {
		return []plan.Fault{late} // when all is synced again is not known
	}
	dies := d.fault(protocol.FaultCrash, roleStorage)
	dies.AtNanos = max(late.AtNanos+late.LastsNanos+late.ByNanos+1e6, d.shape.FromNanos)
	dies.LastsNanos = d.down()
	return []plan.Fault{late, dies}
}

// corruptReads kills a task and gives wrong bytes to some of those who read state then.
func corruptReads(d *drawing) []plan.Fault {
	dies := d.fault(protocol.FaultCrash, d.subtask())
	d.when(&dies)
	bad := d.fault(protocol.FaultCorrupt, roleStorage)
	bad.Count = Between(d, 1, 3)
	if bad.When = (plan.When{Step: protocol.StepFailOver.String(), Ordinal: 1}); Chance(d, 1, 2) {
		bad.When = plan.When{}
		d.inRecovery(&bad)
	}
	bad.LastsNanos = max(roundTime(Between(d, d.shape.window()/4, d.shape.window())), minLastsNanos)
	return []plan.Fault{dies, bad}
}

// lagLists has lists show what was there before, while a new leader looks what is there.
func lagLists(d *drawing) []plan.Fault {
	dies := d.fault(protocol.FaultCrash, d.jobManager())
	dies.LastsNanos = d.down()
	if d.mustStrike() && d.standbys() {
		d.atLeader(&dies)
	} else {
		d.when(&dies)
	}
	old := d.fault(protocol.FaultLag, roleStorage)
	old.ByNanos = max(roundTime(Between(d, d.shape.CheckpointNanos, d.shape.window())), minLastsNanos)
	old.AtNanos, old.LastsNanos = d.shape.FromNanos/2, d.shape.FromNanos+2*d.shape.window()
	d.perhapsAtStep(&old)
	return []plan.Fault{dies, old}
}

// perhapsAtStep has what lies in wait from the beginning do so from a step on only.
func (d *drawing) perhapsAtStep(f *plan.Fault) bool {
	if !d.atStep || !Chance(d, 1, 2) {
		return false
	}
	f.AtNanos = 0
	d.atProtocolStep(f)
	return true
}
