package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"simrun/report/cells"
	"simrun/report/figures"
	"simrun/scenarios/result"
)

//go:embed index.tmpl
var indexTemplate string

//go:embed style.css
var styleSheet string

var index = template.Must(template.New("index").Parse(indexTemplate))

// view is what the template shows.
type view struct {
	Title, Command, Lead string
	Style                template.CSS
	Interval             string
	Protocols            []protocolView
	Common               []result.Condition
	Vacuous              []noteView
	Workloads            []workloadView
	Files                []fileView
}

type workloadView struct {
	ID, Name   string
	Conditions []result.Condition
	Headings   []string
	Rows       []rowView
	Figures    []figureView
	Notes      []noteView
}

type figureView struct {
	*figures.Figure
	SVG template.HTML
}

type fileView struct{ Name, What string }

// Write writes the page of s with each workload's figures, in the order of the comparison's
// workloads.
func Write(w io.Writer, s *cells.Summary, byWorkload [][]*figures.Figure) error {
	c := s.Comparison
	v := view{
		Title: "Checkpoint protocols under backpressure", Command: c.Command, Lead: lead(c),
		Style: template.CSS(styleSheet), Interval: intervalWords(len(c.Seeds)),
		Protocols: protocolViews(c.Protocols), Common: conditionsOf(c, ""), Files: fileViews(),
	}
	for _, cell := range s.Vacuous() {
		where := cell.Workload + ", " + cellName(cell)
		v.Vacuous = append(v.Vacuous, noteView{where, strings.Join(cell.Notes, "; ")})
	}
	for i, name := range c.Workloads {
		workload, err := newWorkloadView(s, i, byWorkload[i])
		if err != nil {
			return err
		}
		workload.ID, workload.Name = figures.Slug(name), name
		v.Workloads = append(v.Workloads, workload)
	}
	return index.Execute(w, v)
}

func newWorkloadView(s *cells.Summary, workload int, drawn []*figures.Figure) (workloadView, error) {
	v := workloadView{
		Conditions: conditionsOf(s.Comparison, s.Comparison.Workloads[workload]),
		Headings:   headings(s), Rows: rows(s, workload), Notes: notes(s, workload),
	}
	for _, f := range drawn {
		svg, err := f.Inline()
		if err != nil {
			return v, err
		}
		v.Figures = append(v.Figures, figureView{f, template.HTML(svg)})
	}
	return v, nil
}

// lead says in a sentence what was compared.
func lead(c *result.Comparison) string {
	names := make([]string, len(c.Protocols))
	for i, p := range c.Protocols {
		names[i] = string(p)
	}
	return fmt.Sprintf("%s on %s, slowdowns %s, %d seeds: %d runs. All protocols of a seed see the same "+
		"arrivals, service times, latencies and failures; what differs between them is the protocol.",
		strings.Join(names, ", "), strings.Join(c.Workloads, ", "), strings.Join(c.Slowdowns, ", "),
		len(c.Seeds), len(c.Runs))
}

// conditionsOf are those of one workload, or of all of them.
func conditionsOf(c *result.Comparison, workload string) (some []result.Condition) {
	for _, condition := range c.Conditions {
		if condition.Workload == workload {
			some = append(some, condition)
		}
	}
	return some
}

func fileViews() []fileView {
	return []fileView{
		{"cells.csv", "every cell: all metrics with their intervals, failures, closed forms, ratios to " +
			"aligned"},
		{"checkpoints.csv", "every checkpoint of every run"},
		{"recoveries.csv", "every recovery, in its four parts"},
		{"cells.jsonl", "the same as simrun compare --json"},
		{"figures/", "all figures as SVG and PNG"},
	}
}
