package runtime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/sink"
	"simrun/runtime/source"
	"simrun/sim"
)

// smallest is the smallest job that checkpoints: five records from one source over one
// channel into a transactional sink, on two machines.
func smallest(name protocol.Name) runtime.Options {
	src := source.Synthetic("source", source.SyntheticOptions{
		Rate: source.Rate{RecordsPerSecond: sim.Ratio{Num: 10, Den: 1}}, Keys: 3,
		PayloadBytes: sim.Constant(100), Limit: 5,
	})
	db := sink.Spec{ID: "db", Kind: sink.Transactional, External: "database"}
	o := jobOptions(name)
	o.Graph = &job.Graph{Name: "smallest", Nodes: []job.Node{
		{ID: "source", Parallelism: 1, Source: &src, Service: job.Service{CPUNanos: 1000}},
		{ID: "db", Parallelism: 1, Sink: &db, Inputs: []job.Input{{From: 0, Exchange: job.Rebalance}}},
	}}
	o.Cluster.Slots, o.Config.NoSlotSharing = 1, true
	o.Config.BufferTimeoutNanos = 50e6
	o.Config.WatermarkIntervalNanos = 0
	o.ScheduleNanos = []int64{205e6} // a record waits in a half-filled buffer
	return o
}

// The script shows every event of the smallest job, in order. Command:
//
//	events protocol=NAME [without=KIND,KIND]
func TestEventsOfTheSmallestJob(t *testing.T) {
	datadriven.RunTest(t, "testdata/smallest", func(t *testing.T, d *datadriven.TestData) string {
		var name string
		d.ScanArgs(t, "protocol", &name)
		var without []string
		for _, arg := range d.CmdArgs {
			if arg.Key == "without" {
				without = arg.Vals
			}
		}
		var b strings.Builder
		var s *runtime.System
		s, err := runtime.New(smallest(protocol.Name(name)), func(e *sim.Event) {
			kind := runtime.EventKindOf(e)
			if !slices.Contains(without, kind.String()) {
				fmt.Fprintf(&b, "%-10s %-16s %s\n", sim.FormatNanos(e.TimeNanos/1000*1000), s.Kernel.ActorName(e.Actor),
					protocol.EventText(kind, e.Args))
			}
		})
		require.NoError(t, err)
		s.Run(runtime.RunOptions{LimitNanos: 20e9, SettleNanos: 1e9})
		require.Equal(t, protocol.JobFinished, s.History.Status)
		return b.String()
	})
}
