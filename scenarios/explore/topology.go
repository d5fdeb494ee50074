package explore

import (
	"strconv"

	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/runtime/operator"
	"simrun/runtime/source"
	"simrun/runtime/state"
	"simrun/scenarios/config"
	"simrun/sim"
)

// stream is what an operator emits: about how many records, and of how many bytes.
type stream struct {
	id      string
	records int64
	bytes   int64
}

// graph draws sources, operators that read from them and from each other, and a sink for
// every stream that nothing else reads.
func (d *drawing) graph() {
	d.pressure = generate.OneOf(d, noPressure, slowSink, noPressure, slowSink, slowOperator)
	sources := generate.OneOf(d, 1, 1, 2, 2, 3)
	payload := generate.OneOf(d, payloads()...)
	d.fit(payload)
	for i := range sources {
		d.source(i, d.records/int64(sources), payload)
	}
	for n := generate.OneOf(d, 1, 1, 2, 0, 2, 3); n > 0; n-- {
		d.operator()
	}
	for len(d.open) > 2 {
		d.merge(kindUnion)
	}
	for i := 0; len(d.open) > 0; i++ {
		d.sink(i)
	}
	d.slowDown()
}

// fit keeps what is on its way to some hundreds of buffers in all.
func (d *drawing) fit(payload sim.Distribution) {
	const mostBuffers = 500
	segment := int64(d.s.Job.Config.Network.SegmentSizeBytes)
	d.records = min(d.records, max(mostBuffers*segment/max(payload.MeanNanos(), 1), 60))
}

func (d *drawing) parallelism() int {
	return 1 + int(generate.Between(d, 0, int64(d.widest)-1))
}

// source draws a source of synthetic records that arrive over the length of the universe,
// or, under pressure, as fast as they are taken.
func (d *drawing) source(i int, records int64, payload sim.Distribution) {
	o := config.NewOperator("source-" + strconv.Itoa(i))
	o.Parallelism = d.parallelism()
	from := config.NewSource()
	keys := generate.OneOf(d, keyChoices()...)
	from.Synthetic, from.Keys = &keys, generate.OneOf(d, keyCounts()...)
	from.Records, from.PayloadBytes = records, payload
	if d.pressure == noPressure || generate.Chance(d, 1, 2) {
		from.Rate = sim.Ratio{Num: max(records*1e9/d.lengthNanos, 1), Den: 1}
	}
	from.Jitter = generate.Chance(d, 1, 2)
	from.Splits = generate.OneOf(d, sourceSplits()...)
	if from.Enumerated = generate.Chance(d, 1, 3); from.Enumerated {
		from.Splits = generate.OneOf(d, fileCounts()...)
	}
	from.OutOfOrderNanos = generate.OneOf(d, disorders()...)
	from.Watermarks.OutOfOrderNanos = from.OutOfOrderNanos
	from.Watermarks.IdleNanos = generate.OneOf(d, idleTimeouts()...)
	if from.Rate.Num > 0 && generate.Chance(d, 1, 4) { // bursts, and silence between them
		part := d.lengthNanos / 6 / 1e6 * 1e6
		from.Steps = []source.Step{
			{ForNanos: part, Factor: sim.Ratio{Num: 2, Den: 1}}, {ForNanos: part, Factor: sim.Ratio{Num: 0, Den: 1}},
		}
	}
	o.Does.Source = &from
	d.add(o, stream{o.ID, records, payload.MeanNanos() + 25})
}

// add puts an operator into the graph; its stream is open.
func (d *drawing) add(o config.Operator, out stream) {
	if generate.Chance(d, 1, 6) {
		o.Chaining = false
	}
	d.s.Job.Graph = append(d.s.Job.Graph, o)
	d.open = append(d.open, out)
}

// take closes one of the open streams. Now and then it stays open: two operators read it.
func (d *drawing) take() stream {
	at := int(d.Choose(uint64(len(d.open))))
	s := d.open[at]
	if len(d.open) > 2 || !generate.Chance(d, 1, 8) {
		d.open = append(d.open[:at], d.open[at+1:]...)
	}
	return s
}

// operatorKind is what an operator of a universe does.
type operatorKind uint8

const (
	kindKeyed operatorKind = iota
	kindMap
	kindFilter
	kindFlatMap
	kindDeduplicate
	kindWindow
	kindProcess
	kindFraud
	kindRules
	// From here on: of two inputs.
	kindUnion
	kindJoin
	kindWindowJoin
	kindMinOfBoth
)

