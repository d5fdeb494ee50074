package scenarios_test

import (
	"fmt"
	"testing"

	"simrun/protocol"
	"simrun/scenarios"
)

func TestZZ(t *testing.T) {
	const segment = "job.configuration.taskmanager.memory.segment-size="
	for _, w := range scenarios.DefaultComparison() {
		for _, slow := range []string{"2", "5", "10"} {
			for _, p := range [][2]string{{"2 kb", "4 kb"}} {
				sets := func(s string) []string { return []string{"compare.slowdowns=[" + slow + "]", segment + s, "job.configuration.execution.checkpointing.timeout=10 min"} }
				a1, a2 := cellOf(t, w, protocol.Aligned, sets(p[0])...), cellOf(t, w, protocol.Aligned, sets(p[1])...)
				u1, u2 := cellOf(t, w, protocol.Unaligned, sets(p[0])...), cellOf(t, w, protocol.Unaligned, sets(p[1])...)
				fmt.Println(w, slow, p, "aligned", ratioOf(medianOf(t, a2, duration), medianOf(t, a1, duration)), "persisted", ratioOf(medianOf(t, u2, persisted), medianOf(t, u1, persisted)), "travel", ratioOf(medianOf(t, u2, travel), medianOf(t, u1, travel)), medianOf(t, u1, travel)/1e3)
			}
		}
	}
}
