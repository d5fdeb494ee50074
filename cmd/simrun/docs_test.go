package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const root = "../.."

// pages are the project's own, by their path from the root.
func pages(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{"*.md", "docs/*.md", "runtime/source/data/*.md"} {
		matches, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		found = append(found, matches...)
	}
	require.Greater(t, len(found), 5)
	return found
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestDocsLinkToWhatExists(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, match := range link.FindAllStringSubmatch(string(text), -1) {
			target, _, _ := strings.Cut(match[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			_, err := os.Stat(filepath.Join(filepath.Dir(page), target))
			require.NoError(t, err, "%s links to %s", page, match[1])
		}
	}
}

// block is a fenced block of a page: its language and its lines, the first of which is
// line number first of the page, from 0.
type block struct {
	language string
	first    int
	lines    []string
}

func blocks(text string) []block {
	var found []block
	inside := false
	for i, line := range strings.Split(text, "\n") {
		language, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && !inside:
			inside = true
			found = append(found, block{language: language, first: i + 1})
		case fence:
			inside = false
		case inside:
			last := &found[len(found)-1]
			last.lines = append(last.lines, line)
		}
	}
	return found
}

// shown is a command of a page with the output that the page shows.
type shown struct {
	arguments []string
	first     int // line of the page at which the output begins, from 0
	output    []string
}

var simrun = regexp.MustCompile(`^\$ (?:go run \./cmd/)?simrun (.*)$`)

// commands are the simrun commands of a block; other commands are passed over.
func (b *block) commands() []shown {
	var found []shown
	ours := false
	for i, line := range b.lines {
		match := simrun.FindStringSubmatch(line)
		switch {
		case match != nil:
			words, _, _ := strings.Cut(match[1], " #")
			found = append(found, shown{arguments: shellWords(words), first: b.first + i + 1})
			ours = true
		case strings.HasPrefix(line, "$ "):
			ours = false
		case ours:
			last := &found[len(found)-1]
			last.output = append(last.output, line)
		}
	}
	return found
}

// shellWords splits a command line; quotes are single ones.
func shellWords(line string) []string {
	var words []string
	quoted := false
	word := ""
	for _, r := range line + " " {
		switch {
		case r == '\'':
			quoted = !quoted
		case r == ' ' && !quoted:
			if word != "" {
				words = append(words, word)
			}
			word = ""
		default:
			word += string(r)
		}
	}
	return words
}

func TestCommandsInDocsExist(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, b := range blocks(string(text)) {
			for _, s := range b.commands() {
				command, rest, err := rootCommand(&console{}).Find(s.arguments)
				require.NoError(t, err, "%s: %v", page, s.arguments)
				require.True(t, command.Runnable(), "%s: %v", page, s.arguments)
				require.NoError(t, command.ParseFlags(rest), "%s: %v", page, s.arguments)
			}
		}
	}
}

// slow says which commands run with -rewrite only: comparisons, hunts, and campaigns that go on
// for a minute.
func slow(arguments []string) bool {
	switch arguments[0] {
	case "compare", "bugs":
		return true
	case "fuzz":
		return !slices.Contains(arguments, "--seeds")
	}
	return false
}

// pictures are the figures of the README's comparison that pages show.
var pictures = map[string]string{
	"simrun-out/compare/figures/flights-backpressure-duration.svg": "docs/pictures/checkpoint-duration.svg",
}

// TestOutputInDocsIsReal runs the commands of each page, one after the other in one
// folder, with the scenarios that the page shows beside them. Every run of lines that is
// shown must be printed, in order; a line of three dots leaves something out.
func TestOutputInDocsIsReal(t *testing.T) {
	for _, page := range pages(t) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			path, err := filepath.Abs(page)
			require.NoError(t, err)
			top, err := filepath.Abs(root)
			require.NoError(t, err)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			lines := strings.Split(string(text), "\n")
			for _, b := range blocks(string(text)) {
				b.saveScenario(t)
				for _, s := range b.commands() {
					s.check(t, lines)
				}
			}
			if *rewrite {
				require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o644))
				copyPictures(t, top)
			}
		})
	}
}

