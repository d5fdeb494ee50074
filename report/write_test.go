package report_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report"
	"simrun/report/folder"
	"simrun/report/internal/synthetic"
)

// contents of every file below dir, by path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		relative, _ := filepath.Rel(dir, path)
		all[relative] = string(text)
		return err
	}))
	return all
}

func TestReportIsTheSameBytesEachTimeAndHoldsWhatItLinksTo(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	require.NoError(t, report.Write(first, synthetic.Comparison(synthetic.Small())))
	require.NoError(t, report.Write(second, synthetic.Comparison(synthetic.Small())))
	a, b := contents(t, first), contents(t, second)
	require.Len(t, a, 1+6+2*13)
	for path, text := range a {
		require.True(t, text == b[path], "%s differs", path)
	}
	links := regexp.MustCompile(`href="([^"#][^"]*)"`).FindAllStringSubmatch(a["index.html"], -1)
	require.NotEmpty(t, links)
	for _, link := range links {
		_, err := os.Stat(filepath.Join(first, link[1]))
		require.NoError(t, err)
	}
}

func TestEarlierReportIsReplacedAndProgressIsTold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	earlier := synthetic.Small()
	earlier.Workloads = []string{"pipeline"}
	require.NoError(t, report.Write(dir, synthetic.Comparison(earlier)))
	var last, total int
	again := synthetic.Comparison(synthetic.Small())
	require.NoError(t, report.WriteWithProgress(dir, again, func(done, of int) {
		require.Equal(t, last+1, done)
		last, total = done, of
	}))
	require.Equal(t, total, last)
	require.NotContains(t, contents(t, dir), "figures/pipeline-duration.svg")
}

func TestForeignFolderIsRefused(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644))
	var foreign *folder.ForeignError
	require.ErrorAs(t, report.Write(dir, synthetic.Comparison(synthetic.Small())), &foreign)
}
