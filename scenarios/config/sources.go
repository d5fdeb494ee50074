package config

import (
	"errors"
	"slices"
	"sync"

	"simrun/protocol"
	"simrun/runtime/source"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
	"simrun/sim"
)

// Source are the parameters of a source. Exactly one of File, NexMark and Synthetic is
// set: what it yields.
type Source struct {
	// File is a built-in data set, or the path of a recorded file.
	File      string
	NexMark   *source.NexMarkStream
	Synthetic *source.KeyChoice

	// Rate is over all splits; 0/1 is as fast as it can. Jitter and Steps shape it.
	Rate   sim.Ratio
	Jitter bool
	Steps  []source.Step
	// Live sources cannot rewind: after a restart they go on at what comes in by then.
	Live bool
	// Splits is the number of independent parts, 0 for one a subtask; Enumerated hands
	// them out one by one.
	Splits     int
	Enumerated bool
	Watermarks source.WatermarkStrategy

	// Of files.
	Speed       sim.Ratio
	Laps        int64
	LapGapNanos int64
	ByPartition bool
	Columns     *source.TableOptions

	// Of generators.
	Records                             int64
	EventTimeNanos                      int64
	HotAuctions, HotSellers, HotBidders int64
	Keys                                int64
	SkewHalves                          int
	HotShare, DuplicateShare            sim.Ratio
	Value, PayloadBytes                 sim.Distribution
	OutOfOrderNanos                     int64
}

// Rewindable reports whether any offset can be read again.
func (s *Source) Rewindable() bool { return !s.Live }

func newSource() Source {
	none := sim.Ratio{Num: 0, Den: 1}
	return Source{
		Rate: none, Speed: none, Laps: 1, LapGapNanos: 60e9, HotAuctions: 2, HotSellers: 4, HotBidders: 4,
		Keys: 1000, SkewHalves: 2, HotShare: sim.Ratio{Num: 1, Den: 2}, DuplicateShare: none,
		Value: sim.Uniform(1, 100), PayloadBytes: sim.Constant(75), EventTimeNanos: 1e6,
	}
}

func sourceFields(s *Source) binding.Value {
	return binding.Object{What: "source", OneOf: []string{"file", "nexmark", "synthetic"}, Fields: slices.Concat(
		[]binding.Field{
			{Name: "file", Value: binding.Text(&s.File),
				Doc: "Replays a recorded file: a built-in data set (us-flights), or the path of a CSV or NDJSON file."},
			{Name: "nexmark", Value: choiceOrNone(&s.NexMark, "NexMark stream", source.StreamNames()),
				Doc: "Generates NexMark's auction events: all of them, persons, auctions or bids."},
			{Name: "synthetic", Value: choiceOrNone(&s.Synthetic, "choice of keys", source.KeyChoiceNames()),
				Doc: "Generates records whose keys are chosen so."},
		}, rateFields(s), fileFields(s), generatorFields(s))}
}

func choiceOrNone[T ~uint8](p **T, what string, words []string) binding.Value {
	return optional(p, zero, func(value *T) binding.Value { return binding.Choice(value, what, words...) })
}

func rateFields(s *Source) []binding.Field {
	return []binding.Field{
		{Name: "rate", Value: binding.Rate(&s.Rate.Num, &s.Rate.Den),
			Doc: "Records per second over all splits; unlimited is as fast as it can."},
		{Name: "jitter", Value: binding.Flag(&s.Jitter),
			Doc: "A record arrives anywhere in its slot, not at its start."},
		{Name: "steps", Value: binding.List(&s.Steps, newStep, stepFields),
			Doc: "Bursts: stretches of time with a factor of the rate, over and over."},
		{Name: "live", Value: binding.Flag(&s.Live), Doc: "Cannot rewind, like a socket."},
		{Name: "splits", Value: binding.Count(&s.Splits, 0, 10_000),
			Doc: "Independent parts; 0 is one per subtask."},
		{Name: "enumerated", Value: binding.Flag(&s.Enumerated),
			Doc: "Splits are handed out one by one by an enumerator at the job manager."},
		{Name: "watermarks", Value: watermarkFields(&s.Watermarks), Doc: "How watermarks are made."},
	}
}

