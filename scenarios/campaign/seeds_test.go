package campaign_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/scenarios/campaign"
	"simrun/scenarios/config"
)

func TestSeedsAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]campaign.Seeds{
		"0:10":       {From: 0, To: 10},
		"7":          {From: 7},
		"7:+5":       {From: 7, To: 12},
		"a7d2c3f":    {From: 0xa7d2c3f << 24},
		"A7D2C3F:+9": {From: 0xa7d2c3f << 24, To: 0xa7d2c3f<<24 + 9},
		"a7d2c3f900aabbccddeeff00112233445566778": {From: 0xa7d2c3f << 24},
		"1234567":                       {From: 1234567},
		strings.Repeat("1234567890", 4): {From: 0x1234567 << 24},
	} {
		got, err := campaign.ParseSeeds(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Uint64Range(0, 1<<62).Draw(t, "from")
		seeds := campaign.Seeds{From: from, To: from + rapid.Uint64Range(1, 1<<61).Draw(t, "length")}
		got, err := campaign.ParseSeeds(seeds.String())
		require.NoError(t, err)
		require.Equal(t, seeds, got)
	})
}

func TestBadSeedsAreRefused(t *testing.T) {
	for text, message := range map[string]string{
		"":                      "is neither a number nor a commit hash",
		"abcdef":                "is neither a number nor a commit hash",
		"a7d2c3g":               "is neither a number nor a commit hash",
		"-1":                    "is neither a number nor a commit hash",
		"18446744073709551615":  "is neither a number nor a commit hash",
		"5:5":                   "the range is empty",
		"5:4":                   "the range is empty",
		"5:+0":                  "the range is empty",
		"5:":                    "is no number of the range",
		"5:a7d2c3f":             "is no number of the range",
		"5:9223372036854775808": "is no number of the range",
		strings.Repeat("a", 65): "is neither a number nor a commit hash",
	} {
		_, err := campaign.ParseSeeds(text)
		var bad *config.Error
		require.ErrorAs(t, err, &bad, text)
		require.Contains(t, bad.Message, message, text)
		require.NotEmpty(t, bad.Expected)
	}
}

// TestCommitsHaveSeedsOfTheirOwn: two commits never share a seed in campaigns of less than
// sixteen million.
func TestCommitsHaveSeedsOfTheirOwn(t *testing.T) {
	one, err := campaign.ParseSeeds("fffffff:+16777216")
	require.NoError(t, err)
	other, err := campaign.ParseSeeds("ffffffe:+16777216")
	require.NoError(t, err)
	require.Equal(t, one.From, other.To)
	require.Less(t, one.To, uint64(1)<<53, "exact in a JSON number")
}

func lookup(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, found := variables[name]
		return value, found
	}
}

func TestShardsComeFromBatchSystems(t *testing.T) {
	for _, c := range []struct {
		variables map[string]string
		want      campaign.Shard
		system    string
	}{
		{nil, campaign.WholeRange(), ""},
		{map[string]string{"SIMRUN_SHARDS": "4"}, campaign.WholeRange(), ""},
		{map[string]string{"SIMRUN_SHARD": "3", "SIMRUN_SHARDS": "4"}, campaign.Shard{Index: 3, Count: 4}, "simrun"},
		{map[string]string{"JOB_COMPLETION_INDEX": "0", "SIMRUN_SHARDS": "16"}, campaign.Shard{Index: 0, Count: 16}, "Kubernetes Indexed Job"},
		{map[string]string{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "5"}, campaign.Shard{Index: 2, Count: 4}, "Slurm array"},
		{map[string]string{"GITLAB_CI": "true", "CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, campaign.Shard{Index: 0, Count: 3}, "GitLab parallel jobs"},
		{map[string]string{"CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "3"}, campaign.Shard{Index: 0, Count: 3}, "CI matrix"},
		{map[string]string{"CIRCLE_NODE_INDEX": "2", "CIRCLE_NODE_TOTAL": "3"}, campaign.Shard{Index: 2, Count: 3}, "CircleCI"},
	} {
		shard, system, err := campaign.ShardOfEnvironment(lookup(c.variables))
		require.NoError(t, err, "%v", c.variables)
		require.Equal(t, c.want, shard, "%v", c.variables)
		require.Equal(t, c.system, system)
	}
}

func TestEnvironmentsThatMakeNoShardAreRefused(t *testing.T) {
	for _, variables := range []map[string]string{
		{"JOB_COMPLETION_INDEX": "0"},
		{"JOB_COMPLETION_INDEX": "16", "SIMRUN_SHARDS": "16"},
		{"JOB_COMPLETION_INDEX": "one", "SIMRUN_SHARDS": "16"},
		{"SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "5"},
		{"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "3"},
	} {
		_, _, err := campaign.ShardOfEnvironment(lookup(variables))
		var bad *config.Error
		require.True(t, errors.As(err, &bad), "%v", variables)
	}
	for _, text := range []string{"", "1", "3/3", "-1/2", "a/b", "0/0"} {
		_, err := campaign.ParseShard(text)
		require.Error(t, err, text)
	}
	shard, err := campaign.ParseShard("3/16")
	require.NoError(t, err)
	require.Equal(t, "3/16", shard.String())
}