// copyPictures copies what a comparison has left here.
func copyPictures(t *testing.T, top string) {
	t.Helper()
	for figure, picture := range pictures {
		if bytes, err := os.ReadFile(figure); err == nil {
			require.NoError(t, os.WriteFile(filepath.Join(top, picture), bytes, 0o644))
		}
	}
}

var scenarioName = regexp.MustCompile(`(?m)^name: (\S+)$`)

// saveScenario puts a scenario that the page shows where the page says it is.
func (b *block) saveScenario(t *testing.T) {
	t.Helper()
	text := strings.Join(b.lines, "\n") + "\n"
	if match := scenarioName.FindStringSubmatch(text); b.language == "yaml" && match != nil {
		require.NoError(t, os.WriteFile(match[1]+".yaml", []byte(text), 0o644))
	}
}

func (s *shown) check(t *testing.T, page []string) {
	t.Helper()
	if slow(s.arguments) && (!*rewrite || len(s.output) == 0) {
		return
	}
	var printed bytes.Buffer
	run(s.arguments, nil, &printed, &printed)
	real := strings.Split(strings.TrimRight(printed.String(), "\n"), "\n")
	at := 0
	for _, part := range s.parts() {
		begin, err := place(part.lines, real, at)
		require.NoError(t, err, "simrun %s", strings.Join(s.arguments, " "))
		if *rewrite {
			copy(page[part.first:part.first+len(part.lines)], real[begin:begin+len(part.lines)])
		} else {
			require.Equal(t, part.lines, real[begin:begin+len(part.lines)], "simrun %s prints something else; "+
				"go test ./cmd/simrun -run Docs -rewrite writes the page anew", strings.Join(s.arguments, " "))
		}
		at = begin + len(part.lines)
	}
}

// parts are the lines shown between lines of dots.
func (s *shown) parts() []block {
	var found []block
	open := false
	for i, line := range s.output {
		if line == "..." {
			open = false
			continue
		}
		if !open {
			found = append(found, block{first: s.first + i})
			open = true
		}
		last := &found[len(found)-1]
		last.lines = append(last.lines, line)
	}
	return found
}

// place finds where lines stand in the real output: at the first line that begins with
// the same word.
func place(lines, real []string, from int) (int, error) {
	for i := from; i+len(lines) <= len(real); i++ {
		if firstWord(real[i]) == firstWord(lines[0]) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("it prints no line like %q with %d lines after it", lines[0], len(lines)-1)
}

func firstWord(line string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return word
}

// TestScriptsForBatchSystemsUseFlagsThatExist reads the commands out of the scripts and
// manifests that pages link to.
func TestScriptsForBatchSystemsUseFlagsThatExist(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(root, "docs/campaigns/*"))
	require.NoError(t, err)
	require.Len(t, scripts, 3)
	inScript := regexp.MustCompile(`(?:simrun|args: \[)((?: ?)(?:fuzz|merge)\b[^'\]\n]*)`)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		require.NoError(t, err)
		found := inScript.FindAllStringSubmatch(string(text), -1)
		kinds := map[string]bool{}
		for _, match := range found {
			words := shellWords(strings.NewReplacer(",", "", `"`, "", "${{ github.sha }}", "a7d2c3f").Replace(match[1]))
			command, rest, err := rootCommand(&console{}).Find(words)
			require.NoError(t, err, "%s: %v", script, words)
			if command.Name() == "fuzz" || command.Name() == "merge" {
				kinds[command.Name()] = true
				rest = slices.DeleteFunc(rest, func(word string) bool { return strings.HasPrefix(word, "$") })
				require.NoError(t, command.ParseFlags(trimDangling(rest)), "%s: %v", script, words)
			}
		}
		require.Len(t, kinds, 2, "%s runs and merges", script)
	}
}

// trimDangling drops the -j whose value is a variable of the shell.
func trimDangling(words []string) []string {
	return slices.DeleteFunc(words, func(word string) bool { return word == "-j" })
}
