package campaign

import (
	"fmt"
	"strconv"
	"strings"

	"simrun/scenarios/config"
)

// Shard is a part of a range of seeds: those that leave the remainder Index when they are
// divided by Count. Neighbouring seeds go to different shards, so that all have the same
// mixture; and which shard has a seed does not depend on the range.
type Shard struct {
	Index uint64 `json:"index"`
	Count uint64 `json:"count"`
}

// WholeRange is the only shard of one.
func WholeRange() Shard { return Shard{Index: 0, Count: 1} }

// String is the shard as ParseShard reads it.
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

// ParseShard reads i/n, where i counts from 0. The error is a *config.Error.
func ParseShard(text string) (Shard, error) {
	index, count, _ := strings.Cut(text, "/")
	i, err1 := strconv.ParseUint(index, 10, 32)
	n, err2 := strconv.ParseUint(count, 10, 32)
	if err1 != nil || err2 != nil || i >= n {
		return Shard{}, &config.Error{
			Message:  fmt.Sprintf("--shard %s: this is no shard", text),
			Expected: "i/n with i from 0 to n-1, as in 0/4",
		}
	}
	return Shard{Index: i, Count: n}, nil
}

// batch is a system that tells a process by variables which of many it is.
type batch struct {
	name, index, count string
	// lowest is the variable that says where indices begin, or the number itself.
	lowest string
	// only, if not empty, must be set too: the system shares its variables with another.
	only string
}

// batches are looked at in this order. Kubernetes does not tell an Indexed Job its number
// of completions: the manifest sets SIMRUN_SHARDS beside it, which with SIMRUN_SHARD serves
// every other system.
var batches = []batch{
	{name: "simrun", index: "SIMRUN_SHARD", count: "SIMRUN_SHARDS", lowest: "0"},
	{name: "Kubernetes Indexed Job", index: "JOB_COMPLETION_INDEX", count: "SIMRUN_SHARDS", lowest: "0"},
	{name: "Slurm array", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT",
		lowest: "SLURM_ARRAY_TASK_MIN"},
	{name: "GitLab parallel jobs", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", lowest: "1",
		only: "GITLAB_CI"},
	{name: "CircleCI", index: "CIRCLE_NODE_INDEX", count: "CIRCLE_NODE_TOTAL", lowest: "0"},
	{name: "CI matrix", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", lowest: "0"},
}

// ShardOfEnvironment is the shard that the first of the known batch systems asks for, and
// that system's name; the whole range and "" if there is none. The error is a
// *config.Error: a variable is missing, or is no number.
func ShardOfEnvironment(lookup func(variable string) (string, bool)) (Shard, string, error) {
	for i := range batches {
		b := &batches[i]
		_, found := lookup(b.index)
		if _, only := lookup(b.only); found && (only || b.only == "") {
			shard, err := b.shard(lookup)
			return shard, b.name, err
		}
	}
	return WholeRange(), "", nil
}

// shard reads the variables; indices are counted from the lowest.
func (b *batch) shard(lookup func(variable string) (string, bool)) (Shard, error) {
	index, _ := lookup(b.index)
	count, found := lookup(b.count)
	if !found {
		return Shard{}, &config.Error{
			Message:  fmt.Sprintf("%s=%s is set, but %s is not", b.index, index, b.count),
			Expected: "both, or --shard i/n",
		}
	}
	lowest, found := lookup(b.lowest)
	if !found {
		lowest = b.lowest
	}
	i, err1 := strconv.ParseUint(index, 10, 32)
	low, err2 := strconv.ParseUint(lowest, 10, 32)
	n, err3 := strconv.ParseUint(count, 10, 32)
	if err1 != nil || err2 != nil || err3 != nil || i < low || i-low >= n {
		return Shard{}, &config.Error{
			Message: fmt.Sprintf("%s=%s of %s=%s, counted from %s: this is no shard",
				b.index, index, b.count, count, lowest),
			Expected: "an index below the number of shards, or --shard i/n",
		}
	}
	return Shard{Index: i - low, Count: n}, nil
}
