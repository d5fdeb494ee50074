package acceptance_test

import (
	"fmt"
	"testing"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/sim"
)

func TestScratch(t *testing.T) {
	names := []protocol.Name{protocol.Unaligned, protocol.HybridIn, protocol.Aligned, protocol.ChandyLamport, protocol.AtLeastOnce}
	for _, c := range [][3]int{{2, 4, 16}, {3, 4, 32}, {2, 8, 32}, {4, 8, 16}} {
		for _, b := range []int{1, 2, 4} {
			const seeds = 12
			var sum [5]float64
			var fill float64
			line := ""
			for seed := range seeds {
				v := [5]float64{}
				for i, name := range names {
					p := &pipeline{protocol: name, depth: c[0], parallelism: c[1], exchange: job.Keyed,
						inputBuffers: int32(c[2] / 2 / b), outputBuffers: int32(c[2] / 2 / b), bufferRecords: int32(b), overdraft: 5,
						sinkNanos: millisecond, latency: sim.Constant(microsecond), timeoutNanos: millisecond, seed: uint64(seed + 1)}
					o := p.options()
					w := second + 4*p.nominalNanos() + int64(seed)*73*microsecond
					o.ScheduleNanos = []int64{w}
					obs := watch(t, o, nil).until(t, 1, 1000*second)
					x := obs[0]
					v[i] = float64(x.drainNanos) / float64(p.nominalNanos())
					sum[i] += v[i]
					if i == 0 {
						fill += float64(x.stats.InFlightRecords) / float64(int64(c[0]*c[1]*c[1])*p.channelRecords())
					}
				}
				for i := 1; i < 5; i++ {
					if v[i] < v[i-1] {
						line += fmt.Sprintf(" [%d: %s %.3f < %s %.3f]", seed, names[i], v[i], names[i-1], v[i-1])
					}
				}
			}
			fmt.Printf("k=%d p=%d N=%d b=%d fill %.3f:", c[0], c[1], c[2], b, fill/seeds)
			for i := range names {
				fmt.Printf(" %s %.4f", names[i], sum[i]/seeds)
			}
			fmt.Println(line)
		}
	}
}
