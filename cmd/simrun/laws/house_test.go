package laws_test

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// house says which folders a folder's packages may import, besides their own. Where a
// value ends in "/" only that sub-package and what is below it may be imported.
var house = map[string][]string{
	"cmd":       {"report", "scenarios", "runtime", "faults", "checkers", "protocol", "sim"},
	"report":    {"scenarios/result/", "faults/plan/", "checkers", "protocol", "sim"},
	"scenarios": {"runtime", "faults", "checkers", "protocol", "sim"},
	"runtime":   {"protocol", "sim"},
	"faults":    {"protocol", "sim"},
	"checkers":  {"protocol", "sim"},
	"protocol":  {},
	"sim":       {},
}

// folders are the top-level folders of the project that hold no code.
var folders = []string{"docs", ".ci", ".git"}

func TestPackagesImportWhatTheHouseAllows(t *testing.T) {
	var findings []finding
	for _, s := range sources(t) {
		findings = append(findings, direction(s)...)
	}
	requireNone(t, findings)
}

// direction finds imports against the house.
func direction(s *source) []finding {
	var findings []finding
	top, _, _ := strings.Cut(s.path, "/")
	for _, file := range slices.Concat(s.files, s.tests) {
		for _, imported := range imports(file) {
			ours, found := strings.CutPrefix(imported, module+"/")
			if found && !allowed(top, ours) {
				findings = append(findings, s.at(file.Package,
					"%s imports %s: %s may import only %s and itself; move what both need to a package below both",
					s.path, ours, top, strings.Join(house[top], ", ")))
			}
		}
	}
	return findings
}

func allowed(top, imported string) bool {
	if imported == top || strings.HasPrefix(imported, top+"/") {
		return true
	}
	for _, room := range house[top] {
		room, exact := strings.CutSuffix(room, "/")
		if imported == room || strings.HasPrefix(imported, room+"/") || !exact && path.Dir(imported) == room {
			return true
		}
	}
	return false
}

func TestCodeStandsInTheRoomsOfTheHouse(t *testing.T) {
	entries, err := os.ReadDir(root)
	require.NoError(t, err)
	for _, entry := range entries {
		_, isRoom := house[entry.Name()]
		if entry.IsDir() && !isRoom && !slices.Contains(folders, entry.Name()) && !ignored(t, entry.Name()) {
			t.Errorf("%s: no such room in the house; code goes into one of its folders", entry.Name())
		}
		if strings.HasSuffix(entry.Name(), ".go") {
			t.Errorf("%s: no code stands at the top; the commands are in cmd", entry.Name())
		}
	}
}

// ignored reports whether .gitignore names the folder: results lie where people run.
func ignored(t *testing.T, name string) bool {
	t.Helper()
	text, err := os.ReadFile(path.Join(root, ".gitignore"))
	if err != nil {
		return false
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if strings.Trim(strings.TrimSpace(line), "/") == name {
			return true
		}
	}
	return false
}

func TestEveryPackageTellsItsStoryInDocGo(t *testing.T) {
	for _, s := range sources(t) {
		if len(s.files) == 0 || s.files[0].Name.Name == "main" {
			continue
		}
		told := false
		for _, file := range s.files {
			name := path.Base(s.fset.Position(file.Package).Filename)
			told = told || name == "doc.go" && len(file.Doc.Text()) > 80
		}
		if !told {
			t.Errorf("%s: no doc.go with a package comment: purpose, one picture, duties of the caller", s.path)
		}
	}
}
