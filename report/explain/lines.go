package explain

import (
	"strings"

	"simrun/scenarios/result"
)

// StoryLines is how many lines of the explanation tell what happened: the numbered moments,
// without the violation above them, the picture and what would have made it pass.
func StoryLines(s *result.Story) int {
	p := &page{story: s, names: newNames(s), width: DefaultWidth}
	p.moments()
	text := strings.TrimSpace(p.text.String())
	return strings.Count(text, "\n") // the first line is a heading
}
