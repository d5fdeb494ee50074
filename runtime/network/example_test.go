package network_test

import (
	"fmt"

	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/record"
)

// Three records of 20 bytes go through segments of 32: the second spans two buffers. The
// receiver grants a floating buffer for what waits, and puts the halves together.
func Example() {
	options := job.DefaultNetwork()
	options.SegmentSizeBytes = 32
	partition := network.NewPartition(network.PartitionOptions{
		Edge: &job.Edge{Exchange: job.Forward}, Subpartitions: 1, MaxParallelism: 128,
		Network: &options, Arena: &network.Arena{},
	})
	sender, channel := &partition.Subpartitions[0], &network.InputChannel{}
	gate := network.NewGate(&network.Arena{}, []*network.InputChannel{channel}, 1, 8)

	writer := network.Writer{Partitions: []*network.Partition{partition}}
	writer.Begin([]record.Record{{Lineage: 1, SizeBytes: 20}, {Lineage: 2, SizeBytes: 20}, {Lineage: 3, SizeBytes: 20}})
	fmt.Println("all written:", writer.Resume(), "segments:", partition.Pool.InUse())
	sender.Flush()

	credits := channel.Credits()
	for sender.CanPoll() && (credits > 0 || !sender.NextIsData()) {
		credits--
		b := sender.Poll()
		sender.LetGo(b)
		channel.Receive(b)
		gate.OnBacklog(channel, b.Backlog)
		for _, grant := range gate.Grants {
			credits += grant.Credits
		}
		gate.Grants = gate.Grants[:0]
		p := channel.Take().Piece
		fmt.Printf("%d bytes, %d records end here, joins: %t\n", p.SizeBytes, len(p.Elements), channel.Join(&p))
		channel.Leave(&p)
		gate.Recycle(channel, b)
	}
	fmt.Printf("segments: %d, still being filled\n", partition.Pool.InUse())
	// Output:
	// all written: true segments: 2
	// 32 bytes, 1 records end here, joins: true
	// 28 bytes, 2 records end here, joins: true
	// segments: 1, still being filled
}
