package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"simrun/report/explain"
	"simrun/report/trace"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
)

// replayFlags are those of `simrun replay`.
type replayFlags struct {
	exact, json, log bool
	until            int64
}

func replayCommand(c *console) *cobra.Command {
	var f replayFlags
	command := &cobra.Command{
		Use:   "replay CASEFILE",
		Short: "Run a case file again, and see whether it still goes as recorded",
		Long: "Runs the case twice. If the two runs differ from each other, something in them is not\n" +
			"deterministic: exit code 3, with the first event that differs. If they agree but differ from the\n" +
			"record, the code has changed since: replay says where the run leaves the recorded path, and verdict\n" +
			"and signature decide between exit codes 0 and 1. With --exact any difference is exit code 3.",
		Example: "  simrun run colour-count\n" +
			"  simrun replay simrun-out/run/case.yaml\n" +
			"  simrun replay --exact simrun-out/run/case.yaml\n" +
			"  simrun replay simrun-out/run/case.yaml --log\n" +
			"  simrun replay simrun-out/run/case.yaml --until 1841",
		Args: positional(1, 1, "a case file"),
		RunE: func(command *cobra.Command, arguments []string) error {
			return c.replay(command.Context(), arguments[0], &f)
		},
	}
	command.Flags().BoolVar(&f.exact, "exact", false, "any difference from the record is exit code 3")
	command.Flags().BoolVar(&f.json, "json", false, "print one JSON object instead of text")
	command.Flags().BoolVar(&f.log, "log", false,
		"print the run, a line for each event that is not of a single buffer or record, and no more")
	command.Flags().Int64Var(&f.until, "until", 0,
		"stop after the event with this number (from --log, or explain --json), say how things stand, and no more")
	return command
}

func (c *console) replay(ctx context.Context, path string, f *replayFlags) error {
	recorded, err := scenarios.LoadCase(path)
	if err != nil {
		return err
	}
	if f.log || f.until != 0 {
		return c.inspect(ctx, recorded, f)
	}
	progress := c.startProgress("replaying " + filepath.Base(path))
	replayed, err := interruptible(ctx, func() (*scenarios.Replayed, error) {
		return scenarios.Replay(recorded, scenarios.RunOptions{Snapshots: true})
	})
	progress.stop()
	if err != nil {
		return err
	}
	command := commandLine("replay", path)
	if err := c.show(replayed.Outcome, f.json, command, path); err != nil {
		return err
	}
	return c.judgeReplay(replayed, f, command)
}

// inspect shows a case from within, and judges nothing.
func (c *console) inspect(ctx context.Context, recorded *config.Case, f *replayFlags) error {
	if f.until != 0 {
		still, err := interruptible(ctx, func() (*result.Still, error) { return story.StillAt(recorded, f.until) })
		if err != nil {
			return err
		}
		return explain.Still(c.out, still)
	}
	recording, err := interruptible(ctx, func() (*result.Recording, error) {
		return story.Record(recorded, story.Options{})
	})
	if err != nil {
		return err
	}
	return trace.Log(c.out, recording)
}

// judgeReplay says how the paths compare and turns that into the exit code.
func (c *console) judgeReplay(r *scenarios.Replayed, f *replayFlags, command string) error {
	say := func(format string, arguments ...any) {
		if !f.json {
			fmt.Fprintf(c.err, "simrun: "+format+"; to see it again: %s\n", append(arguments, command)...)
		}
	}
	switch {
	case r.Path == scenarios.PathNondeterministic:
		say("two runs of the same case differ\n%s", r.Explanation)
		return exit(exitNondeterministic)
	case r.Path == scenarios.PathLeft && f.exact:
		say("%s", r.Explanation)
		return exit(exitNondeterministic)
	case r.Path == scenarios.PathLeft && !f.json:
		fmt.Fprintln(c.err, "simrun: "+r.Explanation)
	}
	if !r.SameVerdict {
		say("verdict or signature is not the recorded one")
		return exit(exitFailed)
	}
	if !r.Healthy() {
		return exit(exitFailed)
	}
	return nil
}
