package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"simrun/protocol"
	"simrun/report/folder"
	"simrun/scenarios"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/orders"
)

// How fuzz explores.
const (
	exploreRandom     = "random"
	exploreExhaustive = "exhaustive"
)

func exploreWords() []string { return []string{exploreRandom, exploreExhaustive} }

// explores refuses a way of exploring that there is none, and flags that it has no use for.
func (f *fuzzFlags) explores() error {
	switch f.explore {
	case exploreRandom:
		return nil
	case exploreExhaustive:
	default:
		return &config.Error{Message: fmt.Sprintf("--explore: there is no way of exploring %q", f.explore),
			Nearest: protocol.Nearest(f.explore, exploreWords())}
	}
	for _, flag := range []string{"shard", "resume", "profile", "max-cases", "json"} {
		if f.given(flag) {
			return &config.Error{Message: fmt.Sprintf("--explore %s does not go with --%s", f.explore, flag)}
		}
	}
	return nil
}

// fuzzOrders runs every order of delivery of small scenarios: the named ones, or two sources
// and a sink under each protocol. Seeds, if given, are those that each is walked under.
func (c *console) fuzzOrders(ctx context.Context, f *fuzzFlags) error {
	small, err := f.small()
	if err != nil {
		return err
	}
	if err := folder.Replace(f.out, func(string) error { return nil }); err != nil {
		return err
	}
	bar := c.startProgress("walking the orders of delivery")
	defer bar.stop()
	end := time.Now().Add(f.time)
	failed := false
	for i, s := range small {
		share := time.Now().Add(time.Until(end) / time.Duration(len(small)-i))
		walked, err := orders.Walk(s, s.Seed, orders.Options{
			Until:    func() bool { return ctx.Err() != nil || time.Now().After(share) },
			Progress: func(runs int) { bar.describe(fmt.Sprintf("%s: %d orders", s.Name, runs)) },
		}, onCores(f.workers))
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s, seed %d: %s\n", s.Name, s.Seed, walked)
		if err := c.keepOrders(f.out, walked); err != nil {
			return err
		}
		failed = failed || len(walked.Failures) > 0
		if ctx.Err() != nil {
			return exit(exitInterrupted)
		}
	}
	if failed {
		return exit(exitFailed)
	}
	return nil
}

// small are the scenarios to walk, each with its seed and the planted bug.
func (f *fuzzFlags) small() ([]*config.Scenario, error) {
	bug, err := parseBug(f.bug)
	if err != nil {
		return nil, err
	}
	if len(f.scenarios) == 0 && len(f.sets) > 0 {
		return nil, errSetsNothing
	}
	var bases []*config.Scenario
	for _, name := range f.scenarios {
		s, err := scenarios.Load(name, f.sets...)
		if err != nil {
			return nil, err
		}
		bases = append(bases, s.Config())
	}
	if len(bases) == 0 {
		if bases, err = orders.Tiny(); err != nil {
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

// keepOrders shows what orders a job did not survive, and writes their case files.
func (c *console) keepOrders(out string, walked *orders.Result) error {
	for i := range walked.Failures {
		failure := &walked.Failures[i]
		o := failure.Outcome
		name := campaign.CaseName(walked.Scenario.Name+"/"+o.Signature(), o.Seed) + ".yaml"
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, walked.Case(failure).YAML(), 0o666); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "  %s: %d orders, the first %v; reproduce: %s\n", o.Signature(), failure.Orders,
			failure.Choices, commandLine("replay", path))
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
