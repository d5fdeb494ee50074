package config

import (
	"strconv"

	"simrun/runtime/operator"
	"simrun/runtime/state"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
)

// operatorKind is one word that says what an operator does, with its parameters and how
// the operator is made from them.
type operatorKind struct {
	word, doc string
	bind      func(o *Operator) binding.Value
	// make is nil for sources and sinks, which the job graph knows by themselves.
	make func(o *Operator) operator.Spec
}

// given reports whether an operator is of this kind.
func (k *operatorKind) given(o *Operator) bool { return k.bind(o).Write() != nil }

// FlatMap are the parameters of a flat-map.
type FlatMap struct {
	Expansion operator.Expansion
	Copies    int
}

// Filter are the conditions that a record must meet.
type Filter struct{ Where []operator.Predicate }

// Deduplicate forgets a key after TTLNanos of event time; 0 is never.
type Deduplicate struct{ TTLNanos int64 }

// operatorKinds are all words, in the order of the docs.
var operatorKinds = []operatorKind{
	{"source", "Makes records.",
		func(o *Operator) binding.Value { return optional(&o.Does.Source, newSource, sourceFields) }, nil},
	{"sink", "Hands records to an external system.",
		func(o *Operator) binding.Value { return optional(&o.Does.Sink, newSink, sinkFields) }, nil},
	{"map", "Changes every record by a named function.",
		func(o *Operator) binding.Value { return optional(&o.Does.Map, zero, mapFields) },
		func(o *Operator) operator.Spec { return operator.Map(o.ID, *o.Does.Map) }},
	{"flat-map", "Makes any number of records from each.",
		func(o *Operator) binding.Value { return optional(&o.Does.FlatMap, newFlatMap, flatMapFields) },
		func(o *Operator) operator.Spec {
			return operator.FlatMap(o.ID, o.Does.FlatMap.Expansion, o.Does.FlatMap.Copies)
		}},
	{"filter", "Lets records pass that meet all conditions.",
		func(o *Operator) binding.Value { return optional(&o.Does.Filter, zero, filterFields) },
		func(o *Operator) operator.Spec { return operator.Filter(o.ID, o.Does.Filter.Where...) }},
	{"deduplicate", "Lets the first record of every key pass.",
		func(o *Operator) binding.Value { return optional(&o.Does.Deduplicate, zero, deduplicateFields) },
		func(o *Operator) operator.Spec { return operator.Dedup(o.ID, o.Does.Deduplicate.TTLNanos) }},
	{"keyed", "Keeps one aggregate per key.",
		func(o *Operator) binding.Value { return optional(&o.Does.Keyed, zero, keyedFields) },
		func(o *Operator) operator.Spec { return operator.Running(o.ID, *o.Does.Keyed) }},
	{"process", "Counts per key and emits the count by a timer.",
		func(o *Operator) binding.Value { return optional(&o.Does.Process, newProcess, processFields) },
		func(o *Operator) operator.Spec { return operator.CountWithTimeout(o.ID, *o.Does.Process) }},
	{"window", "Aggregates per key and window.",
		func(o *Operator) binding.Value { return optional(&o.Does.Window, zero, windowFields) },
		func(o *Operator) operator.Spec { return operator.Window(o.ID, *o.Does.Window) }},
	{"fraud", "Alerts when a small amount is directly followed by a large one.",
		func(o *Operator) binding.Value { return optional(&o.Does.Fraud, newFraud, fraudFields) },
		func(o *Operator) operator.Spec { return operator.Fraud(o.ID, *o.Does.Fraud) }},
	{"union", "Passes on the records of all its inputs.",
		func(o *Operator) binding.Value { return nothing(&o.Does.Union) },
		func(o *Operator) operator.Spec { return operator.Map(o.ID, operator.MapIdentity) }},
	{"join", "Emits every pair of records of equal key, one from each input.",
		func(o *Operator) binding.Value { return nothing(&o.Does.Join) },
		func(o *Operator) operator.Spec { return operator.Join(o.ID) }},
	{"window-join", "Emits pairs of equal key and window.",
		func(o *Operator) binding.Value { return optional(&o.Does.WindowJoin, zero, windowJoinFields) },
		func(o *Operator) operator.Spec { return operator.WindowJoin(o.ID, *o.Does.WindowJoin) }},
	{"min-of-both", "Emits the smaller of both inputs' latest values of a key.",
		func(o *Operator) binding.Value { return nothing(&o.Does.MinOfBoth) },
		func(o *Operator) operator.Spec { return operator.MinOfBoth(o.ID) }},
	{"rules", "Emits each record of input 0 once for every rule (input 1, broadcast) that it meets.",
		func(o *Operator) binding.Value { return nothing(&o.Does.Rules) },
		func(o *Operator) operator.Spec { return operator.Rules(o.ID) }},
}

