package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

func TestACrashBreaksConnectionsAfterWhatWasSent(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.transmit(10, 0, 1, 1)  // on its way when left crashes: arrives
	p.transmit(10, 1, 1, 2)  // on its way to the crashed one: dropped
	p.transmit(600, 1, 1, 3) // before right knows: dropped
	p.At(20, func() { p.Crash(p.processes[0]) })
	p.At(30, func() { p.Restart(p.processes[0]) })
	p.RunUntil(2000)
	require.Equal(t, []arrival{{510, 1}}, p.got[1])
	require.Empty(t, p.got[0])
	require.Equal(t, []int64{520}, p.lost[1])
	require.Empty(t, p.lost[0], "a process that crashed hears nothing, also not after its restart")
	require.Equal(t, sim.Pending{}, p.Pending())
}

func TestAClosedConnectionIsHeardOfBehindItsData(t *testing.T) {
	p := newPair(latency(500), 1_000_000_000)
	p.open(1)
	p.at(10, 0, func(c *sim.Context) {
		c.Transmit(p.connection, p.actors[1], 5000, sim.Message{A: 1})
		c.Close(p.connection)
		require.False(t, c.IsOpen(p.connection))
		c.Transmit(p.connection, p.actors[1], 1, sim.Message{A: 2})
	})
	p.RunUntil(100_000)
	require.Len(t, p.got[1], 1)
	require.Len(t, p.lost[1], 1)
	require.Greater(t, p.lost[1][0], p.got[1][0].at)
	require.Empty(t, p.lost[0])
}

func TestOpeningToADeadPeerIsHeardOfAfterARoundTrip(t *testing.T) {
	p := newPair(latency(500), 0)
	p.At(5, func() { p.Crash(p.processes[1]) })
	p.open(10)
	p.RunUntil(2000)
	require.Equal(t, []int64{1010}, p.lost[0])
}

func TestAShortPartitionOnlyDelaysConnections(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.At(100, func() { p.Partition(p.nodes[0], p.nodes[1]) })
	p.transmit(50, 0, 1, 1)
	p.transmit(200, 0, 1, 2)
	p.transmit(300, 0, 1, 3)
	p.At(9000, func() { p.HealAll() })
	p.RunUntil(9400)
	require.Equal(t, []arrival{{550, 1}}, p.got[1])
	require.Equal(t, 2, p.Pending().Meaningful, "what waits is pending")
	p.RunUntil(30_000)
	require.Equal(t, []arrival{{550, 1}, {9500, 2}, {9501, 3}}, p.got[1])
	require.Empty(t, p.lost[0])
	require.Empty(t, p.lost[1])
}

func TestALongPartitionBreaksConnectionsAtBothEnds(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.At(100, func() { p.Partition(p.nodes[0], p.nodes[1]) })
	p.transmit(200, 0, 1, 1)
	p.At(20_000, func() { p.Heal(p.nodes[0], p.nodes[1]) })
	p.transmit(21_000, 0, 1, 2)
	p.RunUntil(30_000)
	require.Empty(t, p.got[1])
	require.Equal(t, []int64{10_100}, p.lost[0])
	require.Equal(t, []int64{10_100}, p.lost[1])
	require.Equal(t, sim.Pending{}, p.Pending())
}

func TestTwoShortPartitionsDoNotAddUpToALongOne(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	for _, at := range []int64{100, 7000} {
		p.At(at, func() { p.Partition(p.nodes[0], p.nodes[1]) })
		p.At(at+6000, func() { p.Heal(p.nodes[0], p.nodes[1]) })
	}
	p.RunUntil(50_000)
	require.Empty(t, p.lost[0])
	require.Empty(t, p.lost[1])
}

func TestACrashBehindAPartitionIsHeardOfWhenTheWayIsBack(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.At(100, func() { p.Partition(p.nodes[0], p.nodes[1]) })
	p.At(200, func() { p.Crash(p.processes[0]) })
	p.At(3000, func() { p.Heal(p.nodes[0], p.nodes[1]) })
	p.RunUntil(50_000)
	require.Equal(t, []int64{3500}, p.lost[1])
}

func TestACrashBehindALongPartitionIsHeardOfByTimeout(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.At(100, func() { p.Partition(p.nodes[0], p.nodes[1]) })
	p.At(200, func() { p.Crash(p.processes[0]) })
	p.RunUntil(50_000)
	require.Equal(t, []int64{10_100}, p.lost[1])
	require.Equal(t, sim.Pending{}, p.Pending())
}

