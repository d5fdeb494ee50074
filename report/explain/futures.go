package explain

import (
	"fmt"
	"strings"

	"simrun/scenarios/result"
)

// futures say from when on the failure was likely: where the share of other futures that fail
// in the same way changes.
func (p *page) futures() string {
	told := p.story.Futures
	if len(told) == 0 {
		return ""
	}
	runs := told[0].Runs
	if told[0].Same == runs {
		const text = "It takes no chance: of %d other futures from the start, all fail in the same way."
		return fmt.Sprintf(text, runs)
	}
	parts := []string{fmt.Sprintf("from the start %s", shareOf(&told[0]))}
	for i := 1; i < len(told); i++ {
		if told[i].Same != told[i-1].Same {
			parts = append(parts, fmt.Sprintf("after %d %s", told[i].Moment+1, shareOf(&told[i])))
		}
	}
	return fmt.Sprintf("Of %d other futures, as many fail in the same way: %s.", runs, strings.Join(parts, ", "))
}

func shareOf(f *result.Future) string {
	switch f.Same {
	case 0:
		return "none"
	case f.Runs:
		return "all"
	}
	return fmt.Sprint(f.Same)
}
