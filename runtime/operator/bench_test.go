package operator_test

import (
	"testing"

	"simrun/runtime/operator"
	"simrun/runtime/record"
)

// BenchmarkCountChain is a keyed count that passes its records on, as the measured Flink
// jobs have it; ahead also marks before every record and commits in steps of 500.
func BenchmarkCountChain(b *testing.B) {
	for _, mode := range []struct {
		name  string
		ahead bool
	}{{"plain", false}, {"ahead", true}} {
		b.Run(mode.name, func(b *testing.B) {
			c := chainOf(operator.Running("count", operator.RunningOptions{Emit: operator.EmitInput}))
			r := &record.Record{SizeBytes: 25}
			for n := uint64(0); b.Loop(); n++ {
				if mode.ahead {
					if n%500 == 0 {
						c.Commit()
						c.Begin()
					}
					c.Mark()
				}
				r.Lineage, r.Key = n, n*7919%1000
				c.Process(0, r)
			}
		})
	}
}
