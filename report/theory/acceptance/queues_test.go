package acceptance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/runtime"
	"simrun/runtime/job"
	"simrun/runtime/source"
	"simrun/sim"
)

// queues are one sink that reads from sources of its own speed each: all faster than its
// share of the sink, so that every channel always has data, and some more so, so that at the
// trigger some queues are longer (5.5).
type queues struct {
	protocol         protocol.Name
	ahead            []int64 // n: wanted in the queues at the trigger
	recordsPerBuffer int32
	seed             uint64
}

const queueNanos = 4 * second

func (q *queues) options() runtime.Options {
	p := newPipeline(job.Rebalance, 1, 1, 1000, int(q.recordsPerBuffer))
	p.protocol, p.seed = q.protocol, q.seed
	o := p.options()
	o.Cluster.TaskManagers, o.Cluster.Nodes = len(q.ahead)+1, len(q.ahead)+1
	sink := o.Graph.Nodes[1]
	sink.Inputs, o.Graph.Nodes = nil, nil
	for i, n := range q.ahead {
		spec := source.Synthetic(fmt.Sprintf("source%d", i), source.SyntheticOptions{
			KeyChoice: source.KeysUnique, PayloadBytes: sim.Constant(recordBytes - source.HeaderBytes),
			Watermarks: source.WatermarkStrategy{OutOfOrderNanos: -1},
			Rate:       source.Rate{RecordsPerSecond: q.rate(n)},
		})
		o.Graph.Nodes = append(o.Graph.Nodes, job.Node{ID: spec.ID, Parallelism: 1, Source: &spec})
		sink.Inputs = append(sink.Inputs, job.Input{From: i, Exchange: job.Rebalance})
	}
	o.Graph.Nodes = append(o.Graph.Nodes, sink)
	return o
}

// rate is the channel's share of the sink, and what fills its queue by the trigger.
func (q *queues) rate(ahead int64) sim.Ratio {
	share := second / millisecond / int64(len(q.ahead))
	seconds := queueNanos / second
	return sim.Ratio{Num: share*seconds + ahead, Den: seconds}
}

// queued is what a checkpoint of queues did.
type queued struct {
	queues
	ahead      []int64 // n, as it was when the barriers came
	drainNanos int64
	duplicates int64 // in the sink's snapshot: records that the sources will send again
	persisted  int64 // records in the channel state
}

func (q *queued) drainRecords() float64 { return float64(q.drainNanos) / float64(millisecond) }

func queue(k *sim.Kernel, q queues) (queued, error) {
	var w *watched
	taken := &takings{sink: int64(len(q.ahead)), received: make([]int64, len(q.ahead))}
	instant := queueNanos + int64(sim.Below(sim.Draw(q.seed, sim.PurposeFirstFree+2, 0, 0, 0), uint64(millisecond)))
	w, err := watch(k, q.options(), []int64{instant}, func(e *sim.Event) { taken.event(e, w) })
	if err != nil {
		return queued{}, err
	}
	if err := w.complete(1); err != nil {
		return queued{}, err
	}
	checkpoint := w.system.History.Checkpoints[0]
	point, err := w.system.RecoveryPoint(checkpoint.ID)
	if err != nil {
		return queued{}, err
	}
	result := queued{
		queues: q, drainNanos: w.arrived[checkpoint.ID] - checkpoint.TriggerNanos,
		persisted: checkpoint.PersistedBytes / recordBytes,
	}
	for _, l := range w.system.Plan.Links {
		sent := point.Tasks[l.Sender].Sent[l.SenderChannel].Count
		result.ahead = append(result.ahead, sent-taken.received[l.ReceiverChannel])
		result.duplicates += max(point.Tasks[l.Receiver].Received[l.ReceiverChannel].Count-sent, 0)
	}
	return result, nil
}

// takings are the records that the sink has taken from each channel when the barriers start.
// Events tell of whole buffers; of the one in hand, as many as its time was enough for.
type takings struct {
	sink, sinceNanos int64
	received         []int64
	done             bool
}

