package explain_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/explain"
	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/story"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden files")

// planted are the scenarios of testdata: small jobs, each with a real bug brought back.
func planted(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 8)
	return files
}

// tell is the story of a scenario's first seed that shows its bug.
func tell(t *testing.T, file string, o story.Options) *result.Story {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	s, err := config.Load(filepath.Base(file), text, config.NoFiles{})
	require.NoError(t, err)
	told, err := story.Tell(config.NewCase(s, s.Seed), o)
	require.NoError(t, err)
	return told
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *rewrite {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test ./report/explain -rewrite writes it anew")
}

func TestExplanationsOfPlantedBugsReadAsTheyDid(t *testing.T) {
	for _, file := range planted(t) {
		name := strings.TrimSuffix(file, ".yaml")
		t.Run(filepath.Base(name), func(t *testing.T) {
			told := tell(t, file, story.Options{WhatIfRuns: 30, FutureRuns: 120})
			require.NotEmpty(t, told.Finding.Class, "the bug must show")
			golden(t, name+".txt", explain.Short(told))
		})
	}
}

// TestEveryPlantedBugThatShowsInACountingJobHasAStory: with witnesses, in the order of the
// run, on pages that are wide and tall enough.
func TestEveryPlantedBugThatShowsInACountingJobHasAStory(t *testing.T) {
	const onePage = 60
	text, err := os.ReadFile(filepath.Join("testdata", "acknowledges-before-stored.yaml"))
	require.NoError(t, err)
	shows := 0
	for _, bug := range protocol.Bugs() {
		s, err := config.Load("counting.yaml", text, config.NoFiles{}, "run.planted-bug="+bug.String())
		require.NoError(t, err)
		told, err := story.Tell(config.NewCase(s, s.Seed), story.Options{})
		require.NoError(t, err)
		if told.Finding.Class == "" {
			continue
		}
		shows++
		require.NotEmpty(t, told.Moments, bug)
		for i := range told.Moments {
			require.NotEmpty(t, told.Moments[i].Events)
			for _, cause := range told.Moments[i].Because {
				require.Less(t, cause, i, bug)
			}
		}
		lines := strings.Split(explain.Short(told), "\n")
		require.Less(t, len(lines), onePage, bug)
		for _, line := range lines {
			require.LessOrEqual(t, len([]rune(line)), explain.DefaultWidth, bug)
		}
	}
	require.GreaterOrEqual(t, shows, 10)
}

func TestExportsOfAStoryAreAsTheyWere(t *testing.T) {
	told := tell(t, filepath.Join("testdata", "commit-at-snapshot.yaml"), story.Options{WhatIfRuns: 3})
	for name, write := range map[string]func(io.Writer, *result.Story) error{
		"commit-at-snapshot.mmd": explain.Mermaid, "commit-at-snapshot.json": explain.JSON,
	} {
		var b bytes.Buffer
		require.NoError(t, write(&b, told))
		golden(t, filepath.Join("testdata", name), b.String())
	}
}

func TestExplanationsFitThePage(t *testing.T) {
	var tall []int
	for _, file := range planted(t) {
		told := tell(t, file, story.Options{})
		for _, width := range []int{80, explain.DefaultWidth} {
			var b bytes.Buffer
			require.NoError(t, explain.Text(&b, told, width))
			for _, line := range strings.Split(b.String(), "\n") {
				require.LessOrEqual(t, len([]rune(line)), width, line)
			}
		}
		tall = append(tall, storyLines(explain.Short(told)))
	}
	require.LessOrEqual(t, median(tall), 15)
}

// storyLines are those of the numbered story.
func storyLines(text string) int {
	_, rest, _ := strings.Cut(text, "\nWhat happened")
	lines, _, _ := strings.Cut(rest, "\n\n")
	return strings.Count(lines, "\n")
}

func median(values []int) int {
	below := func(x int) (n int) {
		for _, v := range values {
			if v < x {
				n++
			}
		}
		return n
	}
	best := 0
	for _, v := range values {
		if below(v) <= len(values)/2 {
			best = max(best, v)
		}
	}
	return best
}
