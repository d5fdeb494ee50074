package config

import (
	"simrun/runtime/sink"
	"simrun/scenarios/config/binding"
	"simrun/sim"
)

// Sink are the parameters of a sink. Exactly one of the first three is set: the name of
// the external system that it writes to, under what it promises.
type Sink struct {
	Transactional, Upsert, Append string
	TransactionTimeoutNanos       int64
	Service                       sim.Distribution
	Batch                         int
	Profile                       []sink.Phase
}

// DefaultTransactionTimeoutNanos is Kafka's transaction.max.timeout.ms at the broker,
// which Flink's KafkaSink asks users to mind.
const DefaultTransactionTimeoutNanos int64 = 15 * 60e9

func newSink() Sink {
	return Sink{TransactionTimeoutNanos: DefaultTransactionTimeoutNanos, Batch: 1}
}

func sinkFields(s *Sink) binding.Value {
	return binding.Object{What: "sink", OneOf: sink.KindNames(), Fields: []binding.Field{
		{Name: "transactional", Value: binding.Text(&s.Transactional),
			Doc: "Exactly once: two-phase commit with the external system of this name."},
		{Name: "upsert", Value: binding.Text(&s.Upsert),
			Doc: "Idempotent: the latest value per key in the external system of this name."},
		{Name: "append", Value: binding.Text(&s.Append),
			Doc: "At least once: appends to the external system of this name."},
		{Name: "transaction-timeout", Value: binding.Duration(&s.TransactionTimeoutNanos),
			Doc: "When the external system gives an open transaction up; 0 s is never."},
		{Name: "service", Value: distribution(&s.Service), Doc: "Time that the sink takes per record."},
		{Name: "batch", Value: binding.Count(&s.Batch, 1, 1<<20),
			Doc: "Records per write to the external system."},
		{Name: "profile", Value: binding.List(&s.Profile, newPhase, phaseFields),
			Doc: "When the sink is slower than its service time, or stalls."},
	}}
}

func newPhase() sink.Phase { return sink.Phase{Factor: sim.One, Steps: 1} }

func phaseFields(p *sink.Phase) binding.Value {
	return binding.Object{What: "phase", Fields: []binding.Field{
		{Name: "from", Value: binding.Duration(&p.FromNanos), Required: true,
			Doc: "Virtual time of its start."},
		{Name: "to", Value: binding.Duration(&p.ToNanos), Required: true, Doc: "Virtual time of its end."},
		{Name: "factor", Value: ratio(&p.Factor), Doc: "Factor of the service time."},
		{Name: "steps", Value: binding.Count(&p.Steps, 1, 1000),
			Doc: "A ramp up to the factor, in so many steps."},
		{Name: "stall", Value: binding.Flag(&p.Stall), Doc: "No record is taken until the end."},
	}}
}

func ratio(r *sim.Ratio) binding.Value { return binding.Decimal(&r.Num, &r.Den) }

// spec is the sink as the job graph has it.
func (s *Sink) spec(id string) *sink.Spec {
	spec := &sink.Spec{
		ID: id, TransactionTimeoutNanos: s.TransactionTimeoutNanos, Batch: s.Batch,
		Service: sink.Service{Base: s.Service, Profile: s.Profile},
	}
	switch {
	case s.Transactional != "":
		spec.Kind, spec.External = sink.Transactional, s.Transactional
	case s.Upsert != "":
		spec.Kind, spec.External = sink.Upsert, s.Upsert
	default:
		spec.Kind, spec.External = sink.Append, s.Append
	}
	return spec
}
