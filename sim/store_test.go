package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

// client is an actor that uses a store when told to, and keeps the answers.
type client struct {
	id      sim.ActorID
	process sim.ProcessID
	replies []*sim.StoreReply
	at      []int64
}

// shop is a store with some clients, each a process of its own.
type shop struct {
	*sim.Kernel
	store   sim.StoreID
	node    sim.NodeID
	clients []*client
}

func newShop(o sim.StoreOptions, clients int) *shop {
	s := &shop{Kernel: sim.New(sim.Options{})}
	s.node = s.AddNode(sim.NodeOptions{Name: "clients"})
	s.AddNode(sim.NodeOptions{Name: "store"})
	s.store = s.AddStore(o)
	for i := range clients {
		c := &client{}
		name := string(rune('a' + i))
		c.process = s.AddProcess(sim.ProcessOptions{Name: name, Node: s.node, Boot: func(b *sim.Boot) {
			c.id = b.Spawn(name, reactor(func(x *sim.Context, m sim.Message) {
				if f, isCall := m.Body.(func(*sim.Context, sim.StoreClient)); isCall {
					f(x, x.Store(s.store))
					return
				}
				c.replies = append(c.replies, m.Body.(*sim.StoreReply))
				c.at = append(c.at, x.NowNanos())
			}))
		}})
		s.clients = append(s.clients, c)
	}
	return s
}

// do has a client use the store at a time.
func (s *shop) do(nanos int64, client int, f func(c *sim.Context, t sim.StoreClient)) {
	s.At(nanos-1, func() { s.Inject(s.clients[client].id, 1, sim.Message{Body: f}) })
}

func (s *shop) put(nanos int64, client int, key sim.ObjectKey, size int64, body any) {
	s.do(nanos, client, func(_ *sim.Context, t sim.StoreClient) { t.Put(key, size, body, sim.Message{}) })
}

func (s *shop) finish(t require.TestingT) {
	s.Run(func() bool { return false })
	require.Equal(t, sim.Pending{}, s.Pending())
	require.Zero(t, s.StoreAt(s.store).Stats().InFlight)
}

var outside = sim.StoreOptions{Name: "store", Node: sim.NoNode}

func withLatencies(o sim.StoreOptions) sim.StoreOptions {
	o.CreateLatency, o.CloseLatency, o.ReadLatency = sim.Constant(100), sim.Constant(20), sim.Constant(50)
	return o
}

var keyA, keyB = sim.ObjectKey{Kind: 1, A: 1}, sim.ObjectKey{Kind: 1, A: 2, B: 5}

func TestAStoreKeepsWhatWasPut(t *testing.T) {
	s := newShop(withLatencies(outside), 1)
	s.put(10, 0, keyA, 7, "body")
	s.do(1000, 0, func(_ *sim.Context, t sim.StoreClient) { t.Get(keyA, sim.Message{}) })
	s.do(2000, 0, func(_ *sim.Context, t sim.StoreClient) { t.Get(keyB, sim.Message{}) })
	s.put(3000, 0, keyB, 9, "other")
	s.do(4000, 0, func(_ *sim.Context, t sim.StoreClient) { t.List(sim.ObjectKey{Kind: 1}, 0, sim.Message{}) })
	s.do(5000, 0, func(_ *sim.Context, t sim.StoreClient) {
		t.List(sim.ObjectKey{Kind: 1, A: 2}, 1, sim.Message{})
	})
	s.do(6000, 0, func(_ *sim.Context, t sim.StoreClient) { t.Delete(keyA, sim.Message{}) })
	s.do(7000, 0, func(_ *sim.Context, t sim.StoreClient) { t.Delete(keyA, sim.Message{}) })
	s.finish(t)
	r := s.clients[0].replies
	require.Len(t, r, 8)
	require.Equal(t, []int64{131, 1051, 2051, 3121, 4101, 5101, 6101, 7101}, s.clients[0].at)
	require.Equal(t, &sim.StoreReply{Request: r[1].Request, Key: keyA, Found: true, Body: "body", SizeBytes: 7,
		Version: r[0].Version}, r[1])
	require.False(t, r[2].Found)
	require.Equal(t, []sim.ObjectKey{keyA, keyB}, r[4].Keys)
	require.Equal(t, []int64{7, 9}, r[4].Sizes)
	require.Equal(t, []sim.ObjectKey{keyB}, r[5].Keys)
	require.True(t, r[6].Found)
	require.False(t, r[7].Found)
	require.Equal(t, sim.StoreStats{Objects: 1, Bytes: 9, Puts: 2, Gets: 2, Deletes: 2, Lists: 2,
		PutBytes: 16, GetBytes: 7}, s.StoreAt(s.store).Stats())
	info, found := s.StoreAt(s.store).Peek(keyB)
	require.True(t, found)
	require.Equal(t, []sim.ObjectInfo{info}, s.StoreAt(s.store).Objects())
}

