package config

import (
	"strings"

	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/runtime"
	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
	"simrun/scenarios/result"
)

// Error is something wrong in a scenario or case file.
type Error = document.Error

// Scenario is a scenario file, read and resolved.
type Scenario struct {
	Name string
	// Teaches is the comment that the file opens with.
	Teaches string
	// Seed is the one to run with if nothing else is said.
	Seed    uint64
	Cluster runtime.Cluster
	Job     Job
	Faults  plan.Plan
	Run     Run
	// Compare says how the scenario is compared; nil when it is not meant to be.
	Compare *Compare
	Expect  Expect

	options optionValues
	files   Files
	root    *document.Node
}

// Run says how long a run goes on and how closely it is watched.
type Run struct {
	// ForNanos ends the job (it is cancelled) at this virtual time; 0: when its input is
	// used up.
	ForNanos int64
	// ConvergeWithinNanos is how long after the last fault, or the start, the job may go
	// without progress before it counts as stuck.
	ConvergeWithinNanos int64
	// Budget is how many messages and timers may be delivered before a run that has not
	// ended counts as stuck; 0: any number.
	Budget uint64
	// WarmUpNanos are left out of measures.
	WarmUpNanos int64
	// Detailed runs emit an event per record, for exact lineage.
	Detailed bool
	// Deliveries, when not empty, say at each turn which of the paths to a process delivers
	// next (runtime.Options.Deliveries).
	Deliveries []int
	// Branch, if not nil, is where the run takes another future (runtime.Branch).
	Branch *runtime.Branch
	// Bug is the planted bug to switch on; NoBug in a healthy run.
	Bug protocol.Bug
}

// Expect is what a scenario declares of its runs.
type Expect struct {
	Verdict result.Verdict
	// Class is that of the violation, where one is expected.
	Class string
	// Guarantee overrides what checkers hold the job to; "" follows from the protocol.
	Guarantee Guarantee
	// Reached are marks that a run must hit.
	Reached []string
}

// Guarantee is what a job promises of its effects, by Flink's names.
type Guarantee string

// The guarantees of Flink's DeliveryGuarantee.
const (
	ExactlyOnce Guarantee = "exactly-once"
	AtLeastOnce Guarantee = "at-least-once"
	NoGuarantee Guarantee = "none"
)

// DefaultSeed is the seed of a scenario that names none.
const DefaultSeed uint64 = 1

func newScenario() *Scenario {
	s := &Scenario{Seed: DefaultSeed, Cluster: defaultCluster(), Run: Run{ConvergeWithinNanos: 10 * 60e9}}
	s.Job.Config = DefaultOptions()
	s.Expect.Verdict = result.OK
	s.options = optionValues{config: &s.Job.Config, given: map[string]*document.Node{}}
	return s
}

func (s *Scenario) object() binding.Object {
	return binding.Object{What: "scenario", Fields: []binding.Field{
		{Name: "name", Value: binding.Text(&s.Name), Required: true, Doc: "What the scenario is called."},
		{Name: "seed", Value: binding.Count(&s.Seed, 0, binding.Unbounded),
			Doc: "The seed to run with by default."},
		{Name: "cluster", Value: clusterFields(s), Doc: "The machines, and what joins them."},
		{Name: "job", Value: jobFields(s), Required: true, Doc: "What runs on them."},
		{Name: "faults", Value: faultList(&s.Faults), Doc: "What goes wrong, and when."},
		{Name: "run", Value: runFields(&s.Run), Doc: "How long a run goes on."},
		{Name: "compare", Value: binding.Optional(&s.Compare, newCompare, compareFields),
			Doc: "How protocols are compared on the scenario."},
		{Name: "expect", Value: expectFields(&s.Expect), Doc: "What a run must come to."},
	}}
}

