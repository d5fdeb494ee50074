package campaign

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"simrun/scenarios/config"
)

// Lock keeps other campaigns from writing to the same folder. The operating system lets go of
// it when the process ends, however it ends.
type Lock struct{ file *os.File }

// errTaken is what locking a file says that another process has locked.
var errTaken = errors.New("taken")

// LockFile is where the lock of a folder is: beside it, since the folder is replaced as a whole.
func (f Folder) LockFile() string {
	path := filepath.Clean(string(f))
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock")
}

// Lock takes the folder for this process. The error is a *config.Error where another process
// has it.
func (f Folder) Lock() (*Lock, error) {
	path := f.LockFile()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	for {
		file, err := lockFile(path)
		if errors.Is(err, errTaken) {
			owner, _ := os.ReadFile(path)
			return nil, &config.Error{
				Message:  strings.TrimSpace(fmt.Sprintf("another campaign writes to %s: %s", string(f), owner)),
				Expected: "another --out, or its end",
			}
		}
		if err != nil {
			return nil, err
		}
		// Whoever had it may have removed the file between our opening and our locking it: then
		// what we hold is no longer what others find.
		if held, err := file.Stat(); err == nil {
			if found, err := os.Stat(path); err == nil && os.SameFile(held, found) {
				text := fmt.Appendf(nil, "process %d\n", os.Getpid())
				return &Lock{file}, errors.Join(file.Truncate(0), ignoreCount(file.WriteAt(text, 0)))
			}
		}
		file.Close()
	}
}

func ignoreCount(_ int, err error) error { return err }

// Release lets others have the folder.
func (l *Lock) Release() {
	removeLocked(l.file)
}
