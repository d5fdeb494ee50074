package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Marker is the file that makes a folder a result.
const Marker = ".simrun-result"

const markerText = "This folder was written by simrun, which replaces it as a whole when it writes here " +
	"again.\n"

// ForeignError says that a folder is not empty and holds no result of ours.
type ForeignError struct{ Dir string }

// Error implements error.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("%s is not empty and no result of simrun (it has no %s): choose another folder, or "+
		"empty it",
		e.Dir, Marker)
}

// Check reports whether Replace would be allowed to write dir: nil, a *ForeignError, or why
// it cannot be written. It leaves nothing behind.
func Check(dir string) error {
	path, err := resolve(dir)
	if err != nil {
		return err
	}
	if err := ours(path); err != nil {
		return err
	}
	existing := filepath.Dir(path)
	for {
		info, err := os.Stat(existing)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is not a folder", existing)
		}
		if err == nil {
			return writable(existing)
		}
		if !errors.Is(err, fs.ErrNotExist) || existing == filepath.Dir(existing) {
			return err
		}
		existing = filepath.Dir(existing)
	}
}

// Replace has fill write into a new folder beside dir, and puts that in dir's place. When it
// fails, dir is as it was and nothing is left beside it.
func Replace(dir string, fill func(temporary string) error) error {
	path, err := resolve(dir)
	if err != nil {
		return err
	}
	if err := ours(path); err != nil {
		return err
	}
	parent, base := filepath.Split(path)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(parent, "."+base+"-new-")
	if err != nil {
		return err
	}
	if err := write(temporary, fill); err != nil {
		return errors.Join(err, os.RemoveAll(temporary))
	}
	if err := swap(temporary, path); err != nil {
		return errors.Join(err, os.RemoveAll(temporary))
	}
	return nil
}

// resolve follows a link to the folder itself, so that the link stays what it is.
func resolve(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if path == filepath.Dir(path) {
		return "", &ForeignError{dir}
	}
	return path, nil
}

// ours allows a folder that does not exist, is empty, or holds a result.
func ours(path string) error {
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) == 0:
		return nil
	}
	if _, err := os.Stat(filepath.Join(path, Marker)); err != nil {
		return &ForeignError{path}
	}
	return nil
}

// writable tries, because permissions alone do not tell.
func writable(dir string) error {
	probe, err := os.MkdirTemp(dir, ".simrun-probe-")
	if err != nil {
		return err
	}
	return os.Remove(probe)
}

// write fills the folder; the marker comes last.
func write(temporary string, fill func(string) error) error {
	if err := os.Chmod(temporary, 0o755); err != nil {
		return err
	}
	if err := fill(temporary); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(temporary, Marker), []byte(markerText), 0o644)
}

// swap renames: the old folder aside, the new one in its place, the old one away. A crash in
// between leaves both under names that say what they are.
func swap(temporary, path string) error {
	old := temporary + "-old"
	err := os.Rename(path, old)
	if errors.Is(err, fs.ErrNotExist) {
		return os.Rename(temporary, path)
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return errors.Join(err, os.Rename(old, path))
	}
	return os.RemoveAll(old)
}
