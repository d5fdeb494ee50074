package laws_test

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	maxFunctionLines    = 70
	maxLineColumns      = 110
	maxFileLines        = 400
	maxInterfaceMethods = 4
)

func TestSourceKeepsTheHouseStyle(t *testing.T) {
	var findings []finding
	for _, s := range sources(t) {
		findings = append(findings, style(s)...)
	}
	requireNone(t, findings)
}

// style are the violations of the house style in one package.
func style(s *source) []finding {
	var findings []finding
	documented := documentedTypes(s.files)
	for _, file := range s.files {
		if lines := s.fset.File(file.Pos()).LineCount(); lines > maxFileLines {
			findings = append(findings, s.at(file.Package,
				"%d lines: a file tells one story in %d at most; split it where the story turns", lines, maxFileLines))
		}
		findings = append(findings, longLines(s, file)...)
		findings = append(findings, functions(s, file)...)
		findings = append(findings, interfaces(s, file)...)
		findings = append(findings, undocumented(s, file, documented)...)
	}
	return findings
}

// longLines counts a tab as one column, as gofmt's friends do. Tests are let off: their
// tables of literal text read best unbroken.
func longLines(s *source, file *ast.File) []finding {
	var findings []finding
	handle := s.fset.File(file.Pos())
	for i, line := range bytes.Split(s.text[file], []byte("\n")) {
		if columns := utf8.RuneCount(line); columns > maxLineColumns {
			findings = append(findings, s.at(handle.LineStart(i+1),
				"%d columns: break the line at %d", columns, maxLineColumns))
		}
	}
	return findings
}

func functions(s *source, file *ast.File) []finding {
	var findings []finding
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || function.Body == nil {
			continue
		}
		lines := s.fset.Position(function.End()).Line - s.fset.Position(function.Pos()).Line + 1
		if lines > maxFunctionLines {
			findings = append(findings, s.at(function.Pos(),
				"function %s has %d lines: %d is the wall; give its parts names", function.Name.Name, lines, maxFunctionLines))
		}
	}
	return findings
}

func interfaces(s *source, file *ast.File) []finding {
	var findings []finding
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if i, ok := spec.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > maxInterfaceMethods {
			findings = append(findings, s.at(spec.Pos(), "interface %s has %d methods: %d at most; split it by who calls it",
				spec.Name.Name, i.Methods.NumFields(), maxInterfaceMethods))
		}
		return true
	})
	return findings
}

// documentedTypes are the names of types with a comment: the values of an enumeration
// whose type is explained may go without one.
func documentedTypes(files []*ast.File) map[string]bool {
	documented := map[string]bool{}
	for _, file := range files {
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok || general.Tok != token.TYPE {
				continue
			}
			for _, spec := range general.Specs {
				t := spec.(*ast.TypeSpec)
				documented[t.Name.Name] = general.Doc != nil || t.Doc != nil
			}
		}
	}
	return documented
}

func undocumented(s *source, file *ast.File, documented map[string]bool) []finding {
	var findings []finding
	say := func(name *ast.Ident) {
		findings = append(findings, s.at(name.Pos(),
			"exported %s has no comment: say what it is, its unit, its errors and panics", name.Name))
	}
	for _, declaration := range file.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && d.Doc == nil && receiverIsExported(d) && !isObvious(d) {
				say(d.Name)
			}
		case *ast.GenDecl:
			undocumentedSpecs(d, documented, say)
		}
	}
	return findings
}

// isObvious are methods whose meaning is fixed by the language or by an interface that
// explains them.
func isObvious(d *ast.FuncDecl) bool {
	return d.Recv != nil && slices.Contains([]string{"Len", "Less", "Swap", "Unwrap"}, d.Name.Name)
}

func receiverIsExported(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if ident, ok := n.(*ast.Ident); ok && name == "" {
			name = ident.Name
		}
		return true
	})
	return ast.IsExported(name)
}

func undocumentedSpecs(d *ast.GenDecl, documented map[string]bool, say func(*ast.Ident)) {
	explained := d.Doc != nil
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() && d.Doc == nil && spec.Doc == nil {
				say(spec.Name)
			}
		case *ast.ValueSpec:
			if kind, ok := spec.Type.(*ast.Ident); ok && d.Tok == token.CONST && documented[kind.Name] {
				explained = true
			}
			for _, name := range spec.Names {
				if name.IsExported() && !explained && spec.Doc == nil && spec.Comment == nil {
					say(name)
				}
			}
		}
	}
}

func TestNamesCarryNoEmptyWords(t *testing.T) {
	var findings []finding
	for _, s := range sources(t) {
		findings = append(findings, emptyWords(s)...)
	}
	requireNone(t, findings)
}

// emptyWords finds types and functions called after nothing: the field has a term.
func emptyWords(s *source) []finding {
	var findings []finding
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			var name *ast.Ident
			switch n := n.(type) {
			case *ast.TypeSpec:
				name = n.Name
			case *ast.FuncDecl:
				name = n.Name
			default:
				return true
			}
			for _, word := range []string{"Manager", "Helper", "Util"} {
				if strings.HasSuffix(name.Name, word) && !strings.HasSuffix(name.Name, "askManager") &&
					!strings.HasSuffix(name.Name, "obManager") {
					findings = append(findings, s.at(name.Pos(), "%s: %q says nothing; use the field's term", name.Name, word))
				}
			}
			return true
		})
	}
	return findings
}
