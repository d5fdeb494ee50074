package acceptance_test

import (
	"fmt"
	"testing"
	"time"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/sim"
)

func TestScratch(t *testing.T) {
	for _, ex := range []job.Exchange{job.Rebalance, job.Keyed} {
		for _, c := range [][3]int{{1, 4, 16}, {2, 4, 16}, {3, 4, 32}, {2, 8, 32}, {4, 8, 16}} {
			for _, b := range []int{1, 4} {
				for _, name := range []protocol.Name{protocol.Aligned, protocol.AtLeastOnce, protocol.ChandyLamport, protocol.HybridIn, protocol.Unaligned} {
					p := &pipeline{protocol: name, depth: c[0], parallelism: c[1], exchange: ex,
						inputBuffers: int32(c[2] / 2 / b), outputBuffers: int32(c[2] / 2 / b), bufferRecords: int32(b), overdraft: 5,
						sinkNanos: millisecond, latency: sim.Constant(microsecond), timeoutNanos: millisecond, seed: 1}
					o := p.options()
					w := second + 4*p.nominalNanos()
					o.ScheduleNanos = []int64{w, w + 2*p.nominalNanos()}
					start := time.Now()
					obs := watch(t, o, nil)
					for _, x := range obs.until(t, 2, 1000*second) {
						fmt.Printf("%v b=%d %-15s T/nominal %.4f  T/bottleneck %.4f  T-bott %.2f s  L/cap %.4f  persisted/L %.4f wait %d us wall %v\n", p.name(), b, name,
							float64(x.drainNanos)/float64(p.nominalNanos()), float64(x.drainNanos)/float64(x.stats.BottleneckNanos), float64(x.drainNanos-x.stats.BottleneckNanos)/float64(p.sinkNanos),
							float64(x.stats.InFlightRecords)/float64(int64(c[0]*c[1]*c[1])*p.channelRecords()),
							float64(x.stats.PersistedBytes)/float64(x.stats.InFlightBytes), (x.injected-x.stats.TriggerNanos)/1000, time.Since(start))
					}
				}
			}
		}
	}
}
