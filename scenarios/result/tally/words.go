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
