package main

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"simrun/report/explain"
	"simrun/report/outcome"
	"simrun/report/summary"
	"simrun/scenarios"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
	"simrun/scenarios/story"
)

// campaignWatch shows a campaign under way.
type campaignWatch struct {
	c     *console
	json  bool
	bar   *progress
	plan  *campaign.Plan
	mutex sync.Mutex
	// printed is when the last JSON object was.
	started, printed time.Time
	// before are the seeds of the part that was interrupted; now those of this one.
	before, now uint64
	ended       time.Time
}

// watchCampaign says what is going to be run, and begins to show how far it is.
func (c *console) watchCampaign(plan *campaign.Plan, f *fuzzFlags) *campaignWatch {
	now := time.Now()
	w := &campaignWatch{c: c, json: f.json, plan: plan, started: now, printed: now, before: ^uint64(0)}
	if !f.json {
		text := fmt.Sprintf("simrun: seeds %s", plan.Seeds)
		if plan.Seeds.Open() {
			text += " and on"
		}
		if plan.Shard != campaign.WholeRange() {
			text += ", shard " + plan.Shard.String()
		}
		fmt.Fprintf(c.err, "%s; %s\n", text, what(&plan.Identity))
		w.bar = c.startProgress("fuzzing")
	}
	return w
}

func (w *campaignWatch) stop() {
	w.finishClock()
	if w.bar != nil {
		w.bar.stop()
	}
}

func (w *campaignWatch) finishClock() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.ended.IsZero() {
		w.ended = time.Now()
	}
}

// progress takes the sum so far.
func (w *campaignWatch) progress(sum *tally.Tally) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.before == ^uint64(0) {
		w.before = 0
	}
	w.now = sum.Seeds
	clock := w.clockAt(time.Now())
	if !w.json {
		w.bar.describe(summary.Line(sum, clock))
		return
	}
	if time.Since(w.printed) >= time.Second {
		w.printed = time.Now()
		o := &summary.Options{FirstSeed: w.plan.Seeds.From}
		_ = summary.JSON(w.c.out, sum, o, clock) // what is lost here comes again in the last object
	}
}

// clock is what the wall clock says of the campaign, without what follows it.
func (w *campaignWatch) clock() *summary.Clock { return w.clockAt(w.ended) }

func (w *campaignWatch) clockAt(at time.Time) *summary.Clock {
	return &summary.Clock{WallNanos: at.Sub(w.started).Nanoseconds(), Seeds: w.now - w.before}
}

// found tells of a failing seed at once.
func (w *campaignWatch) found(signature string, failure tally.Failure) {
	if !w.json {
		w.bar.say(fmt.Sprintf("%s: seed %d of %s", signature, failure.Seed, failure.Scenario))
	}
}

// complete minimises and explains what was found.
func (w *campaignWatch) complete(ctx context.Context, to campaign.Folder, r *campaign.Result,
	f *fuzzFlags) error {
	w.finishClock()
	o := f.completeOptions()
	if w.bar != nil && len(r.CaseNames()) > 0 {
		w.bar.relabel("minimising and explaining what was found")
		o.Progress = w.bar.update
	}
	return campaign.Complete(ctx, to, r, o)
}

// completeOptions say what is made of the cases that were found.
func (f *fuzzFlags) completeOptions() campaign.CompleteOptions {
	o := campaign.CompleteOptions{Explain: explainCase, Workers: f.workers, Summary: summaryText}
	if !f.noMinimize {
		o.Minimize = minimizeCase
	}
	if f.workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	return o
}

// summaryText is the summary as it lies in the folder; it says nothing of where that is.
func summaryText(r *campaign.Result) []byte {
	var b bytes.Buffer
	if err := summary.Text(&b, &r.Tally, summaryOptions(r, "")); err != nil {
		panic("simrun: " + err.Error())
	}
	return b.Bytes()
}

// What is spent on a case: so many runs to make it smaller, and so many to look for what
// would have made it pass, each of a usual size; fewer of larger ones.
const (
	minimizeRuns = 300
	whatIfRuns   = 12
	usualEvents  = 20_000
)

// affordable is how many runs of a case are made where so many usual ones would be.
func affordable(c *config.Case, runs uint64) int {
	return int(max(runs*usualEvents/max(c.Events, usualEvents), 1))
}

// shrinkable is affordable for runs that make a case smaller, of which one that uses its
// budget up gets a part only.
func shrinkable(c *config.Case, signature string, runs uint64) int {
	if signature == result.StuckByBudget {
		return int(runs * usualEvents / minimize.QuickBudget)
	}
	return affordable(c, runs)
}

// explainable is affordable for runs that ask what would have made a case pass; one that is
// still to use a large budget up takes seconds: none.
func explainable(c *config.Case, signature string, runs uint64) int {
	if signature == result.StuckByBudget && c.Scenario.Run.Budget > minimize.QuickBudget {
		return 0
	}
	return affordable(c, runs)
}

// minimizeCase makes a case smaller; one that was interrupted is no result.
func minimizeCase(ctx context.Context, c *config.Case, signature string) (*config.Case, error) {
	o := minimize.Options{BudgetRuns: shrinkable(c, signature, minimizeRuns)}
	smaller, _, err := scenarios.Minimize(ctx, c, o)
	if err == nil {
		err = ctx.Err()
	}
	return smaller, err
}

// explainCase is the page beside a case file.
func explainCase(c *config.Case, signature, file string) ([]byte, error) {
	told, err := story.Tell(c, story.Options{
		WhatIfRuns: explainable(c, signature, whatIfRuns),
		FutureRuns: explainable(c, signature, story.DefaultFutureRuns),
	})
	if err != nil {
		return nil, err
	}
	return fmt.Appendf([]byte(explain.Short(told)), "\nreproduce: %s\n", commandLine("replay", file)), nil
}

// describeOutcome is the page beside a case file that is not explained yet.
func describeOutcome(o *result.Outcome) []byte {
	var b bytes.Buffer
	if err := outcome.Text(&b, o, outcome.Options{}); err != nil {
		panic("simrun: " + err.Error())
	}
	return b.Bytes()
}

func divergence(s *config.Scenario, seed uint64) (string, error) {
	return scenarios.Divergence(s, seed)
}
