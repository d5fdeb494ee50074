package acceptance_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/theory"
	"simrun/runtime/job"
	"simrun/scenarios/result"
	"simrun/sim"
)

// travelling is an unaligned checkpoint and the longest that a buffer was on its way.
type travelling struct {
	pipeline
	transitNanos, travelNanos int64
}

// transits measures how long buffers are on their way, from the hand of the sender, what is
// on the wire before them included.
type transits struct {
	incoming     map[[2]int64]int // receiver and its channel: which link
	outgoing     map[[2]int64]int // sender and its channel
	sent         [][]int64        // by link: when, in order
	fromNanos    int64
	longestNanos int64
	hard         int // times that a task was blocked in the middle of a record
}

func newTransits(links []protocol.ChannelLink, fromNanos int64) *transits {
	w := &transits{
		incoming: map[[2]int64]int{}, outgoing: map[[2]int64]int{}, sent: make([][]int64, len(links)),
		fromNanos: fromNanos,
	}
	for i, l := range links {
		w.outgoing[[2]int64{int64(l.Sender), int64(l.SenderChannel)}] = i
		w.incoming[[2]int64{int64(l.Receiver), int64(l.ReceiverChannel)}] = i
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
	case protocol.BackpressureStarted:
		w.hard += int(e.Args[1])
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
	measured = newTransits(w.system.Plan.Links, instants[0]-second)
	observed, err := w.observations(p)
	if err != nil {
		return travelling{}, err
	}
	if measured.hard > 0 {
		return travelling{}, fmt.Errorf("%v: hard backpressure, %d times", &p, measured.hard)
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

// share is how much of its bound the barriers took.
func (o *travelling) share() float64 { return float64(o.travelNanos) / float64(o.bound()) }

// travels are pipelines whose middle stages take time too, over wide links, over narrow ones,
// and into sinks of uneven service.
func travels(t *testing.T) []travelling {
	return travelled.of(t, func() []travelling {
		var all []pipeline
		for _, exchange := range []job.Exchange{job.Rebalance, job.Keyed} {
			for _, s := range [][4]int{{1, 4, 16, 1}, {2, 4, 16, 2}, {3, 4, 8, 4}, {4, 2, 8, 8}} {
				wide := newPipeline(exchange, s[0], s[1], s[2], s[3])
				wide.protocol, wide.latencyNanos, wide.midNanos = protocol.Unaligned, 200*microsecond, 300*microsecond
				narrow, uneven := wide, wide
				narrow.linkBytesPerSecond = 1_000_000
				uneven.service = sim.Uniform(millisecond/2, 3*millisecond/2)
				all = append(all, wide, narrow, uneven)
			}
		}
		return sweep(t, overSeeds(all, seeds(t, 3)), travel)
	})
}

var travelled cache[travelling]

// TestV6OvertakingBarrierIsNeverLate: T <= k (l + s_mid) + s, without tolerance. One hop comes
// close to it.
func TestV6OvertakingBarrierIsNeverLate(t *testing.T) {
	closest := 0.0
	for _, o := range travels(t) {
		require.LessOrEqual(t, o.travelNanos, o.bound(), "%v", &o.pipeline)
		closest = max(closest, o.share())
	}
	require.Greater(t, closest, 0.9, "a bound that nothing comes near to is none")
}