func (n *takings) event(e *sim.Event, w *watched) {
	if protocol.EventKind(e.Kind) != protocol.BufferConsumed || e.Args[0] != n.sink || n.done {
		return
	}
	if len(w.injected) == 0 {
		n.received[e.Args[1]] += e.Args[3]
		n.sinceNanos = e.TimeNanos
		return
	}
	n.received[e.Args[1]] += (w.injected[len(w.injected)-1] - n.sinceNanos) / millisecond
	n.done = true
}

// unevenQueues are those of 5.5, under the policies that do not overtake.
func unevenQueues(name protocol.Name) (all []queues) {
	for _, ahead := range [][]int64{{40, 10, 10, 10}, {80, 1, 1, 1}, {10, 20, 30, 40}, {25, 25, 25, 25}, {60, 3}} {
		for _, recordsPerBuffer := range []int32{1, 2, 4} {
			all = append(all, queues{protocol: name, ahead: ahead, recordsPerBuffer: recordsPerBuffer})
		}
	}
	return all
}

// queuesOf runs them under a policy in all universes.
func queuesOf(t *testing.T, name protocol.Name) []queued {
	var all []queues
	for _, q := range unevenQueues(name) {
		for _, seed := range seeds(t, 2) {
			q.seed = seed
			all = append(all, q)
		}
	}
	return sweep(t, all, queue)
}

func countedQueues(t *testing.T) []queued {
	return counted.of(t, func() []queued { return queuesOf(t, protocol.AtLeastOnce) })
}

var counted cache[queued]

// slack is (p-1) buffers, in records.
func (q *queued) slack() float64 { return float64(len(q.ahead)-1) * float64(q.recordsPerBuffer) }

// shortOfLongest is sum(max n - n): the records that a barrier which does not block lets by.
func (q *queued) shortOfLongest() (sum int64) {
	for _, n := range q.ahead {
		sum += slices.Max(q.ahead) - n
	}
	return sum
}

// overShortest is sum(n - min n): the records that come after the first barrier and before
// their own.
func (q *queued) overShortest() (sum int64) {
	for _, n := range q.ahead {
		sum += n - slices.Min(q.ahead)
	}
	return sum
}

// TestV9DuplicatesOfAtLeastOnce (5.5): sum(max n - n), within (p-1) buffers.
func TestV9DuplicatesOfAtLeastOnce(t *testing.T) {
	for _, q := range countedQueues(t) {
		require.InDelta(t, q.shortOfLongest(), q.duplicates, q.slack(), "%v", q.ahead)
	}
}

// TestV9DrainOfAtLeastOnce (5.5): s p max n, within (p-1) buffers and the record partly served.
func TestV9DrainOfAtLeastOnce(t *testing.T) {
	for _, q := range countedQueues(t) {
		require.InDelta(t, theory.AtLeastOnceDrain(q.ahead, 1), q.drainRecords(), q.slack()+1, "%v", q.ahead)
	}
}

// TestV9BlockingDrainsEachQueueOnce (5.5): aligned takes s sum n, and lets nothing by.
func TestV9BlockingDrainsEachQueueOnce(t *testing.T) {
	for _, q := range queuesOf(t, protocol.Aligned) {
		var sum int64
		for _, n := range q.ahead {
			sum += n
		}
		require.InDelta(t, sum, q.drainRecords(), q.slack()+1, "%v", q.ahead)
		require.Zero(t, q.duplicates)
	}
}

// TestV9ChandyLamportRecordsLateChannels (5.5): it takes as long as at-least-once, and records
// sum(n - min n) in place of duplicates.
func TestV9ChandyLamportRecordsLateChannels(t *testing.T) {
	for _, q := range queuesOf(t, protocol.ChandyLamport) {
		require.InDelta(t, q.overShortest(), q.persisted, q.slack()+1, "%v", q.ahead)
		require.InDelta(t, theory.AtLeastOnceDrain(q.ahead, 1), q.drainRecords(), q.slack()+1, "%v", q.ahead)
		require.Zero(t, q.duplicates)
	}
}
