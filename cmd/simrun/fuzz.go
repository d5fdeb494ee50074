package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"simrun/faults/generate"
	"simrun/protocol"
	"simrun/report/folder"
	"simrun/scenarios/campaign"
)

// fuzzFlags are those of `simrun fuzz`.
type fuzzFlags struct {
	seeds      string
	time       time.Duration
	workers    int
	scenarios  []string
	sets       []string
	profile    string
	shard      string
	out        string
	json       bool
	resume     bool
	maxCases   int
	noMinimize bool
	bug        string
	explore    string
	// given are the flags that the user has named.
	given func(flag string) bool
}

// defaultTime is how long a campaign goes on whose seeds have no end.
const defaultTime = time.Minute

func fuzzCommand(c *console) *cobra.Command {
	var f fuzzFlags
	command := &cobra.Command{
		Use:   "fuzz",
		Short: "Run recovery scenarios over many seeds, and keep what goes wrong",
		Long: "Runs the library's recovery scenarios, and jobs and clusters drawn at random, under drawn\n" +
			"faults, one for each seed, on all cores, for a minute. What goes wrong is told by its signature;\n" +
			"the first seeds of each leave a case file and an explanation in the folder given by --out.\n\n" +
			"The same seeds give the same result, on any number of cores, in one piece or in shards (simrun\n" +
			"merge). An interrupted campaign keeps what it found; --resume goes on with it.\n\n" +
			"Exit code 0 if nothing was found, 1 if something was, 2 for bad input or a full disk, 3 if two\n" +
			"runs of one seed differ, 4 if interrupted.",
		Example: "  simrun fuzz\n" +
			"  simrun fuzz --seeds 0:10000 --profile crashes\n" +
			"  simrun fuzz --seeds $(git rev-parse HEAD):+5000 --scenario my-job.yaml\n" +
			"  simrun fuzz --seeds 0:1000000 --shard 3/16 --out shard-3\n" +
			"  simrun fuzz --planted-bug commit-at-snapshot --time 5s",
		Args: positional(0, 0, "no arguments; name a scenario with --scenario"),
		RunE: func(command *cobra.Command, _ []string) error {
			f.given = command.Flags().Changed
			return c.fuzz(command.Context(), &f)
		},
	}
	f.register(command)
	return command
}

func (f *fuzzFlags) register(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&f.seeds, "seeds", "",
		"seeds to run: A:B (without B), A:+N, or A; a number or a commit hash (default: new ones)")
	flags.DurationVar(&f.time, "time", defaultTime, "how long to go on, if the seeds have no end")
	flags.IntVarP(&f.workers, "jobs", "j", 0, "runs at a time (default: one per core)")
	flags.StringArrayVar(&f.scenarios, "scenario", nil,
		"a scenario to draw faults for, instead of the library's and drawn ones (may be repeated)")
	flags.StringArrayVar(&f.sets, "set", nil, "set a leaf of every named scenario (may be repeated)")
	flags.StringVar(&f.profile, "profile", "", "which faults are drawn: "+strings.Join(profileNames(), ", "))
	flags.StringVar(&f.shard, "shard", "", "i/n: only every n-th seed (default: as the batch system says)")
	flags.StringVar(&f.out, "out", filepath.Join("simrun-out", "fuzz"), "folder for tally and case files")
	flags.BoolVar(&f.json, "json", false, "print JSON objects: progress, and last the whole")
	flags.BoolVar(&f.resume, "resume", false, "go on with the interrupted campaign in the folder given by --out")
	flags.IntVar(&f.maxCases, "max-cases", campaign.DefaultMaxCases,
		fmt.Sprintf("case files for each signature, at most %d", campaign.MostCases))
	flags.BoolVar(&f.noMinimize, "no-minimize", false, "leave case files as they were found")
	flags.StringVar(&f.bug, "planted-bug", "", "bring a real bug back, to see it caught")
	flags.StringVar(&f.explore, "explore", exploreRandom, "random: a plan of faults for each seed;\n"+
		"census: a crash at every point of a run; exhaustive: every order of delivery of a tiny job;\n"+
		"priorities: drawn orders of a small one")
	complete := func(flag string, valid []string) {
		f := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return valid, cobra.ShellCompDirectiveNoFileComp
		}
		if err := command.RegisterFlagCompletionFunc(flag, f); err != nil {
			panic("simrun: " + err.Error())
		}
	}
	complete("profile", profileNames())
	complete("explore", exploreWords())
	complete("planted-bug", protocol.BugWords())
	if err := command.RegisterFlagCompletionFunc("scenario", completeScenarios); err != nil {
		panic("simrun: " + err.Error())
	}
}

