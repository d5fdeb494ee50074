package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

// city is a world in which everything is used: nodes with a NIC and cores, connections,
// posts, a store, crashes, pauses and a partition. It runs for a while and returns the
// digest.
func city(k *sim.Kernel, until int64) uint64 { return cityInOrder(k, until, []int{0, 1, 2, 3}) }

// cityInOrder builds the nodes and processes of the city in an order.
func cityInOrder(k *sim.Kernel, until int64, order []int) uint64 {
	const size = 4
	var processes [size]sim.ProcessID
	var actors [size]sim.ActorID
	k.SetDefaultLink(sim.LinkOptions{LatencyNanos: sim.Exponential(50_000), BytesPerSecond: 1_000_000_000})
	store := k.AddStore(sim.StoreOptions{Name: "store", Node: sim.NoNode,
		CreateLatency: sim.Uniform(1000, 90_000), TotalBytesPerSecond: 100_000_000})
	for _, i := range order {
		node := k.AddNode(sim.NodeOptions{Name: fmt.Sprintf("node-%d", i), NICBytesPerSecond: 500_000_000})
		boot := func(b *sim.Boot) {
			a := &citizen{number: i, actors: &actors, processes: &processes, store: store}
			actors[i] = b.Spawn(fmt.Sprintf("citizen-%d", i), a)
			b.Send(actors[i], 1+int64(i), sim.Message{Kind: citizenTick})
			b.Send(b.Spawn(fmt.Sprintf("rival-%d", i), &citizen{number: -1}), 1, sim.Message{Kind: citizenTick})
		}
		processes[i] = k.AddProcess(sim.ProcessOptions{Name: fmt.Sprintf("process-%d", i), Node: node, Boot: boot})
	}
	k.At(300_000, func() { k.Crash(processes[1]) })
	k.At(900_000, func() { k.Restart(processes[1]) })
	k.At(500_000, func() { k.PauseProcess(processes[2], 400_000) })
	k.At(600_000, func() { k.Partition(k.NodeOf(processes[0]), k.NodeOf(processes[3])) })
	k.At(1_500_000, func() { k.HealAll() })
	k.RunUntil(until)
	return k.Digest()
}

const (
	citizenTick uint16 = iota
	citizenWorked
	citizenLetter
	citizenStored
	citizenLost
)

type citizen struct {
	number    int
	actors    *[4]sim.ActorID
	processes *[4]sim.ProcessID
	store     sim.StoreID
	way       sim.ConnectionID
	opened    bool
	steps     int64
}

func (a *citizen) Receive(c *sim.Context, m sim.Message) {
	a.steps++
	c.Emit(uint16(m.Kind), m.A, a.steps, c.ClockNanos(), 0, 0, 0)
	if m.Kind == citizenTick || m.Kind == citizenWorked {
		work := 1 + c.Draw(sim.PurposeServiceTime, uint64(a.number), uint64(a.steps), 0)&0x3fff
		c.CPU().Begin(c, int64(work), sim.Message{Kind: citizenWorked})
	}
	if a.number < 0 || m.Kind != citizenWorked {
		return
	}
	next := (a.number + 1) % len(a.actors)
	switch a.steps % 4 {
	case 0:
		c.Post(a.actors[next], 500, sim.Message{Kind: citizenLetter, A: a.steps})
	case 1:
		if !a.opened || !c.IsOpen(a.way) {
			a.way, a.opened = c.Open(a.processes[next], c.Self(), sim.NoActor, sim.Message{Kind: citizenLost}), true
		}
		if c.Kernel().ProcessOf(a.actors[next]) == a.processes[next] {
			c.Transmit(a.way, a.actors[next], 4000, sim.Message{Kind: citizenLetter, A: -a.steps})
		}
	case 2:
		key := sim.ObjectKey{A: int64(a.number), B: a.steps % 7}
		c.Store(a.store).Put(key, 1000, nil, sim.Message{Kind: citizenStored})
	}
}

// The digest of a world that uses everything. It is the same on every machine, and
// changes only on purpose.
const cityDigest = 0x42E977D45E268B2F