func TestAConnectionOpenedDuringAPartitionComesUpWithIt(t *testing.T) {
	for _, test := range []struct {
		heals    int64
		got      []arrival
		lostLeft []int64
	}{{5000, []arrival{{5500, 1}}, nil}, {40_000, nil, []int64{10_200}}} {
		p := newPair(latency(500), 0)
		p.At(100, func() { p.Partition(p.nodes[0], p.nodes[1]) })
		p.open(200)
		p.transmit(300, 0, 1, 1)
		p.At(test.heals, func() { p.Heal(p.nodes[0], p.nodes[1]) })
		p.RunUntil(50_000)
		require.Equal(t, test.got, p.got[1])
		require.Equal(t, test.lostLeft, p.lost[0])
	}
}

// The peer's refusal cannot come before the way is back, and must come then: a connection
// that stays open at one end only takes data for ever.
func TestOpeningToADeadPeerDuringAPartitionIsHeardOfWhenItEnds(t *testing.T) {
	for _, test := range []struct{ heals, lost int64 }{{5000, 6000}, {40_000, 10_200}} {
		p := newPair(latency(500), 0)
		p.At(100, func() { p.PartitionOneWay(p.nodes[0], p.nodes[1]) })
		p.At(150, func() { p.Crash(p.processes[1]) })
		p.open(200)
		p.At(test.heals, func() { p.HealAll() })
		p.RunUntil(50_000)
		require.Equal(t, []int64{test.lost}, p.lost[0])
	}
}

func TestAPartitionLosesPostsAlsoOnTheirWay(t *testing.T) {
	for _, nic := range []int64{0, 1_000_000_000} {
		p := newPair(latency(500), nic)
		post := func(at, what int64) {
			p.at(at, 0, func(c *sim.Context) { c.Post(p.actors[1], 300, sim.Message{A: what}) })
		}
		post(10, 1)   // on its way
		post(1500, 2) // while cut
		post(3000, 3) // after
		p.At(200, func() { p.PartitionOneWay(p.nodes[0], p.nodes[1]) })
		p.at(300, 1, func(c *sim.Context) { c.Post(p.actors[0], 1, sim.Message{A: 4}) })
		p.At(2000, func() { p.HealOneWay(p.nodes[0], p.nodes[1]) })
		p.RunUntil(10_000)
		require.Len(t, p.got[1], 1)
		require.EqualValues(t, 3, p.got[1][0].what)
		require.Len(t, p.got[0], 1, "the other way is open")
	}
}

func TestAFilterLosesDelaysAndDuplicatesPosts(t *testing.T) {
	p := newPair(latency(500), 0)
	p.SetPostFilter(func(post *sim.Post) sim.Verdict {
		switch post.Message.A {
		case 1:
			return sim.Verdict{Drop: true}
		case 2:
			return sim.Verdict{DelayNanos: 1000}
		case 4:
			return sim.Verdict{Duplicate: true}
		}
		return sim.Verdict{}
	})
	for i := range int64(4) {
		p.at(10+i, 0, func(c *sim.Context) { c.Post(p.actors[1], 1, sim.Message{A: i + 1}) })
	}
	p.RunUntil(10_000)
	require.Equal(t, []arrival{{1511, 2}, {1512, 3}, {1513, 4}, {1514, 4}}, p.got[1])
}

func TestLinksCanDifferByDirection(t *testing.T) {
	p := newPair(latency(500), 0)
	p.SetLink(p.nodes[0], p.nodes[1], sim.LinkOptions{LatencyNanos: sim.Constant(40)})
	p.SetLinkOneWay(p.nodes[1], p.nodes[0], sim.LinkOptions{LatencyNanos: sim.Constant(60)})
	for side := range 2 {
		p.at(100*int64(side+1), side, func(c *sim.Context) { c.Post(p.actors[1-side], 1, sim.Message{}) })
	}
	p.RunUntil(1000)
	require.EqualValues(t, 140, p.got[1][0].at)
	require.EqualValues(t, 260, p.got[0][0].at)
	require.Equal(t, sim.Constant(60), p.LinkOptionsOf(p.nodes[1], p.nodes[0]).LatencyNanos)
}
