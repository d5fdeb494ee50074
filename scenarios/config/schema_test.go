package config_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
	"simrun/scenarios/config/document"
	"simrun/scenarios/library"
)

var rewrite = flag.Bool("rewrite", false, "write generated files anew")

const schemaFile = "../../docs/scenario.schema.json"

func TestSchemaInDocsIsTheCodes(t *testing.T) {
	want := config.Schema()
	if *rewrite {
		require.NoError(t, os.WriteFile(schemaFile, want, 0o644))
	}
	got, err := os.ReadFile(schemaFile)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got),
		"docs/scenario.schema.json is out of date: go test ./scenarios/config -run Schema -rewrite")
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := jsonschema.UnmarshalJSON(bytes.NewReader(config.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("scenario.json", text))
	schema, err := compiler.Compile("scenario.json")
	require.NoError(t, err)
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, yaml []byte) error {
	t.Helper()
	root, err := document.Parse("s", yaml)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(root.JSON("")))
	require.NoError(t, err)
	return schema.Validate(value)
}

func TestLibraryFilesSatisfyTheSchema(t *testing.T) {
	schema := compileSchema(t)
	for _, name := range library.Names() {
		text, err := library.Read(name)
		require.NoError(t, err)
		require.NoError(t, validate(t, schema, text), name)
		require.NoError(t, validate(t, schema, load(t, string(text)).YAML()), "%s, resolved", name)
	}
}

func TestSchemaRefusesWhatLoadRefuses(t *testing.T) {
	schema := compileSchema(t)
	for _, text := range []string{
		"name: x\n", "name: x\njob: {graph: [], protocl: aligned}\n",
		"name: x\njob: {graph: [{id: a, map: identity, union: {}}]}\n",
		"name: x\njob: {graph: [], configuration: {execution.checkpointing.interval: soon}}\n",
		"name: x\njob: {graph: [], protocol: kafka}\n", "name: x\njob: {graph: [{id: a, parallelism: two, union: {}}]}\n",
		"name: x\njob: {graph: []}\nfaults: [{crsh: a}]\n",
	} {
		require.Error(t, validate(t, schema, []byte(text)), text)
	}
}
