package document

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxSizeBytes bounds a document: a scenario is written by people.
const MaxSizeBytes = 4 << 20

// maxDepth bounds nesting, so that hostile input cannot exhaust the stack.
const maxDepth = 40

// Parse reads one YAML document. name is what errors call it. The error is an *Error.
func Parse(name string, text []byte) (*Node, error) {
	source := &Source{Name: name, Text: string(text)}
	if len(text) > MaxSizeBytes {
		return nil, &Error{File: name, Message: "the file is larger than 4 mb"}
	}
	if err := tooDeep(source); err != nil {
		return nil, err
	}
	file, err := parse(text)
	if err != nil {
		return nil, syntaxError(source, err)
	}
	return rootOf(source, file)
}

// parse calls the YAML parser and turns its panics on broken input into errors.
func parse(text []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("not readable as YAML")
		}
	}()
	return parser.ParseBytes(text, parser.ParseComments, parser.AllowDuplicateMapKey())
}

// tooDeep refuses deep nesting before the parser, which is recursive, sees it: flow
// brackets and block sequences on one line, and indentation.
func tooDeep(source *Source) error {
	depth := 0
	for i, line := range strings.Split(source.Text, "\n") {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		depth += strings.Count(line, "[") + strings.Count(line, "{") - strings.Count(line, "]") -
			strings.Count(line, "}")
		dashes := strings.Count(line, "- ") + strings.Count(line, "? ")
		if max(depth, 0)+indent/2 > 4*maxDepth || dashes > 4*maxDepth {
			e := &Error{Message: "nested too deeply"}
			e.place(source, i+1, indent+1)
			return e
		}
	}
	return nil
}

func syntaxError(source *Source, err error) *Error {
	e := &Error{File: source.Name, Message: err.Error()}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		e.Message = syntax.GetMessage()
		if t := syntax.GetToken(); t != nil && t.Position != nil {
			e.place(source, t.Position.Line, t.Position.Column)
		}
	}
	return e
}

func rootOf(source *Source, file *ast.File) (*Node, error) {
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			return nil, reader{source}.refuse(doc.Body, "a second document in one file")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, &Error{File: source.Name, Message: "the file is empty", Expected: "a scenario"}
	}
	root, err := reader{source}.node(body, 0)
	if err != nil {
		return nil, err
	}
	root.Comment = headComment(source.Text)
	return root, nil
}

// headComment is the block of comment lines that the text opens with, as one paragraph
// a line.
func headComment(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		trimmed, found := strings.CutPrefix(strings.TrimSpace(line), "#")
		if !found {
			break
		}
		lines = append(lines, strings.TrimSpace(trimmed))
	}
	return strings.Join(lines, "\n")
}

// reader turns the YAML library's tree into ours.
type reader struct{ source *Source }

func (r reader) refuse(n ast.Node, what string) *Error {
	e := &Error{File: r.source.Name, Message: what + " is not part of the scenario language"}
	if t := n.GetToken(); t != nil && t.Position != nil {
		e.place(r.source, t.Position.Line, t.Position.Column)
	}
	return e
}

func (r reader) at(n *Node, t *token.Token) *Node {
	n.Source = r.source
	if t != nil && t.Position != nil {
		n.Line, n.Column = t.Position.Line, t.Position.Column
	}
	return n
}

func (r reader) node(n ast.Node, depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, r.refuse(n, "nesting this deep")
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(n, n.Values, depth)
	case *ast.MappingValueNode:
		return r.mapping(n, []*ast.MappingValueNode{n}, depth)
	case *ast.SequenceNode:
		return r.sequence(n, depth)
	case *ast.LiteralNode:
		return r.at(&Node{Text: n.Value.Value, Quoted: true}, n.GetToken()), nil
	case *ast.StringNode:
		quoted := n.Token.Type == token.SingleQuoteType || n.Token.Type == token.DoubleQuoteType
		return r.at(&Node{Text: n.Value, Quoted: quoted}, n.Token), nil
	case *ast.NullNode:
		return r.at(&Node{}, n.GetToken()), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return r.at(&Node{Text: n.GetToken().Value}, n.GetToken()), nil
	}
	return nil, r.refuse(n, "YAML's "+n.Type().YAMLName())
}

func (r reader) sequence(n *ast.SequenceNode, depth int) (*Node, error) {
	list := r.at(&Node{Kind: Sequence}, n.GetToken())
	for _, value := range n.Values {
		item, err := r.node(value, depth+1)
		if err != nil {
			return nil, err
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

func (r reader) mapping(n ast.Node, values []*ast.MappingValueNode, depth int) (*Node, error) {
	m := r.at(&Node{Kind: Mapping}, n.GetToken())
	for _, pair := range values {
		key, err := r.key(pair.Key)
		if err != nil {
			return nil, err
		}
		if first := m.entry(key.Text); first != nil {
			return nil, Errorf(key, "",
				"duplicate key %q; it stands in line %d already", key.Text, first.Key.Line)
		}
		value, err := r.node(pair.Value, depth+1)
		if err != nil {
			return nil, err
		}
		if value.Null() {
			value.Line, value.Column = key.Line, key.Column
		}
		m.Entries = append(m.Entries, Entry{Key: key, Value: value})
	}
	if len(m.Entries) > 0 && !isFlow(n) {
		m.Line, m.Column = m.Entries[0].Key.Line, m.Entries[0].Key.Column
	}
	return m, nil
}

func isFlow(n ast.Node) bool {
	m, ok := n.(*ast.MappingNode)
	return ok && m.IsFlowStyle
}

func (r reader) key(n ast.MapKeyNode) (*Node, error) {
	switch k := n.(type) {
	case *ast.StringNode:
		return r.at(&Node{Text: k.Value, Quoted: true}, k.Token), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return r.at(&Node{Text: k.GetToken().Value, Quoted: true}, k.GetToken()), nil
	}
	return nil, r.refuse(n, "a key of this kind")
}

func (n *Node) entry(name string) *Entry {
	for i := range n.Entries {
		if n.Entries[i].Name() == name {
			return &n.Entries[i]
		}
	}
	return nil
}
