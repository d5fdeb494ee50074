package sim_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/sim"
)

// job is CPU work that an actor begins at a time.
type job struct {
	name     int
	at, work int64
	abortAt  int64 // 0: never
}

// serveJobs runs jobs on cores, each as an actor of its own, and returns when each ended.
func serveJobs(t require.TestingT, cores int, jobs []job) (ended map[int]int64, received map[int]int64) {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", Cores: cores})
	ended, received = map[int]int64{}, map[int]int64{}
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		for _, j := range jobs {
			var id sim.WorkID
			a := b.Spawn(fmt.Sprintf("job-%d", j.name), reactor(func(c *sim.Context, m sim.Message) {
				switch m.Kind {
				case 1:
					id = c.CPU().Begin(c, j.work, sim.Message{Kind: 2})
					if j.abortAt > 0 {
						c.After(j.abortAt-j.at, sim.Message{Kind: 3})
					}
				case 2:
					ended[j.name] = c.NowNanos()
				case 3:
					if _, over := ended[j.name]; !over {
						received[j.name] = c.CPU().Abort(c, id)
					}
				}
			}))
			b.Send(a, j.at, sim.Message{Kind: 1})
		}
	}})
	k.Run(func() bool { return false })
	require.Equal(t, sim.Pending{}, k.Pending())
	return ended, received
}

func drawJobs(t *rapid.T, aborts bool) (int, []job) {
	cores := rapid.IntRange(1, 4).Draw(t, "cores")
	n := rapid.IntRange(1, 12).Draw(t, "jobs")
	jobs := make([]job, n)
	for i := range jobs {
		jobs[i].name = i
		jobs[i].at = rapid.Int64Range(1, 400).Draw(t, "at")
		jobs[i].work = rapid.Int64Range(1, 300).Draw(t, "work")
		if aborts && rapid.Bool().Draw(t, "aborts") {
			jobs[i].abortAt = jobs[i].at + rapid.Int64Range(1, 300).Draw(t, "after")
		}
	}
	return cores, jobs
}

// shareByHand is processor sharing, computed in 1/64 ns by brute force. It returns when
// each job ended, in 1/64 ns.
func shareByHand(cores int, jobs []job) map[int]int64 {
	const fine = 64
	left, ended := map[int]float64{}, map[int]int64{}
	for _, j := range jobs {
		left[j.name] = float64(j.work)
	}
	for now := int64(0); len(ended) < len(jobs); now++ {
		var running []int
		for _, j := range jobs {
			if _, over := ended[j.name]; !over && j.at*fine <= now {
				running = append(running, j.name)
			}
		}
		share := min(1, float64(cores)/float64(max(len(running), 1))) / fine
		for _, name := range running {
			if left[name] -= share; left[name] <= 1e-9 {
				ended[name] = now + 1
			}
		}
	}
	return ended
}

func TestCoresAreSharedAsByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cores, jobs := drawJobs(t, false)
		ended, _ := serveJobs(t, cores, jobs)
		for name, fine := range shareByHand(cores, jobs) {
			// An end is rounded up to a nanosecond, until which the job keeps its share.
			require.InDelta(t, float64(fine)/64, float64(ended[name]), 1+float64(len(jobs)),
				"job %d of %v on %d", name, jobs, cores)
		}
	})
}

// While there is work for all cores, the cores do exactly as much as they can: all service
// is capacity times busy time, up to the rounding of the one end time.
func TestNoCPUTimeIsLostOrMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cores, jobs := drawJobs(t, true)
		for i := range jobs {
			jobs[i].at = 1
		}
		slices.SortFunc(jobs, func(a, b job) int { return cmp.Compare(a.abortAt, b.abortAt) })
		ended, received := serveJobs(t, cores, jobs)
		service := int64(0)
		var ends []int64
		for _, j := range jobs {
			end, over := ended[j.name]
			if !over {
				end = j.abortAt
			} else {
				require.NotContains(t, received, j.name)
			}
			ends = append(ends, end)
			if !over {
				require.LessOrEqual(t, received[j.name], j.work)
				service += received[j.name]
			} else {
				service += j.work
			}
		}
		slices.Sort(ends)
		capacity := int64(0) // what cores could serve, job by job ending
		last := int64(1)
		for i, end := range ends {
			capacity += (end - last) * int64(min(cores, len(jobs)-i))
			last = end
		}
		require.InDelta(t, float64(capacity), float64(service), float64(len(jobs)*(cores+1)))
	})
}

func TestWorksOfOneInstantCommute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cores, jobs := drawJobs(t, true)
		ended, received := serveJobs(t, cores, jobs)
		again, receivedAgain := serveJobs(t, cores, rapid.Permutation(jobs).Draw(t, "order"))
		require.Equal(t, ended, again)
		require.Equal(t, received, receivedAgain)
	})
}

// chain runs so many works of 10 ns one after the other, against so many competitors.
func chain(t require.TestingT, length, competitors int) int64 {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", Cores: 2})
	var end int64
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		for i := range competitors {
			id := b.Spawn(fmt.Sprintf("competitor-%d", i), reactor(func(c *sim.Context, m sim.Message) {
				if m.A == 0 {
					c.CPU().Begin(c, 1_000_000, sim.Message{A: 1})
				}
			}))
			b.Send(id, 1, sim.Message{})
		}
		a := b.Spawn("chain", reactor(func(c *sim.Context, m sim.Message) {
			end = c.NowNanos() - 1
			if m.A < int64(length) {
				c.CPU().Begin(c, 10, sim.Message{A: m.A + 1})
			}
		}))
		b.Send(a, 1, sim.Message{})
	}})
	k.RunUntil(900_000)
	require.Positive(t, end)
	return end
}

