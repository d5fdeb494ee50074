package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"simrun/report/folder"
	"simrun/report/outcome"
	"simrun/report/trace"
	"simrun/scenarios"
	"simrun/scenarios/result"
	"simrun/sim"
)

// runFlags are those of `simrun run`.
type runFlags struct {
	seed    uint64
	hasSeed bool
	sets    []string
	trace   string
	json    bool
	out     string
}

func runCommand(c *console) *cobra.Command {
	var f runFlags
	command := &cobra.Command{
		Use:   "run NAME|FILE",
		Short: "Run a scenario once and judge it",
		Long: "Runs a scenario of the library, or of a file, once, and says what came of it: verdict,\n" +
			"checkpoints, what each of them stores, recoveries, violations with the events that prove them.\n\n" +
			"Exit code 0 if the verdict is ok (or failed, where the scenario expects that), 1 if not, 2 for bad\n" +
			"input. The folder given by --out gets a case file that simrun replay runs again.",
		Example: "  simrun run colour-count\n" +
			"  simrun run colour-count --seed 7 --set job.protocol=unaligned\n" +
			"  simrun run my-scenario.yaml --set job.graph.delays.parallelism=4 --trace events.jsonl",
		Args:              positional(1, 1, "the name or the file of a scenario"),
		ValidArgsFunction: completeScenarios,
		RunE: func(command *cobra.Command, arguments []string) error {
			f.hasSeed = command.Flags().Changed("seed")
			return c.runScenario(command.Context(), arguments[0], &f)
		},
	}
	flags := command.Flags()
	flags.Uint64Var(&f.seed, "seed", 0, "seed of the run (default: the scenario's)")
	flags.StringArrayVar(&f.sets, "set", nil,
		"set a leaf of the scenario, as in job.protocol=aligned (may be repeated)")
	flags.StringVar(&f.trace, "trace", "", "write every event to this file, one JSON object a line")
	flags.BoolVar(&f.json, "json", false, "print one JSON object instead of text")
	flags.StringVar(&f.out, "out", filepath.Join("simrun-out", "run"), "folder for the case file")
	return command
}

func (c *console) runScenario(ctx context.Context, nameOrFile string, f *runFlags) error {
	s, err := scenarios.Load(nameOrFile, f.sets...)
	if err != nil {
		return err
	}
	if !f.hasSeed {
		f.seed = s.DefaultSeed()
	}
	if err := folder.Check(f.out); err != nil {
		return err
	}
	o, err := c.watchedRun(ctx, s, f)
	if err != nil {
		return err
	}
	if err := writeCase(f.out, s, o); err != nil {
		return err
	}
	line := append([]string{"run"}, s.Arguments()...)
	command := commandLine(append(line, "--seed", strconv.FormatUint(f.seed, 10))...)
	if err := c.show(o, f.json, command, filepath.Join(f.out, caseFile)); err != nil {
		return err
	}
	return c.verdict(s, o, f.json, command)
}

// watchedRun runs with progress and, if asked for, a trace. The run goes on in a goroutine
// of its own, so that an interrupt is heard at once.
func (c *console) watchedRun(ctx context.Context, s *scenarios.Scenario,
	f *runFlags) (*result.Outcome, error) {
	options := scenarios.RunOptions{Snapshots: true}
	progress := c.startProgress("running " + s.Name())
	defer progress.stop()
	if f.trace == "" {
		return interruptible(ctx, func() (*result.Outcome, error) { return s.RunWith(f.seed, options) })
	}
	var o *result.Outcome
	err := atomically(f.trace, func(file *os.File) error {
		var lines *trace.JSONLines
		options.Watch = func(names func(sim.ActorID) string) func(*sim.Event) {
			lines = trace.NewJSONLines(file, names)
			return lines.Observe
		}
		var err error
		o, err = interruptible(ctx, func() (*result.Outcome, error) { return s.RunWith(f.seed, options) })
		if err != nil {
			return err
		}
		return lines.Flush()
	})
	return o, err
}

// interruptible returns early, with the error of ctx, when ctx ends before the work.
func interruptible[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type ended struct {
		value T
		err   error
	}
	done := make(chan ended, 1)
	go func() {
		value, err := work()
		done <- ended{value, err}
	}()
	select {
	case e := <-done:
		return e.value, e.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// show prints what came of a run, and what can be done with its case file if it went wrong.
func (c *console) show(o *result.Outcome, json bool, command, path string) error {
	if json {
		return outcome.JSON(c.out, o)
	}
	options := outcome.Options{Command: command, Colour: c.colour}
	if o.Verdict == result.Violation || o.Verdict == result.Stuck {
		options.Minimization, options.Explanation = commandLine("minimize", path), commandLine("explain", path)
	}
	return outcome.Text(c.out, o, options)
}

// verdict turns an outcome into the command's success, and says what was missed.
func (c *console) verdict(s *scenarios.Scenario, o *result.Outcome, json bool, command string) error {
	if s.Passed(o) {
		return nil
	}
	if json {
		return exit(exitFailed)
	}
	expectation := fmt.Sprintf("the scenario expects %s", s.Config().Expect.Verdict)
	if s.Expected(o) {
		expectation += ", which is no success"
	}
	fmt.Fprintf(c.err, "simrun: verdict %s; %s; to see it again: %s\n", o.Verdict, expectation, command)
	return exit(exitFailed)
}
