package document

import (
	"regexp"
	"strconv"
	"strings"
)

// YAML writes the tree as block YAML that parses back to an equal tree. The root's
// Comment stands above it.
func (n *Node) YAML() []byte {
	var w writer
	if n.Comment != "" {
		for line := range strings.SplitSeq(n.Comment, "\n") {
			w.WriteString(strings.TrimRight("# "+line, " ") + "\n")
		}
	}
	switch {
	case n.Kind == Scalar, n.empty():
		w.scalar(n)
		w.WriteString("\n")
	default:
		w.block(n, 0)
	}
	return []byte(w.String())
}

type writer struct{ strings.Builder }

func (n *Node) empty() bool { return len(n.Entries)+len(n.Items) == 0 }

// block writes a mapping or list that is not empty; the cursor is at the start of a line
// or, for a list's item, behind its dash.
func (w *writer) block(n *Node, indent int) {
	margin := strings.Repeat(" ", indent)
	for i := range n.Entries {
		if i > 0 || !w.behindDash() {
			w.WriteString(margin)
		}
		w.scalar(n.Entries[i].Key)
		w.WriteString(":")
		w.value(n.Entries[i].Value, indent)
	}
	for _, item := range n.Items {
		if !w.behindDash() {
			w.WriteString(margin)
		}
		w.item(item, indent)
	}
}

func (w *writer) behindDash() bool { return strings.HasSuffix(w.String(), "- ") }

func (w *writer) item(item *Node, indent int) {
	w.WriteString("- ")
	switch {
	case item.Kind == Scalar, item.empty(), item.leaves():
		w.inline(item)
		w.WriteString("\n")
	default:
		w.block(item, indent+2)
	}
}

func (w *writer) value(value *Node, indent int) {
	switch {
	case value.Kind == Scalar, value.empty(), value.leaves() && value.Kind == Sequence:
		w.WriteString(" ")
		w.inline(value)
		w.WriteString("\n")
	default:
		w.WriteString("\n")
		w.block(value, indent+2)
	}
}

// leaves reports whether the node is a short collection of scalars, which reads better
// on one line.
func (n *Node) leaves() bool {
	size := 0
	for i := range n.Entries {
		value := n.Entries[i].Value
		if value.Kind != Scalar {
			return false
		}
		size += len(n.Entries[i].Name()) + len(value.Text) + 4
	}
	for _, item := range n.Items {
		if item.Kind != Scalar {
			return false
		}
		size += len(item.Text) + 2
	}
	return size < 80
}

func (w *writer) inline(n *Node) {
	switch n.Kind {
	case Scalar:
		w.scalar(n)
	case Mapping:
		w.WriteString("{")
		for i := range n.Entries {
			if i > 0 {
				w.WriteString(", ")
			}
			w.scalar(n.Entries[i].Key)
			w.WriteString(": ")
			w.inline(n.Entries[i].Value)
		}
		w.WriteString("}")
	case Sequence:
		w.WriteString("[")
		for i, item := range n.Items {
			if i > 0 {
				w.WriteString(", ")
			}
			w.inline(item)
		}
		w.WriteString("]")
	}
}

// plain are the scalars that mean themselves without quotes, in block and flow alike.
var plain = regexp.MustCompile(
	`^(-[0-9]|[A-Za-z0-9/])[A-Za-z0-9_./()+-]*( [A-Za-z0-9/(][A-Za-z0-9_./()+-]*)*$`)

func (w *writer) scalar(n *Node) {
	switch {
	case n.Null():
		w.WriteString("null")
	case plain.MatchString(n.Text) && !(n.Quoted && isYAMLWord(n.Text)):
		w.WriteString(n.Text)
	default:
		w.WriteString(quote(n.Text))
	}
}

// isYAMLWord reports whether plain text would be read as a number, boolean or null.
func isYAMLWord(text string) bool {
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off":
		return true
	}
	return JSONNumber(text) || text[0] >= '0' && text[0] <= '9'
}

// quote is a double-quoted YAML scalar.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r >= 0x7f && r <= 0xa0:
			b.WriteString(`\x` + strconv.FormatInt(0x100|int64(r), 16)[1:])
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
