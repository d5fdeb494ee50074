package library

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"simrun/protocol"
)

//go:embed *.yaml
var files embed.FS

const suffix = ".yaml"

// Names lists all scenarios in alphabetical order.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("library: the embedded files cannot be listed: " + err.Error())
	}
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = strings.TrimSuffix(entry.Name(), suffix)
	}
	slices.Sort(names)
	return names
}

// UnknownError is a name that is not in the library.
type UnknownError struct{ Name, Nearest string }

// Error names the nearest scenario, if any is near.
func (e *UnknownError) Error() string {
	text := fmt.Sprintf("there is no scenario %q", e.Name)
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return text
}

// Read is the text of a scenario. The error is an *UnknownError.
func Read(name string) ([]byte, error) {
	text, err := files.ReadFile(name + suffix)
	if err != nil {
		return nil, &UnknownError{Name: name, Nearest: protocol.Nearest(name, Names())}
	}
	return text, nil
}
