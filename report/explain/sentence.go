package explain

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"simrun/protocol"
)

// meanings say of each class what went wrong, for somebody who does not know the checkers.
var meanings = map[string]string{
	"lost":             "An effect that must be there is missing.",
	"duplicated":       "An effect is there more than once.",
	"resurrected":      "Work that had been rolled back became visible.",
	"torn-transaction": "Readers saw a transaction in part.",
	"orphan":           "Something was received, or shown, that by its sender's books was never sent.",
	"committed-early":  "Readers saw output before the checkpoint that holds it was safely complete.",
	"zombie-write":     "An attempt or a leader that had been replaced still had an effect.",
	"state-offset-skew": "A snapshot holds a state and source positions of different instants: a restore from " +
		"it would lose records or apply some twice.",
	"stuck":           "The job stands still although every fault has healed.",
	"leaked":          "Something is left behind that nobody will ever clean up.",
	"reordered":       "A channel delivered in another order than it was fed.",
	"corrupt":         "As many effects as due, but with other values.",
	"credit-overflow": "A sender used more credit than its receiver has buffers for.",
	"buffer-leak": "Network segments are not conserved: more are in use than there are, or some " +
		"never came back.",
	"coordinator-rule":     "The checkpoint coordinator broke one of its own rules.",
	"watermark-regression": "Event time went backwards at a task.",
	"panic":                "The code under test panicked.",
}

// sentence is the violation for people.
func (p *page) sentence() string {
	if cut := p.story.Cut; cut != nil {
		return p.cutSentence(cut)
	}
	if meaning, known := meanings[p.story.Finding.Class]; known {
		return meaning
	}
	return "A property is broken: " + p.story.Finding.Class + "."
}

// cutSentence says in which way a checkpoint is no consistent cut, with its numbers.
func (p *page) cutSentence(c *protocol.CutViolation) string {
	from, to := p.names.task(int64(c.Link.Sender)), p.names.task(int64(c.Link.Receiver))
	inFlight := c.InputElements + c.OutputElements
	books := fmt.Sprintf("%s had sent %d at its snapshot; %s had processed %d at its own and "+
		"%d are recorded in flight", from, c.Sent, to, c.Received, inFlight)
	switch c.Class {
	case protocol.CutLost:
		return fmt.Sprintf("Checkpoint %d lacks %s on the way from %s to %s: %s. A restore would lose them.",
			c.Checkpoint, count(c.Sent-c.Received-inFlight, "element"), from, to, books)
	case protocol.CutOrphan:
		return fmt.Sprintf("Checkpoint %d holds the effects of %s from %s at %s from behind the cut: %s. "+
			"A restore would apply them twice.", c.Checkpoint, count(c.Received-c.Sent, "element"), from, to, books)
	case protocol.CutDuplicated:
		return fmt.Sprintf("Checkpoint %d holds %s from %s to %s twice: %s. A restore would apply them twice.",
			c.Checkpoint, count(c.Received+inFlight-c.Sent, "element"), from, to, books)
	case protocol.CutReordered:
		return fmt.Sprintf("Checkpoint %d recorded what was in flight from %s to %s in another order, or "+
			"other elements: %s.", c.Checkpoint, from, to, books)
	case protocol.CutMissingTask:
		return fmt.Sprintf("Checkpoint %d is without the part of %s or %s: a restore would start it empty.",
			c.Checkpoint, from, to)
	}
	return fmt.Sprintf("In checkpoint %d the state of %s holds the effects of %s; %d went through its channels.",
		c.Checkpoint, to, count(c.Applied.Count, "record"), c.Expected.Count)
}

// longNanos are times in checkers' sentences: no other number there has so many digits.
var longNanos = regexp.MustCompile(`\b\d{7,}( ns)?\b`)

// detail is the checker's sentence with times that can be read and tasks by their heads.
func (p *page) detail() string {
	text := p.story.Finding.Detail
	text = longNanos.ReplaceAllStringFunc(text, func(match string) string {
		n, err := strconv.ParseInt(strings.TrimSuffix(match, " ns"), 10, 64)
		if err != nil {
			return match
		}
		return clock(n) + " s"
	})
	for _, task := range p.story.Recording.Tasks {
		text = strings.ReplaceAll(text, task, headOf(task))
	}
	lines := strings.Split(text, "\n")
	return p.detailOf(list(lines, 8))
}

// detailOf makes a sentence of a text.
func (p *page) detailOf(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
