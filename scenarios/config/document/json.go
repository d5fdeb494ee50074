package document

import (
	"encoding/json"
	"regexp"
	"strings"
)

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// JSONNumber reports whether text is a number in JSON.
func JSONNumber(text string) bool { return number.MatchString(text) }

// JSON writes the tree as JSON, keys in their order; indent is "" for one line. Plain
// scalars that are numbers, true, false or null stay so, all others become strings.
func (n *Node) JSON(indent string) []byte {
	w := jsonWriter{indent: indent}
	w.node(n, 0)
	return []byte(w.String())
}

type jsonWriter struct {
	strings.Builder
	indent string
}

func (w *jsonWriter) node(n *Node, depth int) {
	switch n.Kind {
	case Mapping:
		w.collection("{", "}", len(n.Entries), depth, func(i int) {
			w.text(n.Entries[i].Name())
			w.WriteString(":")
			if w.indent != "" {
				w.WriteString(" ")
			}
			w.node(n.Entries[i].Value, depth+1)
		})
	case Sequence:
		w.collection("[", "]", len(n.Items), depth, func(i int) { w.node(n.Items[i], depth+1) })
	default:
		w.scalar(n)
	}
}

func (w *jsonWriter) collection(open, closing string, size, depth int, element func(i int)) {
	w.WriteString(open)
	for i := range size {
		if i > 0 {
			w.WriteString(",")
		}
		w.newline(depth + 1)
		element(i)
	}
	if size > 0 {
		w.newline(depth)
	}
	w.WriteString(closing)
}

func (w *jsonWriter) newline(depth int) {
	if w.indent != "" {
		w.WriteString("\n" + strings.Repeat(w.indent, depth))
	}
}

func (w *jsonWriter) scalar(n *Node) {
	switch {
	case n.Null():
		w.WriteString("null")
	case !n.Quoted && (n.Text == "true" || n.Text == "false" || JSONNumber(n.Text)):
		w.WriteString(n.Text)
	default:
		w.text(n.Text)
	}
}

func (w *jsonWriter) text(s string) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(s); err != nil {
		panic("document: a string has no JSON form: " + err.Error())
	}
	w.WriteString(strings.TrimSuffix(b.String(), "\n"))
}
