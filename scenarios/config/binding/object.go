package binding

import (
	"strings"

	"simrun/scenarios/config/document"
)

// Value is one place in a struct, as a document sees it.
type Value interface {
	// Read sets the place from a node. The error is a *document.Error at the node.
	Read(n *document.Node) error
	// Write is the place as a node; nil when it is left out.
	Write() *document.Node
	// Schema is the JSON Schema of nodes that Read takes.
	Schema() *document.Node
}

// Field is one key of an Object.
type Field struct {
	Name  string
	Value Value
	// Doc is one sentence: what it is, and its unit.
	Doc string
	// Default is how docs write the default where Write cannot tell; may be empty.
	Default  string
	Required bool
}

// Object is a mapping whose keys are known.
type Object struct {
	// What names the object in messages: "cluster", "operator".
	What   string
	Fields []Field
	// OneOf are keys of which exactly one must be given; may be empty.
	OneOf []string
	// Short, when not empty, is the field that a plain word sets: `from: [flights]`.
	Short string
	// Given is told of every key that a document gives; may be nil.
	Given func(name string, value *document.Node)
	// Hidden objects are read but never written: what they say is written elsewhere.
	Hidden bool
	// Unknown explains a key that is not a field; nil, or a nil error, for the usual one.
	Unknown func(key *document.Node) *document.Error
}

// Read sets the fields that n gives, in the order of the fields.
func (o Object) Read(n *document.Node) error {
	if o.Short != "" && n.Kind == document.Scalar && !n.Null() {
		n = (&document.Node{Kind: document.Mapping, Source: n.Source, Line: n.Line, Column: n.Column}).
			Add(o.Short, n)
	}
	if n.Kind != document.Mapping {
		return document.Errorf(n, "a mapping with "+strings.Join(o.names(), ", "),
			"%s is %s", o.What, describe(n))
	}
	if err := o.checkKeys(n); err != nil {
		return err
	}
	for i := range o.Fields {
		f := &o.Fields[i]
		value := n.Get(f.Name)
		if value == nil {
			continue
		}
		if value.Null() {
			return document.Errorf(value, f.Doc, "%s has no value", f.Name)
		}
		if err := f.Value.Read(value); err != nil {
			return err
		}
		if o.Given != nil {
			o.Given(f.Name, value)
		}
	}
	return nil
}

func describe(n *document.Node) string {
	switch {
	case n.Null():
		return "empty"
	case n.Kind == document.Scalar:
		return `"` + n.Text + `"`
	}
	return n.Kind.String()
}

func (o Object) names() []string {
	names := make([]string, len(o.Fields))
	for i := range o.Fields {
		names[i] = o.Fields[i].Name
	}
	return names
}

func (o Object) checkKeys(n *document.Node) error {
	names := o.names()
	var chosen *document.Node
	for i := range n.Entries {
		key := n.Entries[i].Key
		if !contains(names, key.Text) {
			return o.unknown(key, names)
		}
		if !contains(o.OneOf, key.Text) {
			continue
		}
		if chosen != nil {
			return document.Errorf(key, "one of "+strings.Join(o.OneOf, ", "),
				"%s has both %q and %q", o.What, chosen.Text, key.Text)
		}
		chosen = key
	}
	if len(o.OneOf) > 0 && chosen == nil {
		return document.Errorf(n, "one of "+strings.Join(o.OneOf, ", "), "%s does not say what it is", o.What)
	}
	for i := range o.Fields {
		if o.Fields[i].Required && n.Get(o.Fields[i].Name) == nil {
			return document.Errorf(n, o.Fields[i].Doc, "%s has no %q", o.What, o.Fields[i].Name)
		}
	}
	return nil
}

func (o Object) unknown(key *document.Node, names []string) error {
	if o.Unknown != nil {
		if err := o.Unknown(key); err != nil {
			return err
		}
	}
	return document.UnknownWord(key, "key", names)
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// Write is the mapping of all fields that are not left out; nil when the object is hidden.
func (o Object) Write() *document.Node {
	if o.Hidden {
		return nil
	}
	n := document.NewMapping()
	for i := range o.Fields {
		if value := o.Fields[i].Value.Write(); value != nil {
			n.Add(o.Fields[i].Name, value)
		}
	}
	return n
}

// Schema is an object schema that allows the fields only.
func (o Object) Schema() *document.Node {
	properties, required := document.NewMapping(), document.NewSequence()
	for i := range o.Fields {
		f := &o.Fields[i]
		properties.Add(f.Name, describedSchema(f))
		if f.Required {
			required.Items = append(required.Items, document.NewText(f.Name))
		}
	}
	schema := document.NewMapping().Add("type", document.NewText("object")).
		Add("properties", properties).Add("additionalProperties", document.NewScalar("false"))
	if len(required.Items) > 0 {
		schema.Add("required", required)
	}
	if len(o.OneOf) > 0 {
		schema.Add("oneOf", requireOne(o.OneOf))
	}
	if o.Short != "" {
		return document.NewMapping().Add("anyOf",
			document.NewSequence(document.NewMapping().Add("type", document.NewText("string")), schema))
	}
	return schema
}

func describedSchema(f *Field) *document.Node {
	schema := document.NewMapping().Add("description", document.NewText(f.Doc))
	if value := f.Value.Write(); value != nil && value.Kind == document.Scalar {
		schema.Add("default", value)
	}
	inner := f.Value.Schema()
	for i := range inner.Entries {
		schema.Add(inner.Entries[i].Name(), inner.Entries[i].Value)
	}
	return schema
}

func requireOne(names []string) *document.Node {
	list := document.NewSequence()
	for _, name := range names {
		list.Items = append(list.Items,
			document.NewMapping().Add("required", document.NewSequence(document.NewText(name))))
	}
	return list
}
