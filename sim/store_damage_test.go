package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

func TestACrashOfTheStoreLosesWhatIsUnderWayAndNothingElse(t *testing.T) {
	o := withLatencies(outside)
	o.TimeoutNanos = 5000
	s := newShop(o, 1)
	store := s.StoreAt(s.store)
	s.put(10, 0, keyA, 1, "kept")
	s.put(450, 0, keyB, 1, "lost") // would be there at 570
	s.At(500, store.Crash)
	s.do(600, 0, func(_ *sim.Context, c sim.StoreClient) { c.Get(keyA, sim.Message{}) })
	s.At(1000, store.Restart)
	s.do(1100, 0, func(_ *sim.Context, c sim.StoreClient) { c.Get(keyA, sim.Message{}) })
	s.finish(t)
	r := s.clients[0].replies
	require.Len(t, r, 4)
	require.Equal(t, []sim.StoreError{sim.StoreOK, sim.StoreOK, sim.StoreTimedOut, sim.StoreTimedOut},
		[]sim.StoreError{r[0].Err, r[1].Err, r[2].Err, r[3].Err})
	require.Equal(t, "kept", r[1].Body, "the one asked after the restart")
	_, found := store.Peek(keyB)
	require.False(t, found)
}

func TestACrashLosesWhatWasAnsweredAndNotSynced(t *testing.T) {
	s := newShop(withLatencies(outside), 1)
	store, damages := s.StoreAt(s.store), []sim.StoreDamage(nil)
	store.OnDamage(func(d sim.StoreDamage) { damages = append(damages, d) })
	s.put(10, 0, keyA, 1, nil) // before the fault
	s.At(200, func() { store.DelaySync(1000) })
	s.put(300, 0, keyB, 1, nil) // durable at 1420
	s.put(1500, 0, keyC, 1, nil)
	s.At(1700, func() { store.EndDelaySync(1000) })
	s.At(1800, store.Crash)
	s.At(1900, store.Restart)
	s.finish(t)
	for key, kept := range map[sim.ObjectKey]bool{keyA: true, keyB: true, keyC: false} {
		_, found := store.Peek(key)
		require.Equal(t, kept, found, key)
	}
	require.Equal(t, []sim.StoreDamage{sim.DamageUnsynced}, damages)
}

var keyC = sim.ObjectKey{Kind: 1, A: 3}

func TestAListThatLagsShowsWhatWasThere(t *testing.T) {
	s := newShop(withLatencies(outside), 1)
	store := s.StoreAt(s.store)
	s.put(10, 0, keyA, 1, nil) // there from 130 on
	s.put(11, 0, keyC, 1, nil)
	s.At(500, func() { store.LagLists(1000) })
	s.put(1000, 0, keyB, 1, nil)                                                             // from 1120
	s.do(1300, 0, func(_ *sim.Context, c sim.StoreClient) { c.Delete(keyA, sim.Message{}) }) // at 1400
	list := func(at int64) {
		s.do(at, 0, func(_ *sim.Context, c sim.StoreClient) { c.List(sim.ObjectKey{Kind: 1}, 0, sim.Message{}) })
	}
	list(1500) // as of 600
	list(2200) // as of 1300
	list(2600) // as of 1700
	s.At(3000, func() { store.EndLagLists(1000) })
	s.put(3000, 0, keyA, 1, nil)
	list(3200)
	s.finish(t)
	var lists [][]sim.ObjectKey
	for _, r := range s.clients[0].replies {
		if r.Keys != nil {
			lists = append(lists, r.Keys)
		}
	}
	require.Equal(t, [][]sim.ObjectKey{{keyA, keyC}, {keyA, keyB, keyC}, {keyB, keyC}, {keyA, keyB, keyC}}, lists)
}

func TestACorruptReadTakesItsTimeAndGivesNothing(t *testing.T) {
	s := newShop(withLatencies(outside), 1)
	store := s.StoreAt(s.store)
	corrupt := &sim.StoreFault{Gets: true, Remaining: 1, Err: sim.StoreCorrupt, Applied: true}
	store.AddFault(&sim.StoreFault{Deletes: true, Remaining: -1})
	store.AddFault(corrupt)
	s.put(10, 0, keyA, 1, "body")
	for _, at := range []int64{500, 600} {
		s.do(at, 0, func(_ *sim.Context, c sim.StoreClient) { c.Get(keyA, sim.Message{}) })
	}
	s.do(700, 0, func(_ *sim.Context, c sim.StoreClient) { c.Delete(keyA, sim.Message{}) })
	s.At(800, func() { store.RemoveFault(corrupt) })
	s.finish(t)
	r := s.clients[0].replies
	require.Equal(t, sim.StoreCorrupt, r[1].Err)
	require.Nil(t, r[1].Body)
	require.True(t, r[1].Found)
	require.Equal(t, "body", r[2].Body, "the bytes in the store are right")
	require.Equal(t, sim.StoreFailed, r[3].Err, "faults beside each other")
}

func TestPutsAreTornWhileTheFaultLasts(t *testing.T) {
	o := withLatencies(outside)
	o.BytesPerSecond = 1_000_000_000
	s := newShop(o, 2)
	store := s.StoreAt(s.store)
	s.At(5, func() { store.TearPuts(true) })
	s.put(10, 0, keyA, 1000, nil) // bytes move from 110 to 1110
	s.At(600, func() { s.Crash(s.clients[0].process) })
	s.At(700, func() { store.TearPuts(false) })
	s.put(800, 1, keyB, 1000, nil)
	s.At(1200, func() { s.Crash(s.clients[1].process) })
	s.finish(t)
	torn, found := store.Peek(keyA)
	require.True(t, found && torn.Torn)
	_, found = store.Peek(keyB)
	require.False(t, found, "puts are atomic again")
}