// operator draws an operator on one or two of the open streams.
func (d *drawing) operator() {
	if len(d.open) > 1 && generate.Chance(d, 3, 4) {
		d.merge(generate.OneOf(d, kindUnion, kindUnion, kindMinOfBoth, kindWindowJoin, kindJoin))
		return
	}
	kind := generate.OneOf(d, kindKeyed, kindKeyed, kindKeyed, kindMap, kindFilter, kindFlatMap, kindFlatMap,
		kindDeduplicate, kindWindow, kindWindow, kindProcess, kindFraud, kindRules)
	in := d.take()
	o := d.next(in)
	out := stream{o.ID, in.records, in.bytes}
	switch kind {
	case kindKeyed:
		o.Does.Keyed = &operator.RunningOptions{
			Aggregate: generate.OneOf(d, aggregates()...), Field: operator.FieldA,
			Emit: generate.OneOf(d, emissions()...),
		}
	case kindMap:
		mapping := generate.OneOf(d, operator.MapIdentity, operator.MapSwapKeyA, operator.MapOneKey)
		o.Does.Map, o.From[0].Exchange = &mapping, d.exchange()
	case kindFilter:
		o.Does.Filter = &config.Filter{Where: []operator.Predicate{
			{Field: operator.FieldA, Comparison: operator.Greater, Values: []int64{30}},
		}}
		o.From[0].Exchange = d.exchange()
	case kindFlatMap:
		o.Does.FlatMap, o.From[0].Exchange = &config.FlatMap{Copies: d.copies(in)}, d.exchange()
		out.records *= int64(o.Does.FlatMap.Copies)
	case kindDeduplicate:
		o.Does.Deduplicate = &config.Deduplicate{TTLNanos: generate.OneOf[int64](d, 0, 50e6, 200e6)}
	case kindWindow:
		o.Does.Window = d.window()
	case kindProcess:
		o.Does.Process = &operator.TimeoutOptions{
			AfterNanos: generate.OneOf[int64](d, 30e6, 80e6), Domain: d.domain(),
			Restart: generate.Chance(d, 1, 2), Running: generate.Chance(d, 1, 2),
		}
	case kindFraud:
		o.Does.Fraud = &operator.FraudOptions{SmallBelow: 40, LargeAbove: 60,
			WithinNanos: generate.OneOf[int64](d, 50e6, 20e6), Domain: d.domain()}
	case kindRules:
		o.Does.Rules = &config.Nothing{}
		o.From[0].Exchange = config.Rebalance
		o.From = append(o.From, config.NewInput(d.thresholds()))
	}
	d.add(o, out)
}

// spread lets no aligned edge lead into a union where barriers overtake. On a pointwise edge
// they stay in line (Flink: forced aligned), and then the job can stand still for good:
// (1) a source is in the middle of a large record, and has no buffer for the rest of it towards
// a; (2) a has had a barrier from another input, and has passed it on to the union; (3) the
// union blocks the edge from a until the source's own barrier comes; (4) a can get rid of
// nothing, so the source never ends its record, and never sends its barrier. Flink has no way
// out either, but to let the checkpoint expire and begin the next. Both inputs of rules are
// aligned in any case (Flink's broadcast state): there every record gets the buffers it needs.
func (d *drawing) spread() {
	if !protocol.PolicyOf(d.s.Job.Config.Protocol).Overtake {
		return
	}
	for i := range d.s.Job.Graph {
		o := &d.s.Job.Graph[i]
		if o.Does.Rules != nil {
			n := &d.s.Job.Config.Network
			n.SegmentSizeBytes = segmentSizes()[0]
			n.ExclusiveBuffers, n.FloatingBuffers = buffers()[0][0], buffers()[0][1]
			n.MaxOverdraftBuffers = overdrafts()[0]
		}
		for in := range o.From {
			if o.Does.Union != nil && o.From[in].Exchange == config.Automatic {
				o.From[in].Exchange = config.Rebalance
			}
		}
	}
}

// next is an operator that reads a stream.
func (d *drawing) next(in stream) config.Operator {
	o := config.NewOperator("operator-"+strconv.Itoa(len(d.s.Job.Graph)), config.NewInput(in.id))
	o.Parallelism = d.parallelism()
	return o
}

// exchange is how records get to an operator that does not mind.
func (d *drawing) exchange() config.Exchange {
	return generate.OneOf(d, config.Automatic, config.Rebalance, config.Keyed)
}

// mostRecords bounds what an expanding operator makes.
const mostRecords = 1200

// copies expands a little, or into more buffers than a pool has.
func (d *drawing) copies(in stream) int {
	copies := generate.OneOf[int64](d, 2, 3, 0)
	if copies == 0 {
		segments := int64(12)
		copies = segments * int64(d.s.Job.Config.Network.SegmentSizeBytes) / max(in.bytes, 1)
	}
	return int(max(min(copies, mostRecords/max(in.records, 1)), 1))
}

