package laws_test

import (
	"go/ast"
	"go/token"
	"go/types"
)

const globalRule = "package-level variable %s %s: a run's state lives in its actors, or it would leak into the next run"

// mutableGlobals finds package-level variables that are written to after their
// declaration, or that could be: behind a pointer, or by a method that takes one.
// Tables that are only read, errors.New sentinels and `var _ I = T{}` are fine.
func mutableGlobals(s *source) []finding {
	w := globalWrites{source: s}
	for _, file := range s.files {
		w.declarations(file)
		ast.Inspect(file, w.visit)
	}
	return w.findings
}

type globalWrites struct {
	source   *source
	findings []finding
}

func (w *globalWrites) report(pos token.Pos, object types.Object, what string) {
	w.findings = append(w.findings, w.source.at(pos, globalRule, object.Name(), what))
}

// declarations refuses variables whose very type invites writing.
func (w *globalWrites) declarations(file *ast.File) {
	for _, declaration := range file.Decls {
		general, ok := declaration.(*ast.GenDecl)
		if !ok || general.Tok != token.VAR {
			continue
		}
		for _, spec := range general.Specs {
			for _, name := range spec.(*ast.ValueSpec).Names {
				object := w.source.info.Defs[name]
				if object == nil || name.Name == "_" {
					continue
				}
				switch object.Type().Underlying().(type) {
				case *types.Pointer:
					w.report(name.Pos(), object, "is a pointer to something that can change")
				case *types.Chan:
					w.report(name.Pos(), object, "is a channel")
				}
			}
		}
	}
}

func (w *globalWrites) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, left := range n.Lhs {
			w.written(left, "is assigned")
		}
	case *ast.IncDecStmt:
		w.written(n.X, "is changed")
	case *ast.RangeStmt:
		w.written(n.Key, "is assigned by range")
		w.written(n.Value, "is assigned by range")
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			w.written(n.X, "has its address taken")
		}
	case *ast.CallExpr:
		w.call(n)
	}
	return true
}

// call finds methods with a pointer receiver, and the builtins that write.
func (w *globalWrites) call(call *ast.CallExpr) {
	switch function := call.Fun.(type) {
	case *ast.SelectorExpr:
		selection := w.source.info.Selections[function]
		if selection == nil || selection.Kind() != types.MethodVal {
			return
		}
		receiver := selection.Obj().(*types.Func).Signature().Recv()
		_, pointer := receiver.Type().(*types.Pointer)
		_, already := w.source.info.TypeOf(function.X).Underlying().(*types.Pointer)
		if pointer && !already {
			w.written(function.X, "is changed by a method")
		}
	case *ast.Ident:
		if len(call.Args) > 0 && (function.Name == "delete" || function.Name == "clear" || function.Name == "copy") {
			w.written(call.Args[0], "is changed by "+function.Name)
		}
	}
}

// written reports an expression that is rooted in a package-level variable.
func (w *globalWrites) written(expression ast.Expr, what string) {
	for {
		switch e := expression.(type) {
		case *ast.ParenExpr:
			expression = e.X
		case *ast.IndexExpr:
			expression = e.X
		case *ast.SelectorExpr:
			if w.source.info.Selections[e] == nil {
				expression = e.Sel
				continue
			}
			expression = e.X
		case *ast.StarExpr:
			expression = e.X
		case *ast.Ident:
			object, ok := w.source.info.Uses[e].(*types.Var)
			if ok && object.Pkg() != nil && object.Parent() == object.Pkg().Scope() {
				w.report(e.Pos(), object, what)
			}
			return
		default:
			return
		}
	}
}
