package main

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"simrun/report/minimized"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/minimize"
	"simrun/scenarios/result"
)

// minimizeFlags are those of `simrun minimize`.
type minimizeFlags struct {
	out    string
	runs   int
	time   time.Duration
	goTest bool
	json   bool
}

func minimizeCommand(c *console) *cobra.Command {
	var f minimizeFlags
	command := &cobra.Command{
		Use:   "minimize CASEFILE",
		Short: "Make a failing case small: fewest faults, smallest job and input, shortest time",
		Long: "Runs ever smaller versions of a failing case and keeps what still fails in the same way\n" +
			"(verdict, class and signature of the first violation; a stuck job in the same pattern of\n" +
			"waiting): first the faults, then operators, parallelism, machines, settings, time, input,\n" +
			"checkpoints, until nothing more can be left out. The small case is a case file like any other.\n\n" +
			"Stopped early, by --runs, --time or Ctrl-C, it leaves the smallest case so far; minimizing that one\n" +
			"goes on from there. The same case and --runs give the same result.\n\n" +
			"Exit code 0 if there is a small case, 1 if the case does not fail (any more), 2 for bad input, 3 if\n" +
			"two runs of the small case differ, 4 if interrupted.",
		Example: "  simrun run at-least-once-as-exactly-once\n" +
			"  simrun minimize simrun-out/run/case.yaml --out small.yaml\n" +
			"  simrun minimize small.yaml --go",
		Args: positional(1, 1, "a case file"),
		RunE: func(command *cobra.Command, arguments []string) error {
			return c.minimize(command.Context(), arguments[0], &f)
		},
	}
	flags := command.Flags()
	flags.StringVar(&f.out, "out", "", "file for the small case (default: beside the case, as NAME-min.yaml)")
	flags.IntVar(&f.runs, "runs", minimize.DefaultBudgetRuns, "the most runs to make")
	flags.DurationVar(&f.time, "time", 0, "stop after this much wall time, as in 30s (default: never)")
	flags.BoolVar(&f.goTest, "go", false,
		"write a Go test beside the small case, which fails until the bug is fixed")
	flags.BoolVar(&f.json, "json", false, "print one JSON object instead of text")
	return command
}

func (c *console) minimize(ctx context.Context, path string, f *minimizeFlags) error {
	if f.runs < 1 || f.time < 0 {
		return errors.New("--runs must be at least 1, and --time not negative")
	}
	recorded, err := scenarios.LoadCase(path)
	if err != nil {
		return err
	}
	if f.out == "" {
		f.out = smallName(path)
	}
	small, report, err := c.watchedMinimize(ctx, recorded, path, f)
	if err != nil {
		return c.notMinimized(err, path)
	}
	if err := writeText(f.out, small.YAML()); err != nil {
		return err
	}
	if f.goTest {
		if err := writeGoTest(f.out, report); err != nil {
			return err
		}
	}
	options := minimized.Options{
		CaseFile: f.out, Explanation: commandLine("explain", f.out), Command: commandLine("replay", f.out),
		BudgetRuns: f.runs,
	}
	show := minimized.Text
	if f.json {
		show = minimized.JSON
	}
	if err := show(c.out, report, options); err != nil {
		return err
	}
	return ctx.Err()
}

// smallName is the file beside a case that its small one goes to; a small one's is its own.
func smallName(path string) string {
	base := strings.TrimSuffix(path, filepath.Ext(path))
	return strings.TrimSuffix(base, "-min") + "-min.yaml"
}

// saveEvery is how often the smallest case so far is written, for those who are killed.
const saveEvery = time.Second

func (c *console) watchedMinimize(ctx context.Context, recorded *config.Case, path string,
	f *minimizeFlags) (*config.Case, *result.Minimization, error) {
	label := "minimizing " + filepath.Base(path)
	progress := c.startProgress(label)
	defer progress.stop()
	saved := time.Now()
	var failed error
	small, report, err := scenarios.Minimize(ctx, recorded, minimize.Options{
		BudgetRuns: f.runs, BudgetNanos: f.time.Nanoseconds(),
		Progress: func(p minimize.Progress) {
			size := &p.Size
			progress.relabel(fmt.Sprintf("%s, %d tasks, %d faults, trying %s", label, size.Tasks, size.Faults, p.Pass))
			progress.update(p.Runs, p.BudgetRuns)
		},
		Improved: func(best *config.Case) {
			if time.Since(saved) >= saveEvery {
				saved = time.Now()
				failed = errors.Join(failed, writeText(f.out, best.YAML()))
			}
		},
	})
	return small, report, errors.Join(err, failed)
}

// notMinimized turns the errors of a search into exit codes.
func (c *console) notMinimized(err error, path string) error {
	var passing *minimize.NotFailing
	var differs *minimize.Nondeterministic
	command := commandLine("replay", path)
	switch {
	case errors.As(err, &passing):
		fmt.Fprintf(c.err, "simrun: %s; to see it: %s\n", passing, command)
		return exit(exitFailed)
	case errors.As(err, &differs):
		fmt.Fprintf(c.err, "simrun: %s; to see where: %s\n", differs, command)
		return exit(exitNondeterministic)
	}
	return err
}

func writeText(path string, text []byte) error {
	return atomically(path, func(file *os.File) error {
		_, err := file.Write(text)
		return err
	})
}

// writeGoTest writes the regression test beside the small case, into the package that is
// there already.
func writeGoTest(caseFile string, report *result.Minimization) error {
	folder, err := filepath.Abs(filepath.Dir(caseFile))
	if err != nil {
		return err
	}
	source := minimize.GoTest(packageIn(folder), filepath.Base(caseFile), report)
	name := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(caseFile), filepath.Ext(caseFile)), "-", "_")
	return writeText(filepath.Join(folder, name+"_test.go"), source)
}

// packageIn is the name of the Go package in a folder; if there is none yet, the folder's.
func packageIn(folder string) string {
	files, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, file := range files {
		if parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly); err == nil {
			return parsed.Name.Name
		}
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(filepath.Base(folder)))
	if name == "" || name[0] <= '9' {
		return "regression"
	}
	return name
}
