package summary

import (
	"fmt"

	"simrun/report/units"
	"simrun/scenarios/result/tally"
)

// Line is a campaign so far, for a terminal of 80 columns: what matters most comes first.
func Line(t *tally.Tally, clock *Clock) string {
	found := "no violation"
	if failing := t.Failing(); failing > 0 {
		found = fmt.Sprintf("%s FAILING in %d ways", thousands(failing), len(t.Findings))
	}
	return fmt.Sprintf("%s seeds, %s/s: %s, %s virtual, %s faults, %d/%d states", thousands(t.Seeds),
		thousands(uint64(clock.rate())), found, units.Nanos(float64(t.VirtualNanos)),
		thousands(t.Faults.Total()), states(t), len(sought()))
}

// thousands is a number with a comma between its thousands.
func thousands(n uint64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