func newStep() source.Step { return source.Step{Factor: sim.One} }

func stepFields(s *source.Step) binding.Value {
	return binding.Object{What: "step", Fields: []binding.Field{
		{Name: "for", Value: binding.DurationAtLeast(&s.ForNanos, 1), Required: true,
			Doc: "Length of the stretch."},
		{Name: "factor", Value: ratio(&s.Factor), Doc: "Factor of the rate; 0 is silence."},
	}}
}

func watermarkFields(w *source.WatermarkStrategy) binding.Object {
	return binding.Object{What: "watermarks", Fields: []binding.Field{
		{Name: "out-of-order", Value: binding.DurationOr(&w.OutOfOrderNanos, "none", -1),
			Doc: "How late a record may be; none makes no watermarks but the last."},
		{Name: "idle", Value: binding.DurationOr(&w.IdleNanos, "never", 0),
			Doc: "Silence after which a split no longer holds the watermark back."},
	}}
}

func fileFields(s *Source) []binding.Field {
	return []binding.Field{
		{Name: "speed", Value: ratio(&s.Speed),
			Doc: "Of files without rate: times as fast as recorded; 0 is as fast as it can."},
		{Name: "laps", Value: binding.CountOr(&s.Laps, "endless", 0),
			Doc: "Of files: how often it is read, offsets and event time running on."},
		{Name: "lap-gap", Value: binding.DurationAtLeast(&s.LapGapNanos, 1),
			Doc: "Of files: event time between two laps."},
		{Name: "by-partition", Value: binding.Flag(&s.ByPartition),
			Doc: "Of files: split by the partition column, not in turn."},
		{Name: "columns", Value: optional(&s.Columns, zero, columnFields),
			Doc: "Of files: what a record takes from which column; data sets know theirs."},
	}
}

func columnFields(o *source.TableOptions) binding.Value {
	column := func(name string, p *string, doc string) binding.Field {
		return binding.Field{Name: name, Value: binding.Text(p), Doc: doc}
	}
	return binding.Object{What: "columns", Fields: []binding.Field{
		{Name: "format", Value: binding.Choice(&o.Format, "format", source.FormatNames()...),
			Doc: "How the file is written."},
		column("key", &o.Key, "Column of the key."), column("a", &o.A, "Column of a."),
		column("b", &o.B, "Column of b."), column("c", &o.C, "Column of c."),
		{Name: "decimals", Value: binding.Count(&o.DecimalPlaces, 0, 9),
			Doc: "Decimal places that numbers are kept to."},
		{Name: "time", Value: binding.List(&o.Time, zero, columnName),
			Doc: "Columns whose sum is the event time."},
		{Name: "arrival", Value: binding.List(&o.Arrival, zero, columnName),
			Doc: "Columns whose sum is the order of arrival; none is the order of the file."},
		{Name: "unit", Value: binding.Duration(&o.UnitNanos), Doc: "What a number in a time column counts."},
		column("partition", &o.Partition, "Column by which the file is split."),
	}}
}

func columnName(name *string) binding.Value { return binding.Text(name) }

