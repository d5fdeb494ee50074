package summary

import (
	"fmt"
	"strings"

	"simrun/protocol"
	"simrun/report/units"
	"simrun/scenarios/result/tally"
)

// Line is a campaign so far, for a terminal of 80 columns.
func Line(t *tally.Tally, clock *Clock) string {
	parts := []string{
		fmt.Sprintf("%s seeds, %s/s", thousands(t.Seeds), thousands(uint64(clock.rate()))),
		units.Nanos(float64(t.VirtualNanos)) + " virtual", thousands(t.Faults.Total()) + " faults",
		fmt.Sprintf("%d/%d states", len(t.Marks), protocol.Marks),
	}
	switch failing := t.Failing(); {
	case failing == 0:
		parts = append(parts, "no violation")
	default:
		parts = append(parts, fmt.Sprintf("%s FAILING, %d signatures", thousands(failing), len(t.Findings)))
	}
	return strings.Join(parts, ", ")
}

// thousands is a number with a comma between its thousands.
func thousands(n uint64) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
