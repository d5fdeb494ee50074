package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"simrun/protocol"
	"simrun/report/folder"
	"simrun/scenarios"
	"simrun/scenarios/bugs"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/orders"
)

// A mode is a way of exploring that is no campaign: it counts what it has run, and leaves
// nothing to chance.
type mode struct {
	word, label string
	// bases are what it explores where nothing is named.
	bases func() ([]*config.Scenario, error)
	// sweep runs all there is of one scenario.
	sweep func(*sweep, *config.Scenario) (said string, failures []failure, err error)
	// hunt looks for planted bugs in scenarios by this mode.
	hunt func([]*config.Scenario) bugs.Explorer
}

// sweep is what a mode needs to know while it runs.
type sweep struct {
	until func() bool
	bar   *progress
	each  func(n int, f func(i int))
}

// failure is a run that did not come through, and what is special about it, in words.
type failure struct {
	recorded        *config.Case
	signature, what string
}

const exploreRandom = "random"

func modes() []mode {
	return []mode{
		{"exhaustive", "walking the orders of delivery", orders.Tiny, sweepOrders, bugs.Orders},
		{"priorities", "drawing orders of delivery", orders.Small, sampleOrders, bugs.Priorities},
	}
}

func exploreWords() []string {
	words := []string{exploreRandom, exploreCensus}
	for _, m := range modes() {
		words = append(words, m.word)
	}
	return words
}

// mode is the one that is asked for; nil is an ordinary campaign. Flags that the mode has no
// use for are refused.
func (f *fuzzFlags) mode() (*mode, error) {
	switch {
	case f.explore == exploreCensus && f.given("profile"):
		return nil, &config.Error{Message: "--explore census does not go with --profile"}
	case f.explore == exploreRandom, f.explore == exploreCensus:
		return nil, nil
	}
	for _, m := range modes() {
		if m.word != f.explore {
			continue
		}
		for _, flag := range []string{"shard", "resume", "profile", "max-cases", "json"} {
			if f.given(flag) {
				return nil, &config.Error{Message: fmt.Sprintf("--explore %s does not go with --%s", m.word, flag)}
			}
		}
		return &m, nil
	}
	return nil, &config.Error{Message: fmt.Sprintf("--explore: there is no way of exploring %q", f.explore),
		Nearest: protocol.Nearest(f.explore, exploreWords())}
}

// sweepAll explores each scenario under each seed, says what came of it, and keeps a case file
// for each signature. The time is shared among them.
func (c *console) sweepAll(ctx context.Context, f *fuzzFlags, m *mode) error {
	all, err := f.swept(m.bases)
	if err != nil {
		return err
	}
	if err := folder.Replace(f.out, func(string) error { return nil }); err != nil {
		return err
	}
	defer collectSeldom()()
	bar := c.startProgress(m.label)
	defer bar.stop()
	end, failed := time.Now().Add(f.time), false
	for i, s := range all {
		share := time.Now().Add(time.Until(end) / time.Duration(len(all)-i))
		until := func() bool { return ctx.Err() != nil || time.Now().After(share) }
		said, failures, err := m.sweep(&sweep{until, bar, onCores(f.workers)}, s)
		if err != nil {
			return fmt.Errorf("%s, seed %d: %w", s.Name, s.Seed, err)
		}
		fmt.Fprintf(c.out, "%s, seed %d: %s\n", s.Name, s.Seed, said)
		if err := c.keepFailures(ctx, f, s.Name, failures, bar); err != nil {
			return err
		}
		failed = failed || len(failures) > 0
		if ctx.Err() != nil {
			return exit(exitInterrupted)
		}
	}
	if failed {
		return exit(exitFailed)
	}
	return nil
}

// swept are the scenarios to explore, each with its seed, the planted bug and a budget.
func (f *fuzzFlags) swept(otherwise func() ([]*config.Scenario, error)) (bases []*config.Scenario,
	err error) {
	bug, err := parseBug(f.bug)
	if err != nil {
		return nil, err
	}
	for _, name := range f.scenarios {
		s, err := scenarios.Load(name, f.sets...)
		if err != nil {
			return nil, err
		}
		if err := campaign.Fit(s.Config()); err != nil {
			return nil, err
		}
		bases = append(bases, s.Config())
	}
	switch {
	case len(bases) == 0 && len(f.sets) > 0:
		return nil, errSetsNothing
	case len(bases) == 0:
		if bases, err = otherwise(); err != nil {
			return nil, err
		}
	}
	var seeds campaign.Seeds
	if f.seeds != "" {
		if seeds, err = campaign.ParseSeeds(f.seeds); err != nil {
			return nil, err
		}
	}
	return underSeeds(bases, seeds, bug), nil
}

// underSeeds are the scenarios under each seed of a range; an open one is its first seed.
func underSeeds(bases []*config.Scenario, seeds campaign.Seeds, bug protocol.Bug) []*config.Scenario {
	var small []*config.Scenario
	add := func(base *config.Scenario, seed uint64) {
		s := base.Clone()
		s.Seed, s.Run.Bug = seed, bug
		if s.Run.Budget == 0 {
			s.Run.Budget = campaign.DefaultBudget
		}
		small = append(small, s)
	}
	for _, base := range bases {
		if seeds == (campaign.Seeds{}) {
			add(base, base.Seed)
			continue
		}
		for seed := seeds.From; seed < max(seeds.To, seeds.From+1); seed++ {
			add(base, seed)
		}
	}
	return small
}

// keepFailures keeps the first failure of each signature as a campaign does, minimised and
// explained, and names its case file.
func (c *console) keepFailures(ctx context.Context, f *fuzzFlags, scenario string, failures []failure,
	bar *progress) error {
	known := map[string]bool{}
	o := f.completeOptions()
	for _, failed := range failures {
		if known[failed.signature] {
			continue
		}
		known[failed.signature] = true
		bar.describe("minimising and explaining " + failed.signature)
		name := campaign.CaseName(scenario+"/"+failed.signature, failed.recorded.Seed)
		err := campaign.Keep(ctx, campaign.Folder(f.out), name, failed.signature, failed.recorded, &o)
		if err != nil && ctx.Err() == nil {
			return err
		}
		path := filepath.Join(f.out, filepath.FromSlash(name)+".yaml")
		fmt.Fprintf(c.out, "  %s: %s\n    reproduce: %s\n", failed.signature, failed.what,
			commandLine("replay", path))
	}
	return nil
}

// onCores calls a function for all numbers on so many cores; 0: all.
func onCores(workers int) func(n int, f func(int)) {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return func(n int, f func(int)) {
		var group sync.WaitGroup
		next := make(chan int)
		for range workers {
			group.Go(func() {
				for i := range next {
					f(i)
				}
			})
		}
		for i := range n {
			next <- i
		}
		close(next)
		group.Wait()
	}
}
