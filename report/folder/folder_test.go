package folder_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/folder"
)

func fillWith(name, text string) func(string) error {
	return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) }
}

// names of a folder, hidden ones included.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

func TestNewFolderIsWrittenWithParents(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	require.NoError(t, folder.Check(dir))
	require.NoError(t, folder.Replace(dir, fillWith("x", "1")))
	require.Equal(t, []string{folder.Marker, "x"}, names(t, dir))
	require.Equal(t, []string{"b"}, names(t, filepath.Dir(dir)))
}

func TestResultIsReplacedAsAWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, folder.Replace(dir, fillWith("old", "1")))
	require.NoError(t, folder.Replace(dir, fillWith("new", "2")))
	require.Equal(t, []string{folder.Marker, "new"}, names(t, dir))
	require.Equal(t, []string{"out"}, names(t, filepath.Dir(dir)))
}

func TestEmptyFolderIsTaken(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, folder.Check(dir))
	require.NoError(t, folder.Replace(dir, fillWith("x", "1")))
}

func TestForeignFolderIsRefusedAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "thesis.txt"), []byte("years"), 0o644))
	var foreign *folder.ForeignError
	require.ErrorAs(t, folder.Check(dir), &foreign)
	require.ErrorAs(t, folder.Replace(dir, fillWith("x", "1")), &foreign)
	require.Equal(t, []string{"thesis.txt"}, names(t, dir))
	require.Contains(t, foreign.Error(), "choose another folder")
}

func TestFailureLeavesTheOldResult(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	require.NoError(t, folder.Replace(dir, fillWith("old", "1")))
	full := errors.New("no space left on device")
	err := folder.Replace(dir, func(temporary string) error {
		require.NoError(t, os.WriteFile(filepath.Join(temporary, "half"), nil, 0o644))
		return full
	})
	require.ErrorIs(t, err, full)
	require.Equal(t, []string{folder.Marker, "old"}, names(t, dir))
	require.Equal(t, []string{"out"}, names(t, filepath.Dir(dir)))
}

func TestFileInTheWayIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.Error(t, folder.Check(file))
	require.Error(t, folder.Replace(file, fillWith("x", "1")))
	require.Error(t, folder.Check(filepath.Join(file, "below")))
}

func TestLinkToAFolderStays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "real")
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, folder.Replace(dir, fillWith("old", "1")))
	require.NoError(t, os.Symlink(dir, link))
	require.NoError(t, folder.Replace(link, fillWith("new", "2")))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type())
	require.Equal(t, []string{folder.Marker, "new"}, names(t, dir))
}

func TestRootIsRefused(t *testing.T) {
	require.Error(t, folder.Check("/"))
}
