package detection

import (
	"fmt"
	"io"
	"math"
	"strings"

	"simrun/protocol"
	"simrun/report/figures"
	"simrun/scenarios/result/detection"
)

// FigureName is the survival curve beside the page.
const FigureName = "detection.svg"

// Page writes the track record as Markdown: a section for each area with every bug of it.
// picture is the path of the figure.
func Page(w io.Writer, r *detection.Record, picture string) error {
	rows := Rows(r)
	var b strings.Builder
	b.WriteString(pageHead)
	fmt.Fprintf(&b, "Profile `%s`, %d streams a bug, at most %s seeds each; model version %d.\n\n",
		r.Profile, r.Streams, count(float64(r.Limit)), r.Model)
	overall := OverallOf(rows)
	overall.Seconds = math.NaN() // they depend on the machine
	fmt.Fprintf(&b, "```\n%s```\n\n", overall)
	fmt.Fprintf(&b, "![Share of streams not yet detected over seeds](%s)\n\n", picture)
	b.WriteString(pageReading)
	writeExplorersPage(&b, r, rows)
	for area := range protocol.BugArea(protocol.BugAreas) {
		writeArea(&b, area, rows)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const pageHead = "# Track record\n\n" +
	"Real bugs of stream processors and their sinks, brought back one after the other, and how soon simrun\n" +
	"caught each. A planted bug is a switch of a run's configuration; nothing that looks for bugs knows of\n" +
	"any: every bug is looked for with what `simrun fuzz` runs by default, and only the switch differs.\n" +
	"Every seed that caught a bug is green without it.\n\n" +
	"**A change to a checker, to what is drawn, or to a profile is not done until every planted bug is still\n" +
	"caught**: `simrun bugs` says so with its exit code. This page is made from its record:\n\n" +
	"```console\n" +
	"$ simrun bugs --out simrun-out/bugs\n" +
	"$ cp simrun-out/bugs/record.json docs/track-record.json\n" +
	"$ go test ./report/detection -run TrackRecord -rewrite\n" +
	"```\n\n"

const pageReading = "" +
	"How to read it. A *stream* is an independent sequence of seeds that ends with the first\n" +
	"one that catches the bug. *Seeds* is the median over streams with its 95 % interval: the exact\n" +
	"one of order statistics, which assumes nothing about the distribution; *by rate* where too many\n" +
	"streams were cut off at the limit for that (the median is then ln 2 / -ln(1-p), with Clopper and\n" +
	"Pearson's bounds for the probability p that a seed catches the bug). The curve is the share of\n" +
	"streams that have not caught theirs yet; where it crosses one half is the median. *Reported* is\n" +
	"which checker was the first to report, in most of the streams, and as what. *Small case*: faults\n" +
	"in the plan, tasks of the widest operator, and lines of the story that are left of one case when\n" +
	"it has been minimised. Seconds are not shown here, because they depend on the machine; `simrun\n" +
	"bugs` prints them.\n\n"

func writeArea(b *strings.Builder, area protocol.BugArea, rows []Row) {
	first := true
	for i := range rows {
		row := &rows[i]
		if row.Bug.Area() != area {
			continue
		}
		if first {
			fmt.Fprintf(b, "## %s\n\n", strings.ToUpper(area.String()[:1])+area.String()[1:])
			first = false
		}
		writeBug(b, row)
	}
}

// writeBug is a bug's paragraph: what it was, and what became of it here.
func writeBug(b *strings.Builder, row *Row) {
	fmt.Fprintf(b, "**%s** (%s): %s.\n", row.Bug, row.Bug.Source(), row.Bug.Story())
	if !row.Caught {
		fmt.Fprintf(b, "Not caught in %d streams.\n", row.Streams)
	} else {
		fmt.Fprintf(b, "Seeds: **%s** %s. Reported: %s, %s.\n", count(row.Seeds.Median), row.Seeds.interval(),
			row.Class, row.Checker)
	}
	if c := row.Case; c != nil && c.Minimized {
		fmt.Fprintf(b, "Small case: %s, %s wide, a story of %s.\n", plural(c.Faults, "fault"),
			plural(c.Widest, "task"), plural(c.StoryLines, "line"))
	}
	fmt.Fprintf(b, "`simrun bugs %s`\n\n", row.Bug)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// Figure is the survival curve of a record: all streams, and those of each area.
func Figure(r *detection.Record) *figures.Figure {
	curves := make([]figures.Survivors, 1+protocol.BugAreas)
	curves[0].Name = "all"
	for area := range protocol.BugArea(protocol.BugAreas) {
		curves[1+area].Name = area.String()
	}
	for i := range r.Bugs {
		b := &r.Bugs[i]
		bug, _ := protocol.ParseBug(b.Word)
		for _, s := range b.Streams {
			curves[0].Add(s.Seeds, s.Detected)
			curves[1+bug.Area()].Add(s.Seeds, s.Detected)
		}
	}
	kept := curves[:0]
	for _, c := range curves {
		if len(c.Detected)+len(c.CutOff) > 0 {
			kept = append(kept, c)
		}
	}
	subtitle := fmt.Sprintf("%d planted bugs, %d streams of seeds each · profile %s", len(r.Bugs), r.Streams,
		r.Profile)
	return figures.Survival(kept, subtitle)
}
