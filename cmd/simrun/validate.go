package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"simrun/protocol"
	"simrun/report/fidelity"
	"simrun/report/figures"
	"simrun/report/folder"
	"simrun/scenarios/config"
	"simrun/scenarios/measured"
	"simrun/scenarios/result"
)

// validateFlags are those of `simrun validate`.
type validateFlags struct {
	sets []string
	out  string
	json bool
}

func validateCommand(c *console) *cobra.Command {
	var f validateFlags
	command := &cobra.Command{
		Use:   "validate [FILE]",
		Short: "Hold the simulation against what real Flink measured",
		Long: "Simulates every measured run, with the same warm-up and measuring time, and prints predicted\n" +
			"against measured, vertex by vertex. Without a FILE it takes the measurements of Flink 2.2.0 that\n" +
			"came with simrun; a FILE has the same columns (docs/fidelity.md), one line a run, checkpoint and\n" +
			"vertex: measure your own cluster, and see how far to trust simrun there.\n\n" +
			"Exit code 1 if a bar is missed. The folder given by --out gets the account as a page, its figure,\n" +
			"and all numbers.",
		Example: "  simrun validate\n" +
			"  simrun validate my-cluster.csv --set cluster.cores=16\n" +
			"  simrun validate --json > figures.jsonl",
		Args: positional(0, 1, "a file of measurements, or nothing"),
		RunE: func(command *cobra.Command, arguments []string) error {
			return c.validate(command.Context(), arguments, &f)
		},
	}
	flags := command.Flags()
	flags.StringArrayVar(&f.sets, "set", nil,
		fmt.Sprintf("set %s, the cores of the one machine (default %d)", coresPath, measured.DefaultCores))
	flags.StringVar(&f.out, "out", filepath.Join("simrun-out", "validate"),
		"folder for page, figure and numbers")
	flags.BoolVar(&f.json, "json", false, "print one JSON object a figure, then one a metric and band")
	return command
}

// coresPath is what can be set: a measurement file has no column for the machine.
const coresPath = "cluster.cores"

func (c *console) validate(ctx context.Context, arguments []string, f *validateFlags) error {
	options, err := f.options(arguments)
	if err != nil {
		return err
	}
	if err := folder.Check(f.out); err != nil {
		return err
	}
	progress := c.startProgress("simulating")
	options.Progress = progress.update
	comparison, err := measured.Validate(ctx, options)
	if err == nil {
		progress.relabel("writing")
		err = writeFidelity(f.out, comparison)
	}
	progress.stop()
	if err != nil {
		return err
	}
	return c.showFidelity(comparison, arguments, f)
}

// options reads the measurements and the flags.
func (f *validateFlags) options(arguments []string) (o measured.Options, err error) {
	if o.Cores, err = parseCores(f.sets); err != nil {
		return o, err
	}
	if len(arguments) == 0 {
		o.Source, o.Recoveries = measured.EmbeddedName, true
		o.Runs, err = measured.Embedded()
		return o, err
	}
	file, err := os.Open(arguments[0])
	if err != nil {
		return o, err
	}
	defer file.Close()
	o.Source = filepath.Base(arguments[0])
	o.Runs, err = measured.Parse(arguments[0], file)
	return o, err
}

// parseCores reads --set; the last one counts.
func parseCores(sets []string) (cores int, err error) {
	cores = measured.DefaultCores
	for _, set := range sets {
		path, value, _ := strings.Cut(set, "=")
		if path != coresPath {
			return 0, &config.Error{
				Message:  fmt.Sprintf("--set %s: unknown path %q", set, path),
				Expected: coresPath + "=N", Nearest: protocol.Nearest(path, []string{coresPath}),
			}
		}
		cores, err = strconv.Atoi(value)
		if err != nil || cores < 1 || cores > maxCores {
			return 0, &config.Error{
				Message:  fmt.Sprintf("--set %s: %q is no number of cores", set, value),
				Expected: fmt.Sprintf("a whole number from 1 to %d", maxCores),
			}
		}
	}
	return cores, nil
}

const maxCores = 1000

// writeFidelity leaves the account as a page, its figure, and all numbers.
func writeFidelity(dir string, f *result.Fidelity) error {
	svg, err := figures.Fidelity(f).SVG()
	if err != nil {
		return err
	}
	var page, numbers bytes.Buffer
	if err := fidelity.Markdown(&page, f, fidelity.FigureName); err != nil {
		return err
	}
	if err := fidelity.JSON(&numbers, f); err != nil {
		return err
	}
	return folder.Replace(dir, func(temporary string) error {
		for name, content := range map[string][]byte{
			"fidelity.md": page.Bytes(), fidelity.FigureName: svg, "fidelity.jsonl": numbers.Bytes(),
		} {
			if err := os.WriteFile(filepath.Join(temporary, name), content, 0o644); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *console) showFidelity(f *result.Fidelity, arguments []string, flags *validateFlags) error {
	show := fidelity.Text
	if flags.json {
		show = fidelity.JSON
	}
	if err := show(c.out, f); err != nil {
		return err
	}
	missed := 0
	for i := range f.Bands {
		if f.Bands[i].Barred && !f.Bands[i].WithinBar {
			missed++
		}
	}
	if !flags.json {
		fmt.Fprintf(c.out, "\nreport: %s\n", filepath.Join(flags.out, "fidelity.md"))
	}
	if missed == 0 {
		return nil
	}
	if !flags.json {
		line := append([]string{"validate"}, arguments...)
		for _, set := range flags.sets {
			line = append(line, "--set", set)
		}
		fmt.Fprintf(c.err, "simrun: %d bars are missed; to see it again: %s\n", missed, commandLine(line...))
	}
	return exit(exitFailed)
}
