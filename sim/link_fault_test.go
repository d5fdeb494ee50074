package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/sim"
)

func (p *pair) post(nanos int64, side int, what int64) {
	p.at(nanos, side, func(c *sim.Context) { c.Post(p.actors[1-side], 1, sim.Message{A: what}) })
}

func TestOverlappingPartitionsAreMendedByTheLastHeal(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.At(100, func() { p.Partition(p.nodes[0], p.nodes[1]) })
	p.At(200, func() { p.PartitionOneWay(p.nodes[0], p.nodes[1]) })
	p.At(1000, func() { p.Heal(p.nodes[0], p.nodes[1]) })
	p.transmit(1500, 0, 1, 1)
	p.post(1600, 0, 2)
	p.post(1700, 1, 3)
	p.At(3000, func() { p.HealOneWay(p.nodes[0], p.nodes[1]) })
	p.post(3100, 0, 4)
	p.RunUntil(9000)
	require.Equal(t, []arrival{{3500, 1}, {3600, 4}}, p.got[1])
	require.Equal(t, []arrival{{2200, 3}}, p.got[0])
	require.Empty(t, p.lost[0])
}

func TestAHoldKeepsEverythingAndLetsItGoInOrder(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.post(50, 0, 1) // on its way when the hold begins
	p.At(100, func() { p.HoldOneWay(p.nodes[0], p.nodes[1]); p.HoldOneWay(p.nodes[0], p.nodes[1]) })
	p.post(200, 0, 2)
	p.transmit(250, 0, 1, 3)
	p.post(300, 0, 4)
	p.post(350, 1, 5)
	p.At(1000, func() { p.ReleaseOneWay(p.nodes[0], p.nodes[1]) })
	p.RunUntil(20_000)
	require.Equal(t, []arrival{{550, 1}}, p.got[1])
	require.Equal(t, []arrival{{850, 5}}, p.got[0], "the other way is open")
	require.Equal(t, 3, p.Pending().Meaningful, "what is kept is pending")
	p.At(30_000, func() { p.ReleaseOneWay(p.nodes[0], p.nodes[1]) })
	p.RunUntil(40_000)
	require.Len(t, p.got[1], 4)
	require.ElementsMatch(t, []arrival{{30_500, 2}, {30_501, 4}, {30_500, 3}}, p.got[1][1:])
	require.Empty(t, p.lost[0], "connections do not break, however long it takes")
	require.Equal(t, sim.Pending{}, p.Pending())
}

func TestAPartitionLosesThePostsThatAHoldKeeps(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.At(100, func() { p.HoldOneWay(p.nodes[0], p.nodes[1]) })
	p.post(200, 0, 1)
	p.transmit(250, 0, 1, 2)
	p.At(300, func() { p.Partition(p.nodes[0], p.nodes[1]) })
	p.At(400, func() { p.ReleaseOneWay(p.nodes[0], p.nodes[1]) })
	p.At(500, func() { p.Heal(p.nodes[0], p.nodes[1]) })
	p.RunUntil(9000)
	require.Equal(t, []arrival{{1000, 2}}, p.got[1])
	require.Zero(t, p.Pending().Events)
}

func TestAResetBreaksConnectionsAtOnceAndLosesWhatIsOnItsWay(t *testing.T) {
	p := newPair(latency(500), 0)
	p.open(1)
	p.transmit(100, 0, 1, 1)
	p.post(110, 0, 2)
	p.At(200, func() { require.Equal(t, 1, p.ResetConnections(p.nodes[1], p.nodes[0])) })
	p.transmit(300, 0, 1, 3)
	p.At(400, func() { require.Zero(t, p.ResetConnections(p.nodes[0], p.nodes[1])) })
	p.RunUntil(9000)
	require.Equal(t, []arrival{{610, 2}}, p.got[1])
	require.Equal(t, []int64{200}, p.lost[0])
	require.Equal(t, []int64{200}, p.lost[1])
}

func TestJitterIsDrawnByTheMessageAndKeepsOrder(t *testing.T) {
	run := func(jitter int64, messages int64) []arrival {
		p := newPair(latency(500), 0)
		p.SetLink(p.nodes[0], p.nodes[1], sim.LinkOptions{LatencyNanos: sim.Constant(500), JitterNanos: jitter})
		for i := range messages {
			p.post(10+1000*i, 0, i)
		}
		p.RunUntil(50_000)
		return p.got[1]
	}
	some, more := run(300, 5), run(300, 20)
	require.Equal(t, some, more[:5], "later messages shift no draw")
	late := map[int64]bool{}
	for i, a := range more {
		added := a.at - 510 - 1000*int64(i)
		require.True(t, added >= 0 && added <= 300, added)
		late[added] = true
	}
	require.Greater(t, len(late), 10)
}

func TestAnUnorderedPostIsOvertakenAndALateCopyComesAlone(t *testing.T) {
	p := newPair(latency(500), 0)
	p.SetPostFilter(func(post *sim.Post) sim.Verdict {
		switch post.Message.A {
		case 1:
			return sim.Verdict{DelayNanos: 1000, Unordered: true}
		case 2:
			return sim.Verdict{Duplicate: true, DuplicateNanos: 2000}
		}
		return sim.Verdict{}
	})
	for i := range int64(3) {
		p.post(10+i, 0, i+1)
	}
	p.RunUntil(10_000)
	require.Equal(t, []arrival{{511, 2}, {512, 3}, {1510, 1}, {2511, 2}}, p.got[1])
}

func TestAClockIsPutBackToWhatItShowedAtTheStart(t *testing.T) {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", ClockOffsetNanos: 300, ClockDriftPPM: 100_000})
	shown := int64(0)
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		b.Send(b.Spawn("a", reactor(func(c *sim.Context, _ sim.Message) { shown = c.ClockNanos() })), 5000, sim.Message{})
	}})
	k.At(1000, func() { k.StepClock(node, 7000, -50_000) })
	k.At(2000, func() { k.ResetClock(node) })
	k.RunUntil(9000)
	require.EqualValues(t, 5000+300+500, shown)
}

func TestAMonotonicClockDriftsAndDoesNotJump(t *testing.T) {
	p := newPair(latency(500), 0)
	var shown, monotonic []int64
	look := func(at int64) {
		p.at(at, 0, func(c *sim.Context) {
			shown, monotonic = append(shown, c.ClockNanos()), append(monotonic, c.MonotonicNanos())
		})
	}
	look(1000)
	p.At(2000, func() { p.StepClock(p.nodes[0], 5000, 0) })
	look(3000)
	p.At(4000, func() { p.StepClock(p.nodes[0], -7000, 100_000) })
	look(5000)
	p.At(6000, func() { p.ResetClock(p.nodes[0]) })
	look(7000)
	p.RunUntil(10_000)
	require.Equal(t, []int64{1000, 8000, 3100, 7000}, shown)
	require.Equal(t, []int64{1000, 3000, 5100, 7200}, monotonic)
}
