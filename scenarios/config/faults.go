package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
)

// faultList binds a plan: one mapping a fault, whose first key is its verb.
func faultList(p *plan.Plan) binding.Value {
	return binding.List((*[]plan.Fault)(p), zero[plan.Fault], faultValue)
}

func faultValue(f *plan.Fault) binding.Value {
	return binding.Custom{
		ReadFunc: func(n *document.Node) error {
			fault, err := readFault(n)
			if err == nil {
				*f = fault
			}
			return err
		},
		WriteFunc: func() *document.Node {
			n := document.NewMapping()
			for _, field := range f.Fields() {
				n.Add(field.Key, faultWords(field.Values))
			}
			return n
		},
		SchemaNode: faultSchema(),
	}
}

func faultWords(values []string) *document.Node {
	if len(values) == 1 {
		return document.NewScalar(values[0])
	}
	list := document.NewSequence()
	for _, value := range values {
		list.Items = append(list.Items, document.NewText(value))
	}
	return list
}

func readFault(n *document.Node) (plan.Fault, error) {
	const expected = "a fault like {crash: task-manager-0, at: 12 s}"
	if n.Kind != document.Mapping {
		return plan.Fault{}, document.Errorf(n, expected, "a fault is %s here", n.Kind)
	}
	entries := verbFirst(n.Entries)
	fields := make([]plan.Field, len(entries))
	for i := range entries {
		values, err := faultTexts(entries[i].Value)
		if err != nil {
			return plan.Fault{}, err
		}
		fields[i] = plan.Field{Key: entries[i].Name(), Values: values}
	}
	fault, err := plan.FromFields(fields)
	if err != nil {
		return plan.Fault{}, placeFaultError(n, entries, err)
	}
	return fault, nil
}

// verbFirst moves the entry that says what the fault is to the front: YAML's keys have no
// order.
func verbFirst(entries []document.Entry) []document.Entry {
	for i := range entries {
		if slices.Contains(plan.Verbs(), entries[i].Name()) {
			return slices.Concat(entries[i:i+1], entries[:i], entries[i+1:])
		}
	}
	return entries
}

func faultTexts(n *document.Node) ([]string, error) {
	items := []*document.Node{n}
	if n.Kind == document.Sequence {
		items = n.Items
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if item.Kind != document.Scalar || item.Null() {
			return nil, document.Errorf(item, "a word, or a list of words", "there is no word here")
		}
		texts[i] = item.Text
	}
	return texts, nil
}

func placeFaultError(n *document.Node, entries []document.Entry, err error) error {
	var bad *plan.FieldError
	if !errors.As(err, &bad) {
		return document.Errorf(n, "", "%s", err)
	}
	node := n
	if bad.Index >= 0 && bad.Index < len(entries) {
		node = entries[bad.Index].Key
		if bad.Value != "" {
			node = entries[bad.Index].Value
		}
	}
	message := fmt.Sprintf("%q %s", bad.Key, bad.Problem)
	if bad.Value != "" {
		message = fmt.Sprintf("%s: %q %s", bad.Key, bad.Value, bad.Problem)
	}
	placed := document.Errorf(node, bad.Expected, "%s", message)
	placed.Nearest = bad.Nearest
	return placed
}

func faultSchema() *document.Node {
	properties := document.NewMapping()
	verbs := document.NewSequence()
	word := func(doc string) *document.Node {
		return document.NewMapping().Add("description", document.NewText(doc)).Add("type",
			document.NewSequence(document.NewText("string"), document.NewText("number"), document.NewText("array"),
				document.NewText("boolean")))
	}
	for k := protocol.FaultNone + 1; int(k) < protocol.FaultKinds; k++ {
		verb := k.String()
		properties.Add(verb, word("What it strikes; also has: "+strings.Join(plan.Keys(k), ", ")+"."))
		verbs.Items = append(verbs.Items,
			document.NewMapping().Add("required", document.NewSequence(document.NewText(verb))))
		for _, key := range plan.Keys(k) {
			if properties.Get(key) == nil {
				properties.Add(key, word("Of some faults."))
			}
		}
	}
	return document.NewMapping().Add("type", document.NewText("object")).Add("properties", properties).
		Add("additionalProperties", document.NewScalar("false")).Add("oneOf", verbs)
}
