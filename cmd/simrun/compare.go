package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"simrun/protocol"
	"simrun/report"
	"simrun/report/cells"
	"simrun/report/export"
	"simrun/report/folder"
	"simrun/report/table"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
)

// compareFlags are those of `simrun compare`.
type compareFlags struct {
	protocols []string
	seeds     int
	sets      []string
	out       string
	json      bool
}

func compareCommand(c *console) *cobra.Command {
	var f compareFlags
	command := &cobra.Command{
		Use:   "compare [NAME|FILE]",
		Short: "Compare protocols under backpressure, in the same universes",
		Long: "Runs every protocol on the same universes (one a seed), at every slowdown of the sink that the\n" +
			"scenario's compare section names, with and without a crash, and leaves a report: index.html, figures,\n" +
			"tables.\n" +
			"Without a scenario it compares " + strings.Join(scenarios.DefaultComparison(), " and ") + ".\n\n" +
			"Exit code 1 if a cell is vacuous: no backpressure where there should be, or no checkpoint measured.",
		Example: "  simrun compare\n" +
			"  simrun compare --protocols aligned,unaligned --seeds 20 --out report\n" +
			"  simrun compare flights-backpressure --set job.configuration.taskmanager.memory.segment-size='32 kb'",
		Args:              positional(0, 1, "the name or the file of a scenario, or nothing"),
		ValidArgsFunction: completeScenarios,
		RunE: func(command *cobra.Command, arguments []string) error {
			if f.seeds < 1 && command.Flags().Changed("seeds") {
				return fmt.Errorf("--seeds %d: expected a number from 1 up", f.seeds)
			}
			return c.compare(command.Context(), arguments, &f)
		},
	}
	flags := command.Flags()
	flags.StringSliceVar(&f.protocols, "protocols", nil,
		"protocols to compare, or all (default: the scenario's)")
	flags.IntVar(&f.seeds, "seeds", 0, "number of universes (default: the scenario's)")
	flags.StringArrayVar(&f.sets, "set", nil, "set a leaf of every compared scenario (may be repeated)")
	flags.StringVar(&f.out, "out", filepath.Join("simrun-out", "compare"), "folder for the report")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a cell instead of tables")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return append(words(protocol.Names()), "all"), cobra.ShellCompDirectiveNoFileComp
	}
	if err := command.RegisterFlagCompletionFunc("protocols", complete); err != nil {
		panic("simrun: " + err.Error())
	}
	return command
}

func (c *console) compare(ctx context.Context, arguments []string, f *compareFlags) error {
	options, err := f.options(arguments)
	if err != nil {
		return err
	}
	if err := folder.Check(f.out); err != nil {
		return err
	}
	progress := c.startProgress("comparing")
	options.Progress = progress.update
	comparison, err := scenarios.Compare(ctx, options)
	if err == nil {
		progress.relabel("drawing")
		err = report.WriteWithProgress(f.out, comparison, progress.update)
	}
	progress.stop()
	if err != nil {
		return err
	}
	return c.showComparison(comparison, f)
}

// options loads the scenarios and reads the flags.
func (f *compareFlags) options(arguments []string) (scenarios.CompareOptions, error) {
	o := scenarios.CompareOptions{Seeds: f.seeds}
	names := arguments
	if len(names) == 0 {
		names = scenarios.DefaultComparison()
	}
	for _, name := range names {
		s, err := scenarios.Load(name, f.sets...)
		if err != nil {
			return o, err
		}
		o.Scenarios = append(o.Scenarios, s)
	}
	var err error
	o.Protocols, err = parseProtocols(f.protocols)
	o.Command = f.command(arguments)
	return o, err
}

// command is the comparison's own command line, without where its files go.
func (f *compareFlags) command(arguments []string) string {
	line := append([]string{"compare"}, arguments...)
	if len(f.protocols) > 0 {
		line = append(line, "--protocols", strings.Join(f.protocols, ","))
	}
	if f.seeds > 0 {
		line = append(line, "--seeds", strconv.Itoa(f.seeds))
	}
	for _, set := range f.sets {
		line = append(line, "--set", set)
	}
	return commandLine(line...)
}

// parseProtocols reads a list of protocols; empty is the scenario's choice.
func parseProtocols(list []string) ([]protocol.Name, error) {
	known := words(protocol.Names())
	var names []protocol.Name
	for _, word := range list {
		if word == "all" {
			return protocol.Names(), nil
		}
		name := protocol.Name(word)
		if !contains(known, word) {
			return nil, &config.Error{
				Message:  fmt.Sprintf("--protocols: unknown protocol %q", word),
				Expected: strings.Join(known, ", ") + ", or all", Nearest: protocol.Nearest(word, known),
			}
		}
		names = append(names, name)
	}
	return names, nil
}

func words[T ~string](names []T) []string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = string(name)
	}
	return list
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

func (c *console) showComparison(comparison *result.Comparison, f *compareFlags) error {
	summary := cells.Summarize(comparison)
	show := table.Comparison
	if f.json {
		show = export.CellsJSON
	}
	if err := show(c.out, summary); err != nil {
		return err
	}
	if !f.json {
		fmt.Fprintf(c.out, "\nreport: %s\n", filepath.Join(f.out, "index.html"))
	}
	if vacuous := summary.Vacuous(); len(vacuous) > 0 {
		if !f.json {
			fmt.Fprintf(c.err, "simrun: %d of the cells are vacuous; to see it again: %s\n",
				len(vacuous), comparison.Command)
		}
		return exit(exitFailed)
	}
	return nil
}