func TestTheDigestOfAWorldIsGolden(t *testing.T) {
	var seen [citizenLost + 1]int
	k := sim.New(sim.Options{Seed: 11, Observer: func(e *sim.Event) { seen[e.Kind]++ }})
	digest := city(k, 30_000_000)
	require.Equal(t, uint64(cityDigest), digest, "got 0x%X after %d events", digest, k.EventCount())
	for kind, count := range seen {
		require.Positive(t, count, "kind %d", kind)
	}
}

func TestAWorldDoesNotDependOnTheOrderInWhichItWasBuilt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		order := rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order")
		want := city(sim.New(sim.Options{Seed: seed}), 2_500_000)
		require.Equal(t, want, cityInOrder(sim.New(sim.Options{Seed: seed}), 2_500_000, order))
	})
}

func TestAKernelThatWasResetIsAsNew(t *testing.T) {
	k := sim.New(sim.Options{Seed: 99})
	for _, seed := range []uint64{1, 2, 3} {
		fresh := sim.New(sim.Options{Seed: seed})
		want := city(fresh, 3_000_000)
		k.Reset(sim.Options{Seed: seed})
		require.Equal(t, want, city(k, 3_000_000))
		require.Equal(t, fresh.Pending(), k.Pending())
		require.Equal(t, fresh.DispatchCount(), k.DispatchCount())
	}
}

type exploding struct{}

func (exploding) Receive(*sim.Context, sim.Message) { panic("boom") }

func TestAKernelCanBeResetAfterAPanic(t *testing.T) {
	k := sim.New(sim.Options{Seed: 4})
	node := k.AddNode(sim.NodeOptions{Name: "n"})
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		b.Send(b.Spawn("a", exploding{}), 1, sim.Message{})
	}})
	require.PanicsWithValue(t, "boom", func() { k.RunUntil(10) })
	k.Reset(sim.Options{Seed: 5})
	require.Equal(t, city(sim.New(sim.Options{Seed: 5}), 1_000_000), city(k, 1_000_000))
}

// A run that is stopped and continued, at whatever times, is the same run.
func TestStoppingARunChangesNothing(t *testing.T) {
	want := city(sim.New(sim.Options{Seed: 6}), 3_000_000)
	k := sim.New(sim.Options{Seed: 6})
	city(k, 10)
	for at := int64(10); at < 3_000_000; at += 7919 {
		k.RunUntil(at)
	}
	k.RunUntil(3_000_000)
	require.Equal(t, want, k.Digest())
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	t.Run("timers", func(t *testing.T) {
		k := tickers(1024)
		k.RunUntil(20_000_000)
		require.Zero(t, testing.AllocsPerRun(20, func() { steps(k, 1000) }))
	})
	t.Run("network and cores", func(t *testing.T) {
		k := sim.New(sim.Options{Seed: 1})
		var ids [2]sim.ActorID
		var processes [2]sim.ProcessID
		var way sim.ConnectionID
		for i := range ids {
			node := k.AddNode(sim.NodeOptions{Name: fmt.Sprintf("n%d", i), NICBytesPerSecond: 1_000_000_000})
			boot := func(b *sim.Boot) {
				ids[i] = b.Spawn(fmt.Sprintf("a%d", i), reactor(func(c *sim.Context, m sim.Message) {
					switch m.Kind {
					case 1:
						way = c.Open(processes[1], c.Self(), ids[1], sim.Message{Kind: 4})
						for range 3 {
							c.CPU().Begin(c, 500, sim.Message{Kind: 2})
						}
					case 2:
						c.CPU().Begin(c, 500, sim.Message{Kind: 2})
						c.Transmit(way, ids[1], 100, sim.Message{})
						c.Post(ids[1], 100, sim.Message{})
					}
				}))
			}
			processes[i] = k.AddProcess(sim.ProcessOptions{Name: fmt.Sprintf("p%d", i), Node: node, Boot: boot})
		}
		k.Inject(ids[0], 1, sim.Message{Kind: 1})
		k.RunUntil(10_000_000)
		require.Zero(t, testing.AllocsPerRun(20, func() { steps(k, 1000) }))
	})
}

func steps(k *sim.Kernel, n int) {
	for range n {
		k.Step()
	}
}
