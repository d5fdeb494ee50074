package config

import "simrun/scenarios/config/document"

// Schema is the JSON Schema of scenario files, for editors: what they complete and
// underline. Rules that join several values are checked by Load only.
func Schema() []byte {
	schema := document.NewMapping().
		Add("$schema", document.NewText("https://json-schema.org/draft/2020-12/schema")).
		Add("title", document.NewText("simrun scenario"))
	object := newScenario().object().Schema()
	for i := range object.Entries {
		schema.Add(object.Entries[i].Name(), object.Entries[i].Value)
	}
	return append(schema.JSON("  "), '\n')
}
