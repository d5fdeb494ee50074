package sim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

// city is a world in which everything is used: nodes with a NIC and cores, connections,
// posts, a store, crashes, pauses and a partition. It runs for a while and returns the
// digest.
func city(k *sim.Kernel, until int64) uint64 {
	const size = 4
	var processes [size]sim.ProcessID
	var actors [size]sim.ActorID
	k.SetDefaultLink(sim.LinkOptions{LatencyNanos: sim.Exponential(50_000), BytesPerSecond: 1_000_000_000})
	store := k.AddStore(sim.StoreOptions{Name: "store", Node: sim.NoNode, CreateLatency: sim.Uniform(1000, 90_000),
		TotalBytesPerSecond: 100_000_000})
	for i := range size {
		node := k.AddNode(sim.NodeOptions{Name: fmt.Sprintf("node-%d", i), Cores: 1, NICBytesPerSecond: 500_000_000})
		processes[i] = k.AddProcess(sim.ProcessOptions{Name: fmt.Sprintf("process-%d", i), Node: node, Boot: func(b *sim.Boot) {
			actors[i] = b.Spawn(fmt.Sprintf("citizen-%d", i), &citizen{number: i, actors: &actors, processes: &processes, store: store})
			b.Send(actors[i], 1+int64(i), sim.Message{Kind: citizenTick})
			b.Send(b.Spawn(fmt.Sprintf("rival-%d", i), &citizen{number: -1}), 1, sim.Message{Kind: citizenTick})
		}})
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
		c.CPU().Begin(c, 1+int64(c.Draw(sim.PurposeServiceTime, uint64(a.number), uint64(a.steps), 0)&0x3fff), sim.Message{Kind: citizenWorked})
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
		c.Store(a.store).Put(sim.ObjectKey{A: int64(a.number), B: a.steps % 7}, 1000, nil, sim.Message{Kind: citizenStored})
	}
}

// The digest of a world that uses everything. It is the same on every machine, and
// changes only on purpose.
const cityDigest = 0xA776D01BDE00901C

func TestTheDigestOfAWorldIsGolden(t *testing.T) {
	var seen [citizenLost + 1]int
	k := sim.New(sim.Options{Seed: 11, Observer: func(e *sim.Event) { seen[e.Kind]++ }})
	require.Equal(t, uint64(cityDigest), city(k, 30_000_000), "got 0x%X after %d events", k.Digest(), k.EventCount())
	for kind, count := range seen {
		require.Positive(t, count, "kind %d", kind)
	}
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
		require.Zero(t, testing.AllocsPerRun(20_000, func() { k.Step() }))
	})
	t.Run("network and cores", func(t *testing.T) {
		k := sim.New(sim.Options{Seed: 1})
		var ids [2]sim.ActorID
		var processes [2]sim.ProcessID
		var way sim.ConnectionID
		for i := range ids {
			node := k.AddNode(sim.NodeOptions{Name: fmt.Sprintf("n%d", i), NICBytesPerSecond: 1_000_000_000})
			processes[i] = k.AddProcess(sim.ProcessOptions{Name: fmt.Sprintf("p%d", i), Node: node, Boot: func(b *sim.Boot) {
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
			}})
		}
		k.Inject(ids[0], 1, sim.Message{Kind: 1})
		k.RunUntil(10_000_000)
		require.Zero(t, testing.AllocsPerRun(20_000, func() { k.Step() }))
	})
}
