package plan

import (
	"strconv"
	"strings"

	"simrun/protocol"
)

// Parse reads a fault's text: the verb, its targets, then keys with their values. It
// accepts what String writes, in any order of keys. The error is a *FieldError.
func Parse(text string) (Fault, error) {
	words, err := split(text)
	if err != nil {
		return Fault{}, err
	}
	var fields []Field
	kind, _ := kindOf(words[0].text)
	for i, w := range words {
		if i == 0 || !w.quoted && (isKeyAt(kind, i, w.text) || beginsField(fields)) {
			fields = append(fields, Field{Key: w.text})
			continue
		}
		last := &fields[len(fields)-1]
		last.Values = append(last.Values, w.text)
	}
	for i := range fields {
		if i > 0 {
			fields[i].Values = []string{strings.Join(fields[i].Values, " ")}
		}
		if i > 0 && flag(fields[i].Key) && fields[i].Values[0] == "" {
			fields[i].Values[0] = "true"
		}
	}
	return FromFields(fields)
}

// beginsField reports whether a word that is no key stands where only a key can: after a
// complete value. So a misspelt key is not taken for part of the value before it.
func beginsField(fields []Field) bool {
	last := &fields[len(fields)-1]
	if len(fields) == 1 || len(last.Values) == 0 {
		return false
	}
	first := last.Values[0]
	number := first != "" && first[len(first)-1] >= '0' && first[len(first)-1] <= '9'
	return len(last.Values) > 1 || !number
}

// word is one word of a text; a quoted one is never a key.
type word struct {
	text   string
	quoted bool
}

// split cuts a text at blanks; "double quotes" hold a word together, as in Go.
func split(text string) ([]word, error) {
	var words []word
	for rest := strings.TrimSpace(text); rest != ""; rest = strings.TrimSpace(rest) {
		if rest[0] != '"' {
			end := strings.IndexAny(rest, " \t\r\n")
			if end < 0 {
				end = len(rest)
			}
			words, rest = append(words, word{rest[:end], false}), rest[end:]
			continue
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return nil, &FieldError{
				Index: -1, Key: rest, Problem: "has an opening quote without its closing one",
			}
		}
		unquoted, err := strconv.Unquote(quoted)
		if err != nil {
			return nil, &FieldError{Index: -1, Key: quoted, Problem: "is not a quoted word"}
		}
		words, rest = append(words, word{unquoted, true}), rest[len(quoted):]
	}
	if len(words) == 0 {
		return nil, &FieldError{Index: -1, Key: text, Problem: "is no fault", Expected: oneOf(Verbs())}
	}
	return words, nil
}

// FromFields reads a fault from its fields, the first of which is the verb. The error is a
// *FieldError.
func FromFields(fields []Field) (Fault, error) {
	r := reader{fields: fields}
	if len(fields) == 0 {
		return Fault{}, &FieldError{Index: -1, Key: "fault", Problem: "is empty", Expected: oneOf(Verbs())}
	}
	kind, ok := kindOf(fields[0].Key)
	if !ok {
		return Fault{}, &FieldError{Key: fields[0].Key, Problem: "is no kind of fault",
			Expected: oneOf(Verbs()), Nearest: protocol.Nearest(fields[0].Key, Verbs())}
	}
	r.fault.Kind = kind
	r.checkKeys()
	r.targets()
	r.own()
	r.time()
	if r.err != nil {
		return Fault{}, r.err
	}
	return r.fault, nil
}
