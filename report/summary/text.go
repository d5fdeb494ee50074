package summary

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/report/columns"
	"simrun/report/units"
	"simrun/scenarios/result/tally"
)

// Options are what a tally does not know of its campaign.
type Options struct {
	// What says what the seeds ran, Seeds which they were.
	What, Seeds string
	// FirstSeed is the smallest of them.
	FirstSeed uint64
	// Cases are the case files, in the order of signature and seed, at most MaxCases for
	// each signature.
	Cases    []string
	MaxCases int
	// Named: the scenarios were named by the user, who wants to see what they want reached.
	Named bool
	// Groups are counted by themselves, before everything else.
	Groups []Group
	// Command repeats the campaign; empty: it is not said.
	Command string
}

// Text writes all that a person wants to know of a campaign.
func Text(w io.Writer, t *tally.Tally, o *Options) error {
	var b strings.Builder
	write := func(titles []columns.Column, rows [][]string) {
		if err := columns.Write(&b, titles, rows); err != nil {
			panic("summary: " + err.Error())
		}
	}
	for i := range o.Groups {
		b.WriteString(o.Groups[i].line(t) + "\n")
	}
	if len(o.Groups) > 0 {
		b.WriteString("\n")
	}
	write(make([]columns.Column, 2), head(t, o))
	if len(t.Faults)+len(t.Unfired) > 0 {
		b.WriteString("\nFaults\n")
		write([]columns.Column{
			{Title: "kind"}, {Title: "struck", Right: true}, {Title: "did not strike", Right: true},
		}, faults(t))
	}
	if len(t.Coverage) > 0 {
		b.WriteString("\nFaults that struck, by what the job was at\n")
		titles, rows := coverage(t)
		write(titles, rows)
	}
	if missing := wanted(t); len(missing) > 0 {
		b.WriteString("\nWanted and never reached\n")
		write(make([]columns.Column, 2), missing)
	}
	b.WriteString("\n" + wrapped("Never reached: ", never(t)))
	if len(t.Findings) > 0 {
		b.WriteString("\nFindings\n")
		write([]columns.Column{
			{Title: "signature"}, {Title: "seeds", Right: true}, {Title: "first seed", Right: true},
			{Title: "in"}, {Title: "case file"},
		}, findings(t, o))
	}
	if o.Command != "" {
		fmt.Fprintf(&b, "\nreproduce: %s\n", o.Command)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func head(t *tally.Tally, o *Options) [][]string {
	classes := make([]string, 0, len(t.Classes))
	for _, word := range t.Classes.Largest() {
		classes = append(classes, fmt.Sprintf("%s %s", thousands(t.Classes[word]), word))
	}
	virtual := fmt.Sprintf("%s of virtual time, %s records, %s events", units.Nanos(float64(t.VirtualNanos)),
		thousands(t.Records), thousands(t.Events))
	checkpoints := fmt.Sprintf("%s completed, %s failed (%s expired)", thousands(t.Completed),
		thousands(t.NotCompleted), thousands(t.Expired))
	restored := fmt.Sprintf("%s from a checkpoint; in %s of the seeds a fault struck and one was restored",
		thousands(t.Restores), share(t.WithFaultAndRestore, t.Seeds))
	took := fmt.Sprintf("median %s, 99 %% within %s, longest %s", nanos(t.RecoveryTimes.Permille(500)),
		nanos(t.RecoveryTimes.Permille(990)), nanos(t.RecoveryTimes.Permille(1000)))
	return [][]string{
		{"campaign", o.What},
		{"verdict", string(Verdict(t, o))},
		{"seeds", fmt.Sprintf("%s (%s): %s", thousands(t.Seeds), o.Seeds, strings.Join(classes, ", "))},
		{"simulated", virtual},
		{"checkpoints", checkpoints},
		{"restores", restored},
		{"recoveries", took},
		{"run twice", thousands(t.Doubled) + " seeds, with the same digests"},
		{"reached", fmt.Sprintf("%d of %d protocol states, %d of %d protocol steps", states(t), len(sought()),
			len(t.StepsReached.Words()), protocol.Steps-1)},
	}
}

func nanos(n int64) string { return units.Nanos(float64(n)) }

func share(part, whole uint64) string {
	return units.Percent(float64(part) / float64(max(whole, 1)))
}

// faults are the kinds, the most frequent first.
func faults(t *tally.Tally) [][]string {
	all := tally.Counts{}
	all.Plus(t.Faults)
	all.Plus(t.Unfired)
	var rows [][]string
	for _, kind := range all.Largest() {
		rows = append(rows, []string{kind, thousands(t.Faults[kind]), thousands(t.Unfired[kind])})
	}
	return rows
}

// coverage is the matrix of protocol phase and kind of fault; a dot is never. A job is in
// several phases at once.
func coverage(t *tally.Tally) ([]columns.Column, [][]string) {
	titles := []columns.Column{{Title: "phase"}}
	kinds := t.Faults.Largest()
	for _, kind := range kinds {
		titles = append(titles, columns.Column{Title: kind, Right: true})
	}
	var rows [][]string
	for phase := range protocol.Phases {
		word := protocol.Phase(phase).String()
		row := []string{word}
		for _, kind := range kinds {
			text := "."
			if n := t.Coverage[word+" "+kind]; n > 0 {
				text = thousands(n)
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return titles, rows
}

// wanted are marks that scenarios want and no seed reached.
func wanted(t *tally.Tally) [][]string {
	var rows [][]string
	for _, name := range t.Scenarios.Names() {
		if missing := t.Scenarios[name].Missing(); len(missing) > 0 {
			rows = append(rows, []string{name, strings.Join(missing, ", ")})
		}
	}
	return rows
}

// sought are the marks that a campaign can reach; states is how many of them it has.
func sought() []string {
	return slices.DeleteFunc(protocol.MarkWords(), func(word string) bool {
		mark, _ := protocol.ParseMark(word)
		return !mark.InCampaigns()
	})
}

func states(t *tally.Tally) int {
	return len(slices.DeleteFunc(sought(), func(word string) bool { return t.Marks[word] == 0 }))
}

func never(t *tally.Tally) []string {
	words := slices.DeleteFunc(sought(), func(word string) bool { return t.Marks[word] > 0 })
	if len(words) == 0 {
		return []string{"nothing"}
	}
	slices.Sort(words)
	return words
}

// wrapped is a list in lines of 100 columns.
func wrapped(title string, words []string) string {
	const columns = 100
	var b strings.Builder
	line := title
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		if len(line)+len(word) > columns {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = "  "
		}
		line += word + " "
	}
	return b.String() + strings.TrimRight(line, " ") + "\n"
}

// findings are the signatures, those of the most seeds first, with the first case file.
func findings(t *tally.Tally, o *Options) [][]string {
	counts, first := tally.Counts{}, map[string]string{}
	at := 0
	for _, name := range t.Findings.Signatures() {
		counts.Add(name, t.Findings[name].Seeds)
		if files := min(len(t.Findings[name].Smallest), o.MaxCases); files > 0 && at < len(o.Cases) {
			first[name] = o.Cases[at]
			at += files
		}
	}
	var rows [][]string
	for _, name := range counts.Largest() {
		smallest := t.Findings[name].Smallest[0]
		rows = append(rows, []string{
			name, thousands(counts[name]), fmt.Sprint(smallest.Seed), smallest.Scenario, first[name]})
	}
	return rows
}
