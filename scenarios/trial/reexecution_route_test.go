package trial

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/runtime/network"
	"simrun/runtime/operator"
	"simrun/runtime/record"
	"simrun/runtime/state"
)

// partitionOf is the result partition of the runtime for the same edge.
func partitionOf(e *job.Edge, o routeOptions) *network.Partition {
	config := job.DefaultNetwork()
	return network.NewPartition(network.PartitionOptions{
		Edge: e, Subpartitions: o.channels, MaxParallelism: o.maxParallelism, Network: &config,
		Arena: &network.Arena{}, FirstChannel: network.FirstChannel(o.seed, o.task, e.Partition, o.channels),
	})
}

// written is what a partition has written to each subpartition, in order.
func written(p *network.Partition, elements []record.Record, to [][]record.Record) {
	writer := network.Writer{Partitions: []*network.Partition{p}}
	for i := range elements {
		writer.Begin(elements[i : i+1])
		if !writer.Resume() {
			panic("no memory is left")
		}
		for s := range p.Subpartitions {
			sub := &p.Subpartitions[s]
			sub.Flush()
			for b := sub.Poll(); b != nil; b = sub.Poll() {
				to[s] = append(to[s], b.Piece.Elements...)
				sub.LetGo(b)
			}
		}
	}
}

func drawElement(t *rapid.T) record.Record {
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return record.Watermark(rapid.Int64Range(0, 1000).Draw(t, "watermark"))
	case 1:
		return record.Status(record.TagIdle)
	}
	return record.Record{
		Lineage: rapid.Uint64().Draw(t, "lineage"), Key: rapid.Uint64Range(0, 50).Draw(t, "key"),
		A: rapid.Int64Range(0, 99).Draw(t, "a"), SizeBytes: rapid.Int32Range(1, 300).Draw(t, "size"),
	}
}

func byA(r *record.Record) uint64 { return uint64(r.A) }

func TestRoutesSendEveryElementWhereTheNetworkDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := &job.Edge{
			Exchange:  job.Exchange(rapid.IntRange(int(job.Forward), int(job.Broadcast)).Draw(t, "exchange")),
			Partition: rapid.IntRange(0, 3).Draw(t, "partition"),
		}
		if rapid.Bool().Draw(t, "re-keyed") {
			e.KeyBy = byA
		}
		o := routeOptions{
			seed: rapid.Uint64().Draw(t, "seed"), task: rapid.IntRange(0, 9).Draw(t, "task"),
			channels: 1, maxParallelism: rapid.IntRange(8, 300).Draw(t, "max parallelism"),
			assignments: &state.Assignments{},
		}
		if e.Exchange != job.Forward {
			o.channels = rapid.IntRange(1, 8).Draw(t, "channels")
		}
		elements := rapid.SliceOfN(rapid.Custom(drawElement), 1, 60).Draw(t, "elements")

		ours, theirs := newRoute(e, o), partitionOf(e, o)
		queues := make([]inputQueue, o.channels)
		for i := range queues {
			ours.channels[i].to = &queues[i]
		}
		for i := range elements {
			ours.write(&elements[i])
		}
		sent := make([][]record.Record, o.channels)
		written(theirs, elements, sent)
		for i := range queues {
			require.Equal(t, theirs.Subpartitions[i].Sent, ours.channels[i].sent, "channel %d", i)
			require.Equal(t, sent[i], queues[i].elements, "channel %d", i)
		}
	})
}

func TestAQueueGivesItsElementsOutInOrderAndItsMemoryBack(t *testing.T) {
	var q inputQueue
	next := uint64(0)
	for n := range uint64(10_000) {
		q.push(&record.Record{Lineage: n}, 0)
		for n%3 == 0 && q.waiting() > 5 {
			require.Equal(t, next, q.take().Lineage)
			next++
		}
		q.compact()
		require.Less(t, len(q.elements), 64)
	}
	require.Equal(t, int64(next), q.taken)
}

func TestOnlyWhatOrderedVerticesNeedIsExecuted(t *testing.T) {
	c := libraryCase(t, "nexmark-q1", "")
	plan, err := job.Compile(c.Options.Graph, &c.Options.Config)
	require.NoError(t, err)
	for v, ordered := range orderedVertices(plan) {
		require.False(t, ordered, plan.Vertices[v].Name)
	}
	_, replay := watched(t, New(), c, nil)
	require.Zero(t, replay.witnesses, "a job that is order-free as a whole is not executed again")
	c = libraryCase(t, "flight-delays", "")
	plan, err = job.Compile(c.Options.Graph, &c.Options.Config)
	require.NoError(t, err)
	for v, ordered := range orderedVertices(plan) {
		require.True(t, ordered, plan.Vertices[v].Name)
	}
}

func TestARestartForgetsTimeAndKeepsStateAndElements(t *testing.T) {
	task := executedTask{chain: operator.NewChain(nil, state.Place{Parallelism: 1, MaxParallelism: 8})}
	task.in, task.inactive = make([]inputQueue, 2), make([]bool, 1)
	for i := range task.in {
		task.in[i].watermarkNanos = operator.NoWatermark
		for _, r := range []record.Record{record.Watermark(5), record.Status(record.TagIdle), {Lineage: 7}} {
			task.in[i].push(&r, 0)
		}
	}
	task.sink = &executedSink{}
	for i := range task.in {
		require.EqualValues(t, 1, task.elements(&task.in[i], 1))
	}
	for i := range task.in {
		require.EqualValues(t, 1, task.elements(&task.in[i], 1))
	}
	task.in[1].ended = true
	require.True(t, task.inactive[0])
	require.EqualValues(t, 5, task.chain.WatermarkNanos())

	task.restart()
	require.False(t, task.inactive[0])
	require.Equal(t, operator.NoWatermark, task.chain.WatermarkNanos())
	for i := range task.in {
		q := &task.in[i]
		require.Equal(t, operator.NoWatermark, q.watermarkNanos)
		require.False(t, q.idle || q.ended)
		require.EqualValues(t, 2, q.taken)
		require.EqualValues(t, 1, q.waiting())
	}
}

func TestASplitIsReadOnWhereItWasReadUpTo(t *testing.T) {
	o := &oracle{}
	c := libraryCase(t, "flight-delays", "")
	var err error
	o.options = &c.Options
	o.plan, err = job.Compile(c.Options.Graph, &c.Options.Config)
	require.NoError(t, err)
	o.reexecution.init(o)
	o.build()
	first, second := o.tasks[0].source, o.tasks[1].source
	require.Nil(t, first.assign(0, 0))
	require.Nil(t, second.assign(1, 0))
	require.Equal(t, 7, first.read(make([]record.Record, 7)))
	require.Equal(t, []protocol.SplitPosition{{Split: 0, Offset: 7}}, first.positions(nil))
	first.restart()
	second.restart()
	require.Nil(t, second.assign(0, 7), "another subtask may go on with it")
	require.Equal(t, "lost", first.assign(1, 1).Class.String())
	require.Equal(t, "duplicated", first.assign(0, 6).Class.String())
	require.Equal(t, "corrupt", first.assign(9, 0).Class.String())
}
