package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"simrun/protocol"
	shownbugs "simrun/report/detection"
	"simrun/report/explain"
	"simrun/report/folder"
	"simrun/scenarios"
	"simrun/scenarios/bugs"
	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/census"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
	"simrun/scenarios/result/detection"
	"simrun/scenarios/story"
)

// bugsFlags are those of `simrun bugs`.
type bugsFlags struct {
	seeds      uint64
	streams    int
	workers    int
	profile    string
	out        string
	json       bool
	noMinimize bool
	explore    string
	// given are the flags that the user has named.
	given func(flag string) bool
}

func bugsCommand(c *console) *cobra.Command {
	var f bugsFlags
	command := &cobra.Command{
		Use:   "bugs [BUG...]",
		Short: "Bring real bugs back, one after the other, and count the seeds until each is caught",
		Long: "Looks for every planted bug (simrun list) with what simrun fuzz explores, in independent streams\n" +
			"of seeds, and shows which checker caught it first, after how many seeds (median with 95 %\n" +
			"interval), and how small the case is that is left of it. The seed that catches a bug must be\n" +
			"green without it. Beside it stands how many runs the other ways of exploring need.\n\n" +
			"But for times the result is the same on any machine and number of cores. The folder given by --out\n" +
			"has a case file of each bug, for replay, explain and minimize, and record.json with every stream.\n\n" +
			"Exit code 0 if all were caught, 1 if one was not, 2 for bad input or a full disk, 4 if\n" +
			"interrupted.",
		Example: "  simrun bugs\n" +
			"  simrun bugs half-read-forgotten commit-at-snapshot --streams 50\n" +
			"  simrun bugs --json --no-minimize",
		Args:              positional(0, len(protocol.Bugs()), "names of planted bugs"),
		ValidArgs:         protocol.BugWords(),
		ValidArgsFunction: cobra.FixedCompletions(protocol.BugWords(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(command *cobra.Command, arguments []string) error {
			f.given = command.Flags().Changed
			return c.bugs(command.Context(), arguments, &f)
		},
	}
	flags := command.Flags()
	flags.Uint64Var(&f.seeds, "seeds", bugs.DefaultLimit, "the most runs of a stream")
	flags.IntVar(&f.streams, "streams", bugs.DefaultStreams, "independent streams of seeds for each bug")
	flags.IntVarP(&f.workers, "jobs", "j", 0, "runs at a time (default: one per core)")
	flags.StringVar(&f.profile, "profile", "", "which faults are drawn: "+strings.Join(profileNames(), ", "))
	flags.StringVar(&f.out, "out", filepath.Join("simrun-out", "bugs"), "folder for case files and record")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a bug instead of text")
	flags.BoolVar(&f.noMinimize, "no-minimize", false, "leave case files as they were found")
	flags.StringVar(&f.explore, "explore", exploreAll, "what looks for them: "+
		strings.Join(exploreWords(), ", ")+", or\nall: each by itself, random with the case files")
	words := cobra.FixedCompletions(append(exploreWords(), exploreAll), cobra.ShellCompDirectiveNoFileComp)
	if err := command.RegisterFlagCompletionFunc("explore", words); err != nil {
		panic("simrun: " + err.Error())
	}
	return command
}

// exploreAll are all ways of exploring, one after the other.
const exploreAll = "all"

// recordFile has all streams of a hunt, for the track record.
const recordFile = "record.json"

func (c *console) bugs(ctx context.Context, words []string, f *bugsFlags) error {
	defer collectSeldom()()
	o, record, err := f.hunt(words)
	if err != nil {
		return err
	}
	if err := folder.Check(f.out); err != nil {
		return err
	}
	bar := c.startProgress("hunting")
	o.Progress = func(p bugs.Progress) {
		bar.describe(fmt.Sprintf("%d of %d bugs done, %d caught, %d seeds", p.Bugs, p.All, p.Caught, p.Seeds))
		if p.Done != nil && !p.Done.Caught() {
			bar.say("simrun: not caught: " + p.Done.Word)
		}
	}
	err = folder.Replace(f.out, func(temporary string) error {
		o.Disk = campaign.Folder(temporary)
		record.Bugs, err = bugs.Hunt(ctx, *o)
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		return errors.Join(err, writeRecord(o.Disk, record))
	})
	bar.stop()
	if err != nil {
		return err
	}
	return c.showBugs(record, f)
}

// hunt turns arguments and flags into what is looked for, and where.
func (f *bugsFlags) hunt(words []string) (*bugs.Options, *detection.Record, error) {
	if f.seeds < 1 || f.seeds > 1<<32 || f.streams < 1 || f.workers < 0 {
		return nil, nil, &config.Error{Message: "--seeds and --streams must be at least 1, and -j not negative"}
	}
	explorers, profile, err := f.explorers()
	if err != nil {
		return nil, nil, err
	}
	o := &bugs.Options{Explorers: explorers, Streams: f.streams, Limit: f.seeds, Workers: f.workers,
		Explain: explainBug}
	for _, word := range words {
		bug, ok := protocol.ParseBug(word)
		if !ok || bug == protocol.NoBug {
			return nil, nil, &config.Error{Message: fmt.Sprintf("there is no planted bug %q", word),
				Expected: "one of those of simrun list", Nearest: protocol.Nearest(word, protocol.BugWords())}
		}
		o.Bugs = append(o.Bugs, bug)
	}
	if !f.noMinimize {
		o.Minimize = minimizeBug
	}
	record := &detection.Record{Profile: profile, Model: config.ModelVersion, Streams: f.streams, Limit: f.seeds}
	for _, e := range explorers {
		record.Explorers = append(record.Explorers, e.Word)
	}
	return o, record, nil
}

// explorers are those that are asked for, and the profile under which seeds are drawn.
func (f *bugsFlags) explorers() ([]bugs.Explorer, string, error) {
	drawn := f.explore == exploreAll || f.explore == exploreRandom
	for _, flag := range []string{"profile", "streams"} {
		if !drawn && f.given(flag) {
			return nil, "", &config.Error{Message: fmt.Sprintf("--explore %s does not go with --%s", f.explore, flag)}
		}
	}
	fuzz := fuzzFlags{profile: f.profile}
	space, err := fuzz.space()
	if err != nil {
		return nil, "", err
	}
	different, err := differentJobs()
	if err != nil {
		return nil, "", err
	}
	all := []bugs.Explorer{bugs.Random(space.newSource), bugs.Census(different, census.Spread)}
	for _, m := range modes() {
		jobs, err := m.bases()
		if err != nil {
			return nil, "", err
		}
		all = append(all, m.hunt(jobs))
	}
	asked := slices.DeleteFunc(all, func(e bugs.Explorer) bool {
		return f.explore != exploreAll && f.explore != e.Word
	})
	if len(asked) == 0 {
		return nil, "", &config.Error{
			Message: fmt.Sprintf("--explore: there is no way of exploring %q", f.explore),
			Nearest: protocol.Nearest(f.explore, append(exploreWords(), exploreAll))}
	}
	return asked, fuzz.profile, nil
}

// minimizeBug is minimizeCase with its report.
func minimizeBug(ctx context.Context, c *config.Case, signature string) (*config.Case,
	*result.Minimization, error) {
	return scenarios.Minimize(ctx, c, minimize.Options{BudgetRuns: shrinkable(c, signature, minimizeBugRuns)})
}

// minimizeBugRuns are enough for most cases to end by themselves.
const minimizeBugRuns = minimize.DefaultBudgetRuns

// explainBug is the page beside a case file, and how long its story is.
func explainBug(c *config.Case, signature, file string) ([]byte, int, error) {
	told, err := story.Tell(c, story.Options{WhatIfRuns: explainable(c, signature, whatIfRuns)})
	if err != nil {
		return nil, 0, err
	}
	page := fmt.Appendf([]byte(explain.Short(told)), "\nreproduce: %s\n", commandLine("replay", file))
	return page, explain.StoryLines(told), nil
}

func writeRecord(to campaign.Disk, r *detection.Record) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return to.Write(recordFile, append(text, '\n'))
}

// showBugs prints what came of it and turns it into the exit code.
func (c *console) showBugs(r *detection.Record, f *bugsFlags) error {
	rows := shownbugs.Rows(r)
	show := shownbugs.Text
	if f.json {
		show = shownbugs.JSON
	}
	if err := show(c.out, rows, f.out); err != nil {
		return err
	}
	for i := range rows {
		c.explainMiss(&rows[i], r, f)
	}
	if len(r.Missed()) > 0 {
		return exit(exitFailed)
	}
	return nil
}

// explainMiss says how to look at a bug that was not caught.
func (c *console) explainMiss(row *shownbugs.Row, r *detection.Record, f *bugsFlags) {
	for _, alarm := range row.FalseAlarms {
		seed := fmt.Sprintf("%d:+1", alarm.Seed)
		fmt.Fprintf(c.err, "simrun: false alarm: seed %d fails without %s too (%s); to see it: %s\n", alarm.Seed,
			row.Bug, alarm.Signature, commandLine("fuzz", "--profile", r.Profile, "--seeds", seed))
	}
	if !row.Caught && row.Detected == 0 && r.Explorers[0] == exploreRandom {
		fmt.Fprintf(c.err, "simrun: %s was not caught in %d streams of %d seeds; to go on looking: %s\n", row.Bug,
			row.Streams, f.seeds, commandLine("fuzz", "--profile", r.Profile, "--planted-bug", row.Bug.String()))
	}
}
