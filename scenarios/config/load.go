package config

import (
	"simrun/scenarios/config/document"
)

// Files opens what a scenario names by path. Paths are as written in the scenario.
type Files interface {
	ReadFile(path string) ([]byte, error)
}

// NoFiles has no files: scenarios may name embedded data sets only.
type NoFiles struct{}

// ReadFile always fails.
func (NoFiles) ReadFile(path string) ([]byte, error) { return nil, errNoFiles }

// flatKeys are mappings whose keys hold dots: Flink's option names.
var flatKeys = []string{"configuration"}

// Load reads a scenario from a file's text, with settings of the form "path=value" laid
// over it. name is what errors call the file. The error is an *Error.
func Load(name string, text []byte, files Files, sets ...string) (*Scenario, error) {
	root, err := document.Parse(name, text)
	if err != nil {
		return nil, err
	}
	for _, set := range sets {
		if err := document.Set(root, set, flatKeys); err != nil {
			return nil, err
		}
	}
	return fromTree(root, files)
}

// fromTree reads a scenario from its tree and checks everything that can be known
// without running it.
func fromTree(root *document.Node, files Files) (*Scenario, error) {
	s := newScenario()
	s.root, s.files, s.Teaches = root, files, root.Comment
	if err := s.object().Read(root); err != nil {
		return nil, err
	}
	if err := s.resolveProtocol(); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}
