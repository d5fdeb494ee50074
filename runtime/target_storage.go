package runtime

import (
	"simrun/protocol"
	"simrun/sim"
)

// storeFault is a fault of storage requests that has not ended.
type storeFault struct {
	disturbance protocol.Disturbance
	fault       *sim.StoreFault
}

func (t *Target) storage() *sim.Store { return t.s.Kernel.StoreAt(t.s.store) }

func (t *Target) hurtStorage(d *protocol.Disturbance) (int64, error) {
	if d.Kind == protocol.FaultFail && d.Targets[0] != storageRole {
		return t.failRequests(d)
	}
	if d.Targets[0] != storageRole || d.Operation.OfExternal() {
		return 0, t.refuse(d)
	}
	t.watchDamage()
	switch d.Kind {
	case protocol.FaultTear:
		t.storage().TearPuts(true)
	case protocol.FaultUnsync:
		t.storage().DelaySync(d.ByNanos)
	case protocol.FaultLag:
		t.storage().LagLists(d.ByNanos)
	default:
		fault := storeFaultOf(d)
		t.stores = append(t.stores, storeFault{*d, fault})
		t.storage().AddFault(fault)
	}
	return 0, nil
}

func (t *Target) mendStorage(d *protocol.Disturbance) {
	if d.Targets[0] != storageRole {
		t.answerRequests(d)
		return
	}
	switch d.Kind {
	case protocol.FaultTear:
		t.storage().TearPuts(false)
	case protocol.FaultUnsync:
		t.storage().EndDelaySync(d.ByNanos)
	case protocol.FaultLag:
		t.storage().EndLagLists(d.ByNanos)
	default:
		for i := range t.stores {
			if t.stores[i].disturbance == *d {
				t.storage().RemoveFault(t.stores[i].fault)
				t.stores = append(t.stores[:i], t.stores[i+1:]...)
				return
			}
		}
	}
}

// storeFaultOf is what the store makes of failing requests and corrupt reads.
func storeFaultOf(d *protocol.Disturbance) *sim.StoreFault {
	fault := &sim.StoreFault{Remaining: int(d.Count), Every: d.Every}
	if d.Count == 0 {
		fault.Remaining = -1
	}
	if d.Kind == protocol.FaultCorrupt {
		fault.Gets, fault.Err, fault.Applied = true, sim.StoreCorrupt, true
		return fault
	}
	if d.Unknown {
		fault.Err, fault.Applied = sim.StoreTimedOut, true
	}
	any := d.Operation == protocol.StorageAny
	fault.Puts = any || d.Operation == protocol.StoragePut
	fault.Gets = any || d.Operation == protocol.StorageGet
	fault.Deletes = any || d.Operation == protocol.StorageDelete
	fault.Lists = any || d.Operation == protocol.StorageList
	return fault
}

var kindOfDamage = [...]protocol.FaultKind{
	sim.DamageTorn: protocol.FaultTear, sim.DamageUnsynced: protocol.FaultUnsync,
	sim.DamageStale: protocol.FaultLag, sim.DamageCorrupt: protocol.FaultCorrupt,
}

// watchDamage has the first damage of each kind told.
func (t *Target) watchDamage() {
	told := [len(kindOfDamage)]bool{}
	t.storage().OnDamage(func(d sim.StoreDamage) {
		if !told[d] {
			told[d] = true
			t.bit(kindOfDamage[d], 0)
		}
	})
}