func (d *drawing) domain() state.Domain {
	return generate.OneOf(d, state.EventTime, state.EventTime, state.ProcessingTime)
}

func (d *drawing) window() *operator.WindowOptions {
	w := &operator.WindowOptions{
		Assigner: generate.OneOf(d, operator.Tumbling, operator.Session, operator.Sliding), Domain: d.domain(),
		SizeNanos: generate.OneOf(d, windowSizes()...), Aggregate: generate.OneOf(d, aggregates()...),
		Field: operator.FieldA, Running: generate.Chance(d, 1, 6),
		LatenessNanos: generate.OneOf[int64](d, 0, 0, 30e6),
	}
	w.SlideNanos, w.GapNanos = w.SizeNanos/2, w.SizeNanos/4
	return w
}

// thresholds is a source of a few rules, which go to every subtask.
func (d *drawing) thresholds() string {
	o := config.NewOperator("rules-" + strconv.Itoa(len(d.s.Job.Graph)))
	from := config.NewSource()
	keys := source.KeysUniform
	from.Synthetic, from.Keys, from.Records, from.Value = &keys, 4, 6, sim.Uniform(40, 100)
	from.Rate = sim.Ratio{Num: max(6*1e9/d.lengthNanos, 1), Den: 1}
	o.Does.Source = &from
	d.s.Job.Graph = append(d.s.Job.Graph, o)
	return o.ID
}

// merge draws an operator on two streams.
func (d *drawing) merge(kind operatorKind) {
	a := d.take()
	b := d.takeOther(a.id)
	if kind == kindJoin && a.records*b.records/2 > mostRecords {
		kind = kindWindowJoin
	}
	o := d.next(a)
	o.From = append(o.From, config.NewInput(b.id))
	out := stream{o.ID, a.records + b.records, max(a.bytes, b.bytes)}
	switch kind {
	case kindJoin:
		o.Does.Join = &config.Nothing{}
		out.records = a.records * b.records / 2
	case kindWindowJoin:
		size := generate.OneOf(d, windowSizes()...)
		o.Does.WindowJoin = &operator.WindowJoinOptions{SizeNanos: size, Distinct: true}
	case kindMinOfBoth:
		o.Does.MinOfBoth = &config.Nothing{}
	default:
		o.Does.Union = &config.Nothing{}
		o.From[0].Exchange, o.From[1].Exchange = d.exchange(), d.exchange()
	}
	d.add(o, out)
}

// takeOther is take, of a stream with another id.
func (d *drawing) takeOther(id string) stream {
	for {
		if s := d.take(); s.id != id {
			return s
		}
	}
}

// sink draws what takes the first open stream.
func (d *drawing) sink(i int) {
	in := d.open[0]
	d.open = d.open[1:]
	o := config.NewOperator("sink-"+strconv.Itoa(i), config.NewInput(in.id))
	o.Parallelism = d.parallelism()
	to := config.NewSink()
	system := "system-" + strconv.Itoa(i)
	switch generate.OneOf(d, 0, 0, 0, 0, 1, 2) {
	case 0:
		to.Transactional = system
		o.From[0].Exchange = d.exchange()
	case 1:
		to.Upsert, o.From[0].Exchange = system, config.Keyed
	default:
		to.Append = system
		o.From[0].Exchange = d.exchange()
	}
	to.Batch = generate.OneOf(d, batches()...)
	o.Does.Sink = &to
	d.s.Job.Graph = append(d.s.Job.Graph, o)
}

// slowDown gives the operator that records are to wait for so much to do that the input
// lasts as long as it should.
func (d *drawing) slowDown() {
	if d.pressure == noPressure {
		return
	}
	records := recordsOf(d.s)
	for i := len(records) - 1; i >= 0; i-- {
		o := &d.s.Job.Graph[i]
		if o.Does.Source != nil || o.Does.Sink == nil && d.pressure == slowSink ||
			o.Does.Sink != nil && d.pressure == slowOperator && d.hasOperators() {
			continue
		}
		service := sim.Constant(d.lengthNanos * int64(o.Parallelism) / max(records[i], 1) / 1e3 * 1e3)
		if generate.Chance(d, 1, 3) {
			service = sim.Exponential(service.Low)
		}
		if o.Does.Sink != nil {
			o.Does.Sink.Service = service
		} else {
			o.Service = service
		}
		return
	}
}

func (d *drawing) hasOperators() bool {
	for i := range d.s.Job.Graph {
		if o := &d.s.Job.Graph[i]; o.Does.Source == nil && o.Does.Sink == nil {
			return true
		}
	}
	return false
}
