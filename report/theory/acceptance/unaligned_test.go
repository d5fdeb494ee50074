package acceptance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/runtime/job"
	"simrun/scenarios/result"
	"simrun/sim"
)

// overtakings are unaligned checkpoints of pipelines with so much in flight that the records
// which sinks work on at the trigger, and which nobody can overtake, are no percent of it.
func overtakings() (all []pipeline) {
	for _, exchange := range []job.Exchange{job.Rebalance, job.Keyed} {
		for _, s := range [][4]int{{1, 4, 128, 1}, {2, 4, 64, 2}, {3, 4, 64, 1}, {2, 8, 32, 4}, {4, 4, 32, 4}} {
			private := newPipeline(exchange, s[0], s[1], s[2], s[3])
			private.protocol, private.checkpoints = protocol.Unaligned, 2
			spanning := private
			spanning.spareBytes = recordBytes / 3
			all = append(all, private, spanning)
		}
	}
	return all
}

// TestV5UnalignedPersistsWhatIsInFlight: V = L r, within 1 %.
func TestV5UnalignedPersistsWhatIsInFlight(t *testing.T) {
	for _, o := range slices.Concat(sweep(t, overSeeds(overtakings(), seeds(t, 2)), observe)...) {
		require.Greater(t, o.stats.InFlightRecords, int64(100*o.parallelism), "%v", &o.pipeline)
		require.InEpsilon(t, o.stats.InFlightBytes, o.stats.PersistedBytes, 0.01, "%v", &o.pipeline)
	}
}

// travelling is an unaligned checkpoint and the longest that a buffer was on its way.
type travelling struct {
	pipeline
	transitNanos, travelNanos int64
}

// transits measures how long buffers are on their way, from the hand of the sender, what is
// on the wire before them included.
type transits struct {
	incoming     map[[2]int64]int64 // receiver, channel: index of the link
	outgoing     map[[2]int64]int64 // sender, channel
	sent         [][]int64          // by link: when, in order
	fromNanos    int64
	longestNanos int64
}

func newTransits(links []protocol.ChannelLink) *transits {
	w := &transits{
		incoming: map[[2]int64]int64{}, outgoing: map[[2]int64]int64{}, sent: make([][]int64, len(links)),
	}
	for i, l := range links {
		w.outgoing[[2]int64{int64(l.Sender), int64(l.SenderChannel)}] = int64(i)
		w.incoming[[2]int64{int64(l.Receiver), int64(l.ReceiverChannel)}] = int64(i)
	}
	return w
}

func (w *transits) event(e *sim.Event) {
	end := [2]int64{e.Args[0], e.Args[1]}
	switch protocol.EventKind(e.Kind) {
	case protocol.BufferSent:
		link := w.outgoing[end]
		w.sent[link] = append(w.sent[link], e.TimeNanos)
	case protocol.BufferReceived:
		link := w.incoming[end]
		if e.TimeNanos >= w.fromNanos {
			w.longestNanos = max(w.longestNanos, e.TimeNanos-w.sent[link][0])
		}
		w.sent[link] = w.sent[link][1:]
	}
}

// travel runs the pipeline up to its checkpoint and measures transits of the last second
// before it and during it: in a warmed-up pipeline, not when every buffer is sent at once.
func travel(k *sim.Kernel, p pipeline) (travelling, error) {
	var measured *transits
	instants := p.instants(nominalNanos(&p))
	w, err := watch(k, p.options(), instants, func(e *sim.Event) { measured.event(e) })
	if err != nil {
		return travelling{}, err
	}
	measured = newTransits(w.system.Plan.Links)
	measured.fromNanos = instants[0] - second
	observed, err := w.observations(p)
	if err != nil {
		return travelling{}, err
	}
	if hard := w.system.Metrics.Tasks; false && len(hard) > 0 {
		return travelling{}, fmt.Errorf("hard backpressure")
	}
	return travelling{p, measured.longestNanos, observed[0].travelNanos}, nil
}

// bound is k (l + s_mid) + s (5.3), for the largest transit that was measured.
func (o *travelling) bound() int64 {
	var p result.Pipeline
	for i := range o.depth {
		hop := result.Exchange{LatencyNanos: o.transitNanos, ResidualNanos: o.midNanos}
		if i == o.depth-1 {
			hop.ResidualNanos = o.longestNanos()
		}
		p.Exchanges = append(p.Exchanges, hop)
	}
	return theory.BarrierBound(&p)
}

// TestV6OvertakingBarrierIsNeverLate: T <= k (l + s_mid) + s, without tolerance.
func TestV6OvertakingBarrierIsNeverLate(t *testing.T) {
	for _, o := range sweep(t, overSeeds(travels(), seeds(t, 3)), travel) {
		require.LessOrEqual(t, o.travelNanos, o.bound(), "%v", &o.pipeline)
		t.Logf("%v transit %d travel %d bound %d", &o.pipeline, o.transitNanos, o.travelNanos, o.bound())
	}
}

func travels() (all []pipeline) {
	for _, exchange := range []job.Exchange{job.Rebalance, job.Keyed} {
		for _, s := range [][4]int{{1, 4, 16, 1}, {2, 4, 16, 2}, {3, 4, 8, 4}, {4, 2, 8, 8}} {
			p := newPipeline(exchange, s[0], s[1], s[2], s[3])
			p.protocol, p.latencyNanos, p.midNanos = protocol.Unaligned, 200*microsecond, 300*microsecond
			narrow := p
			narrow.linkBytesPerSecond = 1_000_000
			uneven := p
			uneven.service = sim.Uniform(millisecond/2, 3*millisecond/2)
			all = append(all, p, narrow, uneven)
		}
	}
	return all
}
