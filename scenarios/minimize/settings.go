package minimize

import (
	"slices"
	"strings"

	"simrun/scenarios/config/document"
	"simrun/sim"
)

// expectations are kept out of a small case: it is a record and not a wish, and what it
// has not reached any more would make a mended run vacuous.
func (s *search) dropExpectations() {
	s.edit("what the scenario is for", func(root *document.Node) {
		unset(root, "compare")
		if expect := root.Get("expect"); expect != nil && expect.Kind == document.Mapping {
			unset(expect, "reached", "class", "verdict")
		}
	})
}

// shrinkSettings puts settings back to their defaults: all, then chunk by chunk, then one
// by one. In later rounds hardly any goes that did not go before: they are tried one by one.
func (s *search) shrinkSettings() {
	size := len(s.settings())
	if s.round > 0 {
		size = min(size, 1)
	}
	for ; size > 0; size /= 2 {
		names := s.settings()
		for end := len(names); end > 0; end -= size {
			s.reset(names[max(end-size, 0):end])
		}
	}
}

// settings are the names of the leaves that have a default and are not at it.
func (s *search) settings() []string {
	var names []string
	for _, l := range leaves(s.best.Brief()) {
		if !needed(l.name) && !boundsInput(&l) {
			names = append(names, l.name)
		}
	}
	return names
}

// needed are leaves that say what the case is, what must stay as it is for the failure to
// be the same one, or what other passes shrink.
func needed(name string) bool {
	last := name[strings.LastIndex(name, ".")+1:]
	switch {
	case strings.HasPrefix(name, "job.graph."):
		return slices.Contains([]string{"id", "from", "parallelism"}, last) && strings.Count(name, ".") == 3
	case strings.HasPrefix(name, "cluster."):
		return slices.Contains([]string{"task-managers", "slots", "nodes", "job-managers"}, last)
	case strings.HasPrefix(name, "job."), strings.HasPrefix(name, "seed"):
		return false
	}
	return true
}

// boundsInput reports whether a setting is what keeps a source's input from being without
// end: its length, or where it has none, its rate.
func boundsInput(l *leaf) bool {
	switch l.key {
	case "records", "laps":
		return true
	case "rate", "speed", "steps":
		return l.parent.Get("records") == nil
	}
	return false
}

// reset tries to do without some settings.
func (s *search) reset(names []string) bool {
	what := "settings: " + strings.Join(names, ", ")
	if len(names) == 1 {
		what = "setting " + names[0]
	}
	return s.edit(what, func(root *document.Node) {
		for _, l := range leaves(root) {
			if slices.Contains(names, l.name) {
				unset(l.parent, l.key)
			}
		}
	})
}

// shrinkDistributions makes constants of what is drawn: its mean, or its lower bound.
func (s *search) shrinkDistributions() {
	for _, l := range leaves(s.best.Brief()) {
		if constant := constantOf(l.value); constant != "" {
			s.edit(l.name+" "+constant, func(root *document.Node) { assign(root, l.name, constant) })
		}
	}
}

// constantOf is what stands for a drawn value; "" for what is not drawn.
func constantOf(n *document.Node) string {
	if n.Kind == document.Sequence && len(n.Items) == 2 && n.Items[0].Kind == document.Scalar {
		return n.Items[0].Text
	}
	if n.Kind != document.Scalar || !strings.Contains(n.Text, "(") {
		return ""
	}
	d, err := sim.ParseDistribution(n.Text)
	if err != nil {
		return ""
	}
	return sim.Constant(d.MeanNanos()).String()
}

// assign gives a leaf of the tree another value.
func assign(root *document.Node, name, text string) {
	for _, l := range leaves(root) {
		if l.name == name {
			set(l.parent, l.key, text)
		}
	}
}
