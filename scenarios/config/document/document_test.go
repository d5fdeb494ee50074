package document_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config/document"
)

func parse(t testing.TB, text string) *document.Node {
	t.Helper()
	root, err := document.Parse("s.yaml", []byte(text))
	require.NoError(t, err)
	return root
}

func parseError(t testing.TB, text string) *document.Error {
	t.Helper()
	_, err := document.Parse("s.yaml", []byte(text))
	var e *document.Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestNodesKnowWhereTheyWereWritten(t *testing.T) {
	root := parse(t, "# Teaches this.\n# And that.\na: 10 min\nb: {c: 1 gb/s, d: [x, {e: f}]}\n")
	require.Equal(t, "Teaches this.\nAnd that.", root.Comment)
	require.Equal(t, "10 min", root.Get("a").Text)
	e := root.Find("b.d.1.e")
	require.Equal(t, []any{"f", 4, 27}, []any{e.Text, e.Line, e.Column})
}

func TestFindStopsAtTheNearestAncestor(t *testing.T) {
	root := parse(t, "a:\n  - {id: x, b.c: 1}\n")
	require.Equal(t, "1", root.Find("a.x.b.c").Text)
	require.Equal(t, document.Mapping, root.Find("a.x.missing").Kind)
	require.Equal(t, document.Sequence, root.Find("a.7.c").Kind)
}

func TestErrorsPointAtTheirPlace(t *testing.T) {
	for _, c := range []struct {
		name, text, message string
		line, column        int
	}{
		{"duplicate key", "a: 1\nb: 2\na: 3\n", `duplicate key "a"; it stands in line 1 already`, 3, 1},
		{"duplicate key in flow", "x: {a: 1, a: 3}\n", `duplicate key "a"; it stands in line 1 already`, 1, 11},
		{"anchor", "a: &x 1\n", "YAML's anchor is not part", 1, 4},
		{"alias", "b: *x\n", "YAML's alias is not part", 1, 4},
		{"tag", "a: !!str 1\n", "YAML's tag is not part", 1, 4},
		{"merge key", "<<: {a: b}\n", "a key of this kind is not part", 1, 1},
		{"complex key", "? a\n: b\n", "a key of this kind is not part", 1, 1},
		{"second document", "a: 1\n---\nb: 2\n", "a second document", 3, 2},
		{"unclosed flow", "x: [1, 2\n", "']' not found", 1, 4},
		{"tab", "a:\n\tb: 1\n", "", 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := parseError(t, c.text)
			require.Contains(t, e.Message, c.message)
			require.Equal(t, []int{c.line, c.column}, []int{e.Line, e.Column})
			require.Contains(t, e.Excerpt, "^")
		})
	}
}

func TestEmptyFileIsAnError(t *testing.T) {
	require.Contains(t, parseError(t, "# nothing but a comment\n").Error(), "the file is empty")
	require.Contains(t, parseError(t, "").Error(), "the file is empty")
}

func TestErrorReadsAsOneReport(t *testing.T) {
	root := parse(t, "jobs:\n  protcol: é aligned\n")
	e := document.UnknownWord(root.Get("jobs").Entries[0].Key, "key", []string{"protocol", "graph"})
	require.Equal(t, `s.yaml:2:3: unknown key "protcol"; did you mean "protocol"?
expected: protocol, graph
  2 |   protcol: é aligned
    |   ^`, e.Error())
}