func runFields(r *Run) binding.Object {
	return binding.Object{What: "run", Fields: []binding.Field{
		{Name: "for", Value: binding.DurationOr(&r.ForNanos, "ever", 0),
			Doc: "Virtual time after which the job is cancelled; ever is until its input is used up."},
		{Name: "converge-within", Value: binding.DurationAtLeast(&r.ConvergeWithinNanos, 1e9),
			Doc: "Virtual time without progress, after the last fault, at which the job counts as stuck."},
		{Name: "budget", Value: binding.Count(&r.Budget, 0, binding.Unbounded),
			Doc: "Messages and timers after which a run that has not ended counts as stuck; 0 is any number."},
		{Name: "warm-up", Value: binding.Duration(&r.WarmUpNanos),
			Doc: "Virtual time that measures leave out."},
		{Name: "detailed", Value: binding.Flag(&r.Detailed),
			Doc: "Emit an event per record, to prove lineage exactly."},
		{Name: "deliveries", Value: binding.List(&r.Deliveries, zero[int], deliveryChoice),
			Doc: "Which of several senders is heard next, turn by turn, from 0; " +
				"without it the network decides."},
		{Name: "branch", Value: binding.Optional(&r.Branch, newBranch, branchFields),
			Doc: "Another future: what happens from a moment on is drawn from another seed."},
		{Name: "planted-bug", Value: binding.Choice(&r.Bug, "planted bug", bugWords()...),
			Doc: "A real bug to bring back, to see that it is reported."},
	}}
}

func newBranch() runtime.Branch { return runtime.Branch{} }

func branchFields(b *runtime.Branch) binding.Value {
	return binding.Object{What: "branch", Fields: []binding.Field{
		{Name: "at", Value: binding.Duration(&b.AtNanos), Required: true, Doc: "Virtual time of the first change."},
		{Name: "seed", Value: binding.Count(&b.Seed, 0, binding.Unbounded), Required: true,
			Doc: "The seed of what follows; input and service times stay those of the run's."},
		{Name: "jitter", Value: binding.Duration(&b.JitterNanos),
			Doc: "How much longer every message between processes may take from then on."},
	}}
}

func deliveryChoice(choice *int) binding.Value { return binding.Count(choice, 0, 1000) }

// bugWords are those of protocol.Bug by number, with a word for none.
func bugWords() []string { return append([]string{"none"}, protocol.BugWords()...) }

// verdicts that a scenario may expect; a single run that is vacuous is never what was
// wanted.
var verdicts = []result.Verdict{result.OK, result.Failed, result.Stuck, result.Violation}

func expectFields(e *Expect) binding.Object {
	return binding.Object{What: "expect", Fields: []binding.Field{
		{Name: "verdict", Value: binding.Word(&e.Verdict, "verdict", verdicts),
			Doc: "How the run is to be judged."},
		{Name: "class", Value: binding.Text(&e.Class), Doc: "Class of the violation, where one is expected."},
		{Name: "guarantee", Value: binding.Word(&e.Guarantee, "guarantee",
			[]Guarantee{ExactlyOnce, AtLeastOnce, NoGuarantee}),
			Doc: "What checkers hold the job to; by default what its protocol promises."},
		{Name: "reached", Value: binding.List(&e.Reached, zero[string], markWord),
			Doc: "What must have happened, or the run is vacuous."},
	}}
}

func markWord(word *string) binding.Value {
	return binding.Word(word, "mark", protocol.MarkWords())
}

func protocolNames() []protocol.Name { return protocol.Names() }

// node is where a path of the file stands, or its nearest ancestor.
func (s *Scenario) node(path string) *document.Node {
	if s.root == nil {
		return nil
	}
	return s.root.Find(path)
}

// Summary is the first sentence of what the scenario teaches.
func (s *Scenario) Summary() string {
	text := strings.ReplaceAll(s.Teaches, "\n", " ")
	end := len(text)
	for _, stop := range []string{". ", "? "} {
		if at := strings.Index(text, stop); at >= 0 {
			end = min(end, at+1)
		}
	}
	return text[:end]
}

// YAML is the scenario with every leaf written out; it loads back to the same.
func (s *Scenario) YAML() []byte {
	return s.tree().YAML()
}

func (s *Scenario) tree() *document.Node {
	tree := s.Clone().object().Write()
	tree.Comment = s.Teaches
	return tree
}
