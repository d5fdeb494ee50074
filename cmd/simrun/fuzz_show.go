package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"simrun/report/summary"
	"simrun/scenarios/campaign"
	"simrun/scenarios/result"
)

// showCampaign prints the summary and turns the verdict into the exit code.
func (c *console) showCampaign(to campaign.Folder, r *campaign.Result, f *fuzzFlags,
	clock *summary.Clock) error {
	o := summaryOptions(r, string(to))
	if f.json {
		if err := summary.JSON(c.out, &r.Tally, o, clock); err != nil {
			return err
		}
	} else {
		o.Command = commandLine(f.command(coveredSeeds(r))...)
		if err := summary.Text(c.out, &r.Tally, o); err != nil {
			return err
		}
	}
	return c.campaignVerdict(r, o, f.json)
}

// campaignVerdict is 1 where a seed failed, or where there was nothing to see in any.
func (c *console) campaignVerdict(r *campaign.Result, o *summary.Options, json bool) error {
	verdict := summary.Verdict(&r.Tally, o)
	if verdict == result.OK {
		return nil
	}
	if names := summary.Unreached(&r.Tally, o); verdict == result.Vacuous && len(names) > 0 && !json {
		fmt.Fprintf(c.err, "simrun: vacuous: no seed of %s reached all that it wants reached\n",
			strings.Join(names, ", no seed of "))
	}
	if !json && len(o.Cases) > 0 {
		fmt.Fprintf(c.err, "simrun: verdict %s; to see the first again: %s\n", r.Tally.Verdict(),
			commandLine("replay", o.Cases[0]))
	}
	return exit(exitFailed)
}

// alreadyComplete shows a campaign that has nothing left to do.
func (c *console) alreadyComplete(to campaign.Folder, f *fuzzFlags) error {
	r, err := campaign.ReadResult(to)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "simrun: the campaign in %s is complete\n", f.out)
	return c.showCampaign(to, r, f, nil)
}

// summaryOptions are what a summary says of a campaign besides its tally.
func summaryOptions(r *campaign.Result, out string) *summary.Options {
	o := &summary.Options{
		What: what(&r.Campaign), FirstSeed: coveredSeeds(r).From, MaxCases: r.Campaign.MaxCases,
		Groups: summaryGroups(&r.Campaign), Named: !r.Campaign.Universes,
	}
	var seeds []string
	for _, part := range r.Covered {
		text := part.Seeds.String()
		if part.Shard != campaign.WholeRange() {
			text += ", shard " + part.Shard.String()
		}
		seeds = append(seeds, text)
	}
	o.Seeds = strings.Join(seeds, "; ")
	for _, name := range r.CaseNames() {
		o.Cases = append(o.Cases, filepath.Join(out, filepath.FromSlash(name)+".yaml"))
	}
	return o
}

// coveredSeeds is the range from the first seed to the last.
func coveredSeeds(r *campaign.Result) campaign.Seeds {
	all := r.Covered[0].Seeds
	for _, part := range r.Covered {
		all.From, all.To = min(all.From, part.Seeds.From), max(all.To, part.Seeds.To)
	}
	return all
}

// what says what the seeds of a campaign ran.
func what(id *campaign.Identity) string {
	text := strconv.Itoa(len(id.Scenarios)) + " scenarios"
	if len(id.Scenarios) == 1 {
		name, _, _ := strings.Cut(id.Scenarios[0], " ")
		text = name
	}
	if id.Universes {
		text += " and drawn universes"
	}
	if id.Explore == exploreCensus {
		text += ", census"
	} else {
		text += ", profile " + id.Profile
	}
	if id.Bug != "" {
		text += ", planted bug " + id.Bug
	}
	return text
}
