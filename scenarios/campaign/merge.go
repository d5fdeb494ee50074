package campaign

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"simrun/scenarios/config"
)

// Merge adds up the results of several campaigns. The error is a *config.Error where they
// do not fit together: one is not complete, they differ in what they ran, seeds are in two
// of them, or a shard is missing.
func Merge(folders []Folder) (*Result, error) {
	sum := &Result{Format: formatVersion}
	var owners []owned
	for i, f := range folders {
		r, err := ReadResult(f)
		if isMissing(err) {
			return nil, noResult(f)
		}
		if err != nil {
			return nil, err
		}
		if i == 0 {
			sum.Campaign = r.Campaign
		}
		if difference := sum.Campaign.Difference(&r.Campaign); difference != "" {
			return nil, &config.Error{
				Message:  fmt.Sprintf("%s and %s do not fit together: %s", folders[0], f, difference),
				Expected: "campaigns of the same program over the same scenarios",
			}
		}
		sum.Tally.Plus(&r.Tally)
		for _, part := range r.Covered {
			owners = append(owners, owned{part, f})
		}
	}
	if err := checkOverlap(owners); err != nil {
		return nil, err
	}
	if err := checkShards(owners); err != nil {
		return nil, err
	}
	for _, o := range owners {
		sum.Covered = append(sum.Covered, o.part)
	}
	sum.Covered = joined(sum.Covered)
	return sum, nil
}

// owned is a part and the folder that it is from.
type owned struct {
	part   Part
	folder Folder
}

func noResult(f Folder) error {
	if p, err := ReadJournal(f); err == nil {
		return &config.Error{
			Message: fmt.Sprintf("%s, shard %s, is not complete: %d of its seeds are done",
				f, p.Plan.Shard, p.Tally.Seeds),
			Expected: "simrun fuzz --resume --out " + string(f),
		}
	}
	return &config.Error{
		Message: fmt.Sprintf("%s holds no campaign", f), Expected: "a folder that simrun fuzz has written",
	}
}

// checkOverlap refuses seeds that would count twice.
func checkOverlap(owners []owned) error {
	for i, a := range owners {
		for _, b := range owners[:i] {
			if seed, ok := a.part.shares(b.part); ok {
				return &config.Error{Message: fmt.Sprintf("seed %d is in %s and in %s", seed, b.folder, a.folder),
					Expected: "shards of one range, or ranges that do not overlap"}
			}
		}
	}
	return nil
}

// shares finds a seed that is in both parts, by going through those of the smaller period
// that the longer one allows.
func (p Part) shares(o Part) (uint64, bool) {
	if p.Shard.Count < o.Shard.Count {
		p, o = o, p
	}
	from, to := max(p.Seeds.From, o.Seeds.From), min(p.Seeds.To, o.Seeds.To)
	window := Part{Seeds: Seeds{From: from, To: to}, Shard: p.Shard}
	if from >= to {
		return 0, false
	}
	for i := range min(window.length(), o.Shard.Count) {
		if seed := window.seed(i); seed%o.Shard.Count == o.Shard.Index {
			return seed, true
		}
	}
	return 0, false
}

// checkShards wants all shards where there is one.
func checkShards(owners []owned) error {
	type key struct{ from, count uint64 }
	present := map[key][]uint64{}
	for _, o := range owners {
		k := key{o.part.Seeds.From, o.part.Shard.Count}
		present[k] = append(present[k], o.part.Shard.Index)
	}
	for _, o := range owners {
		var missing []string
		for index := range o.part.Shard.Count {
			if !slices.Contains(present[key{o.part.Seeds.From, o.part.Shard.Count}], index) {
				missing = append(missing, Shard{index, o.part.Shard.Count}.String())
			}
		}
		if len(missing) > 0 {
			return &config.Error{Message: fmt.Sprintf("of the seeds from %d, shard %s is missing",
				o.part.Seeds.From, strings.Join(missing, ", "))}
		}
	}
	return nil
}

// joined brings parts into the form that one campaign over their seeds would have.
func joined(parts []Part) []Part {
	for {
		before := len(parts)
		parts = neighbours(parts)
		parts = siblings(parts)
		if len(parts) == before {
			slices.SortFunc(parts, compareParts)
			return parts
		}
	}
}

func compareParts(a, b Part) int {
	return cmp.Or(cmp.Compare(a.Seeds.From, b.Seeds.From), cmp.Compare(a.Seeds.To, b.Seeds.To),
		cmp.Compare(a.Shard.Count, b.Shard.Count), cmp.Compare(a.Shard.Index, b.Shard.Index))
}

// neighbours joins ranges of the same shard that follow on each other.
func neighbours(parts []Part) []Part {
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Shard.Count, b.Shard.Count), cmp.Compare(a.Shard.Index, b.Shard.Index),
			cmp.Compare(a.Seeds.From, b.Seeds.From))
	})
	var list []Part
	for _, p := range parts {
		if last := len(list) - 1; last >= 0 && list[last].Shard == p.Shard && list[last].Seeds.To == p.Seeds.From {
			list[last].Seeds.To = p.Seeds.To
			continue
		}
		list = append(list, p)
	}
	return list
}

// siblings joins all shards of the same range.
func siblings(parts []Part) []Part {
	type key struct {
		seeds Seeds
		count uint64
	}
	shards := map[key]uint64{}
	for _, p := range parts {
		shards[key{p.Seeds, p.Shard.Count}]++
	}
	var list []Part
	for _, p := range parts {
		switch whole := shards[key{p.Seeds, p.Shard.Count}] == p.Shard.Count; {
		case !whole:
			list = append(list, p)
		case p.Shard.Index == 0:
			list = append(list, Part{Seeds: p.Seeds, Shard: WholeRange()})
		}
	}
	return list
}

// WriteMerged writes a merged result with the case files that belong to it, which are in the
// folders that it was merged from.
func WriteMerged(to Folder, r *Result, from []Folder, summary func(r *Result) []byte) error {
	for _, name := range r.CaseNames() {
		for _, f := range from {
			if err := copyCase(to, f, name); err != nil {
				return err
			}
		}
	}
	return writeResult(to, to, r, &CompleteOptions{Summary: summary})
}

// copyCase copies the files of one failing seed, if they are there.
func copyCase(to, from Folder, name string) error {
	for _, suffix := range []string{caseSuffix, originalSuffix, storySuffix} {
		text, err := os.ReadFile(from.path(name + suffix))
		if isMissing(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := to.Write(name+suffix, text); err != nil {
			return err
		}
	}
	return nil
}
