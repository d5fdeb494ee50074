package measured_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/measured"
	"simrun/sim"
)

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	n := len(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}

func TestProbe(t *testing.T) {
	f, err := os.Open(os.Getenv("MEASURED"))
	if err != nil {
		t.Skip("no measurements")
	}
	runs, err := measured.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	k := sim.New(sim.Options{})
	for _, r := range runs {
		if only := os.Getenv("ONLY"); only != "" && only != r.Name {
			continue
		}
		o := r.Options(1, 2)
		s, err := runtime.Build(k, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		end := r.RunNanos
		if r.SinkNanos == 0 && r.SourceRecordsPerSecond == 0 {
			end = 4e9
		}
		s.Metrics.FromNanos = min(5e9, end/2)
		start := time.Now()
		s.Run(runtime.RunOptions{LimitNanos: end})
		m := map[string][]float64{}
		for _, x := range r.Samples {
			if x.Checkpoint >= 2 && x.Vertex == "sink" {
				m["e2e"] = append(m["e2e"], x.Values["e2e_ms"])
				m["pers"] = append(m["pers"], x.Values["persisted_bytes"])
				m["proc"] = append(m["proc"], x.Values["processed_bytes"])
				m["ckpt"] = append(m["ckpt"], x.Values["checkpointed_bytes"])
			}
		}
		p := map[string][]float64{}
		for _, cp := range s.History.Checkpoints {
			if cp.ID >= 2 && cp.Status == protocol.CheckpointSucceeded {
				p["e2e"] = append(p["e2e"], float64(cp.EndToEndNanos)/1e6)
				p["pers"] = append(p["pers"], float64(cp.PersistedBytes))
				p["proc"] = append(p["proc"], float64(cp.ProcessedBytes))
				p["ckpt"] = append(p["ckpt"], float64(cp.CheckpointedBytes))
			}
		}
		window := float64(s.Kernel.NowNanos() - s.Metrics.FromNanos)
		thr := float64(s.Metrics.TakenInWindow) * 1e9 / window
		fmt.Printf("%s %-13s p%d d%d %-7s sink %6dus pay %5d seg %5d | e2e %8.1f / %8.1f (%+5.1f%%) | pers %8.0f / %8.0f | proc %8.0f / %8.0f | ckpt %8.0f / %8.0f | thr %8.0f / %8d | n %d wall %v\n",
			r.Name, r.Protocol, r.Parallelism, r.Depth, r.Layout, r.SinkNanos/1000, r.PayloadBytes, r.SegmentBytes,
			median(p["e2e"]), median(m["e2e"]), 100*(median(p["e2e"])/median(m["e2e"])-1), median(p["pers"]), median(m["pers"]),
			median(p["proc"]), median(m["proc"]), median(p["ckpt"]), median(m["ckpt"]), thr, r.Throughput, len(p["e2e"]), time.Since(start).Round(time.Millisecond))
	}
}
