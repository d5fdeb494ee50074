package laws_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// root is the module's folder, seen from here.
const root = "../../.."

// module is the import path of the project.
const module = "simrun"

// source is one package's files: those of the package itself, and its in-package tests.
// Files of external test packages may do as they like and are not among them.
type source struct {
	path  string // from the module's root: "sim", "runtime/task"
	fset  *token.FileSet
	files []*ast.File
	tests []*ast.File
	text  map[*ast.File][]byte
	info  *types.Info // of files; nil where types are not asked for
	types *types.Package
}

// finding is one broken rule.
type finding struct {
	position token.Position
	message  string
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.position.Filename, f.position.Line, f.position.Column, f.message)
}

func (s *source) at(pos token.Pos, format string, args ...any) finding {
	return finding{s.fset.Position(pos), fmt.Sprintf(format, args...)}
}

// sources parses every package of the module.
func sources(t *testing.T) []*source {
	t.Helper()
	byFolder := map[string]*source{}
	fset := token.NewFileSet()
	walk := func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && isModule(path) {
			return fs.SkipDir // an example: a user's module, under a user's rules
		}
		if entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && path != root) {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		if err != nil {
			return err
		}
		if byFolder[folder] == nil {
			byFolder[folder] = &source{path: filepath.ToSlash(folder), fset: fset, text: map[*ast.File][]byte{}}
		}
		return byFolder[folder].addFile(path)
	}
	require.NoError(t, filepath.WalkDir(root, walk))
	var all []*source
	for _, s := range byFolder {
		all = append(all, s)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].path < all[j].path })
	return all
}

// isModule reports whether a folder is a module of its own.
func isModule(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	return err == nil
}

func (s *source) addFile(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	return s.add(filepath.ToSlash(name), text)
}

func (s *source) add(name string, text []byte) error {
	file, err := parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	s.text[file] = text
	switch {
	case strings.HasSuffix(file.Name.Name, "_test"):
	case strings.HasSuffix(name, "_test.go"):
		s.tests = append(s.tests, file)
	default:
		s.files = append(s.files, file)
	}
	return nil
}

func newSource(path string) *source {
	return &source{path: path, fset: token.NewFileSet(), text: map[*ast.File][]byte{}}
}

// planted is a package made of one source text, with types.
func planted(t *testing.T, path, text string) *source {
	t.Helper()
	s := newSource(path)
	require.NoError(t, s.add(path+"/planted.go", []byte(text)))
	s.check(t, exports(t))
	return s
}

// check type-checks the package against compiled dependencies.
func (s *source) check(t *testing.T, compiled map[string]string) {
	t.Helper()
	lookup := func(path string) (io.ReadCloser, error) {
		file, found := compiled[path]
		if !found || file == "" {
			return nil, errors.New("no compiled package " + path)
		}
		return os.Open(file)
	}
	s.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	config := types.Config{Importer: importer.ForCompiler(s.fset, "gc", lookup)}
	checked, err := config.Check(module+"/"+s.path, s.fset, s.files, s.info)
	require.NoError(t, err, "package %s", s.path)
	s.types = checked
}

var compiledOnce map[string]string

// exports maps import paths to compiled packages, as the go command has them in its
// cache: everything that the core imports, and what the planted violations import.
func exports(t *testing.T) map[string]string {
	t.Helper()
	if compiledOnce != nil {
		return compiledOnce
	}
	args := []string{"list", "-e", "-export", "-deps", "-json=ImportPath,Export",
		"time", "sync", "math", "math/rand/v2", "os", "reflect", "unsafe", "fmt", "errors", "maps", "os/exec"}
	for _, folder := range core {
		args = append(args, "./"+folder+"/...")
	}
	command := exec.Command("go", args...)
	command.Dir = root
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	require.NoError(t, err, stderr.String())
	compiled := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(output)); decoder.More(); {
		var p struct{ ImportPath, Export string }
		require.NoError(t, decoder.Decode(&p))
		compiled[p.ImportPath] = p.Export
	}
	compiledOnce = compiled
	return compiled
}

// requireNone fails with every finding, sorted by place.
func requireNone(t *testing.T, findings []finding) {
	t.Helper()
	sort.Slice(findings, func(i, j int) bool {
		a, b := findings[i].position, findings[j].position
		if a.Filename != b.Filename {
			return a.Filename < b.Filename
		}
		return a.Offset < b.Offset
	})
	for _, f := range findings {
		t.Error(f)
	}
}

func imports(file *ast.File) []string {
	var paths []string
	for _, spec := range file.Imports {
		paths = append(paths, strings.Trim(spec.Path.Value, `"`))
	}
	return paths
}
