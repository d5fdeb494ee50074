package campaign

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/scenarios/result/tally"
)

// keep knows which failing seeds have a case file: the smallest so far of each signature.
type keep struct {
	max   int
	seeds map[string][]uint64 // by signature, in ascending order
}

// resume fills it with what an earlier part of the campaign found.
func (k *keep) resume(sum *tally.Tally) {
	for signature, finding := range sum.Findings {
		for _, failure := range finding.Smallest {
			k.add(signature, failure.Seed)
		}
	}
}

// add reports whether a seed is among the smallest so far of its signature.
func (k *keep) add(signature string, seed uint64) bool {
	if k.seeds == nil {
		k.seeds = map[string][]uint64{}
	}
	seeds := append(k.seeds[signature], seed)
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	k.seeds[signature] = seeds[:min(len(seeds), k.max)]
	return slices.Contains(k.seeds[signature], seed)
}

// failed writes the case file of a failing seed at once, if it may be among those kept in
// the end: a crash of this process, or a full disk later on, does not lose it.
func (c *campaign) failed(s *config.Scenario, o *result.Outcome, seed uint64) error {
	if !c.keeps(o, seed) {
		return nil
	}
	if c.o.Disk != nil {
		name := CaseName(o.Signature(), seed)
		if err := c.o.Disk.Write(name+caseSuffix, Record(s, o, c.o.Plan.Budget).YAML()); err != nil {
			return err
		}
		if err := c.o.Disk.Write(name+storySuffix, c.describe(o)); err != nil {
			return err
		}
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.o.Found != nil {
		c.o.Found(o.Signature(), tally.Failure{Seed: seed, Scenario: o.Scenario, Detail: detail(o)})
	}
	return nil
}

func (c *campaign) keeps(o *result.Outcome, seed uint64) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.kept.add(o.Signature(), seed)
}

// Record is the case of a run, with the budget that it had.
func Record(s *config.Scenario, o *result.Outcome, budget uint64) *config.Case {
	if s.Run.Budget == 0 {
		s = s.Clone()
		s.Run.Budget = budget
	}
	c := config.NewCase(s, o.Seed)
	c.Verdict, c.Events, c.Digest, c.Trail = o.Verdict, uint64(o.Events), o.Digest, o.Trail
	if len(o.Violations) > 0 {
		c.Class, c.Signature = o.Violations[0].Class, o.Violations[0].Signature
	}
	return c
}

func (c *campaign) describe(o *result.Outcome) []byte {
	if c.o.Describe != nil {
		return c.o.Describe(o)
	}
	return fmt.Appendf(nil, "%s\n%s\n", o.Signature(), detail(o))
}

func detail(o *result.Outcome) string {
	if len(o.Violations) > 0 {
		return o.Violations[0].Detail
	}
	return o.StuckReason
}

// What a failing seed leaves in the folder of cases.
const (
	caseSuffix     = ".yaml"
	originalSuffix = ".original.yaml" // before it was minimised
	storySuffix    = ".txt"
)

// CaseName is where the files of a failing seed are, without their suffix: the signature as
// far as it can be part of a name, a few digits that tell it from others, and the seed.
func CaseName(signature string, seed uint64) string {
	plain := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}
	word := strings.Trim(strings.Map(plain, strings.ToLower(signature)), "-")
	hash := fnv.New32a()
	hash.Write([]byte(signature))
	const longest = 60
	word = word[:min(len(word), longest)]
	return fmt.Sprintf("%s/%s-%04x-seed-%d", CasesFolder, word, hash.Sum32()&0xffff, seed)
}

// keptCase is a failing seed with a case file.
type keptCase struct{ name, signature string }

// keptCases are those of a tally, in the order of signature and seed.
func keptCases(sum *tally.Tally, maxCases int) []keptCase {
	var kept []keptCase
	for _, signature := range slices.Sorted(maps.Keys(sum.Findings)) {
		smallest := sum.Findings[signature].Smallest
		for _, failure := range smallest[:min(len(smallest), maxCases)] {
			kept = append(kept, keptCase{CaseName(signature, failure.Seed), signature})
		}
	}
	return kept
}