func profileNames() []string {
	var names []string
	for _, p := range generate.Profiles() {
		names = append(names, p.Name)
	}
	return names
}

// fuzz plans a campaign, or takes up an interrupted one, runs it, and shows what it came to.
func (c *console) fuzz(ctx context.Context, f *fuzzFlags) error {
	m, err := f.mode()
	if err != nil {
		return err
	}
	to := campaign.Folder(f.out)
	lock, err := to.Lock()
	if err != nil {
		return err
	}
	defer lock.Release()
	if m != nil {
		return c.sweepAll(ctx, f, m)
	}
	return c.campaign(ctx, f, to)
}

// campaign runs the seeds of one.
func (c *console) campaign(ctx context.Context, f *fuzzFlags, to campaign.Folder) error {
	plan, resumed, space, err := f.plan(to)
	switch {
	case err != nil:
		return err
	case plan == nil:
		return c.alreadyComplete(to, f)
	case resumed == nil:
		if err := folder.Replace(f.out, func(string) error { return nil }); err != nil {
			return err
		}
	}
	defer collectSeldom()()
	w := c.watchCampaign(plan, f)
	progress, err := campaign.Run(ctx, f.options(plan, resumed, space, to, w))
	if err == nil {
		err = w.complete(ctx, to, progress.Result(), f)
	}
	w.stop()
	if err != nil {
		return c.fuzzFailed(err, progress, f)
	}
	return c.showCampaign(to, progress.Result(), f, w.clock())
}

// options are those of a campaign. Whose seeds have no end gets one by the clock, and so
// does who asks for it.
func (f *fuzzFlags) options(plan *campaign.Plan, resumed *campaign.Progress, space *fuzzSpace,
	to campaign.Folder, w *campaignWatch) campaign.Options {
	o := campaign.Options{
		Plan: *plan, NewSource: space.newSource, Disk: to, Resumed: resumed, Workers: f.workers,
		Describe: describeOutcome, Diverge: divergence, Progress: w.progress, Found: w.found,
	}
	if plan.Seeds.Open() || f.given("time") || space.census != nil {
		o.Until = time.Now().Add(f.time)
	}
	return o
}

// fuzzFailed says why a campaign has ended early, and how to go on with it.
func (c *console) fuzzFailed(err error, p *campaign.Progress, f *fuzzFlags) error {
	var differ *campaign.NondeterminismError
	done := uint64(0)
	if p != nil {
		done = p.Tally.Seeds
	}
	resume := commandLine("fuzz", "--resume", "--out", f.out)
	switch {
	case errors.As(err, &differ):
		fmt.Fprintf(c.err, "simrun: %s\nto see it again: %s\n", differ,
			commandLine(f.command(campaign.Seeds{From: differ.Seed, To: differ.Seed + 1})...))
		return exit(exitNondeterministic)
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(c.err, "simrun: interrupted; %d seeds are done and kept; to go on: %s\n", done, resume)
		return exit(exitInterrupted)
	}
	return fmt.Errorf("%w\nwhat was found before is in %s; to go on: %s", err, f.out, resume)
}

// command are the words that run the campaign again over other seeds.
func (f *fuzzFlags) command(seeds campaign.Seeds) []string {
	line := []string{"fuzz", "--seeds", seeds.String()}
	if f.explore == exploreCensus {
		if line = []string{"fuzz", "--explore", exploreCensus}; f.seeds != "" {
			line = append(line, "--seeds", f.seeds)
		}
	}
	for _, name := range f.scenarios {
		line = append(line, "--scenario", name)
	}
	for _, set := range f.sets {
		line = append(line, "--set", set)
	}
	if f.profile != "" && f.profile != generate.Profiles()[0].Name {
		line = append(line, "--profile", f.profile)
	}
	if f.bug != "" {
		line = append(line, "--planted-bug", f.bug)
	}
	return line
}