func generatorFields(s *Source) []binding.Field {
	return []binding.Field{
		{Name: "records", Value: binding.CountOr(&s.Records, "endless", 0),
			Doc: "Of generators: how many in all."},
		{Name: "event-time-step", Value: binding.DurationAtLeast(&s.EventTimeNanos, 1),
			Doc: "Of generators without rate: event time between two records."},
		{Name: "hot-auctions", Value: binding.Count(&s.HotAuctions, 1, 1000),
			Doc: "Of nexmark: all but one of n bids are on a hot auction."},
		{Name: "hot-sellers", Value: binding.Count(&s.HotSellers, 1, 1000),
			Doc: "Of nexmark: all but one of n auctions are a hot seller's."},
		{Name: "hot-bidders", Value: binding.Count(&s.HotBidders, 1, 1000),
			Doc: "Of nexmark: all but one of n bids are a hot bidder's."},
		{Name: "keys", Value: binding.Count(&s.Keys, 1, 1<<40),
			Doc: "Of synthetic: number of different keys."},
		{Name: "skew-halves", Value: binding.Count(&s.SkewHalves, 0, 10),
			Doc: "Of synthetic zipf: twice the exponent."},
		{Name: "hot-share", Value: ratio(&s.HotShare),
			Doc: "Of synthetic hot: share of records with the hot key."},
		{Name: "duplicate-share", Value: ratio(&s.DuplicateShare),
			Doc: "Of synthetic unique: share of records that repeat a key."},
		{Name: "value", Value: integerRange(&s.Value),
			Doc: "Of synthetic: a, as a number or a range [from, to]."},
		{Name: "payload", Value: sizeRange(&s.PayloadBytes),
			Doc: "Of synthetic: size of the payload, or a range [from, to]."},
		{Name: "out-of-order", Value: binding.Duration(&s.OutOfOrderNanos),
			Doc: "Of synthetic: how far event time may lie behind."},
	}
}

// sourceSpec is the source as the job graph has it.
func (s *Scenario) sourceSpec(o *Operator) (*source.Spec, error) {
	from := o.Does.Source
	rate := source.Rate{RecordsPerSecond: from.Rate, Steps: from.Steps, Jitter: from.Jitter}
	var spec source.Spec
	switch {
	case from.NexMark != nil:
		spec = source.NexMark(o.ID, source.NexMarkOptions{
			Stream: *from.NexMark, HotAuctions: from.HotAuctions, HotSellers: from.HotSellers,
			HotBidders: from.HotBidders, Rate: rate, Limit: from.Records,
			EventTimeNanos: from.EventTimeNanos, Watermarks: from.Watermarks,
		})
	case from.Synthetic != nil:
		spec = source.Synthetic(o.ID, source.SyntheticOptions{
			Keys: from.Keys, KeyChoice: *from.Synthetic, SkewHalves: from.SkewHalves, HotShare: from.HotShare,
			DuplicateShare: from.DuplicateShare, Value: from.Value, PayloadBytes: from.PayloadBytes, Rate: rate,
			Limit: from.Records, EventTimeNanos: from.EventTimeNanos, OutOfOrderNanos: from.OutOfOrderNanos,
			Watermarks: from.Watermarks,
		})
	default:
		table, err := s.table(o)
		if err != nil {
			return nil, err
		}
		spec = source.File(o.ID, table, source.FileOptions{
			Rate: rate, Speed: from.Speed, Laps: from.Laps, LapGapNanos: from.LapGapNanos,
			ByPartition: from.ByPartition, Watermarks: from.Watermarks,
		})
	}
	if from.Splits > 0 {
		spec.Splits = from.Splits
	}
	if from.Live {
		spec = spec.WithoutRewind()
	}
	return &spec, nil
}

// flights parses the built-in data set once: scenarios share it.
var flights = sync.OnceValues(source.Flights)

// table is the recorded file of a source.
func (s *Scenario) table(o *Operator) (*source.Table, error) {
	from, node := o.Does.Source, o.at("source.file")
	builtIn := slices.Contains(source.DataSetNames(), from.File)
	if builtIn && from.Columns == nil {
		return flights()
	}
	var columns source.TableOptions
	var data []byte
	var err error
	if builtIn {
		data, columns, err = source.DataSet(from.File)
	} else {
		data, err = s.files.ReadFile(from.File)
	}
	if err != nil {
		missing := document.Errorf(node, "a file, or one of the data sets "+wordsOf(source.DataSetNames()),
			"cannot read the data %q: %s", from.File, reason(err))
		missing.Nearest = protocol.Nearest(from.File, source.DataSetNames())
		return nil, missing
	}
	if from.Columns != nil {
		columns = *from.Columns
	}
	table, err := source.ParseTable(from.File, data, columns)
	if err != nil {
		return nil, document.Errorf(node, "", "malformed data: %s", err)
	}
	return table, nil
}

// reason is an error without the path, which the message has already.
func reason(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}
