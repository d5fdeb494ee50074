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
	"simrun/scenarios/explore/census"
)

// fuzzSpace is what there is to explore.
type fuzzSpace struct {
	options explore.Options
	// census, if not nil, is a list of runs instead.
	census *census.List
}

func (s *fuzzSpace) newSource() (campaign.Source, error) {
	if s.census != nil {
		return s.census, nil
	}
	return explore.New(s.options)
}

var errSetsNothing = &config.Error{
	Message: "--set is for scenarios that are named", Expected: "--scenario NAME beside it",
}

// space loads the scenarios of a campaign: those that are named, or the library's recovery
// scenarios and drawn universes.
func (f *fuzzFlags) space() (*fuzzSpace, error) {
	if f.explore == exploreCensus {
		return f.censusSpace()
	}
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
		return nil, errSetsNothing
	case len(f.scenarios) == 0:
		o.Scenarios, err = explore.Recovery()
	}
	return &fuzzSpace{options: o}, err
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
		MaxCases: f.maxCases, NoMinimize: f.noMinimize, Seeds: f.listSeeds(), Explore: f.listExplore()}
}

// plan is that of a new campaign, or of the one to be resumed and how far that has come. A
// nil plan is a campaign that is complete.
func (f *fuzzFlags) plan(to campaign.Folder) (*campaign.Plan, *campaign.Progress, *fuzzSpace, error) {
	if f.resume {
		progress, err := campaign.ReadJournal(to)
		if err == nil {
			space, err := f.resumeSpace(&progress.Plan)
			return &progress.Plan, progress, space, err
		}
		begin, err := f.nothingToResume(to, err)
		if !begin || err != nil {
			return nil, nil, nil, err
		}
	}
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

// nothingToResume says whether to begin where there is no journal: a batch system starts
// the first time and again with the same command, which names its seeds.
func (f *fuzzFlags) nothingToResume(to campaign.Folder, why error) (begin bool, err error) {
	if !errors.Is(why, fs.ErrNotExist) {
		return false, why
	}
	if _, err := campaign.ReadResult(to); err == nil {
		return false, nil
	}
	if f.given("seeds") || f.explore == exploreCensus {
		return true, nil
	}
	return false, &config.Error{Message: fmt.Sprintf("--resume: %s holds no campaign", f.out),
		Expected: "the --out of a campaign that was interrupted, or --seeds to begin one"}
}

// resumeSpace loads again what a campaign explored. What flags say again, and what the
// scenarios' files hold, must not have changed since.
func (f *fuzzFlags) resumeSpace(plan *campaign.Plan) (*fuzzSpace, error) {
	if err := f.take(plan); err != nil {
		return nil, err
	}
	space, err := f.space()
	if err != nil {
		return nil, err
	}
	again, err := f.newPlan(space)
	if err != nil {
		return nil, err
	}
	difference := plan.Difference(&again.Identity)
	if difference == "" && plan.Part != again.Part {
		difference = fmt.Sprintf("seeds %s, shard %s, and seeds %s, shard %s",
			plan.Seeds, plan.Shard, again.Seeds, again.Shard)
	}
	if difference != "" {
		const text = "--resume: the campaign in %s was another one: %s"
		return nil, &config.Error{Message: fmt.Sprintf(text, f.out, difference)}
	}
	return space, nil
}

// take takes from the plan of an interrupted campaign what flags do not say.
func (f *fuzzFlags) take(plan *campaign.Plan) error {
	r := &plan.Request
	if !f.given("explore") && r.Explore != "" {
		f.explore = r.Explore
	}
	if f.listExplore() != r.Explore {
		const text = "--resume: the campaign in %s was explored in another way"
		return &config.Error{Message: fmt.Sprintf(text, f.out),
			Expected: "--explore as the first time, or without it"}
	}
	for flag, take := range map[string]func(){
		"seeds":       func() { f.seeds = either(r.Explore == "", plan.Seeds.String(), r.Seeds) },
		"shard":       func() { f.shard = plan.Shard.String() },
		"scenario":    func() { f.scenarios = r.Scenarios },
		"set":         func() { f.sets = r.Sets },
		"profile":     func() { f.profile = r.Profile },
		"planted-bug": func() { f.bug = r.Bug },
		"max-cases":   func() { f.maxCases = r.MaxCases },
		"no-minimize": func() { f.noMinimize = r.NoMinimize },
	} {
		if !f.given(flag) {
			take()
		}
	}
	return nil
}

// identity is what shards of the campaign have in common.
func (f *fuzzFlags) identity(space *fuzzSpace) (*campaign.Identity, error) {
	build, err := buildName()
	id := &campaign.Identity{
		Build: build, Model: config.ModelVersion, Universes: space.options.Universes, Profile: f.profile,
		Explore: f.explore, Bug: f.bug, Budget: campaign.DefaultBudget, MaxCases: f.maxCases,
		Minimized: !f.noMinimize,
	}
	for _, s := range space.options.Scenarios {
		id.Scenarios = append(id.Scenarios, campaign.Describe(s))
	}
	if space.census != nil {
		id.Groups = groupsOf(space.census)
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
	switch {
	case space.census != nil:
		seeds = campaign.Seeds{To: space.census.Len()}
	case f.seeds != "":
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
