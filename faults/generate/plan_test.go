package generate_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/faults/generate"
	"simrun/faults/plan"
	"simrun/protocol"
)

// rapidChoice lets rapid decide, so that a failing draw shrinks towards the simplest.
type rapidChoice struct{ t *rapid.T }

func (c rapidChoice) Choose(n uint64) uint64 { return rapid.Uint64Range(0, n-1).Draw(c.t, "choice") }

func shape() generate.Shape {
	return generate.Shape{
		Operators: []generate.Operator{
			{ID: "source", Parallelism: 2, RecordsTo: 100, Records: 20, Reads: true, Rated: true},
			{ID: "sink", Parallelism: 3, Commits: true, RecordsTo: 60, Records: 10},
		},
		TaskManagers: 2, JobManagers: 2, Nodes: 2, Externals: []string{"log"}, Ledgers: []string{"log"},
		FromNanos: 100e6, ToNanos: 400e6, HeartbeatTimeoutNanos: 250e6, ConnectionTimeoutNanos: 200e6,
		CheckpointNanos: 10e6, Restarts: 100, TolerableFailures: 100,
		FirstCheckpoint: 2, LastCheckpoint: 4,
	}
}

func anyProfile(t *rapid.T) generate.Profile {
	return rapid.SampledFrom(generate.Profiles()).Draw(t, "profile")
}

func TestPlansHaveACanonicalTextThatParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := generate.Plan(rapidChoice{t}, shape(), anyProfile(t))
		parsed, err := plan.ParsePlan(p.String())
		require.NoError(t, err, "%s", p)
		require.Equal(t, p.String(), parsed.String())
		require.Equal(t, []plan.Fault(p), []plan.Fault(parsed))
	})
}

func TestPlansStrikeWhileThereIsSomethingToLose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shape()
		for _, f := range generate.Plan(rapidChoice{t}, s, anyProfile(t)) {
			if f.Step == "" && strikesAtOnce(f.Kind) {
				require.GreaterOrEqual(t, f.AtNanos, s.FromNanos, "%s", f.String())
				require.LessOrEqual(t, f.AtNanos, s.ToNanos, "%s", f.String())
			}
			if f.Checkpoint != protocol.NoCheckpoint {
				require.True(t, f.Checkpoint >= s.FirstCheckpoint && f.Checkpoint <= s.LastCheckpoint, "%s", f.String())
			}
		}
	})
}

// strikesAtOnce: others lie in wait, or are part of something that strikes later.
func strikesAtOnce(k protocol.FaultKind) bool {
	switch k {
	case protocol.FaultThrow, protocol.FaultPartition, protocol.FaultSkew, protocol.FaultTear,
		protocol.FaultUnsync, protocol.FaultLag:
		return false
	}
	return true
}

// A plan takes nothing away for good but job managers, and always leaves one.
func TestPlansTakeNothingAwayThatIsNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shape()
		s.JobManagers = rapid.IntRange(1, 3).Draw(t, "job managers")
		for i := range s.JobManagers - 1 {
			if rapid.Bool().Draw(t, "dead") {
				s.Dead = append(s.Dead, "job-manager-"+strconv.Itoa(i))
			}
		}
		gone := slices.Clone(s.Dead)
		for _, f := range generate.Plan(rapidChoice{t}, s, anyProfile(t)) {
			require.NotContains(t, gone, f.Targets[0], "%s strikes what is dead", f.String())
			require.False(t, f.Always, "%s", f.String())
			if !f.Permanent() {
				continue
			}
			require.Equal(t, protocol.FaultCrash, f.Kind, "%s never ends", f.String())
			require.True(t, strings.HasPrefix(f.Targets[0], "job-manager-"), "%s", f.String())
			gone = append(gone, f.Targets[0])
		}
		require.Less(t, len(gone), s.JobManagers)
	})
}

func TestAJobWithoutRestartsGetsNoPlan(t *testing.T) {
	s := shape()
	s.Restarts = 0
	for seed := range uint64(100) {
		profile, err := generate.FindProfile("")
		require.NoError(t, err)
		require.Empty(t, generate.Plan(generate.NewSeed(seed), s, profile))
	}
}

func TestCalmHasNoFaults(t *testing.T) {
	calm, err := generate.FindProfile("calm")
	require.NoError(t, err)
	for seed := range uint64(100) {
		require.Empty(t, generate.Plan(generate.NewSeed(seed), shape(), calm))
	}
}

// Every feature of the default profile is drawn now and then, and alone, too.
func TestTheDefaultProfileDrawsEveryKindOfFaultAlsoAlone(t *testing.T) {
	profile, err := generate.FindProfile("")
	require.NoError(t, err)
	kinds, alone := map[protocol.FaultKind]bool{}, map[protocol.FaultKind]bool{}
	for seed := range uint64(40000) {
		p := generate.Plan(generate.NewSeed(seed), shape(), profile)
		for _, f := range p {
			kinds[f.Kind] = true
			alone[f.Kind] = alone[f.Kind] || len(p) == 1
		}
	}
	for _, kind := range []protocol.FaultKind{
		protocol.FaultCrash, protocol.FaultThrow, protocol.FaultSlow, protocol.FaultStall, protocol.FaultDelay,
		protocol.FaultPartition, protocol.FaultFail, protocol.FaultPause, protocol.FaultIsolate, protocol.FaultHold,
		protocol.FaultReset, protocol.FaultJitter, protocol.FaultThrottle, protocol.FaultLose,
		protocol.FaultDuplicate, protocol.FaultReorder, protocol.FaultExpire, protocol.FaultFence,
		protocol.FaultBurst, protocol.FaultSkew, protocol.FaultClock,
	} {
		require.True(t, kinds[kind], "%s is never drawn", kind)
		require.True(t, alone[kind], "%s is never drawn alone", kind)
	}
}

// Steps that only a recovery makes are drawn about as often as those of every checkpoint.
func TestRareStepsAreNotRarelyStruck(t *testing.T) {
	crashes, err := generate.FindProfile("crashes")
	require.NoError(t, err)
	count := map[string]int{}
	for seed := range uint64(5000) {
		for _, f := range generate.Plan(generate.NewSeed(seed), shape(), crashes) {
			count[f.Step]++
		}
	}
	for _, step := range []protocol.Step{
		protocol.StepSyncSnapshot, protocol.StepWriteMetadata, protocol.StepChooseRestore, protocol.StepReadState,
		protocol.StepLead, protocol.StepPreCommit, protocol.StepFailOver,
	} {
		require.Greater(t, count[step.String()], 20, "%s", step)
	}
}

func FuzzRecordsDrawPlans(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("the head, and then records: one for each fault of the plan"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, profile := range generate.Profiles() {
			p := generate.Plan(generate.NewRecords(data, 32, 16), shape(), profile)
			_, err := plan.ParsePlan(p.String())
			require.NoError(t, err)
		}
	})
}

func FuzzBytesDrawPlans(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, profile := range generate.Profiles() {
			p := generate.Plan(generate.NewBytes(data), shape(), profile)
			_, err := plan.ParsePlan(p.String())
			require.NoError(t, err)
		}
	})
}

func TestNoBytesDrawTheSimplestPlan(t *testing.T) {
	profile, err := generate.FindProfile("")
	require.NoError(t, err)
	p := generate.Plan(generate.NewBytes(nil), shape(), profile)
	require.Equal(t, "crash source[0] at 100 ms", p.String())
}