func optional[T any](p **T, fresh func() T, bind func(*T) binding.Value) binding.Value {
	return binding.Optional(p, fresh, bind)
}

func zero[T any]() T {
	var value T
	return value
}

// nothing binds an empty mapping: `union: {}`.
func nothing(p **Nothing) binding.Value {
	empty := binding.Object{What: "operator's parameters"}
	return optional(p, zero, func(*Nothing) binding.Value { return empty })
}

func mapFields(m *operator.Mapping) binding.Value {
	return binding.Choice(m, "mapping", operator.MappingNames()...)
}

func newFlatMap() FlatMap { return FlatMap{Copies: 2} }

func flatMapFields(f *FlatMap) binding.Value {
	return binding.Object{What: "flat-map", Fields: []binding.Field{
		{Name: "expansion", Value: binding.Choice(&f.Expansion, "expansion", operator.ExpansionNames()...),
			Doc: "How one record becomes several."},
		{Name: "copies", Value: binding.Count(&f.Copies, 0, 1000), Doc: "How many, for copies."},
	}}
}

func filterFields(f *Filter) binding.Value {
	return binding.Object{What: "filter", Fields: []binding.Field{
		{Name: "where",
			Value: binding.List(&f.Where, zero[operator.Predicate], predicateFields), Required: true,
			Doc: "Conditions that must all hold."},
	}}
}

func predicateFields(p *operator.Predicate) binding.Value {
	return binding.Object{What: "condition", Fields: []binding.Field{
		{Name: "field", Value: fieldWord(&p.Field), Required: true, Doc: "Field of the record."},
		{Name: "is", Value: binding.Choice(&p.Comparison, "comparison", operator.ComparisonNames()...),
			Doc: "Comparison with the value, or in for one of several."},
		{Name: "value", Value: integers(&p.Values), Required: true,
			Doc: "A whole number, or a list of them."},
	}}
}

func fieldWord(f *operator.Field) binding.Value {
	return binding.Choice(f, "field", operator.FieldNames()...)
}

// integers binds one whole number, or a list of them.
func integers(p *[]int64) binding.Value {
	read := func(n *document.Node) error {
		items := []*document.Node{n}
		if n.Kind == document.Sequence {
			items = n.Items
		}
		*p = make([]int64, 0, len(items))
		for _, item := range items {
			value, err := strconv.ParseInt(item.Text, 10, 64)
			if item.Kind != document.Scalar || err != nil {
				return document.Errorf(item, "a whole number", "%q is not a whole number", item.Text)
			}
			*p = append(*p, value)
		}
		if len(items) == 0 {
			return document.Errorf(n, "a whole number, or a list of them", "the list is empty")
		}
		return nil
	}
	write := func() *document.Node {
		list := document.NewSequence()
		for _, value := range *p {
			list.Items = append(list.Items, document.NewScalar(strconv.FormatInt(value, 10)))
		}
		return list
	}
	return binding.Custom{ReadFunc: read, WriteFunc: write,
		SchemaNode: document.NewMapping().Add("type",
			document.NewSequence(document.NewText("integer"), document.NewText("array")))}
}

func deduplicateFields(d *Deduplicate) binding.Value {
	return binding.Object{What: "deduplicate", Fields: []binding.Field{
		{Name: "ttl", Value: binding.Duration(&d.TTLNanos),
			Doc: "Event time after which a key is forgotten; 0 s is never."},
	}}
}

func aggregateWord(a *operator.Aggregate) binding.Value {
	return binding.Choice(a, "aggregate", operator.AggregateNames()...)
}

