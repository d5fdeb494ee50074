package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime/rpc"
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

// checkFaults: faults strike what is there, at steps that there are.
func (s *Scenario) checkFaults() error {
	for i := range s.Faults {
		f, at := &s.Faults[i], "faults."+strconv.Itoa(i)+"."
		roles := s.Roles(f.Kind)
		if f.Step != "" {
			roles = append(hereWords(roles), roles...)
		}
		for _, target := range f.Targets {
			if target != "" && !slices.Contains(roles, target) {
				return s.unknownRole(at+f.Kind.String(), f.Kind, target, roles)
			}
		}
		processes := s.Roles(protocol.FaultPause)
		if f.Sender != "" && !slices.Contains(processes, f.Sender) {
			return s.unknownRole(at+"sender", f.Kind, f.Sender, processes)
		}
		if f.Receiver != "" && !slices.Contains(processes, f.Receiver) {
			return s.unknownRole(at+"receiver", f.Kind, f.Receiver, processes)
		}
		if err := s.checkStep(i); err != nil {
			return err
		}
	}
	return nil
}

// hereWords are the words for whoever makes a step that stand for one of the roles.
func hereWords(roles []string) (words []string) {
	isTask := func(role string) bool { return strings.HasSuffix(role, "]") }
	processes := slices.Contains(roles, "task-manager-0")
	if processes || slices.ContainsFunc(roles, isTask) {
		words = append(words, protocol.Here)
	}
	if processes {
		words = append(words, protocol.HereProcess)
	}
	if slices.Contains(roles, "node-0") {
		words = append(words, protocol.HereNode)
	}
	return words
}

// checkStep: the step at which a fault strikes exists, and so does who is to make it.
func (s *Scenario) checkStep(i int) error {
	f := &s.Faults[i]
	if f.Step == "" {
		return nil
	}
	at := func(key string) *document.Node { return s.node("faults." + strconv.Itoa(i) + "." + key) }
	_, named := protocol.ParseStep(f.Step)
	_, event := protocol.EventStep(f.Step)
	switch makers := s.Roles(protocol.FaultCrash); {
	case !named && !event:
		unknown := document.Errorf(at("step"), "a step that `simrun list` shows", "%q is no protocol step", f.Step)
		unknown.Nearest = protocol.Nearest(f.Step, protocol.StepWords())
		return unknown
	case event && f.Moment == protocol.Before:
		return document.Errorf(at("step"), "a named step, or no `before`",
			"%q is an event: nothing can strike before it", f.Step)
	case f.Of != "" && !slices.Contains(makers, f.Of):
		unknown := document.Errorf(at("of"), strings.Join(brief(makers), ", "), "%q makes no steps", f.Of)
		unknown.Nearest = protocol.Nearest(f.Of, makers)
		return unknown
	}
	return nil
}

func (s *Scenario) unknownRole(path string, kind protocol.FaultKind, role string, roles []string) error {
	unknown := document.Errorf(s.node(path), strings.Join(brief(roles), ", "),
		"%s cannot strike %q: there is no such role", kind, role)
	unknown.Nearest = protocol.Nearest(role, roles)
	return unknown
}

// brief leaves out the single subtasks where there are many roles.
func brief(roles []string) []string {
	return slices.DeleteFunc(slices.Clone(roles), func(role string) bool { return strings.HasSuffix(role, "]") })
}

// Roles lists what a kind of fault can strike: operators and their subtasks ("db",
// "db[1]"), processes ("task-manager-0"), nodes, external systems, the storage.
func (s *Scenario) Roles(kind protocol.FaultKind) []string {
	var tasks, operators, processes, nodes, externals []string
	for i := range s.Job.Graph {
		o := &s.Job.Graph[i]
		operators = append(operators, o.ID)
		for subtask := range o.Parallelism {
			tasks = append(tasks, o.ID+"["+strconv.Itoa(subtask)+"]")
		}
		if o.Does.Sink != nil {
			externals = append(externals, o.Does.Sink.spec(o.ID).External)
		}
	}
	for i := range s.Cluster.TaskManagers {
		processes = append(processes, "task-manager-"+strconv.Itoa(i))
	}
	for i := range s.Cluster.JobManagers {
		processes = append(processes, "job-manager-"+strconv.Itoa(i))
		nodes = append(nodes, "node-job-manager-"+strconv.Itoa(i))
	}
	for i := range s.Cluster.Nodes {
		nodes = append(nodes, "node-"+strconv.Itoa(i))
	}
	for _, external := range externals {
		nodes = append(nodes, "node-"+external)
	}
	return struckBy(kind, tasks, operators, processes, nodes, externals)
}

func struckBy(kind protocol.FaultKind, tasks, operators, processes, nodes, externals []string) []string {
	switch kind {
	case protocol.FaultCrash:
		return slices.Concat(processes, externals, operators, tasks)
	case protocol.FaultThrow:
		return slices.Concat(operators, tasks)
	case protocol.FaultSlow, protocol.FaultStall:
		return slices.Concat(operators, externals, []string{"storage"}, tasks)
	case protocol.FaultPartition, protocol.FaultIsolate:
		return slices.Concat(processes, nodes, externals, []string{"storage"})
	case protocol.FaultDelay, protocol.FaultHold, protocol.FaultReset, protocol.FaultJitter,
		protocol.FaultThrottle:
		return slices.Concat(processes, nodes, externals)
	case protocol.FaultFail:
		return []string{"storage"}
	case protocol.FaultPause:
		return slices.Concat(processes, nodes, externals)
	case protocol.FaultLose, protocol.FaultDuplicate, protocol.FaultReorder:
		return append(rpc.ControlMessageNames(), plan.AnyMessage)
	}
	return nil
}
