package explain

import (
	"fmt"
	"io"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
)

// Mermaid writes the story as a sequence diagram in the language of mermaid.js, which
// Markdown pages and issue trackers draw: a participant for each lane, messages where one
// moment brought another one about, notes for the rest.
func Mermaid(w io.Writer, s *result.Story) error {
	m := &mermaid{page: page{story: s, names: newNames(s), width: DefaultWidth}}
	m.line("sequenceDiagram")
	if len(s.Lanes) == 0 {
		m.line("    participant run")
		m.line("    Note over run: %s", escaped(string(s.Verdict)))
		_, err := io.WriteString(w, m.text.String())
		return err
	}
	for i := range s.Lanes {
		m.line("    participant L%d as %s", i, escaped(s.Lanes[i].Name))
	}
	m.diagram = newDiagram(&m.page)
	for i := range s.Moments {
		m.moment(i)
	}
	_, err := io.WriteString(w, m.text.String())
	return err
}

type mermaid struct {
	page
	diagram *diagram
}

// moment writes a message for each of its events that one brought about, and a note for the
// others.
func (m *mermaid) moment(at int) {
	moment := m.story.Moments[at]
	noted := result.Moment{Witness: moment.Witness}
	for _, event := range moment.Events {
		arrow, from, to := m.arrowTo(event)
		if arrow == "" {
			noted.Events = append(noted.Events, event)
			continue
		}
		m.line("    L%d%sL%d: %s", from, arrow, to,
			m.told(at, &result.Moment{Events: []int{event}, Witness: moment.Witness}))
	}
	if len(noted.Events) > 0 {
		m.line("    Note over %s: %s", m.over(&noted), m.told(at, &noted))
	}
}

// arrowTo is the message that brought an event about, in mermaid's own signs; "" for none.
func (m *mermaid) arrowTo(event int) (sign string, from, to int) {
	for i := range m.story.Arrows {
		a := &m.story.Arrows[i]
		if a.To != event {
			continue
		}
		from = m.diagram.laneOf(&m.story.Recording.Events[a.From])
		to = m.diagram.laneOf(&m.story.Recording.Events[a.To])
		if from >= 0 && to >= 0 && from != to {
			return either(a.Barrier, "--)", "->>"), from, to
		}
	}
	return "", 0, 0
}

func (m *mermaid) told(at int, moment *result.Moment) string {
	e := &m.story.Recording.Events[moment.Events[0]]
	mark := either(moment.Witness, "* ", "")
	text := m.names.moment(moment) + m.note(moment)
	return escaped(fmt.Sprintf("%s%d. %s s: %s", mark, at+1, clock(e.TimeNanos), text))
}

// over are the lanes of a moment: from the first to the last of them; a fault, and what is
// of no lane, is over all.
func (m *mermaid) over(moment *result.Moment) string {
	first, last := len(m.story.Lanes), -1
	for _, event := range moment.Events {
		e := &m.story.Recording.Events[event]
		if lane := m.diagram.laneOf(e); lane >= 0 && protocol.EventKind(e.Kind) != protocol.FaultInjected {
			first, last = min(first, lane), max(last, lane)
		}
	}
	if last < 0 {
		first, last = 0, len(m.story.Lanes)-1
	}
	if first == last {
		return fmt.Sprintf("L%d", first)
	}
	return fmt.Sprintf("L%d,L%d", first, last)
}

// escaped leaves out what ends a statement, or begins an entity, in mermaid.
func escaped(text string) string {
	return strings.NewReplacer(";", ",", "#", "no. ", "\n", " ").Replace(text)
}
