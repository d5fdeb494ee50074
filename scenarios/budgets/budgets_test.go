package budgets_test

import (
	"flag"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/budgets"
	"simrun/scenarios/trial"
)

var printBudgets = flag.Bool("budgets", false, "measure all budgets and print their table")

// TestBudgets prints the table. It is no part of the plain suite: what it measures is the
// machine too.
func TestBudgets(t *testing.T) {
	if !*printBudgets {
		t.Skip("measures for half a minute: -budgets")
	}
	var rows []budgets.Row
	for _, measure := range []func(*testing.T) []budgets.Row{
		kernelEvents, recordsWithCheckers, recoverySeeds, cores, virtualTime, memory, allocations,
	} {
		rows = append(rows, measure(t)...)
	}
	t.Logf("on %s, %d cores of %s\n%s", runtime.Version(), runtime.NumCPU(), runtime.GOARCH, budgets.Markdown(rows))
}

var heapRatio = regexp.MustCompile(`pending=(\d+)\S*\s.*?([\d.]+) heap-ratio`)

// kernelEvents reads sim's own benchmark, which measures against its own heap.
func kernelEvents(t *testing.T) (rows []budgets.Row) {
	out, err := exec.Command("go", "test", "simrun/sim", "-run", "^$", "-bench", "Event", "-benchtime", "200ms").Output()
	require.NoError(t, err, string(out))
	for _, m := range heapRatio.FindAllStringSubmatch(string(out), -1) {
		wanted := map[string]float64{"1024": 0.75, "16384": 1.3}[m[1]]
		reached, err := strconv.ParseFloat(m[2], 64)
		require.NoError(t, err)
		rows = append(rows, budgets.Row{
			Budget: "kernel event, " + m[1] + " pending", Wanted: fmt.Sprintf("<= %.2f x heap", wanted),
			Reached: fmt.Sprintf("%.2f x heap", reached), Ratio: wanted / reached,
			Note: "one pop + push of a bare 4-ary heap; go test ./sim -bench Event",
		})
	}
	require.Len(t, rows, 2, string(out))
	return rows
}

const budgetTurns = 5

// recordsWithCheckers is records/s through source => keyed operator => sink.
func recordsWithCheckers(t *testing.T) []budgets.Row {
	loop := newBareLoop()
	bare := func() { loop.run(bareRecords) }
	subject := func(emit emission, changes ...func(*trial.Case)) func() {
		tr, c := trial.New(), checked(pipeline(budgetJob(emit)))
		for _, change := range changes {
			change(c)
		}
		return func() { mustRun(t, tr, c) }
	}
	least := inTurns(budgetTurns, bare, subject(passOn), subject(countIn), subject(passOn, unchecked))
	row := func(name string, took time.Duration) budgets.Row {
		rate, bareRate := perSecond(budgetJob(passOn).records, took), perSecond(bareRecords, least[0])
		return budgets.Row{
			Budget: name, Wanted: ">= 0.50 x bare loop",
			Reached: fmt.Sprintf("%.2f x (%.1f of %.1f M/s)", rate/bareRate, rate/1e6, bareRate/1e6),
			Ratio:   2 * rate / bareRate, Note: "2 x 2 channels, 100-byte payloads, aligned checkpoints",
		}
	}
	return []budgets.Row{
		row("records/s, all checkers, order-free output", least[1]),
		row("records/s, all checkers, merge-order output (operators re-executed)", least[2]),
		row("records/s, checkers off", least[3]),
	}
}

// recoverySeeds is seeds/s of the small recovery scenario, in a process set up as simrun
// fuzz sets itself up.
func recoverySeeds(t *testing.T) []budgets.Row {
	defer debug.SetGCPercent(debug.SetGCPercent(trial.GCPercent))
	const (
		seeds = 40
		turns = 30 // short ones, of which some fall between those of the neighbours
	)
	loop := newBareLoop()
	subject := func(sets ...string) func() {
		tr, c := trial.New(), recoveryCase(t, sets...)
		return func() {
			for seed := range uint64(seeds) {
				runSeed(t, tr, c, seed+1)
			}
		}
	}
	least := inTurns(turns, func() { loop.run(bareRecords) }, subject(), subject(slowSink))
	wanted := here(2000, least[0])
	row := func(name string, took time.Duration) budgets.Row {
		reached := perSecond(seeds, took)
		return budgets.Row{
			Budget: name, Wanted: fmt.Sprintf(">= 2,000 seeds/s (here %.0f)", wanted),
			Reached: fmt.Sprintf("%.0f seeds/s", reached), Ratio: reached / wanted,
			Note: "one seed for 11,750 records of the bare loop",
		}
	}
	return []budgets.Row{
		row("small recovery scenario, all checkers", least[1]),
		row("the same with a slow sink", least[2]),
	}
}

