package laws_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// core are the folders whose code takes part in a run.
var core = []string{"sim", "protocol", "runtime", "faults", "checkers"}

func isCore(path string) bool {
	top, _, _ := strings.Cut(path, "/")
	return slices.Contains(core, top)
}

func TestNothingThatVariesReachesARun(t *testing.T) {
	compiled := exports(t)
	var findings []finding
	for _, s := range sources(t) {
		if isCore(s.path) && len(s.files) > 0 {
			s.check(t, compiled)
			findings = append(findings, determinism(s)...)
		}
	}
	requireNone(t, findings)
}

// determinism are the violations of law 1 in one package.
func determinism(s *source) []finding {
	findings := importsOfCore(s)
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if f, found := forbiddenNode(s, n); found {
				findings = append(findings, f)
			}
			return true
		})
	}
	findings = append(findings, floats(s)...)
	return append(findings, mutableGlobals(s)...)
}

// replacements say what to use instead of a package.
var replacements = map[string]string{
	"time":         "virtual time is an int64 of nanoseconds: sim's Context.NowNanos and After",
	"sync":         "a run is single-threaded; keep state in an actor",
	"sync/atomic":  "a run is single-threaded; a plain integer will do",
	"os":           "input comes in as bytes from scenarios; output goes out as events",
	"math/rand":    "randomness is addressed: sim.Draw(seed, purpose, ids)",
	"math/rand/v2": "randomness is addressed: sim.Draw(seed, purpose, ids)",
	"crypto/rand":  "randomness is addressed: sim.Draw(seed, purpose, ids)",
	"reflect":      "write the type out; reflection's order and cost are hidden",
	"unsafe":       "no pointer value may reach a run",
	"maps":         "maps iterate in random order; keep a slice in a fixed order",
	"hash/maphash": "its seed is random per process; use protocol.MixLineage or sim's hash",
	"context":      "cancellation belongs to scenarios; a run ends by virtual time",
	"log":          "emit an event",
	"runtime":      "the Go runtime's state varies; nothing of it may reach a run",
}

// deterministic are the standard packages that core may import.
var deterministic = []string{
	"bufio", "bytes", "cmp", "compress/gzip", "embed", "encoding/binary", "encoding/csv",
	"encoding/hex", "encoding/json", "errors", "fmt",
	"io", "iter", "math", "math/bits", "slices", "sort", "strconv", "strings", "unicode", "unicode/utf8",
}

// search is the package that may look for linearizations, after a run, with a library whose
// verdict does not vary without a time limit.
const search = "checkers"

// conformance is the kit for authors of protocols: it is called from their tests and
// reports through testing, and nothing of it reaches a run.
const conformance = "protocol/protocoltest"

func importsOfCore(s *source) []finding {
	var findings []finding
	for _, file := range s.files {
		for _, spec := range file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			kit := s.path == conformance && (path == "testing" || path == "pgregory.net/rapid")
			kit = kit || s.path == search && path == "github.com/anishathalye/porcupine"
			if strings.HasPrefix(path, module+"/") || slices.Contains(deterministic, path) || kit {
				continue
			}
			instead := replacements[path]
			if instead == "" {
				instead = "it is not on the list of packages known to be deterministic (laws/determinism_test.go)"
			}
			findings = append(findings, s.at(spec.Pos(), "import of %q in the core: %s", path, instead))
		}
	}
	return findings
}

// forbiddenNode finds statements and expressions whose outcome varies.
func forbiddenNode(s *source, n ast.Node) (finding, bool) {
	say := func(message string) (finding, bool) { return s.at(n.Pos(), "%s", message), true }
	switch n := n.(type) {
	case *ast.GoStmt:
		return say("go statement: a run is single-threaded; make it an actor and send it a message")
	case *ast.SelectStmt:
		return say("select: its choice is random; receive messages in an actor")
	case *ast.ChanType, *ast.SendStmt:
		return say("channel: send a message through sim's Context")
	case *ast.RangeStmt:
		if _, isMap := s.info.TypeOf(n.X).Underlying().(*types.Map); isMap {
			return say("range over a map: its order is random; keep a slice in a fixed order")
		}
	case *ast.BasicLit:
		if n.Kind == token.STRING && strings.Contains(n.Value, "%p") {
			return say("%p: pointers differ from run to run; print an id")
		}
	case *ast.SelectorExpr:
		if x, ok := n.X.(*ast.Ident); ok && packageOf(s, x) == "math" && !isLimit(n.Sel.Name) {
			return say("math." + n.Sel.Name + ": floating point varies with the machine; use integers and sim.Ratio")
		}
	}
	return finding{}, false
}

func packageOf(s *source, x *ast.Ident) string {
	if name, ok := s.info.Uses[x].(*types.PkgName); ok {
		return name.Imported().Path()
	}
	return ""
}

// isLimit reports whether a name of package math is an integer constant.
func isLimit(name string) bool {
	return strings.HasPrefix(name, "MaxInt") || strings.HasPrefix(name, "MinInt") || strings.HasPrefix(name, "MaxUint")
}

// floats finds every expression of a floating-point type; a constant like 1e9 that
// becomes an integer is none.
func floats(s *source) []finding {
	var findings []finding
	for expression, tv := range s.info.Types {
		basic, ok := tv.Type.Underlying().(*types.Basic)
		if !ok || basic.Info()&(types.IsFloat|types.IsComplex) == 0 || isWhole(tv) {
			continue
		}
		if _, parenthesised := expression.(*ast.ParenExpr); !parenthesised {
			findings = append(findings, s.at(expression.Pos(),
				"%s: floating point varies with the machine; use integers, or sim.Ratio read from decimal text", basic))
		}
	}
	return findings
}

func isWhole(tv types.TypeAndValue) bool {
	basic := tv.Type.Underlying().(*types.Basic)
	return tv.Value != nil && basic.Info()&types.IsUntyped != 0 && constant.ToInt(tv.Value).Kind() == constant.Int
}
