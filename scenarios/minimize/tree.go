package minimize

import (
	"slices"
	"strconv"
	"strings"

	"simrun/scenarios/config/document"
)

// operators are the items of a scenario's graph.
func operators(root *document.Node) []*document.Node {
	if graph := root.Find("job.graph"); graph.Kind == document.Sequence {
		return graph.Items
	}
	return nil
}

// idOf is an operator's id, or that of an input.
func idOf(n *document.Node) string {
	if n.Kind == document.Scalar {
		return n.Text
	}
	if id := n.Get("id"); id != nil {
		return id.Text
	}
	return ""
}

// inputsOf are an operator's inputs.
func inputsOf(operator *document.Node) []*document.Node {
	if from := operator.Get("from"); from != nil {
		return from.Items
	}
	return nil
}

// set gives a key of a mapping another value, and adds it where it was at its default.
func set(n *document.Node, key, text string) {
	for i := range n.Entries {
		if n.Entries[i].Name() == key {
			n.Entries[i].Value = document.NewScalar(text)
			return
		}
	}
	n.Add(key, document.NewScalar(text))
}

// unset puts a key of a mapping back to its default.
func unset(n *document.Node, keys ...string) {
	n.Entries = slices.DeleteFunc(n.Entries, func(e document.Entry) bool {
		return slices.Contains(keys, e.Name())
	})
}

// section is the mapping under a key, made if it is not there.
func section(n *document.Node, key string) *document.Node {
	if got := n.Get(key); got != nil {
		return got
	}
	made := document.NewMapping()
	n.Add(key, made)
	return made
}

// number is the whole number under a key; otherwise is what it is by default.
func number(n *document.Node, key string, otherwise int) int {
	if got := n.Get(key); got != nil {
		if value, err := strconv.Atoi(got.Text); err == nil {
			return value
		}
	}
	return otherwise
}

func parallelism(operator *document.Node) int { return number(operator, "parallelism", 1) }

// renameRoles changes the names that faults strike, and whatever else of a fault names a
// role.
func renameRoles(root *document.Node, rename func(role string) string) {
	faults := root.Get("faults")
	if faults == nil {
		return
	}
	for _, fault := range faults.Items {
		for i := range fault.Entries {
			roles := []*document.Node{fault.Entries[i].Value}
			if roles[0].Kind == document.Sequence {
				roles = roles[0].Items
			}
			if i > 0 && !slices.Contains([]string{"source", "sender", "receiver"}, fault.Entries[i].Name()) {
				continue
			}
			for _, role := range roles {
				role.Text = rename(role.Text)
			}
		}
	}
}

// withSubtasks is a renaming of roles after an operator has only so many subtasks.
func withSubtasks(id string, subtasks int) func(string) string {
	return func(role string) string {
		rest, found := strings.CutPrefix(role, id+"[")
		subtask, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
		if !found || err != nil || subtask < subtasks {
			return role
		}
		return id + "[0]"
	}
}

// among is a renaming of roles after there are only so many of their kind: the last one
// takes the place of those that are gone.
func among(prefix string, count int) func(string) string {
	return func(role string) string {
		rest, found := strings.CutPrefix(role, prefix)
		position, err := strconv.Atoi(rest)
		if !found || err != nil || position < count {
			return role
		}
		return prefix + strconv.Itoa(count-1)
	}
}

// leaf is a single value of a tree.
type leaf struct {
	parent *document.Node
	key    string
	value  *document.Node
	// name is its path, as --set has it.
	name string
}

// leaves are those of mappings at any depth, in their order. Lists are leaves, but for the
// graph's.
func leaves(root *document.Node) []leaf {
	var found []leaf
	var walk func(n *document.Node, path string)
	walk = func(n *document.Node, path string) {
		for i := range n.Entries {
			name, value := n.Entries[i].Name(), n.Entries[i].Value
			switch {
			case value.Kind == document.Mapping && len(value.Entries) > 0:
				walk(value, path+name+".")
			case path+name == "job.graph":
				for _, item := range value.Items {
					walk(item, path+name+"."+idOf(item)+".")
				}
			default:
				found = append(found, leaf{n, name, value, path + name})
			}
		}
	}
	walk(root, "")
	return found
}
