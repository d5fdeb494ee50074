package config

import (
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/config/document"
)

// DefaultAlignedTimeoutNanos is when a hybrid protocol turns unaligned if nothing says
// otherwise. Flink has no default for it: 0 there means unaligned from the start.
const DefaultAlignedTimeoutNanos int64 = 1e9

// meaning is what a protocol's name stands for in Flink's options.
type meaning struct {
	mode      checkpointingMode
	unaligned bool
	hybrid    bool
}

func meaningOf(name protocol.Name) meaning {
	switch name {
	case protocol.AtLeastOnce:
		return meaning{mode: atLeastOnce}
	case protocol.Unaligned:
		return meaning{unaligned: true}
	case protocol.HybridOut, protocol.HybridIn:
		return meaning{unaligned: true, hybrid: true}
	}
	return meaning{}
}

// resolveProtocol makes `protocol` and the checkpointing options mean the same: either
// may be given, both only where they agree.
func (s *Scenario) resolveProtocol() error {
	if err := s.checkMode(); err != nil {
		return err
	}
	if s.Job.Config.Protocol == "" {
		s.Job.Config.Protocol = s.protocolOfOptions()
		return nil
	}
	return s.applyProtocol(s.Job.Config.Protocol)
}

// checkMode refuses what Flink refuses: unaligned checkpoints need EXACTLY_ONCE.
func (s *Scenario) checkMode() error {
	o := &s.options
	if o.unaligned && o.mode == atLeastOnce {
		return document.Errorf(o.given[optionUnaligned], "EXACTLY_ONCE",
			"unaligned checkpoints cannot be combined with %s: AT_LEAST_ONCE", optionMode)
	}
	if node := o.given[optionAlignedTimeout]; node != nil && s.Job.Config.AlignedTimeoutNanos > 0 &&
		!o.unaligned && s.Job.Config.Protocol == "" {
		return document.Errorf(node, optionUnaligned+": true",
			"%s has no effect without unaligned checkpoints", optionAlignedTimeout)
	}
	return nil
}

// protocolOfOptions is the protocol that Flink runs with these options.
func (s *Scenario) protocolOfOptions() protocol.Name {
	o := &s.options
	switch {
	case s.Job.Config.Checkpointing.IntervalNanos == 0:
		return protocol.None
	case o.mode == atLeastOnce:
		return protocol.AtLeastOnce
	case o.unaligned && s.Job.Config.AlignedTimeoutNanos > 0:
		return protocol.HybridOut
	case o.unaligned:
		return protocol.Unaligned
	}
	return protocol.Aligned
}

// applyProtocol sets the options that a protocol is short for, and refuses given ones
// that say something else.
func (s *Scenario) applyProtocol(name protocol.Name) error {
	o, config := &s.options, &s.Job.Config
	m := meaningOf(name)
	if name == protocol.None {
		config.Checkpointing.IntervalNanos = 0
		return nil
	}
	conflict := func(option, want string) error {
		return document.Errorf(o.given[option], option+": "+want+", or leave it out",
			"conflicts with protocol: %s", name)
	}
	switch {
	case o.given[optionMode] != nil && o.mode != m.mode:
		return conflict(optionMode, modeWords[m.mode])
	case o.given[optionUnaligned] != nil && o.unaligned != m.unaligned:
		return conflict(optionUnaligned, map[bool]string{true: "true", false: "false"}[m.unaligned])
	case o.given[optionAlignedTimeout] != nil && m.hybrid && config.AlignedTimeoutNanos == 0:
		return conflict(optionAlignedTimeout, "1 s")
	case o.given[optionAlignedTimeout] != nil && !m.hybrid && config.AlignedTimeoutNanos > 0:
		return conflict(optionAlignedTimeout, "0 ms")
	case config.Checkpointing.IntervalNanos == 0:
		return document.Errorf(s.node("job.protocol"), optionInterval+" in job.configuration",
			"protocol %s takes checkpoints, but they have no interval", name)
	}
	o.mode, o.unaligned = m.mode, m.unaligned
	if m.hybrid && o.given[optionAlignedTimeout] == nil {
		config.AlignedTimeoutNanos = DefaultAlignedTimeoutNanos
	}
	return s.checkConcurrency(name)
}

// checkConcurrency refuses overlapping checkpoints where in-flight data is persisted, as
// Flink does.
func (s *Scenario) checkConcurrency(name protocol.Name) error {
	concurrent := s.Job.Config.Checkpointing.MaxConcurrent
	if (s.options.unaligned || name == protocol.ChandyLamport) && concurrent > 1 {
		return document.Errorf(s.options.given[optionMaxConcurrent], "1",
			"protocol %s allows one checkpoint at a time, not %d", name, concurrent)
	}
	return nil
}

// UseProtocol is a copy of the scenario under another protocol, for comparisons: options
// that the file gave for its own protocol do not count against the new one. Hybrids turn
// unaligned after alignedTimeoutNanos. The error says why the protocol cannot run it.
func (s *Scenario) UseProtocol(name protocol.Name, alignedTimeoutNanos int64) (*Scenario, error) {
	if !slices.Contains(protocol.Names(), name) {
		return nil, document.Errorf(nil, wordsOf(protocol.Names()), "unknown protocol %q", name)
	}
	copied := s.Clone()
	copied.options.given = map[string]*document.Node{}
	copied.Job.Config.Protocol = name
	copied.Job.Config.AlignedTimeoutNanos = 0
	if meaningOf(name).hybrid {
		copied.options.given[optionAlignedTimeout] = document.NewScalar("given")
		copied.Job.Config.AlignedTimeoutNanos = alignedTimeoutNanos
	}
	return copied, copied.applyProtocol(name)
}

// Clone is a copy that shares nothing that a caller may change: options, operators and
// faults.
func (s *Scenario) Clone() *Scenario {
	copied := *s
	copied.options.config = &copied.Job.Config
	copied.Job.Graph = slices.Clone(s.Job.Graph)
	for i := range copied.Job.Graph {
		if sink := copied.Job.Graph[i].Does.Sink; sink != nil {
			own := *sink
			copied.Job.Graph[i].Does.Sink = &own
		}
	}
	copied.Faults = slices.Clone(s.Faults)
	return &copied
}

func wordsOf[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, word := range words {
		texts[i] = string(word)
	}
	return strings.Join(texts, ", ")
}