// virtualTime is virtual over real time of the default comparison's scenarios.
func virtualTime(t *testing.T) (rows []budgets.Row) {
	for _, name := range scenarios.DefaultComparison() {
		s, err := scenarios.Load(name)
		require.NoError(t, err)
		var virtual int64
		loop := newBareLoop()
		least := inTurns(3, func() { loop.run(bareRecords) }, func() {
			o, err := s.RunWith(s.DefaultSeed(), scenarios.RunOptions{})
			require.NoError(t, err)
			virtual = o.VirtualNanos
		})
		wanted, reached := here(1000, least[0]), float64(virtual)/float64(least[1])
		rows = append(rows, budgets.Row{
			Budget: "virtual / real time, " + name, Wanted: fmt.Sprintf(">= 1,000 x (here %.0f)", wanted),
			Reached: fmt.Sprintf("%.0f x", reached), Ratio: reached / wanted, Note: "all checkers on",
		})
	}
	return rows
}

// memory is what a run of ten times the virtual time holds at its end, over what the
// shorter one holds. Both are long enough for every bounded table to have its size, and the
// source is faster than what follows, so that buffers are in use from the start.
func memory(t *testing.T) []budgets.Row {
	held := func(records int64) uint64 {
		tr := trial.New()
		s := shape{records: records, parallelism: 2, depth: 1, interval: 500e6, cpuNanos: 200_000}
		c := checked(pipeline(s))
		c.Options.Graph.Nodes[0].Service.CPUNanos /= 2
		c.Options.KeptCheckpoints = 16
		mustRun(t, tr, c)
		bytes := liveBytes()
		runtime.KeepAlive(tr)
		return bytes
	}
	held(200_000) // whatever is made once
	short, long := held(200_000), held(2_000_000)
	return []budgets.Row{{
		Budget: "memory over ten times the virtual time", Wanted: "<= 1.1 x",
		Reached: fmt.Sprintf("%.2f x (%d and %d kB live)", float64(long)/float64(short), short>>10, long>>10),
		Ratio:   1.1 * float64(short) / float64(long), Note: "checkpoints every 0.5 s, 20 s and 200 s, statistics of the latest 16",
	}}
}

func liveBytes() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// allocations are those that a run of twice the length, with as many checkpoints, makes
// more; what a checkpoint makes is told beside them.
func allocations(t *testing.T) []budgets.Row {
	tr := trial.New()
	count := func(records, interval int64) (allocations, events, checkpoints int64) {
		c := checked(pipeline(shape{records: records, parallelism: 2, depth: 1, interval: interval}))
		mustRun(t, tr, c)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		o := mustRun(t, tr, c)
		runtime.ReadMemStats(&after)
		return int64(after.Mallocs - before.Mallocs), o.Events, int64(len(o.Checkpoints))
	}
	const n, interval = 500_000, 50e6
	dense, _, more := count(2*n, interval)
	short, shortEvents, _ := count(n, interval)
	long, longEvents, checkpoints := count(2*n, 2*interval)
	each := (dense - long) / (more - checkpoints)
	row := func(name string, per int64, note string) budgets.Row {
		reached := float64(max(long-short, 0)) / float64(per)
		return budgets.Row{Budget: "allocations per " + name + ", steady state", Wanted: "0 (< 0.01)",
			Reached: fmt.Sprintf("%.4f", reached), Ratio: min(0.01/max(reached, 1e-9), 99), Note: note}
	}
	return []budgets.Row{
		row("record", n, fmt.Sprintf("%d more in %d more records", long-short, n)),
		row("event", longEvents-shortEvents, fmt.Sprintf(
			"%d more events; a checkpoint makes %d", longEvents-shortEvents, each)),
	}
}
