package tally

import (
	"cmp"
	"maps"
	"slices"
)

// Counts are numbers by word.
type Counts map[string]uint64

// Add counts a word n times.
func (c *Counts) Add(word string, n uint64) {
	if n == 0 {
		return
	}
	if *c == nil {
		*c = Counts{}
	}
	(*c)[word] = sum((*c)[word], n)
}

// Plus adds another one's numbers.
func (c *Counts) Plus(o Counts) {
	for word, n := range o {
		c.Add(word, n)
	}
}

// Words are the words in alphabetical order.
func (c Counts) Words() []string { return slices.Sorted(maps.Keys(c)) }

// Total is the sum over all words.
func (c Counts) Total() uint64 {
	total := uint64(0)
	for _, n := range c {
		total = sum(total, n)
	}
	return total
}

// Largest are the words, the most frequent first.
func (c Counts) Largest() []string {
	words := c.Words()
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(c[b], c[a]) })
	return words
}
