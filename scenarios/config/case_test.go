package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
	"simrun/scenarios/result"
	"simrun/sim"
)

func sampleCase(t *testing.T) *config.Case {
	t.Helper()
	c := config.NewCase(load(t, flights, "faults=[{crash: task-manager-1, at: 12 s, restart-after: 1 s}]"), 42)
	c.Verdict, c.Class, c.Signature = result.Violation, "duplicated", "duplicated effects db"
	c.Events, c.Digest = 12345, 0x0123456789abcdef
	c.Trail = []sim.Mark{{Count: 1, Digest: 7}, {Count: 2, Digest: 1 << 63}}
	return c
}

func TestCaseFileLoadsBackToTheSame(t *testing.T) {
	c := sampleCase(t)
	again, err := config.LoadCase("case.yaml", c.YAML(), config.NoFiles{})
	require.NoError(t, err, "%s", c.YAML())
	require.Equal(t, string(c.YAML()), string(again.YAML()))
	require.Equal(t, c.Trail, again.Trail)
	require.Equal(t, c.Digest, again.Digest)
	require.Equal(t, c.Scenario.Faults, again.Scenario.Faults)
	require.Equal(t, c.Scenario.Job.Config, again.Scenario.Job.Config)
}

func TestForeignAndCorruptCaseFilesAreRefused(t *testing.T) {
	text := string(sampleCase(t).YAML())
	for _, c := range []struct{ name, old, new, message string }{
		{"foreign format", "format: 1\n", "format: 2\n", "the case file has format 2, which this simrun cannot read"},
		{"a scenario", "format: 1\n", "", "this is not a case file"},
		{"bad digest", "0123456789abcdef", "0123456789abcdeg", `"0123456789abcdeg" is not a digest`},
		{"cut off", "scenario:", "scenario", "non-map value"},
		{"broken scenario", "name: flights-slow-sink", "nam: flights-slow-sink", `unknown key "nam"`},
		{"unknown target", "task-manager-1", "task-manager-9", `crash cannot strike "task-manager-9"`},
		{"no digest", `digest: "0123456789abcdef"`, "", `case has no "digest"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, text, c.old)
			_, err := config.LoadCase("case.yaml", []byte(replaceFirst(text, c.old, c.new)), config.NoFiles{})
			var e *config.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, e.Message, c.message)
			require.Equal(t, "case.yaml", e.File)
		})
	}
}

func FuzzLoadCaseNeverPanics(f *testing.F) {
	f.Add("format: 1\nmodel: 1\nseed: 1\nverdict: ok\nevents: 1\ndigest: \"0000000000000000\"\nscenario: {name: x}\n")
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := config.LoadCase("f", []byte(text), config.NoFiles{}); err == nil {
			require.NotNil(t, c.Scenario)
		}
	})
}
