package source_test

import (
	"testing"

	"simrun/runtime/record"
	"simrun/runtime/source"
	"simrun/sim"
)

// BenchmarkNext is what a record of each kind costs to make.
func BenchmarkNext(b *testing.B) {
	table, err := source.Flights()
	if err != nil {
		b.Fatal(err)
	}
	limited := source.Rate{RecordsPerSecond: sim.Ratio{Num: 1e6, Den: 1}}
	for _, spec := range []source.Spec{
		source.Synthetic("measured", source.SyntheticOptions{Keys: 1000, PayloadBytes: sim.Constant(100)}),
		source.Synthetic("zipf-limited", source.SyntheticOptions{
			Keys: 1000, KeyChoice: source.KeysZipf, SkewHalves: 2, Rate: limited,
		}),
		source.NexMark("nexmark", source.NexMarkOptions{}),
		source.File("flights", table, source.FileOptions{}),
	} {
		b.Run(spec.ID, func(b *testing.B) {
			reader, r := spec.Open(source.Instance{Splits: 2}), new(record.Record)
			for offset := int64(0); b.Loop(); offset++ {
				reader.Next(1, offset, r)
			}
		})
	}
}