func TestRoundingDoesNotAddUpOverRecords(t *testing.T) {
	require.EqualValues(t, 10_000, chain(t, 1000, 0))
	require.EqualValues(t, 10_000, chain(t, 1000, 1))
	require.EqualValues(t, 15_000, chain(t, 1000, 2), "2/3 of a core: 10 ns of work take exactly 15")
	require.EqualValues(t, 35_000, chain(t, 1000, 6), "2/7 of a core")
	require.EqualValues(t, 500_000, chain(t, 10_000, 9), "2/10 of a core")
	require.InDelta(t, 1000*10*13/2.0, chain(t, 1000, 12), 1)
}

func TestAWorkKnowsHowFarItIs(t *testing.T) {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", Cores: 1})
	var seen []int64
	var id sim.WorkID
	var cpu *sim.CPU
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			cpu = c.CPU()
			if m.A == 1 {
				id = cpu.Begin(c, 100, sim.Message{})
			}
		}))
		other := b.Spawn("b", reactor(func(c *sim.Context, m sim.Message) {
			if m.A == 1 {
				c.CPU().Begin(c, 1000, sim.Message{})
			}
		}))
		b.Send(a, 10, sim.Message{A: 1})
		b.Send(other, 40, sim.Message{A: 1})
	}})
	for _, at := range []int64{10, 20, 40, 41, 60, 180} {
		k.RunUntil(at)
		seen = append(seen, cpu.Received(id), cpu.TimeOf(id, 50))
	}
	require.Equal(t, []int64{0, 60, 10, 60, 30, 80, 30, 80, 40, 80}, seen[:10])
	require.Equal(t, int64(0), seen[10], "a work that is over")
	require.Equal(t, sim.One, cpu.Share())
	require.Equal(t, 1, cpu.Runnable())
}

func TestAPauseStretchesCPUWorkAndLeavesTheCoresToOthers(t *testing.T) {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", Cores: 1})
	ended := map[string]int64{}
	var processes []sim.ProcessID
	for _, name := range []string{"a", "b"} {
		boot := func(b *sim.Boot) {
			a := b.Spawn(name, reactor(func(c *sim.Context, m sim.Message) {
				if m.A == 1 {
					c.CPU().Begin(c, 100, sim.Message{})
					return
				}
				ended[name] = c.NowNanos()
			}))
			b.Send(a, 10, sim.Message{A: 1})
		}
		processes = append(processes, k.AddProcess(sim.ProcessOptions{Name: name, Node: node, Boot: boot}))
	}
	k.RunUntil(50) // each has received 20
	k.PauseProcess(processes[0], 1000)
	k.Run(func() bool { return false })
	require.Equal(t, map[string]int64{"a": 1050 + 80, "b": 50 + 80}, ended)
	require.Equal(t, sim.Pending{}, k.Pending())
}

// resized runs a work of 100 ns beside so many competitors; at 40 ns it is made to take
// so much in all. It returns when it ended and when the next one, of 10 ns, did.
func resized(t *testing.T, competitors int, work int64) (end, next int64) {
	k := sim.New(sim.Options{})
	node := k.AddNode(sim.NodeOptions{Name: "n", Cores: 1})
	k.AddProcess(sim.ProcessOptions{Name: "p", Node: node, Boot: func(b *sim.Boot) {
		for i := range competitors {
			id := b.Spawn(fmt.Sprintf("competitor-%d", i), reactor(func(c *sim.Context, m sim.Message) {
				if m.A == 0 {
					c.CPU().Begin(c, 10_000, sim.Message{A: 1})
				}
			}))
			b.Send(id, 1, sim.Message{})
		}
		var id sim.WorkID
		a := b.Spawn("a", reactor(func(c *sim.Context, m sim.Message) {
			switch m.A {
			case 0:
				id = c.CPU().Begin(c, 100, sim.Message{A: 2})
				c.After(39, sim.Message{A: 1})
			case 1:
				require.True(t, c.CPU().Resize(c, id, work))
			case 2:
				require.False(t, c.CPU().Resize(c, id, 5))
				end = c.NowNanos()
				c.CPU().Begin(c, 10, sim.Message{A: 3})
			case 3:
				next = c.NowNanos()
			}
		}))
		b.Send(a, 1, sim.Message{})
	}})
	k.RunUntil(5000)
	return end, next
}

func TestAWorkCanBeMadeLongerOrShorter(t *testing.T) {
	for _, test := range []struct {
		competitors     int
		work, end, next int64
	}{
		{0, 100, 101, 111}, {0, 60, 61, 71}, {0, 140, 141, 151}, {0, 39, 40, 50}, {0, 5, 40, 50},
		{1, 100, 201, 221}, {1, 60, 121, 141}, {2, 60, 181, 211}, {1, 19, 40, 60},
	} {
		end, next := resized(t, test.competitors, test.work)
		require.Equal(t, []int64{test.end, test.next}, []int64{end, next}, "%v", test)
	}
}
