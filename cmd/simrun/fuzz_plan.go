package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/report/folder"
	"simrun/scenarios"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/explore"
)

// fuzzSpace is what there is to explore.
type fuzzSpace struct{ options explore.Options }

func (s *fuzzSpace) newSource() (campaign.Source, error) { return explore.New(s.options) }

// space loads the scenarios of a campaign: those that are named, or the library's recovery
// scenarios and drawn universes.
func (f *fuzzFlags) space() (*fuzzSpace, error) {
	profile, err := generate.FindProfile(f.profile)
	if err != nil {
		return nil, fmt.Errorf("--profile: %w", err)
	}
	f.profile = profile.Name
	o := explore.Options{Profile: f.profile, Universes: len(f.scenarios) == 0}
	if o.Bug, err = parseBug(f.bug); err != nil {
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
		o.Scenarios = append(o.Scenarios, s.Config())
	}
	switch {
	case len(f.scenarios) == 0 && len(f.sets) > 0:
		return nil, &config.Error{
			Message: "--set is for scenarios that are named", Expected: "--scenario NAME beside it",
		}
	case len(f.scenarios) == 0:
		o.Scenarios, err = explore.Recovery()
	}
	return &fuzzSpace{o}, err
}

func parseBug(word string) (protocol.Bug, error) {
	bug, ok := protocol.ParseBug(word)
	if !ok {
		return bug, &config.Error{Message: fmt.Sprintf("--planted-bug: there is no planted bug %q", word),
			Nearest: protocol.Nearest(word, protocol.BugWords())}
	}
	return bug, nil
}

// request are the flags that decide what seeds run, as a journal keeps them.
func (f *fuzzFlags) request() campaign.Request {
	return campaign.Request{Scenarios: f.scenarios, Sets: f.sets, Profile: f.profile, Bug: f.bug,
		MaxCases: f.maxCases, NoMinimize: f.noMinimize}
}

// plan is that of a new campaign, or of the one to be resumed and how far that has come. A
// nil plan is a campaign that is complete.
func (f *fuzzFlags) plan(to campaign.Folder) (*campaign.Plan, *campaign.Progress, *fuzzSpace, error) {
	if !f.resume {
		space, err := f.space()
		if err != nil {
			return nil, nil, nil, err
		}
		plan, err := f.newPlan(space)
		if err == nil {
			err = folder.Check(f.out)
		}
		return plan, nil, space, err
	}
	progress, err := campaign.ReadJournal(to)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil, f.nothingToResume(to)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	space, err := f.resumeSpace(&progress.Plan)
	return &progress.Plan, progress, space, err
}

// nothingToResume is the error where there is neither a journal nor a result.
func (f *fuzzFlags) nothingToResume(to campaign.Folder) error {
	if _, err := campaign.ReadResult(to); err == nil {
		return nil
	}
	return &config.Error{Message: fmt.Sprintf("--resume: %s holds no campaign", f.out),
		Expected: "the --out of a campaign that was interrupted"}
}

// decisive are the flags that a resumed campaign has already.
func decisive() []string {
	return []string{"seeds", "shard", "scenario", "set", "profile", "planted-bug", "max-cases", "no-minimize"}
}

// resumeSpace loads again what the campaign explored; it must not have changed since.
func (f *fuzzFlags) resumeSpace(plan *campaign.Plan) (*fuzzSpace, error) {
	for _, flag := range decisive() {
		if f.given(flag) {
			return nil, &config.Error{Message: fmt.Sprintf("--%s cannot be changed when a campaign is resumed", flag)}
		}
	}
	r := plan.Request
	f.scenarios, f.sets, f.profile, f.bug = r.Scenarios, r.Sets, r.Profile, r.Bug
	f.maxCases, f.noMinimize = r.MaxCases, r.NoMinimize
	space, err := f.space()
	if err != nil {
		return nil, err
	}
	id, err := f.identity(space)
	if err != nil {
		return nil, err
	}
	if difference := plan.Difference(id); difference != "" {
		const text = "--resume: the campaign in %s was another one: %s"
		return nil, &config.Error{Message: fmt.Sprintf(text, f.out, difference)}
	}
	return space, nil
}

// identity is what shards of the campaign have in common.
func (f *fuzzFlags) identity(space *fuzzSpace) (*campaign.Identity, error) {
	build, err := buildName()
	id := &campaign.Identity{
		Build: build, Model: config.ModelVersion, Universes: space.options.Universes, Profile: f.profile,
		Explore: "random", Bug: f.bug, Budget: campaign.DefaultBudget, MaxCases: f.maxCases,
		Minimized: !f.noMinimize,
	}
	for _, s := range space.options.Scenarios {
		id.Scenarios = append(id.Scenarios, campaign.Describe(s))
	}
	return id, err
}

// newPlan is the plan of a new campaign. Seeds that nobody names come from the clock.
func (f *fuzzFlags) newPlan(space *fuzzSpace) (*campaign.Plan, error) {
	id, err := f.identity(space)
	if err != nil {
		return nil, err
	}
	seeds := campaign.Seeds{From: uint64(time.Now().UnixMicro())}
	if f.seeds != "" {
		if seeds, err = campaign.ParseSeeds(f.seeds); err != nil {
			return nil, err
		}
	}
	shard, _, err := campaign.ShardOfEnvironment(os.LookupEnv)
	if f.shard != "" {
		shard, err = campaign.ParseShard(f.shard)
	}
	if err != nil {
		return nil, err
	}
	if f.maxCases < 0 || f.maxCases > campaign.MostCases {
		const text = "--max-cases %d: expected a number from 0 to %d"
		return nil, &config.Error{Message: fmt.Sprintf(text, f.maxCases, campaign.MostCases)}
	}
	part := campaign.Part{Seeds: seeds, Shard: shard}
	return &campaign.Plan{Identity: *id, Request: f.request(), Part: part}, nil
}
