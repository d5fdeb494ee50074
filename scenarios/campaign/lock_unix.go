//go:build unix && !solaris && !illumos && !aix

package campaign

import (
	"errors"
	"os"
	"syscall"
)

// lockFile opens a file and locks it (flock), or says errTaken.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errTaken
	}
	return nil, &os.PathError{Op: "lock", Path: path, Err: err}
}

// removeLocked removes a file while it is locked, so that nobody locks it who has not seen that it
// is gone.
func removeLocked(file *os.File) {
	os.Remove(file.Name())
	file.Close()
}
