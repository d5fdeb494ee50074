package acceptance_test

import (
	"fmt"
	"testing"

	"simrun/runtime/job"
)

func TestScratch(t *testing.T) {
	for _, c := range [][3]int{{1, 2, 16}, {1, 4, 16}, {2, 4, 16}, {3, 4, 16}, {2, 8, 16}, {4, 8, 16}, {1, 4, 32}, {4, 4, 32}, {2, 8, 32}, {4, 8, 32}} {
		for _, b := range []int{1, 2, 4, 8} {
			p := newPipeline(job.Rebalance, c[0], c[1], int32(c[2]*b), int32(b))
			p.checkpoints = 2
			res := sweep(t, overSeeds([]pipeline{p}, seeds(t, 6)), observe)
			lo, hi := [2]float64{9, 9}, [2]float64{}
			for _, r := range res {
				for i, o := range r {
					x := float64(o.drainNanos) / float64(nominalNanos(&p))
					lo[i], hi[i] = min(lo[i], x), max(hi[i], x)
				}
			}
			f := float64(c[2]) / float64(c[2]+1)
			fmt.Printf("k=%d p=%d c=%d b/r=%d: first %.3f-%.3f second %.3f-%.3f;  with M: first %.3f-%.3f second %.3f-%.3f\n", c[0], c[1], c[2], b, lo[0], hi[0], lo[1], hi[1], lo[0]*f, hi[0]*f, lo[1]*f, hi[1]*f)
		}
	}
}
