package minimize

import (
	"slices"
	"strconv"
	"strings"

	"simrun/faults/shrink"
	"simrun/scenarios/config/document"
	"simrun/scenarios/config/units"
	"simrun/scenarios/result"
)

const intervalOption = "execution.checkpointing.interval"

// shrinkCheckpoints looks for fewer checkpoints: a longer interval, or none at all.
func (s *search) shrinkCheckpoints() {
	interval := s.best.Job.Config.Checkpointing.IntervalNanos
	fewer := func(o *result.Outcome) bool { return len(o.Checkpoints) < len(s.outcome.Checkpoints) }
	for _, times := range []int64{10, 5, 2} {
		if interval > 0 && s.editIf("checkpoint interval × "+strconv.FormatInt(times, 10), fewer,
			func(root *document.Node) { setInterval(root, interval*times) }) {
			return
		}
	}
	shrink.Round(interval, func(rounded int64) bool {
		return s.edit("checkpoint interval "+units.FormatDuration(rounded),
			func(root *document.Node) { setInterval(root, rounded) })
	})
}

func setInterval(root *document.Node, nanos int64) {
	set(section(section(root, "job"), "configuration"), intervalOption, units.FormatDuration(nanos))
}

// shrinkTime makes the whole story shorter: everything that happens at a time at a tenth, a
// fifth or half of it, with as much less input; then the end of the run, if it has one;
// then faster sources.
func (s *search) shrinkTime() {
	for _, divisor := range []int64{10, 5, 2} {
		for s.shorten(divisor) {
		}
	}
	s.endAtFailure()
	shrink.Lower(s.best.Run.ForNanos, millisecond, func(nanos int64) bool {
		return nanos > 0 && s.edit("run for "+units.FormatDuration(nanos), func(root *document.Node) {
			set(section(root, "run"), "for", units.FormatDuration(nanos))
		})
	})
	for _, l := range s.graphLeaves() {
		if value, write, ok := numberIn(l.value.Text); ok && strings.HasSuffix(l.value.Text, "/s") {
			for _, times := range []int64{10, 2} {
				text := write(value * times)
				if s.editIf(l.name+" "+l.value.Text+" → "+text, s.shorter,
					func(root *document.Node) { assign(root, l.name, text) }) {
					break
				}
			}
		}
	}
}

// endAtFailure ends the run when the violation has been seen, to the next round second or
// tenth of it.
func (s *search) endAtFailure() {
	if s.want.verdict != result.Violation {
		return
	}
	seen := s.outcome.Violations[0].AtNanos
	for _, grid := range []int64{1000 * millisecond, 100 * millisecond} {
		end := units.FormatDuration((seen/grid + 1) * grid)
		if s.editIf("run for "+end, s.shorter,
			func(root *document.Node) { set(section(root, "run"), "for", end) }) {
			return
		}
	}
}

// shorten divides times and input by a number.
func (s *search) shorten(divisor int64) bool {
	if s.over() {
		return false
	}
	base := s.best.Clone()
	base.Faults = slices.Clone(base.Faults)
	for i := range base.Faults {
		f := &base.Faults[i]
		f.AtNanos /= divisor
		if f.LastsNanos > 0 {
			f.LastsNanos = max(f.LastsNanos/divisor, 1)
		}
	}
	candidate, err := base.Edited(func(root *document.Node) {
		if interval := base.Job.Config.Checkpointing.IntervalNanos; interval > 0 {
			setInterval(root, max(interval/divisor/millisecond, 10)*millisecond)
		}
		if base.Run.ForNanos > 0 {
			set(section(root, "run"), "for", units.FormatDuration(max(base.Run.ForNanos/divisor, millisecond)))
		}
		for i := range base.Job.Graph {
			if from := base.Job.Graph[i].Does.Source; from != nil && from.Records > 0 {
				set(root.Find("job.graph."+base.Job.Graph[i].ID+".source"), "records",
					strconv.FormatInt(max(from.Records/divisor, 1), 10))
			}
		}
	})
	return s.consider("all times and input ÷ "+strconv.FormatInt(divisor, 10), candidate, err, s.shorter)
}
