//go:build !unix || solaris || illumos || aix

package campaign

import (
	"errors"
	"io/fs"
	"os"
)

// lockFile makes a file that must not be there. One that is left by a process that has died is
// removed; one that a process has open cannot be, where the system is Windows.
func lockFile(path string) (*os.File, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errTaken
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return nil, errTaken
	}
	return file, err
}

func removeLocked(file *os.File) {
	file.Close()
	os.Remove(file.Name())
}
