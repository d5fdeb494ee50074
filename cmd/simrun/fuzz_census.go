package main

import (
	"runtime/debug"

	"simrun/report/summary"
	"simrun/scenarios/campaign"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/trial"
)

// exploreCensus runs a list of runs as a campaign runs seeds: its numbers are the seeds.
const exploreCensus = "census"

// censusSpace takes the census of the scenarios that are named, or of the different jobs of the
// library's, under each seed that is named. Of those there are more single points than anybody
// waits for, so that their pairs are not looked for.
func (f *fuzzFlags) censusSpace() (*fuzzSpace, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(trial.GCPercent))
	bases, err := f.swept(differentJobs)
	if err != nil {
		return nil, err
	}
	list, err := census.NewList(bases, len(f.scenarios) > 0, onCores(f.workers))
	if err != nil {
		return nil, err
	}
	space := &fuzzSpace{census: list}
	space.options.Scenarios = bases
	return space, nil
}

// listSeeds and listExplore are what a journal keeps of a list of runs.
func (f *fuzzFlags) listSeeds() string { return either(f.explore == exploreCensus, f.seeds, "") }

func (f *fuzzFlags) listExplore() string { return either(f.explore == exploreCensus, f.explore, "") }

func either[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

func groupsOf(list *census.List) []campaign.Group {
	var groups []campaign.Group
	for _, g := range list.Groups() {
		covers := ""
		if g.Pairs {
			covers = "reachable pairs"
		}
		groups = append(groups, campaign.Group{Name: g.Name, Covers: covers, Runs: g.Runs})
	}
	return groups
}

// summaryGroups are the groups as a summary shows them.
func summaryGroups(id *campaign.Identity) []summary.Group {
	var groups []summary.Group
	for _, g := range id.Groups {
		groups = append(groups, summary.Group{Name: g.Name, Covers: g.Covers, Runs: g.Runs})
	}
	return groups
}
