package config

import (
	"errors"
	"fmt"
	"strconv"

	"simrun/protocol"
	"simrun/runtime/source"
	"simrun/scenarios/config/document"
)

// errNoFiles is why NoFiles has none.
var errNoFiles = errors.New("no files can be read here; only embedded data sets")

// check finds everything wrong with a scenario that each value by itself does not show.
func (s *Scenario) check() error {
	for _, rule := range []func() error{
		s.checkIDs, s.checkWindows, s.checkInputs, s.checkShape, s.checkOperators,
		s.checkParallelism, s.checkSlots, s.checkSize, s.checkGuarantee,
		s.checkHeartbeats, s.checkCompare, s.checkExpect, s.checkFaults,
	} {
		if err := rule(); err != nil {
			return err
		}
	}
	_, err := s.graph()
	return err
}

func (s *Scenario) checkParallelism() error {
	highest := s.Job.Config.MaxParallelism
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		if highest > 0 && o.Parallelism > highest {
			return document.Errorf(o.at("parallelism"), fmt.Sprintf("at most %d", highest),
				"parallelism %d is above the maximum parallelism %d", o.Parallelism, highest)
		}
	}
	if highest == 0 {
		return document.Errorf(s.options.given["pipeline.max-parallelism"], "-1, or from 1 to 32768",
			"the maximum parallelism cannot be 0")
	}
	return nil
}

// checkSlots: with slot sharing a job needs as many slots as its widest operator has
// subtasks.
func (s *Scenario) checkSlots() error {
	slots := s.Cluster.TaskManagers * s.Cluster.Slots
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		if o.Parallelism > slots {
			return document.Errorf(o.at("parallelism"), "more task-managers or slots in cluster",
				"%q needs %d slots, but %d task managers with %d slots have %d",
				o.ID, o.Parallelism, s.Cluster.TaskManagers, s.Cluster.Slots, slots)
		}
	}
	if s.Cluster.Nodes > s.Cluster.TaskManagers {
		return document.Errorf(s.node("cluster.nodes"), fmt.Sprintf("at most %d", s.Cluster.TaskManagers),
			"%d task managers cannot be spread over %d nodes", s.Cluster.TaskManagers, s.Cluster.Nodes)
	}
	if len(s.Cluster.Clocks) > s.Cluster.Nodes+1 {
		return document.Errorf(s.node("cluster.clocks"), "one clock a node", "there are more clocks than nodes")
	}
	return nil
}

// maxChannels and maxZipfKeys bound what a run holds in memory.
const (
	maxChannels = 1_000_000
	maxZipfKeys = 1 << 22
)

// checkSize: a job that could not be held in memory is refused before it is built.
func (s *Scenario) checkSize() error {
	channels := 0
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		for j := range o.From {
			channels += o.Parallelism * s.Job.Graph[s.position(o.From[j].ID)].Parallelism
		}
		if from := o.Does.Source; from != nil && from.Synthetic != nil && *from.Synthetic == source.KeysZipf &&
			from.Keys > maxZipfKeys {
			return document.Errorf(o.at("source.keys"), fmt.Sprintf("at most %d", maxZipfKeys),
				"zipf needs a table of %d keys", from.Keys)
		}
	}
	if channels > maxChannels {
		return document.Errorf(s.node("job.graph"), fmt.Sprintf("at most %d", maxChannels),
			"the job has %d channels", channels)
	}
	return nil
}

// checkGuarantee: exactly-once needs sources that can rewind.
func (s *Scenario) checkGuarantee() error {
	if s.Guarantee() != ExactlyOnce || s.Job.Config.ForceExactlyOnce {
		return nil
	}
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		if o.Does.Source != nil && !o.Does.Source.Rewindable() {
			return document.Errorf(o.at("source"),
				"a source that can rewind, protocol: at-least-once, or unsafe-exactly-once: true in job",
				"%q cannot rewind, so exactly-once would lose what it sent after the last checkpoint", o.ID)
		}
	}
	return nil
}

// Guarantee is what checkers hold the job to: what `expect` says, else what its protocol
// promises.
func (s *Scenario) Guarantee() Guarantee {
	switch {
	case s.Expect.Guarantee != "":
		return s.Expect.Guarantee
	case s.Job.Config.Protocol == protocol.None:
		return NoGuarantee
	case s.Job.Config.Protocol == protocol.AtLeastOnce:
		return AtLeastOnce
	}
	return ExactlyOnce
}

func (s *Scenario) checkHeartbeats() error {
	f := &s.Job.Config.Failure
	if f.HeartbeatTimeoutNanos <= f.HeartbeatIntervalNanos {
		node := s.options.given["heartbeat.timeout"]
		if node == nil {
			node = s.options.given["heartbeat.interval"]
		}
		return document.Errorf(node, "a timeout longer than the interval",
			"heartbeat.timeout must be longer than heartbeat.interval")
	}
	if f.LeaseDurationNanos <= f.LeaseRetryNanos {
		return document.Errorf(s.options.given[optionLeaseDuration], "a duration longer than the retry period",
			"%s must be longer than the retry period", optionLeaseDuration)
	}
	if err := s.Job.Config.Checkpointing.Validate(); err != nil {
		return document.Errorf(s.node("job.configuration"), "", "%s", err)
	}
	return nil
}

func (s *Scenario) checkCompare() error {
	c := s.Compare
	if c == nil {
		return nil
	}
	node := s.node("compare.bottleneck")
	position := s.position(c.Bottleneck)
	if position < 0 || s.Job.Graph[position].Does.Sink == nil {
		unknown := document.Errorf(node, "a sink of the graph", "the bottleneck %q is not a sink", c.Bottleneck)
		unknown.Nearest = protocol.Nearest(c.Bottleneck, s.ids())
		return unknown
	}
	if c.OfferedPerSecond.Num == 0 {
		return document.Errorf(s.node("compare.offered"), "records per second, like 2000/s",
			"a slowdown is relative to the offered rate, so that cannot be unlimited")
	}
	for i := range c.Slowdowns {
		if c.Slowdowns[i].Num == 0 {
			return document.Errorf(s.node("compare.slowdowns."+strconv.Itoa(i)), "a number above 0",
				"a slowdown of 0 means no sink")
		}
	}
	return nil
}

func (s *Scenario) checkExpect() error {
	if s.Expect.Class != "" && s.Expect.Verdict != "violation" {
		return document.Errorf(s.node("expect.class"), "verdict: violation beside it",
			"only a violation has a class, but verdict %s is expected", s.Expect.Verdict)
	}
	return nil
}
