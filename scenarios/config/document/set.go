package document

import (
	"strconv"
	"strings"

	"simrun/protocol"
)

// Set carries out one --set argument, "path=value", on the tree. The path names keys and
// list items, by position or id: "job.graph.delays.parallelism=4". Under a key of
// flatKeys the rest of the path is one key, dots and all (Flink's option names). What is
// not there yet is made; the value is YAML. The error is an *Error that points into the
// argument.
func Set(root *Node, argument string, flatKeys []string) error {
	source := &Source{Name: "--set", Text: argument}
	path, text, found := strings.Cut(argument, "=")
	if !found || strings.TrimSpace(path) == "" {
		e := &Error{Message: "cannot read this setting", Expected: "path=value, as in job.protocol=aligned"}
		e.place(source, 1, 1)
		return e
	}
	value, err := setValue(source, len([]rune(path))+1, text)
	if err != nil {
		return err
	}
	s := setter{source: source, flatKeys: flatKeys, value: value}
	return s.into(root, strings.TrimSpace(path), 1)
}

// setValue reads the value of a setting; its nodes point into the argument.
func setValue(source *Source, offset int, text string) (*Node, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || !strings.ContainsAny(trimmed[:1], "[{'\"") {
		return &Node{Text: trimmed, Quoted: trimmed == "", Source: source, Line: 1, Column: offset + 1}, nil
	}
	value, err := Parse(source.Name, []byte(text))
	if err != nil {
		e := err.(*Error)
		e.place(source, 1, e.Column+offset)
		return nil, e
	}
	value.move(source, offset)
	value.Comment = ""
	return value, nil
}

func (n *Node) move(source *Source, offset int) {
	n.Source, n.Column = source, n.Column+offset
	for i := range n.Entries {
		n.Entries[i].Key.move(source, offset)
		n.Entries[i].Value.move(source, offset)
	}
	for _, item := range n.Items {
		item.move(source, offset)
	}
}

// setter walks a path down to the place that gets the value.
type setter struct {
	source   *Source
	flatKeys []string
	value    *Node
}

func (s *setter) into(n *Node, path string, column int) error {
	switch n.Kind {
	case Mapping:
		return s.intoMapping(n, path, column, false)
	case Sequence:
		return s.intoSequence(n, path, column)
	}
	return s.errorAt(column, "", "%q goes into %q, which is a single value", path, n.Text)
}

func (s *setter) intoMapping(n *Node, path string, column int, flat bool) error {
	name := s.keyFor(n, path, flat)
	rest := strings.TrimPrefix(path[len(name):], ".")
	entry := n.entry(name)
	if entry == nil {
		key := &Node{Text: name, Quoted: true, Source: s.source, Line: 1, Column: column}
		n.Entries = append(n.Entries, Entry{Key: key, Value: s.blank(column)})
		entry = &n.Entries[len(n.Entries)-1]
	}
	if rest == "" {
		entry.Value = s.value
		return nil
	}
	if entry.Value.Null() {
		entry.Value = s.blank(column)
	}
	column += len(name) + 1
	if entry.Value.Kind == Mapping && s.isFlat(name) {
		return s.intoMapping(entry.Value, rest, column, true)
	}
	return s.into(entry.Value, rest, column)
}

// keyFor is the part of path that is a key of n: the longest one there is, or the first
// word of the path; everything where keys are flat.
func (s *setter) keyFor(n *Node, path string, flat bool) string {
	if flat {
		return path
	}
	name, _, _ := strings.Cut(path, ".")
	for i := range n.Entries {
		if key := n.Entries[i].Name(); covers(path, key) && len(key) > len(name) {
			name = key
		}
	}
	return name
}

func (s *setter) isFlat(name string) bool {
	for _, flat := range s.flatKeys {
		if name == flat {
			return true
		}
	}
	return false
}

func (s *setter) blank(column int) *Node {
	return &Node{Kind: Mapping, Source: s.source, Line: 1, Column: column}
}

func (s *setter) intoSequence(n *Node, path string, column int) error {
	word, rest, _ := strings.Cut(path, ".")
	position := n.position(word)
	if position < 0 {
		e := s.errorAt(column, n.itemNames(), "there is no item %q", word)
		e.Nearest = protocol.Nearest(word, n.ids())
		return e
	}
	if position == len(n.Items) {
		n.Items = append(n.Items, s.blank(column))
	}
	if rest == "" {
		n.Items[position] = s.value
		return nil
	}
	if item := n.Items[position]; item.Kind == Scalar {
		// A plain word in a list is short for an object with that id.
		id := *item
		n.Items[position] = s.blank(column).Add("id", &id)
	}
	return s.into(n.Items[position], rest, column+len(word)+1)
}

// position is the index of the item that word names; the index after the last one is a
// new item; -1 is none.
func (n *Node) position(word string) int {
	if i, ok := index(word); ok && i <= len(n.Items) {
		return i
	}
	for i, item := range n.Items {
		if item.id() == word && word != "" {
			return i
		}
	}
	return -1
}

func (n *Node) ids() []string {
	var ids []string
	for _, item := range n.Items {
		if id := item.id(); id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (n *Node) itemNames() string {
	positions := "a position from 0 to " + strconv.Itoa(len(n.Items))
	if ids := n.ids(); len(ids) > 0 {
		return positions + ", or one of " + strings.Join(ids, ", ")
	}
	return positions
}

func (s *setter) errorAt(column int, expected, format string, args ...any) *Error {
	return Errorf(&Node{Source: s.source, Line: 1, Column: column}, expected, format, args...)
}
