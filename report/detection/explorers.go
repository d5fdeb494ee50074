package detection

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"simrun/report/columns"
	"simrun/scenarios/result/detection"
)

// Explored is what one of several explorers came to.
type Explored struct {
	Word   string
	Caught bool
	// Alarmed: something was reported that is reported without the bug too.
	Alarmed bool
	// Streams were begun. An enumeration has Once, in a single stream: Seeds is the number
	// of its runs.
	Streams int
	Once    bool
	Seeds   Seeds
	// SecondsMedian of wall time on one core until the detection; NaN if there is none.
	SecondsMedian float64
}

// explored are all explorers of a record with more than one.
func explored(r *detection.Record, b *detection.Bug) []Explored {
	if len(r.Explorers) < 2 {
		return nil
	}
	all := []Explored{exploredBy(r.Explorers[0], b.Streams, b.FalseAlarms)}
	for _, s := range b.Others {
		all = append(all, exploredBy(s.Explorer, s.Streams, s.FalseAlarms))
	}
	return all
}

func exploredBy(word string, streams []detection.Stream, alarms []detection.Alarm) Explored {
	e := Explored{Word: word, Alarmed: len(alarms) > 0, Streams: len(streams), SecondsMedian: math.NaN()}
	var seconds []float64
	for _, s := range streams {
		if s.Detected {
			seconds = append(seconds, float64(s.Nanos)/1e9)
		}
	}
	if len(seconds) > 0 {
		e.SecondsMedian = median(seconds)
	}
	e.Caught = len(seconds) > 0 && !e.Alarmed
	e.Once, e.Seeds = enumerated(streams), runsOf(streams)
	return e
}

// enumerated reports whether a stream is that of an enumeration.
func enumerated(streams []detection.Stream) bool { return len(streams) == 1 && streams[0].First == 0 }

// runsOf are the runs of streams to detection: of an enumeration, they are known.
func runsOf(streams []detection.Stream) Seeds {
	if !enumerated(streams) {
		return SeedsOf(streams)
	}
	runs := float64(streams[0].Seeds)
	if !streams[0].Detected {
		return Seeds{Median: math.Inf(1), Low: runs, High: math.Inf(1)}
	}
	return Seeds{Median: runs, Low: runs, High: runs}
}

// cell is how soon the explorer caught a bug.
func (e *Explored) cell() string {
	switch {
	case e.Alarmed:
		return "FALSE ALARM"
	case !e.Caught:
		return "no"
	case e.Once:
		return count(e.Seeds.Median)
	}
	return count(e.Seeds.Median) + " " + e.Seeds.interval()
}

// explorerWords are the explorers of rows that have several; those that were interrupted
// may have fewer.
func explorerWords(rows []Row) []string {
	var words []string
	for i := range rows {
		if len(rows[i].Explorers) > len(words) {
			words = words[:0]
			for _, e := range rows[i].Explorers {
				words = append(words, e.Word)
			}
		}
	}
	return words
}

// compared are the cells of rows and, last, how many bugs each explorer caught and in the
// median after how many runs.
func compared(rows []Row, words []string) [][]string {
	table := make([][]string, 0, len(rows)+1)
	caught, seeds := make([]int, len(words)), make([][]float64, len(words))
	for i := range rows {
		cells := make([]string, 1+len(words))
		cells[0] = rows[i].Bug.String()
		for k := range rows[i].Explorers {
			e := &rows[i].Explorers[k]
			at := slices.Index(words, e.Word)
			cells[1+at] = e.cell()
			if e.Caught {
				caught[at]++
				seeds[at] = append(seeds[at], e.Seeds.Median)
			}
		}
		table = append(table, cells)
	}
	last := []string{"caught, and their median"}
	for at := range words {
		cell := strconv.Itoa(caught[at])
		if caught[at] > 0 {
			cell += "; " + count(median(seeds[at]))
		}
		last = append(last, cell)
	}
	return append(table, last)
}

// writeExplorers writes a table with a line a bug and a column an explorer, if there are
// several.
func writeExplorers(b *strings.Builder, rows []Row) error {
	words := explorerWords(rows)
	if len(words) == 0 {
		return nil
	}
	b.WriteString("\nRuns to detection, by explorer:\n")
	titles := []columns.Column{{Title: "bug"}}
	for _, word := range words {
		titles = append(titles, columns.Column{Title: word})
	}
	return columns.Write(b, titles, compared(rows, words))
}

const explorersReading = "" +
	"## By explorer\n\n" +
	"How many runs each way of exploring needs. *random* draws a plan of faults for each seed; all else\n" +
	"on this page is about it. *census* crashes the different jobs of the library's recovery scenarios\n" +
	"at every step of the protocols, one step of each job in turn. *exhaustive* walks the orders of\n" +
	"delivery of tiny jobs without faults, *priorities* draws orders of somewhat larger ones, one order\n" +
	"under each protocol in turn. Those three have one stream of runs each, under one seed. A bug that\n" +
	"they do not catch (*no*) within %s runs may need what they do not have: two faults, other faults\n" +
	"than crashes, a larger job. Guided exploration was measured, too, and is not offered:\n" +
	"[what was tried](campaigns.md#what-was-tried).\n\n"

// writeExplorersPage is writeExplorers in Markdown.
func writeExplorersPage(b *strings.Builder, r *detection.Record, rows []Row) {
	words := explorerWords(rows)
	if len(words) == 0 {
		return
	}
	fmt.Fprintf(b, explorersReading, count(float64(r.Limit)))
	fmt.Fprintf(b, "| bug | %s |\n|---|%s\n", strings.Join(words, " | "), strings.Repeat("---|", len(words)))
	for _, cells := range compared(rows, words) {
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
	b.WriteString("\n")
}
