package document

import "strings"

// Kind is what a Node holds.
type Kind uint8

const (
	// Scalar holds Text.
	Scalar Kind = iota
	// Mapping holds Entries.
	Mapping
	// Sequence holds Items.
	Sequence
)

var kindNames = [...]string{"a single value", "a mapping", "a list"}

// String names the kind for messages.
func (k Kind) String() string { return kindNames[k] }

// Source is the text that nodes came from: a file, or a --set argument.
type Source struct {
	Name string
	Text string
}

// Node is one value of the tree.
type Node struct {
	Kind Kind
	// Text is a scalar exactly as written, without its quotes.
	Text string
	// Quoted scalars are text, even where they look like a number or null.
	Quoted  bool
	Entries []Entry
	Items   []*Node
	// Source, Line and Column (from 1, in characters) are where the node was written; a
	// node made by a program has none.
	Source *Source
	Line   int
	Column int
	// Comment is the block of lines above the node, without '#'; only the root keeps it.
	Comment string
}

// Entry is one key and its value.
type Entry struct {
	Key   *Node
	Value *Node
}

// Name is the entry's key.
func (e *Entry) Name() string { return e.Key.Text }

// NewScalar is a scalar made by a program.
func NewScalar(text string) *Node { return &Node{Text: text} }

// NewText is a scalar that stays text when written.
func NewText(text string) *Node { return &Node{Text: text, Quoted: true} }

// NewMapping is an empty mapping made by a program.
func NewMapping() *Node { return &Node{Kind: Mapping} }

// NewSequence is a list made by a program.
func NewSequence(items ...*Node) *Node { return &Node{Kind: Sequence, Items: items} }

// Null reports whether the node is an empty value (nothing, `~` or `null`).
func (n *Node) Null() bool {
	return n.Kind == Scalar && !n.Quoted && (n.Text == "" || n.Text == "~" || n.Text == "null")
}

// Get is the value under the key; nil when there is none.
func (n *Node) Get(name string) *Node {
	for i := range n.Entries {
		if n.Entries[i].Name() == name {
			return n.Entries[i].Value
		}
	}
	return nil
}

// Add appends an entry and returns n, so that trees can be written as one expression.
func (n *Node) Add(name string, value *Node) *Node {
	n.Entries = append(n.Entries, Entry{Key: NewText(name), Value: value})
	return n
}

// Names lists the keys in order.
func (n *Node) Names() []string {
	names := make([]string, len(n.Entries))
	for i := range n.Entries {
		names[i] = n.Entries[i].Name()
	}
	return names
}

// Equal reports whether two trees hold the same, wherever they were written.
func (n *Node) Equal(o *Node) bool {
	if n.Kind != o.Kind || n.Text != o.Text || len(n.Entries) != len(o.Entries) ||
		len(n.Items) != len(o.Items) || n.Null() != o.Null() {
		return false
	}
	for i := range n.Entries {
		if n.Entries[i].Name() != o.Entries[i].Name() || !n.Entries[i].Value.Equal(o.Entries[i].Value) {
			return false
		}
	}
	for i := range n.Items {
		if !n.Items[i].Equal(o.Items[i]) {
			return false
		}
	}
	return true
}

// Find follows a path of keys and list positions ("job.graph.2.parallelism") as far as
// it leads and returns the last node on it, so that an error about something left out
// still points at where it belongs. Keys may hold dots: the longest one that fits wins.
func (n *Node) Find(path string) *Node {
	for path != "" {
		next, rest := n.step(path)
		if next == nil {
			return n
		}
		n, path = next, rest
	}
	return n
}

// step follows the first part of path; nil when there is nothing there.
func (n *Node) step(path string) (next *Node, rest string) {
	if n.Kind == Sequence {
		word, rest, _ := strings.Cut(path, ".")
		return n.item(word), rest
	}
	longest := -1
	for i := range n.Entries {
		name := n.Entries[i].Name()
		if covers(path, name) && len(name) > longest {
			longest, next = len(name), n.Entries[i].Value
		}
	}
	if next == nil {
		return nil, ""
	}
	return next, strings.TrimPrefix(path[longest:], ".")
}

// covers reports whether name is path or a whole first part of it.
func covers(path, name string) bool {
	return path == name || strings.HasPrefix(path, name+".")
}

// item is the list item at an index, or the one with that id.
func (n *Node) item(word string) *Node {
	if i, ok := index(word); ok {
		if i < len(n.Items) {
			return n.Items[i]
		}
		return nil
	}
	for _, item := range n.Items {
		if item.id() == word {
			return item
		}
	}
	return nil
}

// id is what a list item goes by: its `id`, or itself when it is a single word.
func (n *Node) id() string {
	if n.Kind == Scalar {
		return n.Text
	}
	if id := n.Get("id"); id != nil {
		return id.Text
	}
	return ""
}

func index(word string) (int, bool) {
	if word == "" || len(word) > 6 {
		return 0, false
	}
	i := 0
	for _, digit := range word {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		i = i*10 + int(digit-'0')
	}
	return i, true
}
