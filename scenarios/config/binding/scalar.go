package binding

import (
	"errors"
	"strconv"

	"simrun/scenarios/config/document"
	"simrun/scenarios/config/units"
)

// scalar is a Value that is one word: how to read its text, and how to write it.
type scalar struct {
	read   func(n *document.Node) error
	write  func() *document.Node
	schema *document.Node
}

func (s scalar) Write() *document.Node  { return s.write() }
func (s scalar) Schema() *document.Node { return s.schema }

func (s scalar) Read(n *document.Node) error {
	if n.Kind != document.Scalar {
		return document.Errorf(n, "a single value", "there is %s where a single value belongs", n.Kind)
	}
	return s.read(n)
}

// at places a units error at a node.
func at(n *document.Node, err error) error {
	var bad *units.Error
	if errors.As(err, &bad) {
		return document.Errorf(n, bad.Expected, "%s", bad.Message)
	}
	return document.Errorf(n, "", "%s", err)
}

func typeSchema(name string) *document.Node {
	return document.NewMapping().Add("type", document.NewText(name))
}

func patternSchema(pattern string) *document.Node {
	return document.NewMapping().
		Add("type", document.NewSequence(document.NewText("string"), document.NewText("number"))).
		Add("pattern", document.NewText(pattern))
}

// Text is a string that is not empty.
func Text[T ~string](p *T) Value {
	return scalar{
		read: func(n *document.Node) error {
			if n.Text == "" {
				return document.Errorf(n, "a word", "the text is empty")
			}
			*p = T(n.Text)
			return nil
		},
		write:  func() *document.Node { return textOrNothing(string(*p)) },
		schema: patternSchema("."),
	}
}

func textOrNothing(text string) *document.Node {
	if text == "" {
		return nil
	}
	return document.NewText(text)
}

// Word is one of a closed set of words. Empty is left out when written.
func Word[T ~string](p *T, what string, words []T) Value {
	names := make([]string, len(words))
	for i, word := range words {
		names[i] = string(word)
	}
	return scalar{
		read: func(n *document.Node) error {
			if !contains(names, n.Text) {
				return document.UnknownWord(n, what, names)
			}
			*p = T(n.Text)
			return nil
		},
		write:  func() *document.Node { return textOrNothing(string(*p)) },
		schema: enumSchema(names),
	}
}

func enumSchema(names []string) *document.Node {
	list := document.NewSequence()
	for _, name := range names {
		list.Items = append(list.Items, document.NewText(name))
	}
	return document.NewMapping().Add("enum", list)
}

// Choice is an enumeration with a word for each value, from 0 up.
func Choice[T ~uint8 | ~int](p *T, what string, words ...string) Value {
	return scalar{
		read: func(n *document.Node) error {
			for i, word := range words {
				if n.Text == word {
					*p = T(i)
					return nil
				}
			}
			return document.UnknownWord(n, what, words)
		},
		write:  func() *document.Node { return document.NewText(words[*p]) },
		schema: enumSchema(words),
	}
}

// Flag is true or false.
func Flag(p *bool) Value {
	return scalar{
		read: func(n *document.Node) error {
			if n.Text != "true" && n.Text != "false" {
				return document.UnknownWord(n, "value", []string{"true", "false"})
			}
			*p = n.Text == "true"
			return nil
		},
		write:  func() *document.Node { return document.NewScalar(strconv.FormatBool(*p)) },
		schema: typeSchema("boolean"),
	}
}

// Count is a whole number from low to high.
func Count[T ~int | ~int32 | ~int64 | ~uint64](p *T, low, high int64) Value {
	return scalar{
		read: func(n *document.Node) error {
			value, err := strconv.ParseInt(n.Text, 10, 64)
			if err != nil || value < low || value > high {
				return document.Errorf(n, countRange(low, high), "%q is not a valid number here", n.Text)
			}
			*p = T(value)
			return nil
		},
		write:  func() *document.Node { return document.NewScalar(strconv.FormatInt(int64(*p), 10)) },
		schema: typeSchema("integer").Add("minimum", document.NewScalar(strconv.FormatInt(low, 10))),
	}
}

// Unbounded is the upper end of a Count without one.
const Unbounded = 1 << 62

func countRange(low, high int64) string {
	if high == Unbounded {
		return "a whole number from " + strconv.FormatInt(low, 10) + " up"
	}
	return "a whole number from " + strconv.FormatInt(low, 10) + " to " + strconv.FormatInt(high, 10)
}

// CountOr is a Count from 0 up with a word for one special value.
func CountOr[T ~int | ~int32 | ~int64](p *T, word string, special T) Value {
	plain := Count(p, 0, Unbounded)
	return scalar{
		read: func(n *document.Node) error {
			if n.Text == word {
				*p = special
				return nil
			}
			return plain.Read(n)
		},
		write: func() *document.Node {
			if *p == special {
				return document.NewText(word)
			}
			return plain.Write()
		},
		schema: document.NewMapping().Add("type",
			document.NewSequence(document.NewText("integer"), document.NewText("string"))),
	}
}
