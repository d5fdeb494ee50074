package story

import (
	"fmt"
	"slices"
	"strings"

	"simrun/protocol"
)

// LaneError names a lane of Options that nobody in the run has.
type LaneError struct {
	Lane    string
	Known   []string
	Nearest string // the lane that was most likely meant
}

// Error names the lane, those that there are, and the nearest one.
func (e *LaneError) Error() string {
	text := fmt.Sprintf("no lane is called %q; expected %s", e.Lane, strings.Join(e.Known, ", "))
	if e.Nearest != "" {
		text += fmt.Sprintf("; did you mean %q?", e.Nearest)
	}
	return text
}

// checkLanes refuses words that mean no lane.
func (t *teller) checkLanes() error {
	for _, word := range t.options.Lanes {
		if len(t.lanesNamed(word)) == 0 {
			known := t.knownLanes()
			return &LaneError{word, known, protocol.Nearest(word, known)}
		}
	}
	return nil
}

// knownLanes are operators, job managers and external systems.
func (t *teller) knownLanes() []string {
	var known []string
	for i := range t.vertices {
		known = append(known, strings.Split(t.vertices[i].name, " -> ")...)
	}
	for i, actor := range t.story.Recording.Actors {
		if name, _, _ := strings.Cut(actor, "#"); i > 0 && t.taskNamed(name) == protocol.NoTask &&
			!slices.Contains(known, name) && len(t.index.byActor[i]) > 0 {
			known = append(known, name)
		}
	}
	return known
}
