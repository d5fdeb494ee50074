package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"simrun/scenarios/config"
)

// version is stamped by the release build: -ldflags "-X main.version=v1.2.3".
var version = "development"

func versionCommand(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of the program, of its model, and of its case files",
		Long: "Two programs with the same model version give the same digest for the same scenario and seed.\n" +
			"A case file of another format is refused.",
		Example: "  simrun version",
		Args:    positional(0, 0, "nothing"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(c.out, "simrun %s\nmodel %d\ncase format %d\n%s %s/%s\n", version,
				config.ModelVersion, config.FormatVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
