package scenarios_test

import (
	"fmt"
	"testing"

	"simrun/protocol"
)

func TestZZ(t *testing.T) {
	const segment = "job.configuration.taskmanager.memory.segment-size="
	for _, w := range []string{"flights-backpressure", "nexmark-backpressure"} {
		for _, sl := range []string{"2", "5", "10"} {
			for _, seg := range []string{"4 kb", "8 kb"} {
				c := cellOf(t, w, protocol.Unaligned, "compare.slowdowns=["+sl+"]", "compare.seeds=8", "compare.checkpoints=12", "compare.spacing=2 s",
					"job.configuration.execution.checkpointing.timeout=10 s", segment+seg)
				sd := func(s *protocol.CheckpointStats) int64 {
					m := int64(0)
					for i := range s.Subtasks {
						m = max(m, s.Subtasks[i].StartDelayNanos)
					}
					return m
				}
				cs := func(s *protocol.CheckpointStats) int64 {
					m := int64(0)
					for i := range s.Subtasks {
						m = max(m, s.Subtasks[i].ChannelStateNanos)
					}
					return m
				}
				tr := measured(t, c, travel)
				fmt.Printf("%s %s %s travel mean %.2f med %.2f p10 %.2f p90 %.2f ms; start delay mean %.2f; duration %.2f; chanstate %.2f persisted %.0f inflightB %.0f\n", w, sl, seg, mean(tr)/1e6, median(tr)/1e6, float64(tr[len(tr)/10])/1e6, float64(tr[len(tr)*9/10])/1e6, mean(measured(t, c, sd))/1e6, mean(measured(t, c, duration))/1e6, mean(measured(t, c, cs))/1e6, mean(measured(t, c, persisted)), mean(measured(t, c, func(s *protocol.CheckpointStats) int64 { return s.InFlightBytes })))
				if seg == "none" {
					for i, r := range c.Runs[:2] {
						for _, cp := range r.Outcome.Checkpoints[:6] {
							fmt.Print(i, " ", cp.ID, " e2e ", cp.EndToEndNanos/1e3)
							for _, st := range cp.Subtasks {
								fmt.Print(" [", st.StartDelayNanos/1e3, " al ", st.AlignmentNanos/1e3, " sync ", st.SyncNanos/1e3, " async ", st.AsyncNanos/1e3, " cs ", st.ChannelStateNanos/1e3, "]")
							}
							fmt.Println()
						}
					}
				}
			}
		}
	}
}
