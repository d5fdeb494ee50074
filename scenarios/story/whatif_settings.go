package story

import (
	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// otherProtocols are worth a comparison: one barrier engine's settings.
var otherProtocols = [...]protocol.Name{protocol.Aligned, protocol.Unaligned, protocol.HybridOut}

// alignedTimeoutNanos is when a hybrid turns unaligned.
const alignedTimeoutNanos = 100e6

// otherProtocols runs the job under other exactly-once protocols.
func (q *questions) otherProtocols() {
	for _, name := range otherProtocols {
		if name == q.story.Protocol {
			continue
		}
		s, err := q.c.Scenario.UseProtocol(name, alignedTimeoutNanos)
		if err != nil {
			continue
		}
		w, answered := q.ask(s, result.WhatIf{Kind: result.WithProtocol, Setting: string(name)})
		q.note(w, answered)
	}
}

// settings are single options that checkpoints hang on, with ten times their value.
var settings = [...]struct {
	option string
	nanos  func(*config.Scenario) *int64
}{
	{"execution.checkpointing.timeout",
		func(s *config.Scenario) *int64 { return &s.Job.Config.Checkpointing.TimeoutNanos }},
	{"execution.checkpointing.interval",
		func(s *config.Scenario) *int64 { return &s.Job.Config.Checkpointing.IntervalNanos }},
}

// otherSettings runs the job with one option changed.
func (q *questions) otherSettings() {
	const times = 10
	for i := range settings {
		s := q.c.Scenario.Clone()
		value := settings[i].nanos(s)
		if *value <= 0 {
			continue
		}
		*value *= times
		w := result.WhatIf{Kind: result.WithSetting, Setting: settings[i].option, ValueNanos: *value}
		w, answered := q.ask(s, w)
		q.note(w, answered)
	}
}
