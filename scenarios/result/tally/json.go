package tally

import "encoding/json"

// An empty map is written as {} and never as null, so that equal tallies are equal bytes.

// MarshalJSON writes the numbers in the order of their words.
func (c Counts) MarshalJSON() ([]byte, error) { return object(map[string]uint64(c)) }

// MarshalJSON writes the scenarios in the order of their names.
func (s Scenarios) MarshalJSON() ([]byte, error) { return object(map[string]Scenario(s)) }

// MarshalJSON writes the findings in the order of their signatures.
func (f Findings) MarshalJSON() ([]byte, error) { return object(map[string]Finding(f)) }

func object[V any](m map[string]V) ([]byte, error) {
	if m == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(m)
}
