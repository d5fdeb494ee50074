package minimize

import (
	"slices"
	"strconv"

	"simrun/scenarios/config/document"
)

// shrinkGraph drops operators, those behind first: a whole branch, or one operator whose
// inputs then go to those that read from it.
func (s *search) shrinkGraph() {
	for position := len(s.best.Job.Graph) - 1; position >= 0; position-- {
		if position >= len(s.best.Job.Graph) {
			continue
		}
		id := s.best.Job.Graph[position].ID
		what := "operator " + id
		_ = s.edit("branch from "+id, func(root *document.Node) { dropBranch(root, id) }) ||
			s.edit(what, func(root *document.Node) { splice(root, id, false) }) ||
			s.edit(what, func(root *document.Node) { splice(root, id, true) }) ||
			s.edit(what, func(root *document.Node) { spliceStruck(root, id) })
	}
}

// dropBranch takes an operator out of the graph, and everything that then reads from
// nothing.
func dropBranch(root *document.Node, id string) {
	graph := root.Find("job.graph")
	gone := []string{id}
	for i := 0; i < len(gone); i++ {
		graph.Items = slices.DeleteFunc(graph.Items, func(o *document.Node) bool { return idOf(o) == gone[i] })
		for _, operator := range graph.Items {
			from := operator.Get("from")
			if from == nil {
				continue
			}
			from.Items = slices.DeleteFunc(from.Items, func(in *document.Node) bool { return idOf(in) == gone[i] })
			if len(from.Items) == 0 && !slices.Contains(gone, idOf(operator)) {
				gone = append(gone, idOf(operator))
			}
		}
	}
}

// splice takes an operator out of the graph and joins what it read from to what read from
// it. Records travel as they did from it or, if plain, as Flink's API would have them.
func splice(root *document.Node, id string, plain bool) {
	graph := root.Find("job.graph")
	var inputs []*document.Node
	for _, operator := range graph.Items {
		if idOf(operator) == id {
			inputs = inputsOf(operator)
		}
	}
	for _, operator := range graph.Items {
		from := operator.Get("from")
		if from == nil {
			continue
		}
		var joined []*document.Node
		for _, in := range from.Items {
			if idOf(in) != id {
				joined = append(joined, in)
				continue
			}
			for _, before := range inputs {
				joined = append(joined, bypass(in, idOf(before), plain))
			}
		}
		from.Items = joined
	}
	graph.Items = slices.DeleteFunc(graph.Items, func(o *document.Node) bool { return idOf(o) == id })
}

// bypass is an input that reads from another operator.
func bypass(in *document.Node, id string, plain bool) *document.Node {
	if plain || in.Kind == document.Scalar {
		return document.NewText(id)
	}
	other := document.NewMapping().Add("id", document.NewText(id))
	for i := range in.Entries {
		if in.Entries[i].Name() != "id" {
			other.Add(in.Entries[i].Name(), in.Entries[i].Value)
		}
	}
	return other
}

// spliceStruck is splice for an operator that faults strike: they strike the one before it.
func spliceStruck(root *document.Node, id string) {
	for _, operator := range operators(root) {
		if inputs := inputsOf(operator); idOf(operator) == id && len(inputs) > 0 {
			renameRoles(root, func(role string) string {
				if role == id || len(role) > len(id) && role[:len(id)+1] == id+"[" {
					return idOf(inputs[0]) + role[len(id):]
				}
				return role
			})
		}
	}
	splice(root, id, true)
}

// shrinkParallelism tries one subtask for every operator, then two, and then for each by
// itself and together with those that it reads from.
func (s *search) shrinkParallelism() {
	for _, wanted := range []int{1, 2} {
		s.edit("parallelism "+strconv.Itoa(wanted), func(root *document.Node) {
			for _, operator := range operators(root) {
				narrow(root, operator, wanted)
			}
		})
	}
	for position := range s.best.Job.Graph {
		id, now := s.best.Job.Graph[position].ID, s.best.Job.Graph[position].Parallelism
		for wanted := 1; wanted < now; wanted *= 2 {
			what := "parallelism of " + id + " " + strconv.Itoa(now) + " → " + strconv.Itoa(wanted)
			if s.edit(what, func(root *document.Node) { narrow(root, operators(root)[position], wanted) }) ||
				s.edit(what, func(root *document.Node) { narrowUpwards(root, position, wanted) }) {
				break
			}
		}
	}
}

// narrow gives an operator at most so many subtasks.
func narrow(root, operator *document.Node, subtasks int) {
	if parallelism(operator) > subtasks {
		set(operator, "parallelism", strconv.Itoa(subtasks))
		renameRoles(root, withSubtasks(idOf(operator), subtasks))
	}
}

// narrowUpwards narrows an operator with those directly before it.
func narrowUpwards(root *document.Node, position, subtasks int) {
	operator := operators(root)[position]
	narrow(root, operator, subtasks)
	for _, in := range inputsOf(operator) {
		for _, other := range operators(root) {
			if idOf(other) == idOf(in) {
				narrow(root, other, subtasks)
			}
		}
	}
}
