package minimize

import (
	"strings"
	"text/template"
	"unicode"

	"simrun/scenarios/result"
)

// GoTest is the source of a Go test in package pkg that runs the case in caseFile, which
// lies beside it, and fails until the bug is fixed. It needs package simrun/scenarios and
// nothing else; a module of its own requires simrun by a replace directive.
func GoTest(pkg, caseFile string, m *result.Minimization) []byte {
	failure := string(m.Verdict)
	if m.Signature != "" {
		failure = m.Signature
	}
	name := camel(strings.TrimSuffix(strings.TrimSuffix(caseFile, ".yaml"), ".yml"))
	var text strings.Builder
	err := goTest.Execute(&text, map[string]any{
		"Package": pkg, "Test": "Test" + name, "Variable": strings.ToLower(name[:1]) + name[1:] + "Text",
		"File": caseFile, "Failure": failure, "Plan": m.Plan,
	})
	if err != nil {
		panic("minimize: " + err.Error())
	}
	return []byte(text.String())
}

var goTest = template.Must(template.New("test").Parse(`package {{.Package}}

import (
	_ "embed"
	"testing"

	"simrun/scenarios"
)

//go:embed {{.File}}
var {{.Variable}} []byte

// {{.Test}} fails until this is fixed: {{.Failure}}.
//
{{- range .Plan}}
//	{{.}}
{{- else}}
//	(no fault is needed)
{{- end}}
//
// simrun replay {{.File}} shows the run.
func {{.Test}}(t *testing.T) {
	c, err := scenarios.ParseCase("{{.File}}", {{.Variable}})
	if err != nil {
		t.Fatal(err)
	}
	failure, err := scenarios.Fails(c)
	if err != nil {
		t.Fatal(err)
	}
	if failure != "" {
		t.Errorf("the case still fails:\n%s", failure)
	}
}
`))

// camel makes a Go name of a file's: "lost-record.2" becomes LostRecord2.
func camel(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	var text strings.Builder
	for _, word := range words {
		runes := []rune(word)
		text.WriteString(string(unicode.ToUpper(runes[0])) + string(runes[1:]))
	}
	if text.Len() == 0 || unicode.IsDigit([]rune(text.String())[0]) {
		return "Case" + text.String()
	}
	return text.String()
}
