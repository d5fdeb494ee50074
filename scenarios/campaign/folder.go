package campaign

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Names of the files in a campaign's folder.
const (
	// TallyFile is the result; it is there when the campaign is complete.
	TallyFile = "tally.json"
	// JournalFile is what a campaign has done so far; it is gone when it is complete.
	JournalFile = "journal"
	// CasesFolder holds the case files of failing seeds.
	CasesFolder = "cases"
)

// Disk is where a campaign writes. An error of a write leaves what was there before.
type Disk interface {
	// Append adds to the end of a file, which it makes if need be.
	Append(name string, data []byte) error
	// Write makes or replaces a file as a whole.
	Write(name string, data []byte) error
	// Remove removes a file; one that is not there is no error.
	Remove(name string) error
}

// Folder is a folder of the operating system.
type Folder string

// Append implements Disk. What it has written survives the process.
func (f Folder) Append(name string, data []byte) error {
	file, err := os.OpenFile(f.path(name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// Write implements Disk: under a temporary name, which is changed when all went well.
func (f Folder) Write(name string, data []byte) error {
	path := f.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	err := os.WriteFile(temporary, data, 0o644)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	if err != nil {
		return errors.Join(err, f.Remove(filepath.Join(filepath.Dir(name), filepath.Base(temporary))))
	}
	return nil
}

// Remove implements Disk.
func (f Folder) Remove(name string) error {
	if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (f Folder) path(name string) string { return filepath.Join(string(f), filepath.FromSlash(name)) }

// Campaigns are the folder itself if it holds a campaign, or else those of its folders that
// do; itself if none does.
func (f Folder) Campaigns() []Folder {
	if f.has(TallyFile) || f.has(JournalFile) {
		return []Folder{f}
	}
	var found []Folder
	entries, _ := os.ReadDir(string(f)) // what cannot be read holds nothing, and is refused as such
	for _, entry := range entries {
		if in := Folder(f.path(entry.Name())); in.has(TallyFile) || in.has(JournalFile) {
			found = append(found, in)
		}
	}
	if len(found) == 0 {
		return []Folder{f}
	}
	return found
}

func (f Folder) has(name string) bool {
	_, err := os.Stat(f.path(name))
	return err == nil
}

// files are the names of the files in a folder of f; none if it is not there.
func (f Folder) files(folder string) ([]string, error) {
	entries, err := os.ReadDir(f.path(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, entry := range entries {
		names = append(names, folder+"/"+entry.Name())
	}
	return names, err
}