func TestCompareAndSwapLetsOneOfTwoWin(t *testing.T) {
	s := newShop(withLatencies(outside), 2)
	for i := range 2 {
		s.do(10, i, func(_ *sim.Context, t sim.StoreClient) { t.PutIfAbsent(keyA, 1, i, sim.Message{}) })
	}
	s.finish(t)
	first, second := s.clients[0].replies[0], s.clients[1].replies[0]
	require.ElementsMatch(t, []sim.StoreError{sim.StoreOK, sim.StoreConflict},
		[]sim.StoreError{first.Err, second.Err})
	require.Equal(t, first.Version, second.Version)

	version := first.Version
	for i, body := range []string{"new", "late"} {
		s.do(10_000*int64(i+1), i, func(_ *sim.Context, t sim.StoreClient) {
			t.CompareAndSwap(keyA, version, 1, body, sim.Message{})
		})
	}
	s.finish(t)
	require.Equal(t, sim.StoreOK, s.clients[0].replies[1].Err)
	require.Equal(t, sim.StoreConflict, s.clients[1].replies[1].Err)
	info, _ := s.StoreAt(s.store).Peek(keyA)
	require.Equal(t, "new", info.Body)
}

func TestVersionsAreNotUsedAgainAfterADelete(t *testing.T) {
	s := newShop(outside, 1)
	s.put(10, 0, keyA, 1, nil)
	s.do(20, 0, func(_ *sim.Context, t sim.StoreClient) { t.Delete(keyA, sim.Message{}) })
	s.put(30, 0, keyA, 1, nil)
	s.finish(t)
	r := s.clients[0].replies
	require.Greater(t, r[2].Version, r[0].Version)
}

func TestPutsShareTheBandwidthOfTheStore(t *testing.T) {
	o := outside
	o.BytesPerSecond, o.TotalBytesPerSecond = 1_000_000_000, 2_000_000_000 // 1 and 2 bytes a nanosecond
	for _, test := range []struct {
		writers int
		want    int64
	}{{1, 1000}, {2, 1000}, {4, 2000}, {8, 4000}} {
		s := newShop(o, test.writers)
		for i := range test.writers {
			s.put(10, i, sim.ObjectKey{A: int64(i)}, 1000, nil)
		}
		s.finish(t)
		for i := range test.writers {
			require.Equal(t, []int64{10 + 1 + test.want + 1}, s.clients[i].at)
		}
	}
}

// All bytes pass in the time that the total bandwidth takes for them, whatever the order.
func TestBandwidthIsConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := outside
		rates := []int64{1_000_000_000, 300_000_000, 7_000_000_000}
		o.TotalBytesPerSecond = rapid.SampledFrom(rates).Draw(t, "total")
		n := rapid.IntRange(1, 10).Draw(t, "writers")
		s := newShop(o, n)
		total := int64(0)
		for i := range n {
			size := rapid.Int64Range(1, 5000).Draw(t, "size")
			total += size
			s.put(10, i, sim.ObjectKey{A: int64(i)}, size, nil)
		}
		s.finish(t)
		last := int64(0)
		for _, c := range s.clients {
			last = max(last, c.at[0])
		}
		ideal := sim.Ratio{Num: 1_000_000_000, Den: o.TotalBytesPerSecond}.Of(total)
		require.InDelta(t, float64(ideal), float64(last-12), float64(n+1))
	})
}

