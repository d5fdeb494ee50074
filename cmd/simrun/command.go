package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit codes, as docs and scripts know them.
const (
	exitOK               = 0
	exitFailed           = 1
	exitBadInput         = 2
	exitNondeterministic = 3
	exitInterrupted      = 4
)

// exit is an error that only carries an exit code: what there is to say has been said.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// console is where a command reads and writes.
type console struct {
	out, err io.Writer
	// terminal: err is a terminal that shows progress; colour: out shows colours.
	terminal, colour bool
}

// run is the whole program, from its arguments to its exit code.
func run(arguments []string, _ io.Reader, out, err io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	c := &console{out: out, err: err, terminal: isTerminal(err)}
	c.colour = isTerminal(out) && os.Getenv("NO_COLOR") == ""
	root := rootCommand(c)
	root.SetArgs(arguments)
	root.SetOut(out)
	root.SetErr(err)
	return c.exitCode(root.ExecuteContext(ctx))
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// exitCode reports an error, if nothing has been said of it, and turns it into the exit
// code. Everything that is not a verdict is bad usage, bad input or failing I/O.
func (c *console) exitCode(err error) int {
	var code exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(c.err, "simrun: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(c.err, "simrun: "+err.Error())
	return exitBadInput
}

func rootCommand(c *console) *cobra.Command {
	root := &cobra.Command{
		Use:   "simrun",
		Short: "Runs checkpoint protocols of stream processors in simulation, and compares them",
		Long: "simrun runs a whole stream processor (job manager, task managers, network, state, sinks)\n" +
			"on a virtual clock, from one seed, under the checkpoint protocol and the faults of a scenario.\n" +
			"The same scenario and seed give the same run, to the last bit.",
		Example: "  simrun run colour-count\n" +
			"  simrun run flight-delays --seed 7 --set job.protocol=aligned\n" +
			"  simrun compare\n" +
			"  simrun list",
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(runCommand(c), compareCommand(c), replayCommand(c), listCommand(c), versionCommand(c),
		validateCommand(c),
		fuzzCommand(c), mergeCommand(c),
		minimizeCommand(c),
		explainCommand(c), bugsCommand(c))
	root.SetFlagErrorFunc(func(command *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee %s --help", err, command.CommandPath())
	})
	return root
}

// positional refuses a wrong number of arguments with a hint at the help text.
func positional(low, high int, expected string) cobra.PositionalArgs {
	return func(command *cobra.Command, arguments []string) error {
		if len(arguments) >= low && len(arguments) <= high {
			return nil
		}
		return fmt.Errorf("%s takes %s, not %d arguments\nsee %s --help",
			command.CommandPath(), expected, len(arguments), command.CommandPath())
	}
}

// commandLine is a command that can be pasted into a shell.
func commandLine(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = shellQuote(word)
	}
	return "simrun " + strings.Join(quoted, " ")
}

func shellQuote(word string) string {
	special := func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("-_./=:,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, special) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
