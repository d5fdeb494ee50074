package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// handmade is the worked example of docs/testing-your-own-protocol.md: a module of its own
// that requires this one by replace.
const handmade = root + "/docs/examples/handmade"

// mistake and mend are the example's wrong line and the page's fix.
const (
	mistake = "Reason: why})\n"
	mend    = "Reason: why})\n\t\tm.resume(out)\n"
)

func TestTheHandmadeProtocolIsCaughtAndItsFixPasses(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a module")
	}
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(handmade)))
	redirect(t, folder)

	output, err := goTest(folder)
	require.Error(t, err, output)
	require.Contains(t, output, "keeps channel 0 blocked for checkpoint 1, which was canceled")
	require.Contains(t, output, "lost, found by cut")
	kept, err := filepath.Glob(filepath.Join(folder, "testdata/simrun/TestHandmadeSurvivesFaults/*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, kept)

	output, err = goTest(folder)
	require.Error(t, err)
	require.Contains(t, output, "TestHandmadeSurvivesFaults/kept=lost-cut-", "what was kept is run first")

	path := filepath.Join(folder, "handmade.go")
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(source), mistake))
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(source), mistake, mend, 1)), 0o666))
	output, err = goTest(folder)
	require.NoError(t, err, output)
	for _, path := range kept {
		require.NoFileExists(t, path)
	}
}

// redirect lets a copy of the example find this module.
func redirect(t *testing.T, folder string) {
	t.Helper()
	top, err := filepath.Abs(root)
	require.NoError(t, err)
	path := filepath.Join(folder, "go.mod")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(text), "=> ../../..\n")
	text = []byte(strings.Replace(string(text), "=> ../../..\n", "=> "+top+"\n", 1))
	require.NoError(t, os.WriteFile(path, text, 0o666))
}

func goTest(folder string) (string, error) {
	command := exec.Command("go", "test", "./...")
	command.Dir = folder
	output, err := command.CombinedOutput()
	return string(output), err
}

func TestThePageShowsTheHandmadeProtocolAsItIs(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/testing-your-own-protocol.md")
	require.NoError(t, err)
	for _, name := range []string{"handmade.go", "handmade_test.go", "orders.yaml"} {
		text, err := os.ReadFile(filepath.Join(handmade, name))
		require.NoError(t, err)
		require.Contains(t, string(page), string(text), name)
		if name == "handmade.go" {
			require.Less(t, strings.Count(string(text), "\n"), 100)
		}
	}
}
