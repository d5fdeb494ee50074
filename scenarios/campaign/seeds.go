package campaign

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"simrun/scenarios/config"
)

// Seeds is a range of seeds: From, and up to To, which is not part of it. A To of 0 is an
// open end.
type Seeds struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// Open reports whether the range has no end of its own.
func (s Seeds) Open() bool { return s.To == 0 }

// String is the range as ParseSeeds reads it.
func (s Seeds) String() string {
	if s.Open() {
		return strconv.FormatUint(s.From, 10)
	}
	return fmt.Sprintf("%d:%d", s.From, s.To)
}

// largestSeed leaves room for counting on.
const largestSeed = math.MaxInt64

const seedsExpected = "A:B (B not included), A:+N (N seeds), or A (no end but --time); A is a number or\n" +
	"a commit hash"

// ParseSeeds reads A:B, A:+N, or a single A. A is a number or, where it is none, a commit
// hash of at least 7 hexadecimal digits. The error is a *config.Error.
func ParseSeeds(text string) (Seeds, error) {
	first, rest, bounded := strings.Cut(text, ":")
	from, ok := parseSeed(first)
	if !ok {
		return Seeds{}, badSeeds(text, "%q is neither a number nor a commit hash", first)
	}
	if !bounded {
		return Seeds{From: from}, nil
	}
	to, err := strconv.ParseUint(strings.TrimPrefix(rest, "+"), 10, 64)
	if strings.HasPrefix(rest, "+") {
		to += from
	}
	switch {
	case err != nil || to > largestSeed:
		return Seeds{}, badSeeds(text, "%q is no number of the range 0 to %d", rest, uint64(largestSeed))
	case to <= from:
		return Seeds{}, badSeeds(text, "the range is empty")
	}
	return Seeds{From: from, To: to}, nil
}

func badSeeds(text, format string, arguments ...any) error {
	return &config.Error{
		Message: "--seeds " + text + ": " + fmt.Sprintf(format, arguments...), Expected: seedsExpected,
	}
}

func parseSeed(text string) (uint64, bool) {
	if number, err := strconv.ParseUint(text, 10, 64); err == nil {
		return number, number <= largestSeed
	}
	return seedOfCommit(text)
}

// Of a commit hash the digits that git shows by default are used, so that the short form
// and the long one mean the same; seedsPerCommit leaves each commit a range of its own. All
// such seeds are exact in JSON numbers of 53 bits.
const (
	commitDigits   = 7
	longestCommit  = 64
	seedsPerCommit = 1 << 24
)

// seedOfCommit is the first seed that belongs to a commit.
func seedOfCommit(hash string) (uint64, bool) {
	isHex := func(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F' }
	if len(hash) < commitDigits || len(hash) > longestCommit || strings.TrimFunc(hash, isHex) != "" {
		return 0, false
	}
	number, err := strconv.ParseUint(hash[:commitDigits], 16, 64)
	return number * seedsPerCommit, err == nil
}