func TestSetReachesEveryLeaf(t *testing.T) {
	text := `
job:
  configuration: {execution.checkpointing.interval: 2 s}
  graph:
    - {id: flights, parallelism: 2}
    - {id: delays, from: [flights]}
faults: []
`
	flat := []string{"configuration"}
	for _, c := range []struct{ name, set, at, want string }{
		{"by id", "job.graph.delays.parallelism=4", "job.graph.1.parallelism", "4"},
		{"by position", "job.graph.0.parallelism=3", "job.graph.flights.parallelism", "3"},
		{"dotted option", "job.configuration.execution.checkpointing.interval=5 s",
			"job.configuration.execution.checkpointing.interval", "5 s"},
		{"new dotted option", "job.configuration.a.b=1", "job.configuration.a.b", "1"},
		{"new object", "cluster.network.latency=1 ms", "cluster.network.latency", "1 ms"},
		{"plain word becomes an object", "job.graph.delays.from.flights.exchange=rebalance",
			"job.graph.1.from.0.exchange", "rebalance"},
		{"new list item", "faults.0.crash=job-manager", "faults.0.crash", "job-manager"},
		{"a collection", "job.graph.0.source={file: x, laps: 2}", "job.graph.0.source.laps", "2"},
		{"equals sign in value", "name=a=b", "name", "a=b"},
		{"empty text", "name=", "name", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := parse(t, text)
			require.NoError(t, document.Set(root, c.set, flat))
			got := root.Find(c.at)
			require.Equal(t, document.Scalar, got.Kind)
			require.Equal(t, c.want, got.Text)
			require.Equal(t, "--set", got.Source.Name)
		})
	}
}

func TestSetErrorsPointIntoTheArgument(t *testing.T) {
	text := "job: {graph: [{id: flights}, {id: delays}], name: x}\n"
	for _, c := range []struct {
		name, set, message, nearest string
		column                      int
	}{
		{"no value", "job.graph", "cannot read this setting", "", 1},
		{"no path", "=3", "cannot read this setting", "", 1},
		{"unknown item", "job.graph.delay.parallelism=4", `there is no item "delay"`, "delays", 11},
		{"position far off", "job.graph.9.id=4", `there is no item "9"`, "", 11},
		{"into a leaf", "job.name.x=4", `"x" goes into "x", which is a single value`, "", 10},
		{"bad value", "job.name=[1", "']' not found", "", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := document.Set(parse(t, text), c.set, nil)
			var e *document.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, e.Message, c.message)
			require.Equal(t, c.nearest, e.Nearest)
			require.Equal(t, c.column, e.Column)
			require.Contains(t, e.Excerpt, c.set)
		})
	}
}

func TestWrittenTreeParsesBackEqual(t *testing.T) {
	for _, text := range []string{
		"a: 1\n", "a: {}\nb: []\nc: null\n", "a: [[1, 2], [], {b: [x]}]\n", "- - - 1\n- a:\n    b: c\n",
		"a: \"null\"\nb: '10'\nc: \"x: y # z\"\nd: \"\\\"quoted\\\\\"\ne: \"tab\\t\"\n",
		"a.b.c: uniform(1 ms, 2 ms)\nb: -3\nc: 99.9 %\nd: \"-\"\ne: |\n  two\n  lines\n",
		"g:\n  - {id: a, from: [x, {id: y, exchange: keyed}]}\n  - id: b\n",
	} {
		root := parse(t, text)
		again := parse(t, string(root.YAML()))
		require.True(t, root.Equal(again), "%s\nbecame\n%s", text, root.YAML())
	}
}

func TestJSONKeepsNumbersAndOrder(t *testing.T) {
	root := parse(t, "b: 2\na: [1.5, true, null, '7', x y]\nc: {}\nd: 007\n")
	require.Equal(t, `{"b":2,"a":[1.5,true,null,"7","x y"],"c":{},"d":"007"}`, string(root.JSON("")))
	require.Equal(t, "{\n  \"b\": 2,\n", string(root.JSON("  "))[:12])
}

func FuzzParseNeverPanicsAndRoundTrips(f *testing.F) {
	f.Add("a: {b: [1, x]}\nc: 'q'\n")
	f.Add("- - a: |\n    b\n")
	f.Add("\"\\u00e9\": \"\\x01\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		root, err := document.Parse("f", []byte(text))
		if err != nil {
			var e *document.Error
			require.True(t, errors.As(err, &e), "%T", err)
			return
		}
		written := string(root.YAML())
		again, err := document.Parse("again", []byte(written))
		require.NoError(t, err, "%q written as %q", text, written)
		require.True(t, root.Equal(again), "%q written as %q", text, written)
	})
}

func TestDeepNestingIsRefused(t *testing.T) {
	for _, text := range []string{strings.Repeat("[", 10_000), strings.Repeat("- ", 10_000)} {
		require.Contains(t, parseError(t, text).Message, "nested too deeply")
	}
}
