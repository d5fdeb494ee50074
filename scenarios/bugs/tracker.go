package bugs

import (
	"context"
	"strings"
	"time"

	"simrun/protocol"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/detection"
	"simrun/scenarios/trial"
)

// tracker is a worker: it runs seeds, one after the other, in the same memory.
type tracker struct {
	hunt   *hunt
	source campaign.Source
	trial  *trial.Trial
}

// firstSeed of a stream: far enough from the others for any limit.
func firstSeed(stream int) uint64 { return uint64(stream+1) << 32 }

// follow runs the seeds of a stream until one detects the bug.
func (t *tracker) follow(ctx context.Context, bug protocol.Bug, stream int) (track, error) {
	found := track{stream: detection.Stream{First: firstSeed(stream)}}
	s := &found.stream
	begin := time.Now()
	for s.Seeds < t.hunt.o.Limit && ctx.Err() == nil {
		seed := s.First + s.Seeds
		s.Seeds++
		o, err := t.run(bug, seed)
		if err != nil {
			return found, err
		}
		if !failing(o) {
			continue
		}
		healthy, err := t.run(protocol.NoBug, seed)
		if err != nil {
			return found, err
		}
		if failing(healthy) {
			found.alarms = append(found.alarms, detection.Alarm{Seed: seed, Signature: healthy.Signature()})
			continue
		}
		s.Detected, s.Signature, s.Events = true, o.Signature(), o.Events
		s.Class, s.Checker = reportOf(o)
		break
	}
	s.Nanos = time.Since(begin).Nanoseconds()
	return found, nil
}

// failing reports whether a run shows something wrong. One that is vacuous does not.
func failing(o *result.Outcome) bool {
	return o.Verdict == result.Violation || o.Verdict == result.Stuck || o.Verdict == result.Failed
}

// reportOf is the class and the checker of what a run shows first.
func reportOf(o *result.Outcome) (class, checker string) {
	parts := strings.SplitN(o.Signature(), "/", 3)
	if len(parts) < 2 {
		return parts[0], "run"
	}
	return parts[0], parts[1]
}

// run runs what a seed draws, with or without a bug.
func (t *tracker) run(bug protocol.Bug, seed uint64) (*result.Outcome, error) {
	s, err := t.draw(bug, seed)
	if err != nil {
		return nil, err
	}
	return t.runScenario(s, seed)
}

func (t *tracker) draw(bug protocol.Bug, seed uint64) (*config.Scenario, error) {
	drawn, err := t.source.Draw(seed)
	if err != nil || bug == protocol.NoBug {
		return drawn, err
	}
	drawn = drawn.Clone()
	drawn.Run.Bug = bug
	return drawn, nil
}

func (t *tracker) runScenario(s *config.Scenario, seed uint64) (*result.Outcome, error) {
	return campaign.RunSeed(&t.trial, s, seed, campaign.DefaultBudget)
}

// tell chooses a detection of a bug, makes it small, and writes it with its explanation.
func (t *tracker) tell(ctx context.Context, q *quarry) error {
	chosen := choose(&q.result)
	if chosen == nil {
		return nil
	}
	s, err := t.draw(q.bug, chosen.Last())
	if err != nil {
		return err
	}
	o, err := t.runScenario(s, chosen.Last())
	if err != nil {
		return err
	}
	c := campaign.Record(s, o, campaign.DefaultBudget)
	kept := &detection.Case{Seed: c.Seed, File: campaign.CasesFolder + "/" + q.bug.String() + ".yaml",
		Verdict: c.Verdict, Signature: chosen.Signature, Faults: len(s.Faults)}
	original := c
	if t.hunt.o.Minimize != nil {
		if c, err = t.minimize(ctx, c, kept); err != nil || ctx.Err() != nil {
			return err
		}
	}
	if kept.GreenWithout, err = t.greenWithout(c); err != nil {
		return err
	}
	q.result.Case = kept
	return t.write(kept, original, c)
}

// choose is the detection to be told: one as most streams have it, and the smallest run.
func choose(b *detection.Bug) *detection.Stream {
	checker, class := b.First()
	var chosen *detection.Stream
	for i := range b.Streams {
		s := &b.Streams[i]
		if s.Detected && s.Checker == checker && s.Class == class && (chosen == nil || s.Events < chosen.Events) {
			chosen = s
		}
	}
	return chosen
}

func (t *tracker) minimize(ctx context.Context, c *config.Case, kept *detection.Case) (*config.Case, error) {
	small, m, err := t.hunt.o.Minimize(ctx, c, kept.Signature)
	if err != nil || m == nil {
		return c, err
	}
	kept.Minimized, kept.Runs, kept.Complete = true, m.Runs, m.Complete
	after := &m.After
	kept.Faults, kept.Tasks, kept.Widest, kept.Records = after.Faults, after.Tasks, after.Widest, after.Records
	return small, nil
}

// greenWithout reports whether a case passes when its bug is switched off.
func (t *tracker) greenWithout(c *config.Case) (bool, error) {
	healthy := c.Scenario.Clone()
	healthy.Run.Bug = protocol.NoBug
	o, err := t.runScenario(healthy, c.Seed)
	return err == nil && !failing(o), err
}

// write leaves the case, what it was before it was made small, and its explanation.
func (t *tracker) write(kept *detection.Case, original, c *config.Case) error {
	o := &t.hunt.o
	var text []byte
	var err error
	if o.Explain != nil {
		if text, kept.StoryLines, err = o.Explain(c, kept.Signature, kept.File); err != nil {
			return err
		}
	}
	if o.Disk == nil {
		return nil
	}
	name := strings.TrimSuffix(kept.File, ".yaml")
	if kept.Minimized {
		err = o.Disk.Write(name+".original.yaml", original.YAML())
	}
	if err == nil {
		err = o.Disk.Write(kept.File, c.YAML())
	}
	if err == nil && text != nil {
		err = o.Disk.Write(name+".txt", text)
	}
	return err
}
