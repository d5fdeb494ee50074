package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var rewrite = flag.Bool("rewrite", false, "write the expectations of scripts anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"simrun": main})
}

// TestCommands runs the scripts: each is a command line with what it prints, what it
// leaves behind and its exit code.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *rewrite,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "interrupts": interrupts, "kills": kills,
		},
		Setup: otherModules,
	})
}

// otherModules lets scripts build Go modules that require this one by a replace directive,
// from the caches of whoever runs the tests.
func otherModules(e *testscript.Env) error {
	found, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		return err
	}
	top, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	caches := strings.Fields(string(found))
	e.Setenv("SIMRUN", top)
	e.Setenv("GOMODCACHE", caches[0])
	e.Setenv("GOCACHE", caches[1])
	e.Setenv("GOPROXY", "off")
	e.Setenv("GOFLAGS", "-mod=mod -trimpath")
	return nil
}

// interrupts starts a command, interrupts it as Ctrl-C does, and demands its exit code:
// interrupts 4 simrun compare.
func interrupts(ts *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) < 2 {
		ts.Fatalf("usage: interrupts CODE COMMAND ARGUMENTS...")
	}
	command := start(ts, arguments[1:])
	time.Sleep(500 * time.Millisecond)
	ts.Check(command.Process.Signal(os.Interrupt))
	err := command.Wait()
	if got := strconv.Itoa(command.ProcessState.ExitCode()); got != arguments[0] {
		ts.Fatalf("exit code %s, want %s: %v", got, arguments[0], err)
	}
}

// kills starts a command and kills it, as kill -9 does, when a file has grown: kills
// out/journal simrun fuzz --out out.
func kills(ts *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) < 2 {
		ts.Fatalf("usage: kills FILE COMMAND ARGUMENTS...")
	}
	size := func() int64 {
		if info, err := os.Stat(ts.MkAbs(arguments[0])); err == nil {
			return info.Size()
		}
		return 0
	}
	before := size()
	command := start(ts, arguments[1:])
	for range 1000 {
		if size() > before+100 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Check(command.Process.Kill())
	if err := command.Wait(); err == nil || command.ProcessState.Exited() {
		ts.Fatalf("the command had ended before it was killed")
	}
}

// start starts a command of the script's.
func start(ts *testscript.TestScript, arguments []string) *exec.Cmd {
	path, err := findIn(ts.Getenv("PATH"), arguments[0])
	ts.Check(err)
	command := exec.Command(path, arguments[1:]...)
	command.Dir = ts.MkAbs(".")
	command.Env = []string{"PATH=" + ts.Getenv("PATH"), "HOME=" + ts.MkAbs("."), "TMPDIR=" + ts.Getenv("TMPDIR")}
	ts.Check(command.Start())
	return command
}

// findIn is exec.LookPath in the script's own search path.
func findIn(path, name string) (string, error) {
	for _, dir := range filepath.SplitList(path) {
		if candidate := filepath.Join(dir, name); isExecutable(candidate) {
			return candidate, nil
		}
	}
	return "", exec.ErrNotFound
}

func isExecutable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.IsDir() && info.Mode()&0o111 != 0
}

// exits runs a command and demands its exit code: exits 2 simrun run nothing. What it
// prints is for stdout and stderr to match, as with exec.
func exits(ts *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENTS...")
	}
	want, err := strconv.Atoi(arguments[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(arguments[1], arguments[2:]...)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
