package theory

import (
	"math"

	"simrun/scenarios/result"
)

// Drain is how long a barrier that may not overtake waits (A1, work conservation): the
// service times of the records ahead of it that end at one sink subtask, summed, for the
// subtask with the largest sum. Exact for any routing and skew, because that subtask never
// idles while there is a record for it; the deficit is the record partly served.
func Drain(serviceNanosBySink []int64) int64 {
	var longest int64
	for _, nanos := range serviceNanosBySink {
		longest = max(longest, nanos)
	}
	return longest
}

// DrainByLittle is L/Θ (A2): records in flight over the sinks' joint rate. It equals Drain
// where all sinks get the same, and is below it under skew or random service: a lower
// bound.
func DrainByLittle(inFlightRecords, sinks, serviceNanos int64) int64 {
	if sinks == 0 {
		return 0
	}
	return toNanos(float64(inFlightRecords) * float64(serviceNanos) / float64(sinks))
}

// NominalDrain is k p N s (A3): what k exchanges of p x p channels with N records each
// take a sink of service time s. Round-robin comes within -10 and +2 % of it; keyed
// routing fills 13 to 70 % (A4), because a sender stops when any one subpartition is full.
func NominalDrain(exchanges, parallelism, channelRecords, serviceNanos int64) int64 {
	return exchanges * parallelism * channelRecords * serviceNanos
}

// StragglerRate is the records a second of p sinks one of which takes slowNanos a record,
// when every sender spreads evenly and blocks (A5): the slow one sets the pace.
func StragglerRate(sinks, slowNanos int64) float64 {
	return float64(sinks) * 1e9 / float64(slowNanos)
}

// Bound is the most that an aligned barrier can wait (A3, generalised to real pools): all
// buffers full, and of the last exchange all that can wait for one sink; of the others the
// share of the busiest sink. With even shares and equal pools it is k p N s.
func Bound(p *result.Pipeline) int64 {
	var records float64
	for i, e := range p.Exchanges {
		if e.RecordBytes <= 0 {
			return 0
		}
		records += capacity(e, i == len(p.Exchanges)-1) * float64(e.SegmentBytes) / float64(e.RecordBytes)
	}
	return toNanos(records * float64(p.SinkServiceNanos))
}

// capacity is the number of buffers in e whose records end at one sink subtask.
func capacity(e result.Exchange, last bool) float64 {
	if last {
		forOne := min(e.OutputBuffers, e.SubpartitionBuffers)
		return float64(e.InputBuffers + e.Senders*forOne)
	}
	all := e.Receivers*e.InputBuffers + e.Senders*min(e.OutputBuffers, e.Receivers*e.SubpartitionBuffers)
	return float64(all) * bottleneckShare(e)
}

// bottleneckShare is the part of an exchange's records that ends at the busiest sink.
func bottleneckShare(e result.Exchange) float64 {
	if e.BottleneckPermille > 0 {
		return float64(e.BottleneckPermille) / 1000
	}
	return 1 / float64(max(e.Receivers, 1))
}

// AlignedDuration is the whole of an aligned checkpoint (A6): trigger, drain, one latency
// a hop, snapshot, store, acknowledgement.
func AlignedDuration(p *result.Pipeline, drainNanos int64, state Upload) int64 {
	return p.TriggerNanos + latencies(p) + drainNanos + p.SyncNanos + WriteNanos(p, state) + p.AckNanos
}

// AtLeastOnceDrain is s p max n (5.5): one task that reads its p channels in turn without
// blocking any, with n records ahead of the barrier in each. Not blocking makes it slower
// than aligned when the queues are uneven. It may be short by p-1 records: the turn.
func AtLeastOnceDrain(recordsAhead []int64, serviceNanos int64) int64 {
	var most int64
	for _, n := range recordsAhead {
		most = max(most, n)
	}
	return serviceNanos * int64(len(recordsAhead)) * most
}

// latencies is one latency for each hop.
func latencies(p *result.Pipeline) (nanos int64) {
	for _, e := range p.Exchanges {
		nanos += e.LatencyNanos
	}
	return nanos
}

func toNanos(x float64) int64 { return int64(math.Round(x)) }
