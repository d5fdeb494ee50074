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

// tracker is a worker: it follows streams, one after the other, in the same memory.
type tracker struct {
	hunt    *hunt
	runners []Runner // by explorer, made when it is first needed
	trial   *trial.Trial
}

// follow runs a stream until a run detects the bug.
func (t *tracker) follow(ctx context.Context, q *quarry, stream int) (found track, err error) {
	r := &t.runners[q.explorer]
	if *r == nil {
		if *r, err = t.hunt.o.Explorers[q.explorer].New(); err != nil {
			return found, err
		}
	}
	begin := time.Now()
	s := &found.stream
	if !t.hunt.o.Explorers[q.explorer].Enumerates {
		s.First = firstSeed(stream)
	}
	s.Seeds, err = (*r).Run(ctx, q.bug, stream, t.hunt.o.Limit, func(f *Failure) (bool, error) {
		detects, err := t.judge(f, &found)
		return !detects, err
	})
	s.Nanos = time.Since(begin).Nanoseconds()
	return found, err
}

// judge runs what has failed without the bug: if that fails too, it is a false alarm.
func (t *tracker) judge(f *Failure, found *track) (detects bool, err error) {
	healthy, err := t.runScenario(without(f.Scenario), f.Seed)
	if err != nil {
		return false, err
	}
	if failing(f.Scenario, healthy) {
		found.alarms = append(found.alarms, detection.Alarm{Seed: f.Seed, Signature: healthy.Signature()})
		return false, nil
	}
	found.found, found.seed = f.Scenario, f.Seed
	s := &found.stream
	s.Detected, s.Signature, s.Events = true, f.Outcome.Signature(), f.Outcome.Events
	s.Class, s.Checker = reportOf(f.Outcome)
	return true, nil
}

// without is a scenario with its bug switched off.
func without(s *config.Scenario) *config.Scenario {
	healthy := s.Clone()
	healthy.Run.Bug = protocol.NoBug
	return healthy
}

// failing reports whether a run shows something wrong. One that is vacuous does not, nor one
// whose job gives up where its scenario wants that.
func failing(s *config.Scenario, o *result.Outcome) bool {
	return o.Verdict == result.Violation || o.Verdict == result.Stuck ||
		o.Verdict == result.Failed && s.Expect.Verdict != result.Failed
}

// reportOf is the class and the checker of what a run shows first.
func reportOf(o *result.Outcome) (class, checker string) {
	parts := strings.SplitN(o.Signature(), "/", 3)
	if len(parts) < 2 {
		return parts[0], "run"
	}
	return parts[0], parts[1]
}

func (t *tracker) runScenario(s *config.Scenario, seed uint64) (*result.Outcome, error) {
	return campaign.RunSeed(&t.trial, s, seed, campaign.DefaultBudget)
}

// tell chooses a detection of a bug, makes it small, and writes it with its explanation.
func (t *tracker) tell(ctx context.Context, q *quarry) error {
	at := choose(&q.result)
	if at < 0 {
		return nil
	}
	chosen, s := &q.result.Streams[at], q.tracks[at].found
	o, err := t.runScenario(s, q.tracks[at].seed)
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

// choose is the stream whose detection is told: one as most streams have it, and the smallest
// run; -1 if there is none.
func choose(b *detection.Bug) int {
	checker, class := b.First()
	chosen := -1
	for i := range b.Streams {
		s := &b.Streams[i]
		if s.Detected && s.Checker == checker && s.Class == class &&
			(chosen < 0 || s.Events < b.Streams[chosen].Events) {
			chosen = i
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
	o, err := t.runScenario(without(c.Scenario), c.Seed)
	return err == nil && !failing(c.Scenario, o), err
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
