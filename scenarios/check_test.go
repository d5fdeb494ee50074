package scenarios_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/generate"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/explore"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

// counting is a small job that a seed runs in a few milliseconds.
const counting = `
name: counting
job:
  protocol: aligned
  configuration: {execution.checkpointing.interval: 200 ms}
  graph:
    - {id: events, source: {synthetic: uniform, keys: 20, rate: 1000/s, records: 600}, parallelism: 2}
    - {id: counts, keyed: {aggregate: count}, parallelism: 2, from: [events]}
    - {id: topic, sink: {transactional: kafka}, from: [counts]}
expect: {reached: [restored-from-checkpoint]}
`

func loadCounting(t testing.TB, sets ...string) *scenarios.Scenario {
	path := filepath.Join(t.TempDir(), "counting.yaml")
	require.NoError(t, os.WriteFile(path, []byte(counting), 0o666))
	s, err := scenarios.Load(path, sets...)
	require.NoError(t, err)
	return s
}

func TestAScenarioHoldsOverARangeOfSeeds(t *testing.T) {
	scenarios.CheckWith(t, loadCounting(t), scenarios.CheckOptions{Seeds: 20})
}

func TestAMachineOfTheCallersRunsAsTheProtocolsOwn(t *testing.T) {
	s := loadCounting(t)
	own, err := s.Run(3)
	require.NoError(t, err)
	made := 0
	given, err := s.WithMachine(func(shape protocol.TaskShape) protocol.Machine {
		made++
		return protocol.NewMachine(protocol.Aligned, shape)
	}).Run(3)
	require.NoError(t, err)
	require.Equal(t, own.Digest, given.Digest)
	require.GreaterOrEqual(t, made, 5, "one for each task")
}

func TestACaseThatPassesIsNotKeptAnyLonger(t *testing.T) {
	s := loadCounting(t)
	o, err := s.Run(1)
	require.NoError(t, err)
	o.Verdict = result.Stuck // as if it had failed before the code was mended
	folder := t.TempDir()
	path := filepath.Join(folder, "stuck.yaml")
	require.NoError(t, os.WriteFile(path, s.Case(o).YAML(), 0o666))
	scenarios.CheckWith(t, s, scenarios.CheckOptions{Seeds: 1, Profile: "calm", Folder: folder,
		FirstSeed: 7, Vacuous: true})
	require.NoFileExists(t, path)
}

// rapidChoice lets rapid decide, so that it can make what it finds small.
type rapidChoice struct{ t *rapid.T }

func (c rapidChoice) Choose(n uint64) uint64 { return rapid.Uint64Range(0, n-1).Draw(c.t, "choice") }

func TestWholeScenariosHoldUnderRapid(t *testing.T) {
	space, err := explore.New(explore.Options{Universes: true})
	require.NoError(t, err)
	runs := trial.New()
	rapid.Check(t, func(t *rapid.T) {
		drawn, err := space.DrawFrom(rapidChoice{t})
		require.NoError(t, err)
		requireHealthy(t, runs, drawn)
	})
}

// FuzzPlans lets a fuzzer's bytes draw universes and plans: go test -fuzz Plans ./scenarios.
func FuzzPlans(f *testing.F) {
	space, err := explore.New(explore.Options{Universes: true})
	require.NoError(f, err)
	runs := trial.New()
	f.Add([]byte{})
	f.Add([]byte("a plan is a list of faults, decided before the run"))
	f.Fuzz(func(t *testing.T, data []byte) {
		drawn, err := space.DrawFrom(generate.NewRecords(data, 128, 16))
		require.NoError(t, err)
		requireHealthy(t, runs, drawn)
	})
}

func requireHealthy(t require.TestingT, runs *trial.Trial, drawn *config.Scenario) {
	c, err := trial.NewCase(drawn, drawn.Seed)
	require.NoError(t, err)
	o, err := runs.Run(c)
	require.NoError(t, err)
	require.Contains(t, []result.Verdict{drawn.Expect.Verdict, result.Vacuous}, o.Verdict,
		"%v %s\n%s", o.Violations, o.StuckReason, drawn.YAML())
}

func TestACrashLoopThatGetsNoFurtherIsStuck(t *testing.T) {
	s := loadCounting(t, "job.configuration.execution.checkpointing.interval=10 min",
		"job.configuration.restart-strategy.type=exponential-delay", "run.converge-within=2 min")
	looping := s.Config().Clone()
	p, err := plan.ParsePlan("throw counts at-record 100 times always")
	require.NoError(t, err)
	looping.Faults = p
	c, err := trial.NewCase(looping, 1)
	require.NoError(t, err)
	o, err := trial.New().Run(c)
	require.NoError(t, err)
	require.Equal(t, result.Stuck, o.Verdict)
	require.Less(t, o.VirtualNanos, int64(10*60e9))
}
