package config_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
)

const optionsFile = "../../docs/options.md"

// optionsPage is the page of all options, as the docs have it.
func optionsPage() string {
	var b strings.Builder
	b.WriteString("# Options\n\nFlink's option names, as `cluster.configuration` and `job.configuration` take them. " +
		"Defaults are Flink's.\n`protocol:` is short for the checkpointing options that mean the same. " +
		"This page is generated from the code.\n\n| option | default | what it does |\n|---|---|---|\n")
	for _, o := range config.Options() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", o.Name, o.Default, o.Doc)
	}
	return b.String()
}

func TestOptionsInDocsAreTheCodes(t *testing.T) {
	if *rewrite {
		require.NoError(t, os.WriteFile(optionsFile, []byte(optionsPage()), 0o644))
	}
	text, err := os.ReadFile(optionsFile)
	require.NoError(t, err)
	require.Equal(t, optionsPage(), string(text),
		"docs/options.md is out of date: go test ./scenarios/config -run 'Options|Schema' -rewrite")
}

// TestDefaultsAreFlinks pins the defaults that reference 1.1 to 1.7 gives.
func TestDefaultsAreFlinks(t *testing.T) {
	defaults := map[string]string{}
	for _, o := range config.Options() {
		defaults[o.Name] = o.Default
	}
	for name, want := range map[string]string{
		"execution.checkpointing.interval":                                "none",
		"execution.checkpointing.timeout":                                 "10 min",
		"execution.checkpointing.min-pause":                               "0 s",
		"execution.checkpointing.max-concurrent-checkpoints":              "1",
		"execution.checkpointing.tolerable-failed-checkpoints":            "0",
		"execution.checkpointing.mode":                                    "EXACTLY_ONCE",
		"execution.checkpointing.num-retained":                            "1",
		"execution.checkpointing.unaligned.enabled":                       "false",
		"execution.checkpointing.aligned-checkpoint-timeout":              "0 s",
		"execution.checkpointing.data-inline-threshold":                   "20 kb",
		"taskmanager.memory.segment-size":                                 "32 kb",
		"taskmanager.network.memory.max-overdraft-buffers-per-gate":       "5",
		"taskmanager.network.memory.buffer-debloat.enabled":               "false",
		"taskmanager.network.memory.buffer-debloat.target":                "1 s",
		"taskmanager.network.memory.buffer-debloat.period":                "200 ms",
		"taskmanager.network.memory.buffer-debloat.samples":               "20",
		"taskmanager.network.memory.buffer-debloat.threshold-percentages": "25",
		"execution.buffer-timeout.interval":                               "100 ms",
		"pipeline.auto-watermark-interval":                                "200 ms",
		"pipeline.max-parallelism":                                        "-1",
		"heartbeat.interval":                                              "10 s",
		"heartbeat.timeout":                                               "50 s",
		"task.cancellation.timeout":                                       "3 min",
		"restart-strategy.type":                                           "default",
		"restart-strategy.exponential-delay.initial-backoff":              "1 s",
		"restart-strategy.exponential-delay.backoff-multiplier":           "1.5",
		"restart-strategy.exponential-delay.max-backoff":                  "1 min",
		"restart-strategy.exponential-delay.reset-backoff-threshold":      "1 h",
		"restart-strategy.exponential-delay.jitter-factor":                "0.1",
		"restart-strategy.fixed-delay.attempts":                           "1",
		"restart-strategy.failure-rate.failure-rate-interval":             "1 min",
	} {
		require.Equal(t, want, defaults[name], name)
	}
}

// others are values of which every option takes one that is not its default.
var others = []string{
	"AT_LEAST_ONCE", "RETAIN_ON_CANCELLATION", "jobmanager", "NONE", "fixed-delay", "false", "true", "20 s", "70 s", "7 kb",
	"3 s", "70", "0.3", "1.7",
}

// TestEveryOptionReachesTheRun sets each option to something else: an option that a run
// does not see is a lie.
func TestEveryOptionReachesTheRun(t *testing.T) {
	text := replaceFirst(flights, "  protocol: unaligned\n", "")
	unaligned := "job.configuration.execution.checkpointing.unaligned.enabled=true"
	base, err := load(t, text).Build()
	require.NoError(t, err)
	for _, o := range config.Options() {
		t.Run(o.Name, func(t *testing.T) {
			for _, value := range others {
				set := "job.configuration." + o.Name + "=" + value
				sets := []string{set}
				if o.Name == "execution.checkpointing.aligned-checkpoint-timeout" {
					sets = append(sets, unaligned)
				}
				s, err := config.Load("s", []byte(text), config.NoFiles{}, sets...)
				if err != nil || value == o.Default {
					continue
				}
				b, err := s.Build()
				require.NoError(t, err)
				require.NotEqual(t, base.Options.Config, b.Options.Config, "%s changes nothing", set)
				return
			}
			t.Fatal("no value other than the default was taken")
		})
	}
}
