package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/library"
)

func listCommand(c *console) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "list [NAME|FILE]",
		Short: "List what there is, or show the state contract of a scenario's job",
		Long: "Without a name: scenarios, protocols, checkers, faults, the protocol steps at which faults can\n" +
			"strike, and planted bugs. With the name of a scenario: what its job does, which operator holds what\n" +
			"state by which key, which sources rewind, and what each sink promises. With that of a planted bug:\n" +
			"which real bug it is, and what a user saw of it.",
		Example:           "  simrun list\n  simrun list nexmark-q3\n  simrun list --json",
		Args:              positional(0, 1, "the name of a scenario or bug, a file, or nothing"),
		ValidArgsFunction: completeScenarios,
		RunE: func(_ *cobra.Command, arguments []string) error {
			if len(arguments) == 0 {
				return c.listAll(asJSON)
			}
			if bug, ok := protocol.ParseBug(arguments[0]); ok && bug != protocol.NoBug {
				return c.listBug(bug, asJSON)
			}
			return c.listScenario(arguments[0], asJSON)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "print one JSON object an entry")
	return command
}

// entryObject has the keys of the contract for `list --json`.
type entryObject struct {
	Kind    string `json:"kind"`
	Name    string `json:"name"`
	Summary string `json:"summary"`
}

func (c *console) printJSON(e scenarios.Entry) error {
	return json.NewEncoder(c.out).Encode(entryObject(e))
}

func (c *console) listAll(asJSON bool) error {
	entries, err := scenarios.List()
	if err != nil {
		return err
	}
	kind := ""
	for _, e := range entries {
		if asJSON {
			if err := c.printJSON(e); err != nil {
				return err
			}
			continue
		}
		if e.Kind != kind {
			kind = e.Kind
			fmt.Fprintf(c.out, "%s:\n", headings[kind])
		}
		fmt.Fprintln(c.out, strings.TrimRight(fmt.Sprintf("  %-30s %s", e.Name, e.Summary), " "))
	}
	return nil
}

var headings = map[string]string{
	scenarios.KindScenario: "scenarios (simrun run NAME)",
	scenarios.KindProtocol: "protocols (job.protocol)",
	scenarios.KindChecker:  "checkers (on in every run)",
	scenarios.KindProfile:  "profiles (simrun fuzz --profile NAME)",
	scenarios.KindFault:    "faults",
	scenarios.KindStep:     "protocol steps (step: in a fault)",
	scenarios.KindBug:      "planted bugs (simrun bugs)",
}

// listBug prints which real bug is brought back, and what a user saw of it.
func (c *console) listBug(bug protocol.Bug, asJSON bool) error {
	if asJSON {
		return c.printJSON(scenarios.Entry{Kind: scenarios.KindBug, Name: bug.String(), Summary: bug.Story()})
	}
	fmt.Fprintf(c.out, "%s brings back %s\n\n  %s\n\nto see it caught: %s\n", bug, bug.Source(), bug.Story(),
		commandLine("bugs", bug.String()))
	return nil
}

// listScenario prints a job's state contract.
func (c *console) listScenario(name string, asJSON bool) error {
	s, err := scenarios.Load(name)
	if err != nil {
		return err
	}
	rows, err := s.Contract()
	if err != nil {
		return err
	}
	if !asJSON {
		fmt.Fprintf(c.out, "%s\n\n%s\n", s.Name(), s.Config().Teaches)
		fmt.Fprintf(c.out, "\nprotocol %s, held to %s\n", s.Config().Job.Config.Protocol, s.Config().Guarantee())
	}
	for _, row := range rows {
		if asJSON {
			entry := scenarios.Entry{Kind: "operator", Name: row.Operator, Summary: row.Text}
			if err := c.printJSON(entry); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.out, "\n%s, parallelism %d", row.Operator, row.Parallelism)
		if len(row.From) > 0 {
			fmt.Fprintf(c.out, ", from %s", strings.Join(row.From, ", "))
		}
		fmt.Fprintf(c.out, "\n  %s\n", strings.ReplaceAll(row.Text, "; ", "\n  "))
	}
	return nil
}

// completeScenarios completes the name of a scenario, or a file.
func completeScenarios(_ *cobra.Command, arguments []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(arguments) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return library.Names(), cobra.ShellCompDirectiveDefault
}
