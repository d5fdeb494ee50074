package laws_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func messages(findings []finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

func TestPlantedNondeterminismIsNamed(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"clock", `import "time"; func f() int64 { return time.Now().UnixNano() }`,
			`import of "time" in the core: virtual time`},
		{"global randomness", `import "math/rand/v2"; func f() int { return rand.Int() }`, "randomness is addressed"},
		{"files", `import "os"; func f() { os.Exit(1) }`, "input comes in as bytes"},
		{"mutex", `import "sync"; type T struct{ mu sync.Mutex }`, "single-threaded"},
		{"reflection", `import "reflect"; func f(x any) string { return reflect.TypeOf(x).Name() }`, "write the type out"},
		{"pointer value", `import "unsafe"; func f(x *int) uintptr { return uintptr(unsafe.Pointer(x)) }`,
			"no pointer value"},
		{"map keys", `import "maps"; func f(m map[int]int) { for range maps.Keys(m) {} }`, "random order"},
		{"package nobody vouched for", `import "os/exec"; var _ = exec.ErrDot`, "not on the list"},
		{"goroutine", `func f() { go f() }`, "go statement"},
		{"select", `func f() { select {} }`, "select: its choice is random"},
		{"channel", `var c = make(chan int)`, "channel: send a message"},
		{"map order", `type table map[string]int; func f(m table) { for k := range m { _ = k } }`,
			"planted.go:2:54: range over a map"},
		{"float type", `func f(x float64) {}`, "float64: floating point"},
		{"float literal", `var x = 1.5`, "float64: floating point"},
		{"float in disguise", `import "math"; func f(x int) int { return int(math.Sqrt(2)) * x }`, "math.Sqrt"},
		{"printed pointer", `import "fmt"; func f(x *int) string { return fmt.Sprintf("%p", x) }`, "%p: pointers differ"},
		{"assigned global", `var n int; func f() { n = 1 }`, "variable n is assigned"},
		{"global counter", `var n struct{ x [2]int }; func f() { n.x[1]++ }`, "variable n is changed"},
		{"global map", `var m = map[int]int{}; func f() { m[1] = 2 }`, "variable m is assigned"},
		{"global address", `var n int; func f() *int { return &n }`, "variable n has its address taken"},
		{"global method", `type c int; func (c *c) inc() { *c++ }; var n c; func f() { n.inc() }`,
			"variable n is changed by a method"},
		{"global pointer", `type t struct{ x int }; var p = &t{}`, "variable p is a pointer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := planted(t, "sim", "package sim\n"+strings.ReplaceAll(c.text, "; func", "\nfunc"))
			require.Contains(t, strings.ReplaceAll(messages(determinism(s)), "planted.go:3:", "planted.go:2:"),
				strings.ReplaceAll(c.want, "2:54", "2:19"))
		})
	}
}

func TestHarmlessCodeIsLeftAlone(t *testing.T) {
	s := planted(t, "sim", `package sim
import ("errors"; "math"; "math/bits"; "fmt")
type word uint8
type named interface{ String() string }
var _ named = word(0)
var errGone = errors.New("gone")
var names = [...]string{"a", "b"}
var costs = map[string]int64{"a": 1e9}
const nanos = 2e9
func (w word) String() string { return names[w] }
func f(m map[string]int, xs []int64) (int64, error) {
	var sum int64 = 3e6 + math.MaxInt32
	for _, x := range xs { sum += x + nanos }
	sum += int64(m["x"]) + costs["a"] + int64(bits.Len64(uint64(sum)))
	return sum, fmt.Errorf("%w", errGone)
}
`)
	require.Empty(t, messages(determinism(s)))
}

func TestPlantedImportAgainstTheHouseIsNamed(t *testing.T) {
	for _, c := range []struct{ path, imported, want string }{
		{"sim", "simrun/protocol", "sim imports protocol: sim may import only  and itself"},
		{"protocol", "simrun/sim", "protocol imports sim"},
		{"runtime/task", "simrun/faults/plan", "runtime may import only protocol, sim and itself"},
		{"checkers", "simrun/runtime", "checkers imports runtime"},
		{"report/page", "simrun/scenarios", "report/page imports scenarios"},
		{"report/page", "simrun/scenarios/config", "report/page imports scenarios/config"},
		{"report/page", "simrun/faults/generate", "report/page imports faults/generate"},
		{"scenarios", "simrun/report", "scenarios imports report"},
	} {
		s := parsed(t, c.path, "package x\nimport _ \""+c.imported+"\"\n")
		require.Contains(t, messages(direction(s)), c.want)
	}
	for _, c := range []struct{ path, imported string }{
		{"report/page", "simrun/scenarios/result"}, {"report", "simrun/faults/plan"}, {"report", "simrun/checkers"},
		{"scenarios/config", "simrun/runtime/job"}, {"cmd/simrun", "simrun/report"}, {"sim/queue", "simrun/sim"},
	} {
		s := parsed(t, c.path, "package x\nimport _ \""+c.imported+"\"\n")
		require.Empty(t, messages(direction(s)))
	}
}

func TestPlantedStyleViolationIsNamed(t *testing.T) {
	long := "func f() {\n" + strings.Repeat("\t_ = 1\n", 70) + "}\n"
	for _, c := range []struct{ name, text, want string }{
		{"long function", long, "function f has 72 lines"},
		{"long line", "// " + strings.Repeat("x", 110) + "\n", "113 columns"},
		{"long file", strings.Repeat("\n", 400), "lines: a file tells one story"},
		{"wide interface", "type i interface{ a(); b(); c(); d(); e() }\n", "interface i has 5 methods"},
		{"undocumented function", "func F() {}\n", "exported F has no comment"},
		{"undocumented type", "type T int\n", "exported T has no comment"},
		{"undocumented method", "// T is.\ntype T int\nfunc (T) M() {}\n", "exported M has no comment"},
		{"undocumented constant", "const C = 1\n", "exported C has no comment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, messages(style(parsed(t, "sim", "package sim\n"+c.text))), c.want)
		})
	}
	documented := "package sim\n\n// E is one of two.\ntype E int\n\nconst (\n\tA E = iota\n\tB\n)\n\n// Both is.\nconst (\n\tC = 1\n\tD = 2\n)\n"
	require.Empty(t, messages(style(parsed(t, "sim", documented))))
	require.Contains(t, messages(emptyWords(parsed(t, "sim", "package sim\ntype eventHelper int\n"))), `"Helper" says nothing`)
}

func parsed(t *testing.T, path, text string) *source {
	t.Helper()
	s := newSource(path)
	require.NoError(t, s.add(path+"/planted.go", []byte(text)))
	return s
}
