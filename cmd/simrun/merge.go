package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"simrun/report/folder"
	"simrun/report/summary"
	"simrun/scenarios/campaign"
)

// mergeFlags are those of `simrun merge`.
type mergeFlags struct {
	out  string
	json bool
}

func mergeCommand(c *console) *cobra.Command {
	var f mergeFlags
	command := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Add up the shards of a campaign",
		Long: "Adds up what simrun fuzz left in several folders: the shards of one range of seeds, or ranges\n" +
			"that do not overlap, of the same program over the same scenarios. The result is the same, byte by\n" +
			"byte, as that of one campaign over all the seeds. A DIR may also hold campaigns in its folders.\n\n" +
			"Exit code 0 if nothing was found, 1 if something was, 2 if the folders do not fit together.",
		Example: "  simrun fuzz --seeds 0:2000 --shard 0/2 --out one\n" +
			"  simrun fuzz --seeds 0:2000 --shard 1/2 --out two\n" +
			"  simrun merge one two",
		Args: positional(1, 1<<20, "folders of campaigns"),
		RunE: func(_ *cobra.Command, arguments []string) error { return c.merge(arguments, &f) },
	}
	command.Flags().StringVar(&f.out, "out", filepath.Join("simrun-out", "merge"), "folder for the result")
	command.Flags().BoolVar(&f.json, "json", false, "print one JSON object instead of text")
	return command
}

func (c *console) merge(arguments []string, f *mergeFlags) error {
	var from []campaign.Folder
	for _, name := range arguments {
		from = append(from, campaign.Folder(name).Campaigns()...)
	}
	r, err := campaign.Merge(from)
	if err != nil {
		return err
	}
	err = folder.Replace(f.out, func(temporary string) error {
		return campaign.WriteMerged(campaign.Folder(temporary), r, from, summaryText)
	})
	if err != nil {
		return err
	}
	o := summaryOptions(r, f.out)
	if f.json {
		err = summary.JSON(c.out, &r.Tally, o, nil)
	} else {
		err = summary.Text(c.out, &r.Tally, o)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.out, err)
	}
	return c.campaignVerdict(r, o, f.json)
}
