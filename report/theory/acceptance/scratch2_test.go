package acceptance_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/result"
)

func TestScratchCompare(t *testing.T) {
	for _, workload := range scenarios.DefaultComparison() {
		for _, kb := range []int{4, 8, 16, 32} {
			start := time.Now()
			s, err := scenarios.Load(workload, "compare.recovery=false", fmt.Sprintf("job.configuration.taskmanager.memory.segment-size=%d kb", kb))
			require.NoError(t, err)
			c, err := scenarios.Compare(context.Background(), scenarios.CompareOptions{Scenarios: []*scenarios.Scenario{s}, Seeds: 5, Protocols: []protocol.Name{protocol.Aligned, protocol.Unaligned}})
			require.NoError(t, err)
			for _, name := range c.Protocols {
				for _, sd := range c.Slowdowns {
					var dur, pers, trav, infl, bp []int64
					bad := 0
					for i := range c.Runs {
						r := &c.Runs[i]
						if r.Protocol != name || r.Slowdown != sd {
							continue
						}
						bp = append(bp, r.Outcome.Measures.SourceBackpressuredPermille)
						dur1, pers1, trav1, in1 := med(c, r, &bad)
						dur, pers, trav, infl = append(dur, dur1), append(pers, pers1), append(trav, trav1), append(infl, in1)
					}
					fmt.Println(workload, kb, name, sd, "dur us", m(dur)/1000, "persisted", m(pers), "travel us", m(trav)/1000, "inflight", m(infl), "backpressured", slices.Min(bp), "bad", bad)
				}
			}
			fmt.Println(time.Since(start))
		}
	}
}

func m(v []int64) int64 { slices.Sort(v); return v[len(v)/2] }

func med(c *result.Comparison, r *result.CellRun, bad *int) (a, b, d, e int64) {
	var dur, pers, trav, infl []int64
	for i := range r.Outcome.Checkpoints {
		s := &r.Outcome.Checkpoints[i]
		if s.TriggerNanos < c.MeasureFromNanos {
			continue
		}
		if s.Status != protocol.CheckpointSucceeded {
			*bad++
			continue
		}
		l := int64(0)
		for j := range s.Subtasks {
			l = max(l, s.Subtasks[j].ChannelStateNanos)
		}
		dur, pers, trav, infl = append(dur, s.EndToEndNanos), append(pers, s.PersistedBytes), append(trav, s.EndToEndNanos-l), append(infl, s.InFlightBytes)
	}
	if len(dur) == 0 {
		return
	}
	return m(dur), m(pers), m(trav), m(infl)
}
