package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"simrun/protocol"
	"simrun/report/explain"
	"simrun/report/folder"
	"simrun/report/trace"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/config/units"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
	"simrun/sim"
)

// explainFlags are those of `simrun explain`.
type explainFlags struct {
	json                bool
	out, format, window string
	lanes               []string
	runs, futures       int
}

func explainCommand(c *console) *cobra.Command {
	var f explainFlags
	command := &cobra.Command{
		Use:   "explain CASEFILE",
		Short: "Tell what led to the violation of a case, and what would have made it pass",
		Long: "Runs a case file again, keeps its events, and tells on one screen what was violated, the events\n" +
			"that prove it, what led to them, where each subtask took its snapshot, and which fault, moved or\n" +
			"removed, makes the run pass.\n\n" +
			"Other formats are for other programs: perfetto (ui.perfetto.dev), shiviz\n" +
			"(bestchai.bitbucket.io/shiviz), mermaid (Markdown). With --out all of them go into a folder.\n\n" +
			"Exit code 1 if the recorded violation does not happen any more.",
		Example: "  simrun explain simrun-out/run/case.yaml\n" +
			"  simrun explain simrun-out/run/case.yaml --format perfetto > trace.json\n" +
			"  simrun explain simrun-out/run/case.yaml --window '2 s:3 s' --lanes counts,kafka --out story",
		Args: positional(1, 1, "a case file"),
		RunE: func(command *cobra.Command, arguments []string) error {
			return c.explain(command.Context(), arguments[0], &f)
		},
	}
	flags := command.Flags()
	flags.BoolVar(&f.json, "json", false, "print one JSON object instead of text")
	flags.StringVar(&f.out, "out", "", "folder for the explanation in all formats")
	flags.StringVar(&f.format, "format", "text", "one of "+strings.Join(formatNames(), ", "))
	flags.StringVar(&f.window, "window", "",
		"tell and record this part of virtual time only, as in '2 s:3500 ms'")
	flags.StringSliceVar(&f.lanes, "lanes", nil,
		"operators, subtasks, job managers or external systems to draw too")
	flags.IntVar(&f.runs, "runs", story.DefaultWhatIfs,
		"at most so many runs to find what would make it pass; 0: none, and no other futures")
	flags.IntVar(&f.futures, "futures", story.DefaultFutureRuns,
		"at most so many runs to find from when on it was likely to fail; 0: none")
	return command
}

// storyFormat is one way to write a story, and the file of a folder that has it.
type storyFormat struct {
	name, file string
	write      func(io.Writer, *result.Story) error
}

var storyFormats = []storyFormat{
	{"text", "explanation.txt", func(w io.Writer, s *result.Story) error {
		return explain.Text(w, s, explain.DefaultWidth)
	}},
	{"perfetto", "perfetto.json", func(w io.Writer, s *result.Story) error {
		return trace.Perfetto(w, &s.Recording)
	}},
	{"shiviz", "shiviz.log", func(w io.Writer, s *result.Story) error {
		return trace.ShiViz(w, &s.Recording, notBulky)
	}},
	{"mermaid", "sequence.mmd", explain.Mermaid},
	{"json", "story.json", explain.JSON},
}

// notBulky are the events of a log that people look at: not those of every buffer.
func notBulky(e *sim.Event) bool { return !protocol.EventKind(e.Kind).Bulky() }

func formatNames() []string {
	names := make([]string, len(storyFormats))
	for i := range storyFormats {
		names[i] = storyFormats[i].name
	}
	return names
}

func (c *console) explain(ctx context.Context, path string, f *explainFlags) error {
	if f.json {
		f.format = "json"
	}
	format, err := formatNamed(f.format)
	if err != nil {
		return err
	}
	options, err := f.options()
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := folder.Check(f.out); err != nil {
			return err
		}
	}
	recorded, err := scenarios.LoadCase(path)
	if err != nil {
		return err
	}
	told, err := c.tell(ctx, path, recorded, options)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := writeStory(f.out, told); err != nil {
			return err
		}
	}
	if err := format.write(c.out, told); err != nil {
		return err
	}
	return c.stillHappens(recorded, told, path)
}

func formatNamed(name string) (*storyFormat, error) {
	for i := range storyFormats {
		if storyFormats[i].name == name {
			return &storyFormats[i], nil
		}
	}
	text := fmt.Sprintf("--format %q: expected %s", name, strings.Join(formatNames(), ", "))
	if nearest := protocol.Nearest(name, formatNames()); nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", nearest)
	}
	return nil, fmt.Errorf("%s", text)
}

// options turns flags into what bounds the story.
func (f *explainFlags) options() (story.Options, error) {
	o := story.Options{Lanes: f.lanes, WhatIfRuns: f.runs, FutureRuns: f.futures}
	if f.runs < 0 {
		return o, fmt.Errorf("--runs %d: expected 0 or more", f.runs)
	}
	if f.futures < 0 {
		return o, fmt.Errorf("--futures %d: expected 0 or more", f.futures)
	}
	if f.runs == 0 {
		o.FutureRuns = 0
	}
	if f.window == "" {
		return o, nil
	}
	from, to, isRange := strings.Cut(f.window, ":")
	var err error
	if o.FromNanos, err = windowEnd(from, 0); err == nil {
		o.ToNanos, err = windowEnd(to, 0)
	}
	if err != nil || !isRange || o.ToNanos > 0 && o.ToNanos <= o.FromNanos {
		return o, fmt.Errorf("--window %q: expected FROM:TO, two virtual times such as '2 s:3500 ms'", f.window)
	}
	return o, nil
}

func windowEnd(text string, otherwise int64) (int64, error) {
	if strings.TrimSpace(text) == "" {
		return otherwise, nil
	}
	return units.ParseDuration(text)
}

func (c *console) tell(ctx context.Context, path string, recorded *config.Case,
	o story.Options) (*result.Story, error) {
	progress := c.startProgress("explaining " + filepath.Base(path))
	defer progress.stop()
	o.Progress = func(runs int) { progress.update(runs, 0) }
	return interruptible(ctx, func() (*result.Story, error) { return story.Tell(recorded, o) })
}

// writeStory writes the story in every format.
func writeStory(dir string, s *result.Story) error {
	return folder.Replace(dir, func(temporary string) error {
		for i := range storyFormats {
			write := func(file *os.File) error { return storyFormats[i].write(file, s) }
			if err := atomically(filepath.Join(temporary, storyFormats[i].file), write); err != nil {
				return err
			}
		}
		return nil
	})
}

// stillHappens says when what was recorded does not happen any more.
func (c *console) stillHappens(recorded *config.Case, told *result.Story, path string) error {
	same := recorded.Signature == "" || recorded.Signature == told.Finding.Signature
	if recorded.Verdict == told.Verdict && same {
		return nil
	}
	fmt.Fprintf(c.err, "simrun: the case records %s %s, which does not happen any more: it is %s now; "+
		"to see where the run leaves the record: %s\n", recorded.Verdict, recorded.Signature,
		strings.TrimSpace(string(told.Verdict)+" "+told.Finding.Signature), commandLine("replay", path))
	return exit(exitFailed)
}
