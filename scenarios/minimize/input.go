package minimize

import (
	"slices"
	"strconv"
	"strings"

	"simrun/faults/shrink"
	"simrun/scenarios/config"
	"simrun/scenarios/config/document"
	"simrun/scenarios/config/units"
	"simrun/scenarios/result"
)

// shrinkInput takes records away, makes recorded and generated streams plain ones, and
// lowers the numbers of sources and operators.
func (s *search) shrinkInput() {
	for i := range s.best.Job.Graph {
		if from := s.best.Job.Graph[i].Does.Source; from != nil {
			s.plainSource(s.best.Job.Graph[i].ID, from)
		}
	}
	s.fewerRecords()
	for _, l := range s.graphLeaves() {
		s.lowerLeaf(l)
	}
}

// plainSource replaces a data set, or NexMark, by evenly spread keys: whoever reads the
// case need not know them.
func (s *search) plainSource(id string, from *config.Source) {
	if from.Synthetic != nil && from.Records > 0 {
		return
	}
	records := max(s.outcome.Records/int64(max(s.sources(), 1)), 1)
	perSecond := max(records*1e9/max(s.outcome.VirtualNanos, 1), 1)
	for _, rate := range []string{"unlimited", strconv.FormatInt(perSecond, 10) + "/s"} {
		if s.edit("source "+id+": synthetic", func(root *document.Node) {
			source := root.Find("job.graph." + id + ".source")
			unset(source, "file", "nexmark", "speed", "laps", "lap-gap", "by-partition", "columns", "hot-auctions",
				"hot-sellers", "hot-bidders", "event-time-step")
			if from.Synthetic == nil {
				source.Add("synthetic", document.NewText("uniform"))
			}
			if from.Rate.Num == 0 {
				set(source, "rate", rate)
			}
			set(source, "records", strconv.FormatInt(records, 10))
		}) {
			return
		}
	}
}

func (s *search) sources() int {
	count := 0
	for i := range s.best.Job.Graph {
		if s.best.Job.Graph[i].Does.Source != nil {
			count++
		}
	}
	return count
}

// fewerRecords shortens the input of all sources alike, then of each.
func (s *search) fewerRecords() {
	most := int64(0)
	for i := range s.best.Job.Graph {
		if from := s.best.Job.Graph[i].Does.Source; from != nil {
			most = max(most, from.Records)
		}
	}
	base := s.best
	shrink.Lower(most, 1, func(records int64) bool {
		return s.edit("records "+strconv.FormatInt(most, 10)+" → "+strconv.FormatInt(records, 10),
			func(root *document.Node) {
				for i := range base.Job.Graph {
					o := &base.Job.Graph[i]
					if o.Does.Source != nil && o.Does.Source.Records > 0 && i < len(s.best.Job.Graph) {
						share := max(o.Does.Source.Records*records/most, 1)
						set(root.Find("job.graph."+o.ID+".source"), "records", strconv.FormatInt(share, 10))
					}
				}
			})
	})
}

// graphLeaves are the leaves of operators that may be numbers.
func (s *search) graphLeaves() []leaf {
	return slices.DeleteFunc(leaves(s.best.Brief()), func(l leaf) bool {
		return !strings.HasPrefix(l.name, "job.graph.") || l.value.Kind != document.Scalar ||
			slices.Contains([]string{"id", "parallelism"}, l.key)
	})
}

// lowerLeaf makes the number in a leaf low and, where it cannot be, round. Rates are only
// made round: a slow source makes a long story.
func (s *search) lowerLeaf(l leaf) {
	value, write, ok := numberIn(l.value.Text)
	if !ok {
		return
	}
	try := func(to int64) bool {
		if to == 0 && slices.Contains([]string{"records", "laps"}, l.key) {
			return false // 0 is without end
		}
		text := write(to)
		return s.edit(l.name+" "+l.value.Text+" → "+text, func(root *document.Node) { assign(root, l.name, text) })
	}
	if strings.HasSuffix(l.value.Text, "/s") || shrink.Lower(value, finestOf(l.value.Text), try) == value {
		shrink.Round(value, try)
	}
}

const millisecond = 1_000_000

// finestOf is the smallest step for a number in a leaf: a millisecond for durations that
// are as long.
func finestOf(text string) int64 {
	if nanos, err := units.ParseDuration(text); err == nil && nanos >= millisecond && !isCount(text) {
		return millisecond
	}
	return 1
}

func isCount(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

// numberIn is the number that a text holds, and how another one is written in its place.
func numberIn(text string) (value int64, write func(int64) string, ok bool) {
	if value, err := strconv.ParseInt(text, 10, 64); err == nil {
		return value, func(v int64) string { return strconv.FormatInt(v, 10) }, true
	}
	if perSecond, found := strings.CutSuffix(text, "/s"); found {
		value, err := strconv.ParseInt(strings.TrimSpace(perSecond), 10, 64)
		return value, func(v int64) string { return strconv.FormatInt(v, 10) + "/s" }, err == nil
	}
	if value, err := units.ParseDuration(text); err == nil {
		return value, units.FormatDuration, true
	}
	if value, err := units.ParseSize(text); err == nil {
		return value, units.FormatSize, true
	}
	return 0, nil, false
}

// shorter reports whether a run takes less virtual time than the best one.
func (s *search) shorter(o *result.Outcome) bool { return o.VirtualNanos < s.outcome.VirtualNanos }
