package summary

import (
	"fmt"
	"strings"

	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// Group is runs of a list that are counted together: "two, seed 1: single crash points".
type Group struct {
	Name string
	// Covers is what the runs are a share of: "reachable pairs"; empty: it is not said.
	Covers string
	// Runs there are.
	Runs uint64
}

// line is "two, seed 1: 1,284 / 1,284 single crash points survived" and how much of what there
// is that was.
func (g *Group) line(t *tally.Tally) string {
	of := t.Scenarios[g.Name]
	at := strings.LastIndex(g.Name, ": ") + 1
	survived := thousands(of.Seeds - of.Failing)
	text := fmt.Sprintf("%s %s / %s%s survived", g.Name[:at], survived, thousands(of.Seeds), g.Name[at:])
	switch {
	case g.Covers != "":
		text += fmt.Sprintf(", %s of %s", permille(of.Seeds, g.Runs), g.Covers)
	case of.Seeds < g.Runs:
		text += fmt.Sprintf(", of %s that there are", thousands(g.Runs))
	}
	return text
}

// enoughSeeds is how many seeds of a scenario that is named must have run before marks that it
// wants and none of them reached make the campaign vacuous.
const enoughSeeds = 100

// Verdict is that of the campaign: vacuous, too, where a scenario that was named never got to what
// it is there for.
func Verdict(t *tally.Tally, o *Options) result.Verdict {
	verdict := t.Verdict()
	if verdict == result.OK && len(Unreached(t, o)) > 0 {
		return result.Vacuous
	}
	return verdict
}

// Unreached are scenarios that were named and of which, in enough seeds, none reached some mark
// that they want.
func Unreached(t *tally.Tally, o *Options) (names []string) {
	for _, name := range t.Scenarios.Names() {
		if s := t.Scenarios[name]; o.Named && s.Seeds >= enoughSeeds && len(s.Missing()) > 0 {
			names = append(names, name)
		}
	}
	return names
}

// permille is a share of all, in percent with a decimal; 100 is all of it only.
func permille(part, all uint64) string {
	if part >= all {
		return "100 %"
	}
	n := part * 1000 / all
	return fmt.Sprintf("%d.%d %%", n/10, n%10)
}