func keyedFields(o *operator.RunningOptions) binding.Value {
	return binding.Object{What: "keyed", Fields: []binding.Field{
		{Name: "aggregate", Value: aggregateWord(&o.Aggregate), Doc: "What is kept per key."},
		{Name: "field", Value: fieldWord(&o.Field), Doc: "The field that is aggregated."},
		{Name: "emit", Value: binding.Choice(&o.Emit, "emission", operator.EmissionNames()...),
			Doc: "What is emitted for every record."},
		{Name: "entry-size", Value: binding.Size(&o.EntryBytes),
			Doc: "State per key; 0 b is the key and its value."},
	}}
}

var domainWords = []string{"event", "processing"}

func domainWord(d *state.Domain) binding.Value { return binding.Choice(d, "time", domainWords...) }

func newProcess() operator.TimeoutOptions { return operator.TimeoutOptions{AfterNanos: 10e9} }

func processFields(o *operator.TimeoutOptions) binding.Value {
	return binding.Object{What: "process", Fields: []binding.Field{
		{Name: "after", Value: binding.DurationAtLeast(&o.AfterNanos, 1), Doc: "When the timer fires."},
		{Name: "time", Value: domainWord(&o.Domain), Doc: "Whether that is event or processing time."},
		{Name: "restart", Value: binding.Flag(&o.Restart),
			Doc: "Count from the key's latest record, not its first."},
		{Name: "running", Value: binding.Flag(&o.Running), Doc: "Emit the count with every record too."},
	}}
}

func windowFields(o *operator.WindowOptions) binding.Value {
	return binding.Object{What: "window", Fields: []binding.Field{
		{Name: "assigner", Value: binding.Choice(&o.Assigner, "window", operator.AssignerNames()...),
			Doc: "Which windows a record belongs to."},
		{Name: "time", Value: domainWord(&o.Domain), Doc: "Whether windows go by event or processing time."},
		{Name: "size", Value: binding.Duration(&o.SizeNanos), Doc: "Length of tumbling and sliding windows."},
		{Name: "slide", Value: binding.Duration(&o.SlideNanos), Doc: "Distance of sliding windows."},
		{Name: "gap", Value: binding.Duration(&o.GapNanos), Doc: "Silence that ends a session."},
		{Name: "offset", Value: binding.Duration(&o.OffsetNanos), Doc: "Shift of the windows' starts."},
		{Name: "lateness", Value: binding.Duration(&o.LatenessNanos),
			Doc: "How long a fired window is kept for late records."},
		{Name: "aggregate", Value: aggregateWord(&o.Aggregate), Doc: "What is kept per key and window."},
		{Name: "field", Value: fieldWord(&o.Field), Doc: "The field that is aggregated."},
		{Name: "running", Value: binding.Flag(&o.Running),
			Doc: "Emit for every record instead of at the window's end."},
		{Name: "entry-size", Value: binding.Size(&o.EntryBytes),
			Doc: "State per key and window; 0 b is what they hold."},
	}}
}

func newFraud() operator.FraudOptions {
	return operator.FraudOptions{SmallBelow: 100, LargeAbove: 50_000, WithinNanos: 60e9}
}

func fraudFields(o *operator.FraudOptions) binding.Value {
	return binding.Object{What: "fraud", Fields: []binding.Field{
		{Name: "small-below", Value: binding.Count(&o.SmallBelow, 0, binding.Unbounded),
			Doc: "A small amount is below this."},
		{Name: "large-above", Value: binding.Count(&o.LargeAbove, 0, binding.Unbounded),
			Doc: "A large amount is above this."},
		{Name: "within", Value: binding.DurationAtLeast(&o.WithinNanos, 1),
			Doc: "How soon the large one must follow."},
		{Name: "time", Value: domainWord(&o.Domain), Doc: "Whether that is event or processing time."},
	}}
}

func windowJoinFields(o *operator.WindowJoinOptions) binding.Value {
	return binding.Object{What: "window-join", Fields: []binding.Field{
		{Name: "size", Value: binding.DurationAtLeast(&o.SizeNanos, 1), Required: true,
			Doc: "Length of the windows."},
		{Name: "distinct", Value: binding.Flag(&o.Distinct),
			Doc: "One record per key and window, however many pairs."},
	}}
}
