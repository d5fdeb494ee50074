package config

import (
	"fmt"
	"strconv"

	"simrun/scenarios/config/binding"
	"simrun/scenarios/config/document"
	"simrun/scenarios/result"
	"simrun/sim"
)

// FormatVersion is the form of case files. A file of another form is refused.
const FormatVersion = 1

// ModelVersion is raised when a golden digest changes on purpose: a case file of another
// model may well run differently, and replay says so.
const ModelVersion = 2

// Case is one run to be repeated: a scenario with everything resolved, its seed and plan,
// and what came of it.
type Case struct {
	Format, Model int
	// Seed of the run; the scenario's Faults are its plan.
	Seed     uint64
	Scenario *Scenario
	// Bug is the planted bug that was on; may be empty.
	Bug     string
	Verdict result.Verdict
	// Class and Signature are those of the first violation; may be empty.
	Class, Signature string
	Events           uint64
	Digest           uint64
	// Trail are digests on the way, so that a divergence can be placed.
	Trail []sim.Mark
}

// NewCase is a case of this version of simrun.
func NewCase(s *Scenario, seed uint64) *Case {
	return &Case{
		Format: FormatVersion, Model: ModelVersion, Seed: seed, Scenario: s, Bug: s.Run.Bug.String(),
	}
}

// caseVerdicts are all verdicts, vacuous too: a case is a record, not a wish.
var caseVerdicts = []result.Verdict{result.OK, result.Vacuous, result.Failed, result.Stuck, result.Violation}

func (c *Case) object() binding.Object {
	return binding.Object{What: "case", Fields: []binding.Field{
		{Name: "format", Value: binding.Count(&c.Format, 0, binding.Unbounded), Required: true,
			Doc: "Form of the case file."},
		{Name: "model", Value: binding.Count(&c.Model, 0, binding.Unbounded), Required: true,
			Doc: "Version of the model that made the record."},
		{Name: "seed", Value: binding.Count(&c.Seed, 0, binding.Unbounded), Required: true,
			Doc: "The run's seed."},
		{Name: "bug", Value: binding.Text(&c.Bug), Doc: "Planted bug that was on."},
		{Name: "verdict", Value: binding.Word(&c.Verdict, "verdict", caseVerdicts), Required: true,
			Doc: "How the run was judged."},
		{Name: "class", Value: binding.Text(&c.Class), Doc: "Class of its first violation."},
		{Name: "signature", Value: binding.Text(&c.Signature), Doc: "Signature of its first violation."},
		{Name: "events", Value: binding.Count(&c.Events, 0, binding.Unbounded), Required: true,
			Doc: "Events of the run."},
		{Name: "digest", Value: digestValue(&c.Digest), Required: true, Doc: "Digest of the run's events."},
		{Name: "trail", Value: binding.List(&c.Trail, zero[sim.Mark], trailMark),
			Doc: "Digests on the way, as {events, digest}."},
		{Name: "scenario", Value: scenarioValue(c), Required: true,
			Doc: "The scenario, resolved; its faults are the run's plan."},
	}}
}

func trailMark(m *sim.Mark) binding.Value {
	return binding.Object{What: "mark of the trail", Fields: []binding.Field{
		{Name: "events", Value: binding.Count(&m.Count, 0, binding.Unbounded), Required: true,
			Doc: "After so many events."},
		{Name: "digest", Value: digestValue(&m.Digest), Required: true, Doc: "The digest was this."},
	}}
}

// digestValue binds a digest, in hexadecimal.
func digestValue(p *uint64) binding.Value {
	return binding.Custom{
		ReadFunc: func(n *document.Node) error {
			value, err := strconv.ParseUint(n.Text, 16, 64)
			if n.Kind != document.Scalar || err != nil || len(n.Text) != 16 {
				return document.Errorf(n, "16 hexadecimal digits", "%q is not a digest", n.Text)
			}
			*p = value
			return nil
		},
		WriteFunc:  func() *document.Node { return document.NewText(FormatDigest(*p)) },
		SchemaNode: document.NewMapping().Add("type", document.NewText("string")),
	}
}

// FormatDigest is a digest as case files and golden lists write it.
func FormatDigest(digest uint64) string { return fmt.Sprintf("%016x", digest) }

// scenarioValue binds the whole scenario; reading it checks it as Load does.
func scenarioValue(c *Case) binding.Value {
	return binding.Custom{
		ReadFunc: func(n *document.Node) error {
			s, err := fromTree(n, c.files())
			c.Scenario = s
			return err
		},
		WriteFunc:  func() *document.Node { return c.Scenario.tree() },
		SchemaNode: newScenario().object().Schema(),
	}
}

// files are those that the case is being loaded with.
func (c *Case) files() Files {
	if c.Scenario == nil || c.Scenario.files == nil {
		return NoFiles{}
	}
	return c.Scenario.files
}

// YAML is the case file: it loads back to the same.
func (c *Case) YAML() []byte {
	n := c.object().Write()
	n.Comment = "simrun replay FILE runs this case again: the same scenario, seed and faults, event by event."
	return n.YAML()
}

// LoadCase reads a case file. The error is an *Error: the file is not readable, of
// another form, or its scenario is wrong.
func LoadCase(name string, text []byte, files Files) (*Case, error) {
	root, err := document.Parse(name, text)
	if err != nil {
		return nil, err
	}
	if err := checkFormat(root); err != nil {
		return nil, err
	}
	c := &Case{Scenario: &Scenario{files: files}}
	if err := c.object().Read(root); err != nil {
		return nil, err
	}
	if err := c.checkBug(root); err != nil {
		return nil, err
	}
	return c, nil
}

// checkBug: which bug was on is said twice, for readers and for the run. Who edits one of
// them must know of the other.
func (c *Case) checkBug(root *document.Node) error {
	said := bugWords()[c.Scenario.Run.Bug]
	if node := root.Get("bug"); node != nil && c.Bug != said {
		return document.Errorf(node, said+", or the same word at both places",
			"bug is %s, but planted-bug in scenario.run is %s", c.Bug, said)
	}
	c.Bug = c.Scenario.Run.Bug.String()
	return nil
}

// checkFormat refuses other forms before their keys are found to be unknown.
func checkFormat(root *document.Node) error {
	format := root.Get("format")
	if format == nil || root.Kind != document.Mapping {
		return document.Errorf(root, "format: 1, with seed, digest and scenario", "this is not a case file")
	}
	if format.Text != strconv.Itoa(FormatVersion) {
		return document.Errorf(format, strconv.Itoa(FormatVersion),
			"the case file has format %s, which this simrun cannot read", format.Text)
	}
	return nil
}
