package figures

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"simrun/protocol"
	"simrun/report/cells"
)

// timeline is what figures over the course of a run share: one slowdown and one seed.
type timeline struct {
	summary            *cells.Summary
	workload, slowdown int
}

// newTimeline takes the largest slowdown at which every protocol's median checkpoint
// completes, so that there is a course to see; the largest of all if there is none.
func newTimeline(s *cells.Summary, workload int) timeline {
	l := largestSlowdown(s, func(l int) bool {
		return everyCell(s, workload, l, func(c *cells.Cell) bool {
			return c.Estimates[cells.Duration].N > 0 && c.Estimates[cells.Duration].Median.IsExact()
		})
	})
	if l < 0 {
		l = len(s.Comparison.Slowdowns) - 1
	}
	return timeline{s, workload, l}
}

// each calls visit for the first seed's checkpoints under each protocol that has any.
func (t timeline) each(visit func(name protocol.Name, checkpoints []protocol.CheckpointStats)) {
	for p, name := range t.summary.Comparison.Protocols {
		c := t.summary.Cell(t.workload, t.slowdown, p)
		if len(c.Runs) > 0 && c.Runs[0] != nil && len(c.Runs[0].Outcome.Checkpoints) > 0 {
			visit(name, c.Runs[0].Outcome.Checkpoints)
		}
	}
}

// lastTrigger ends the picture: after it nothing is checkpointed any more.
func (t timeline) lastTrigger() (nanos int64) {
	t.each(func(_ protocol.Name, checkpoints []protocol.CheckpointStats) {
		nanos = max(nanos, checkpoints[len(checkpoints)-1].TriggerNanos)
	})
	return nanos
}

func (t timeline) figure(name, title, xLabel, yLabel string) *Figure {
	c := t.summary.Comparison
	p := newPlot()
	p.Add(horizontalGrid{})
	return &Figure{
		Name:  fileName(t.summary, t.workload, name),
		Title: title,
		Subtitle: fmt.Sprintf("%s at %sx · the run of seed %d", c.Workloads[t.workload],
			c.Slowdowns[t.slowdown], c.Seeds[0]),
		XLabel: xLabel, YLabel: yLabel, Plot: p,
	}
}

// Course is the duration of each checkpoint over the course of a run.
func Course(s *cells.Summary, workload int) *Figure {
	t := newTimeline(s, workload)
	f := t.figure("course", "Checkpoint duration over the course of a run",
		"Virtual time of the trigger", "End-to-end duration")
	var values []float64
	failures := false
	t.each(func(name protocol.Name, checkpoints []protocol.CheckpointStats) {
		d := &dots{style: styleOf(name)}
		for i := range checkpoints {
			c := &checkpoints[i]
			nanos := float64(c.EndToEndNanos)
			d.add(float64(c.TriggerNanos), nanos, c.Status != protocol.CheckpointSucceeded)
			failures = failures || c.Status != protocol.CheckpointSucceeded
			values = append(values, nanos)
		}
		f.Plot.Add(d)
		f.legend = append(f.legend, protocolEntry(name))
	})
	if len(values) == 0 {
		return nil
	}
	linearAxis(&f.Plot.X, float64(t.lastTrigger()), 0, timeQuantity)
	logAxis(&f.Plot.Y, values, 0, timeQuantity)
	if failures {
		f.legend = append(f.legend, crossEntry())
	}
	f.Caption = "Whether durations are steady or drift: a queue that still fills makes each checkpoint " +
		"longer than the one before."
	f.Reading = "One marker a checkpoint, at its trigger. A gap is a skipped trigger: the one before still " +
		"ran."
	return f
}

// Age is how old the latest completed checkpoint is, at every instant.
func Age(s *cells.Summary, workload int) *Figure {
	t := newTimeline(s, workload)
	f := t.figure("age", "Age of the latest completed checkpoint",
		"Virtual time", "Age: what a crash would roll back")
	var oldest float64
	t.each(func(name protocol.Name, checkpoints []protocol.CheckpointStats) {
		k := &curve{line: draw.LineStyle{Color: styleOf(name).colour, Width: vg.Points(1.2)}}
		k.xs, k.ys = ageOverTime(checkpoints, t.lastTrigger())
		for _, y := range k.ys {
			oldest = max(oldest, y)
		}
		f.Plot.Add(k)
		thick := draw.LineStyle{Color: k.line.Color, Width: vg.Points(2)}
		f.legend = append(f.legend, lineEntry(string(name), thick))
	})
	if len(f.legend) == 0 {
		return nil
	}
	linearAxis(&f.Plot.X, float64(t.lastTrigger()), 0, timeQuantity)
	linearAxis(&f.Plot.Y, oldest, 0, timeQuantity)
	f.Caption = "The recovery point objective at every instant: work since the trigger of the latest " +
		"completed checkpoint is done again after a crash."
	f.Reading = "Rises with time; at each completion it falls to that checkpoint's own duration."
	return f
}

// ageOverTime is a sawtooth: the corners of the time since the trigger of the latest
// completed checkpoint, from the start of the job.
func ageOverTime(checkpoints []protocol.CheckpointStats, endNanos int64) (xs, ys []float64) {
	add := func(at, since int64) {
		xs = append(xs, float64(at))
		ys = append(ys, float64(at-since))
	}
	var latest int64
	add(0, 0)
	for i := range checkpoints {
		c := &checkpoints[i]
		if c.Status != protocol.CheckpointSucceeded || c.CompletedNanos > endNanos {
			continue
		}
		add(c.CompletedNanos, latest)
		latest = c.TriggerNanos
		add(c.CompletedNanos, latest)
	}
	add(endNanos, latest)
	return xs, ys
}

// dots are single checkpoints, joined by a pale line; failed ones are crosses.
type dots struct {
	style  style
	xs, ys []float64
	failed []bool
}

func (d *dots) add(x, y float64, failed bool) {
	d.xs, d.ys, d.failed = append(d.xs, x), append(d.ys, y), append(d.failed, failed)
}

// Plot implements plot.Plotter.
func (d *dots) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	line := make([]vg.Point, len(d.xs))
	for i := range d.xs {
		line[i] = vg.Point{X: x(d.xs[i]), Y: y(max(d.ys[i], p.Y.Min))}
	}
	c.StrokeLines(draw.LineStyle{Color: d.style.pale(), Width: vg.Points(1.2)}, line)
	for i, at := range line {
		if d.failed[i] {
			cross(&c, at, d.style)
			continue
		}
		d.style.mark(&c, at, markerRadius*0.8, false)
	}
}

// cross is the mark of a failed checkpoint.
func cross(c *draw.Canvas, at vg.Point, s style) {
	const r = 3.2
	ls := draw.LineStyle{Color: s.colour, Width: vg.Points(1.6)}
	c.StrokeLine2(ls, at.X-r, at.Y-r, at.X+r, at.Y+r)
	c.StrokeLine2(ls, at.X-r, at.Y+r, at.X+r, at.Y-r)
}

func crossEntry() entry {
	return entry{"failed or expired", func(c *draw.Canvas, left, right, middle vg.Length) {
		cross(c, vg.Point{X: (left + right) / 2, Y: middle}, style{colour: ink})
	}}
}
