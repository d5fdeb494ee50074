package scenarios

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"simrun/scenarios/config"
	"simrun/scenarios/library"
)

// Scenario is a scenario that can be run.
type Scenario struct {
	config *config.Scenario
	// origin is how the user named it, sets what was laid over it: what a command line
	// must say to load it again.
	origin string
	sets   []string
}

// Load reads a scenario by its name in the library, or from a file, with settings of the
// form "path=value" laid over it. The error is an *config.Error, an
// *library.UnknownError, or that of reading the file.
func Load(nameOrFile string, sets ...string) (*Scenario, error) {
	text, files, err := read(nameOrFile)
	if err != nil {
		return nil, err
	}
	label := nameOrFile
	if !isPath(nameOrFile) {
		label += ".yaml"
	}
	c, err := config.Load(label, text, files, sets...)
	if err != nil {
		return nil, err
	}
	return &Scenario{config: c, origin: nameOrFile, sets: sets}, nil
}

// read finds the scenario's text: a path is a file; a word is a name of the library, or
// else a file in the current folder.
func read(nameOrFile string) ([]byte, config.Files, error) {
	if !isPath(nameOrFile) {
		text, unknown := library.Read(nameOrFile)
		if unknown == nil {
			return text, config.NoFiles{}, nil
		}
		if text, err := os.ReadFile(nameOrFile); err == nil {
			return text, beside(nameOrFile), nil
		}
		return nil, nil, unknown
	}
	text, err := os.ReadFile(nameOrFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, &config.Error{File: nameOrFile, Message: "there is no such file"}
	}
	return text, beside(nameOrFile), err
}

// isPath reports whether the user means a file and not a name.
func isPath(nameOrFile string) bool {
	extension := filepath.Ext(nameOrFile)
	return strings.ContainsAny(nameOrFile, `/\`) || extension == ".yaml" || extension == ".yml"
}

// beside opens data files relative to the scenario that names them.
func beside(path string) config.Files { return folder(filepath.Dir(path)) }

type folder string

// ReadFile reads a file of the folder, or one at an absolute path.
func (f folder) ReadFile(path string) ([]byte, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(string(f), path)
	}
	return os.ReadFile(path)
}

// Name is the scenario's name.
func (s *Scenario) Name() string { return s.config.Name }

// DefaultSeed is the seed to run with if the user names none.
func (s *Scenario) DefaultSeed() uint64 { return s.config.Seed }

// Config is the scenario as data; it must not be changed.
func (s *Scenario) Config() *config.Scenario { return s.config }

// Arguments are those that load the scenario again from a command line: its name or file
// and its settings.
func (s *Scenario) Arguments() []string {
	arguments := []string{s.origin}
	for _, set := range s.sets {
		arguments = append(arguments, "--set", set)
	}
	return arguments
}
