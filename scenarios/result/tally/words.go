package tally

import (
	"encoding/json"
	"fmt"
	"slices"

	"simrun/protocol"
)

// MarshalJSON writes the marks' words.
func (w Words) MarshalJSON() ([]byte, error) {
	words := append([]string{}, protocol.MarkSet(w).Words()...)
	slices.Sort(words)
	return json.Marshal(words)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (w *Words) UnmarshalJSON(text []byte) error {
	var words []string
	if err := json.Unmarshal(text, &words); err != nil {
		return err
	}
	*w = 0
	for _, word := range words {
		mark, ok := protocol.ParseMark(word)
		if !ok {
			return fmt.Errorf("there is no mark %q", word)
		}
		*w |= Words(protocol.MarkSetOf(mark))
	}
	return nil
}

// Steps is a set of named protocol steps, written as their words.
type Steps protocol.StepSet

// Words are the steps' words, in their own order.
func (s Steps) Words() []string {
	set := protocol.StepSet(s)
	return append([]string{}, set.Words()...)
}

// MarshalJSON writes both sides of each step: "after word" and "before word".
func (s Steps) MarshalJSON() ([]byte, error) {
	set, words := protocol.StepSet(s), []string{}
	for step := range protocol.Steps {
		for _, moment := range []protocol.Moment{protocol.Before, protocol.After} {
			if set.Has(protocol.Step(step), moment) {
				words = append(words, moment.String()+" "+protocol.Step(step).String())
			}
		}
	}
	return json.Marshal(words)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Steps) UnmarshalJSON(text []byte) error {
	var words []string
	if err := json.Unmarshal(text, &words); err != nil {
		return err
	}
	sides := map[string]func(set *protocol.StepSet){}
	for step := range protocol.Steps {
		for _, moment := range []protocol.Moment{protocol.Before, protocol.After} {
			sides[moment.String()+" "+protocol.Step(step).String()] = func(set *protocol.StepSet) {
				set.Add(protocol.Step(step), moment)
			}
		}
	}
	var set protocol.StepSet
	for _, word := range words {
		add := sides[word]
		if add == nil {
			return fmt.Errorf("there is no protocol step %q", word)
		}
		add(&set)
	}
	*s = Steps(set)
	return nil
}