func TestACrashDuringAPutLeavesNothingOrATornObject(t *testing.T) {
	for _, torn := range []bool{false, true} {
		o := withLatencies(outside)
		o.BytesPerSecond, o.TornPuts = 1_000_000_000, torn
		s := newShop(o, 2)
		s.put(10, 0, keyA, 1000, "body")
		s.put(10, 1, keyB, 1000, "body")
		s.At(610, func() { s.Crash(s.clients[0].process) })
		s.At(620, func() { s.Restart(s.clients[0].process) })
		s.do(5000, 1, func(_ *sim.Context, t sim.StoreClient) { t.Get(keyA, sim.Message{}) })
		s.finish(t)
		require.Empty(t, s.clients[0].replies)
		require.Equal(t, sim.StoreOK, s.clients[1].replies[0].Err)
		get := s.clients[1].replies[1]
		info, found := s.StoreAt(s.store).Peek(keyA)
		require.Equal(t, torn, found)
		require.Equal(t, torn, get.Found)
		if torn {
			require.EqualValues(t, 500, info.SizeBytes)
			require.Equal(t, sim.StoreTorn, get.Err)
			require.Nil(t, get.Body)
		}
	}
}

func TestAPutWhoseBytesAreAllThereOutlivesItsWriter(t *testing.T) {
	s := newShop(withLatencies(outside), 1)
	s.put(10, 0, keyA, 1000, "body")
	s.At(115, func() { s.Crash(s.clients[0].process) }) // the object is being closed until 130
	s.finish(t)
	_, found := s.StoreAt(s.store).Peek(keyA)
	require.True(t, found)
	require.Empty(t, s.clients[0].replies)
}

func TestACancelledPutLeavesNothingAndIsNotAnswered(t *testing.T) {
	o := withLatencies(outside)
	o.BytesPerSecond = 1_000_000_000
	s := newShop(o, 1)
	var request sim.RequestID
	s.do(10, 0, func(_ *sim.Context, t sim.StoreClient) { request = t.Put(keyA, 1000, nil, sim.Message{}) })
	s.do(500, 0, func(_ *sim.Context, t sim.StoreClient) { t.Cancel(request); t.Cancel(sim.NoRequest) })
	s.finish(t)
	require.Empty(t, s.clients[0].replies)
	require.Empty(t, s.StoreAt(s.store).Objects())
	require.EqualValues(t, 1, s.StoreAt(s.store).Stats().Aborted)
	require.EqualValues(t, 501, s.NowNanos())
}

func TestAStoreCanFailSomeRequestsAndBeSlow(t *testing.T) {
	s := newShop(withLatencies(outside), 1)
	store := s.StoreAt(s.store)
	store.SetFault(sim.StoreFault{Puts: true, Remaining: 1})
	s.put(10, 0, keyA, 1, nil)
	s.put(1000, 0, keyA, 1, nil)
	s.At(1500, func() { store.SetFault(sim.StoreFault{Gets: true, Remaining: -1}) })
	for i := range int64(3) {
		s.do(2000+100*i, 0, func(_ *sim.Context, t sim.StoreClient) { t.Get(keyA, sim.Message{}) })
	}
	s.At(2900, func() { store.SetFault(sim.StoreFault{}); store.SetSlow(sim.Ratio{Num: 3, Den: 1}) })
	s.do(3000, 0, func(_ *sim.Context, t sim.StoreClient) { t.Get(keyA, sim.Message{}) })
	s.finish(t)
	var errs []sim.StoreError
	for _, r := range s.clients[0].replies {
		errs = append(errs, r.Err)
	}
	failed := sim.StoreFailed
	require.Equal(t, []sim.StoreError{failed, "", failed, failed, failed, ""}, errs)
	require.EqualValues(t, 3151, s.clients[0].at[5])
	require.EqualValues(t, 4, store.Stats().Failed)
}

func TestAStoreBehindAPartitionTimesOut(t *testing.T) {
	o := withLatencies(sim.StoreOptions{Name: "store", Node: 1, TimeoutNanos: 5000})
	s := newShop(o, 1)
	s.put(10, 0, keyA, 1, nil) // takes effect, but its answer is cut off
	s.At(100, func() { s.Partition(s.node, 1) })
	s.put(200, 0, keyB, 1, nil) // does not reach the store
	s.At(9000, s.HealAll)
	s.put(9500, 0, keyB, 1, nil)
	s.finish(t)
	r := s.clients[0].replies
	require.Equal(t, []sim.StoreError{sim.StoreTimedOut, sim.StoreTimedOut, sim.StoreOK},
		[]sim.StoreError{r[0].Err, r[1].Err, r[2].Err})
	require.Equal(t, []int64{5131, 5201}, s.clients[0].at[:2])
	_, found := s.StoreAt(s.store).Peek(keyA)
	require.True(t, found)
}
