package runtime_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime"
	"simrun/sim"
)

// linkFaults are the faults of a link.
var linkFaults = []protocol.FaultKind{
	protocol.FaultDelay, protocol.FaultPartition, protocol.FaultHold, protocol.FaultJitter, protocol.FaultThrottle,
	protocol.FaultReset,
}

// allRoles are the roles of jobOptions, by what they are.
var allRoles = []struct {
	roles []string
	kinds []protocol.FaultKind // that can strike them
}{
	{
		[]string{"task-manager-0", "task-manager-1", "job-manager-0", "database"},
		append([]protocol.FaultKind{protocol.FaultCrash, protocol.FaultPause, protocol.FaultIsolate, protocol.FaultClock}, linkFaults...),
	},
	{
		[]string{"node-0", "node-1", "node-job-manager-0", "node-database"},
		append([]protocol.FaultKind{protocol.FaultPause, protocol.FaultIsolate, protocol.FaultClock}, linkFaults...),
	},
	{
		[]string{"source", "source[0]", "count", "count[1]", "db", "db[1]"},
		[]protocol.FaultKind{protocol.FaultCrash, protocol.FaultThrow, protocol.FaultSlow, protocol.FaultStall,
			protocol.FaultPoison},
	},
	{[]string{"source"}, []protocol.FaultKind{protocol.FaultBurst, protocol.FaultSkew}},
	{[]string{"db", "db[1]"}, []protocol.FaultKind{protocol.FaultExpire, protocol.FaultFence}},
	{[]string{"database"}, []protocol.FaultKind{protocol.FaultSlow, protocol.FaultStall, protocol.FaultFail}},
	{[]string{"storage"}, []protocol.FaultKind{protocol.FaultSlow, protocol.FaultStall, protocol.FaultFail,
		protocol.FaultPartition, protocol.FaultIsolate, protocol.FaultCrash,
		protocol.FaultTear, protocol.FaultUnsync, protocol.FaultCorrupt, protocol.FaultLag}},
	{[]string{"source[2]", "source[-1]", "source[x]", "task-manager-2", "node-9", "", "db[0"}, nil},
}

func strikes(kind protocol.FaultKind, role string) bool {
	for _, r := range allRoles {
		if slices.Contains(r.roles, role) && slices.Contains(r.kinds, kind) {
			return true
		}
	}
	return false
}

// started is the job of the options, shortly after its tasks run.
func started(t require.TestingT, k *sim.Kernel, o runtime.Options) *runtime.System {
	s, err := runtime.Build(k, o, nil)
	require.NoError(t, err)
	s.Run(runtime.RunOptions{LimitNanos: 100e6})
	return s
}

// otherMachine is a role that is not on the role's machine.
func otherMachine(role string) string {
	if strings.HasSuffix(role, "job-manager-0") {
		return "task-manager-0"
	}
	return "job-manager-0"
}

func TestLinkOfAMachineWithItselfIsRefused(t *testing.T) {
	target := started(t, sim.New(sim.Options{}), jobOptions(protocol.Aligned)).Target()
	_, err := target.Apply(&protocol.Disturbance{
		Kind: protocol.FaultPartition, Targets: [2]string{"task-manager-0", "node-0"},
	})
	require.ErrorContains(t, err, "on one machine")
}

func TestEveryFaultStrikesTheRolesItCanAndRefusesTheOthers(t *testing.T) {
	k := sim.New(sim.Options{})
	for kind := protocol.FaultNone; int(kind) < protocol.FaultKinds; kind++ {
		for _, group := range allRoles {
			for _, role := range group.roles {
				target := started(t, k, jobOptions(protocol.Aligned)).Target()
				d := &protocol.Disturbance{Kind: kind, Targets: [2]string{role, otherMachine(role)}, FactorNumerator: 2, FactorDenominator: 1, Source: "source"}
				_, err := target.Apply(d)
				if kind == protocol.FaultReset && strikes(kind, role) && strings.Contains(role, "database") {
					require.ErrorContains(t, err, "no connection joins")
					continue
				}
				if strikes(kind, role) {
					require.NoError(t, err, "%s %s", kind, role)
					require.NoError(t, target.Revert(d))
					continue
				}
				var refused *runtime.RoleError
				require.ErrorAs(t, err, &refused, "%s %s", kind, role)
				require.Equal(t, role, refused.Role)
				require.Zero(t, target.ActiveSlowdowns())
			}
		}
	}
}

func TestEveryRoleThatIsListedCanBeStruck(t *testing.T) {
	o := jobOptions(protocol.Aligned)
	o.Graph.Nodes[2].Inputs[0].Exchange = 0 // forward: count and db become one vertex
	target := started(t, sim.New(sim.Options{}), o).Target()
	roles := target.Roles()
	require.Subset(t, roles, []string{"count", "count[1]", "storage", "database", "node-1", "job-manager-0"})
	for _, role := range roles {
		struck := false
		for kind := protocol.FaultCrash; int(kind) < protocol.FaultKinds; kind++ {
			d := &protocol.Disturbance{Kind: kind, Targets: [2]string{role, "job-manager-0"}, FactorNumerator: 2}
			_, err := target.Apply(d)
			struck = struck || err == nil
			if err == nil {
				require.NoError(t, target.Revert(d))
			}
		}
		require.True(t, struck, "%q", role)
	}
}

func TestRefusalNamesTheNearestRole(t *testing.T) {
	target := started(t, sim.New(sim.Options{}), jobOptions(protocol.Aligned)).Target()
	for _, c := range []struct{ kind, first, second, wanted string }{
		{"crash", "task-manger-1", "", `cannot crash "task-manger-1"; did you mean "task-manager-1"?`},
		{"slow", "storrage", "", `cannot slow "storrage"; did you mean "storage"?`},
		{"throw", "count[3]", "", `cannot throw "count[3]"; did you mean "count[0]"?`},
		{"fail", "task-manager-0", "", `cannot fail "task-manager-0"`},
		{"partition", "node-0", "node_1", `cannot partition "node_1"; did you mean "node-1"?`},
		{"delay", "count", "node-1", `cannot delay "count"`},
	} {
		for kind := protocol.FaultCrash; int(kind) < protocol.FaultKinds; kind++ {
			if kind.String() == c.kind {
				_, err := target.Apply(&protocol.Disturbance{Kind: kind, Targets: [2]string{c.first, c.second}})
				require.EqualError(t, err, c.wanted)
			}
		}
	}
}

func TestTaskThatDoesNotRunCannotBeCrashed(t *testing.T) {
	s, err := runtime.New(jobOptions(protocol.Aligned), nil)
	require.NoError(t, err)
	_, err = s.Target().Apply(&protocol.Disturbance{Kind: protocol.FaultCrash, Targets: [2]string{"db[1]"}})
	require.EqualError(t, err, "db[1] does not run")
}

func TestStepStrikesAtItsOrdinalOnce(t *testing.T) {
	var s *runtime.System
	var completed []int64
	o := smallest(protocol.Aligned)
	s, err := runtime.New(o, func(e *sim.Event) {
		if runtime.EventKindOf(e) == protocol.CheckpointAcknowledged {
			completed = append(completed, e.TimeNanos)
		}
	})
	require.NoError(t, err)
	var struck []int64
	third := &protocol.StepWatch{Step: "checkpoint-acknowledged", Ordinal: 3}
	next := &protocol.StepWatch{Step: "checkpoint-acknowledged", Ordinal: 1}
	third.Act = func(protocol.StepPlace) {
		struck = append(struck, s.Kernel.NowNanos())
		require.NoError(t, s.Target().OnStep(next), "a step may wait for another")
	}
	next.Act = func(protocol.StepPlace) { struck = append(struck, s.Kernel.NowNanos()) }
	require.NoError(t, s.Target().OnStep(third))
	s.Run(runtime.RunOptions{LimitNanos: 60e9})
	require.Len(t, completed, 4)
	require.Equal(t, completed[2:], struck)
	require.Equal(t, [2]int64{4, 1}, [2]int64{third.Reached, next.Reached})
}

func TestOnlyStepsCanBeWaitedFor(t *testing.T) {
	target := started(t, sim.New(sim.Options{}), jobOptions(protocol.Aligned)).Target()
	steps := target.Steps()
	require.True(t, slices.Contains(steps, "snapshot-started") && slices.Contains(steps, "metadata-stored"))
	for k := range protocol.EventKinds {
		word := protocol.EventKind(k).String()
		err := target.OnStep(&protocol.StepWatch{Step: word})
		if slices.Contains(steps, word) {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, `"`+word+`" is no protocol step`)
	}
	for _, counts := range []string{"buffer-sent", "credit-granted", "record-applied", "fault-injected", "none"} {
		require.NotContains(t, steps, counts)
	}
	require.Error(t, target.OnStep(&protocol.StepWatch{Step: "snapshot-stated"}))
	require.EqualError(t, target.OnStep(&protocol.StepWatch{Step: "snapshot-done", Moment: protocol.Before}),
		`"snapshot-done" is an event: nothing can strike before it`)
	require.EqualError(t, target.OnStep(&protocol.StepWatch{Step: "sync-snapshot", Of: "count[9]"}),
		`"count[9]" makes no steps; did you mean "count[0]"?`)
}

// reverted runs the smallest job, strikes and heals it in one instant, and gives the digest.
func reverted(t *testing.T, d *protocol.Disturbance) uint64 {
	s, err := runtime.New(smallest(protocol.Aligned), nil)
	require.NoError(t, err)
	if d != nil {
		s.Kernel.At(310e6, func() {
			_, err := s.Target().Apply(d)
			require.NoError(t, err)
			require.NoError(t, s.Target().Revert(d))
		})
	}
	s.Run(runtime.RunOptions{LimitNanos: 60e9, SettleNanos: 1e9})
	require.Equal(t, protocol.JobFinished, s.History.Status)
	return s.Digest()
}

func TestRevertedFaultLeavesNothingBehind(t *testing.T) {
	untouched := reverted(t, nil)
	for _, text := range []string{
		"slow source", "slow db[0]", "slow database", "slow storage", "stall source", "stall db", "stall database",
		"stall storage", "delay task-manager-0", "partition task-manager-0", "fail storage", "pause node-1",
		"pause task-manager-0", "isolate node-0", "hold task-manager-0", "jitter task-manager-0",
		"throttle task-manager-0",
		"tear storage", "unsync storage", "corrupt storage", "lag storage", "crash storage", "fail database", "burst source", "clock task-manager-0",
	} {
		verb, role, _ := strings.Cut(text, " ")
		for kind := protocol.FaultCrash; int(kind) < protocol.FaultKinds; kind++ {
			if kind.String() == verb {
				d := &protocol.Disturbance{Kind: kind, Targets: [2]string{role, "job-manager-0"},
					FactorNumerator: 7, FactorDenominator: 2, ByNanos: 5e6, BytesPerSecond: 1000}
				require.Equal(t, untouched, reverted(t, d), text)
			}
		}
	}
}

func TestFaultsOfOneLinkAddUpAndEndOneByOne(t *testing.T) {
	s := started(t, sim.New(sim.Options{}), jobOptions(protocol.Aligned))
	target, a, b := s.Target(), sim.NodeID(-1), sim.NodeID(-1)
	for n := range s.Kernel.NodeCount() {
		switch s.Kernel.NodeName(sim.NodeID(n)) {
		case "node-0":
			a = sim.NodeID(n)
		case "node-1":
			b = sim.NodeID(n)
		}
	}
	before := s.Kernel.LinkOptionsOf(a, b)
	both := &protocol.Disturbance{Kind: protocol.FaultDelay, Targets: [2]string{"task-manager-0", "node-1"}, ByNanos: 5}
	one := &protocol.Disturbance{Kind: protocol.FaultDelay, Targets: [2]string{"node-0", "node-1"}, ByNanos: 7, OneWay: true}
	added := func() [2]int64 {
		return [2]int64{s.Kernel.LinkOptionsOf(a, b).AddedNanos, s.Kernel.LinkOptionsOf(b, a).AddedNanos}
	}
	for _, d := range []*protocol.Disturbance{both, one} {
		_, err := target.Apply(d)
		require.NoError(t, err)
	}
	require.Equal(t, [2]int64{12, 5}, added())
	require.NoError(t, target.Revert(both))
	require.Equal(t, [2]int64{7, 0}, added())
	require.NoError(t, target.Revert(one))
	require.Equal(t, before, s.Kernel.LinkOptionsOf(a, b))

	one.Kind = protocol.FaultPartition
	_, err := target.Apply(one)
	require.NoError(t, err)
	require.Equal(t, [2]bool{true, false}, [2]bool{s.Kernel.Cut(a, b), s.Kernel.Cut(b, a)})
	require.NoError(t, target.Revert(one))
	require.False(t, s.Kernel.Cut(a, b))
}

// applied counts what each sink subtask took from second 2 to 4, with the faults active.
func applied(t *testing.T, faults ...*protocol.Disturbance) (records [2]int) {
	o := jobOptions(protocol.None)
	o.Detailed = true
	s, err := runtime.New(o, func(e *sim.Event) {
		if task := e.Args[0] - 4; runtime.EventKindOf(e) == protocol.RecordApplied && task >= 0 && e.TimeNanos >= 2e9 {
			records[task]++
		}
	})
	require.NoError(t, err)
	s.Kernel.At(2e9, func() {
		for _, d := range faults {
			_, err := s.Target().Apply(d)
			require.NoError(t, err)
		}
	})
	s.Run(runtime.RunOptions{LimitNanos: 4e9})
	return records
}

func TestSlowdownsOfOneTargetMultiplyAndStrikeNobodyElse(t *testing.T) {
	slow := func(role string, factor int64) *protocol.Disturbance {
		return &protocol.Disturbance{Kind: protocol.FaultSlow, Targets: [2]string{role}, FactorNumerator: factor}
	}
	requireNear := func(wanted0, wanted1 int, got [2]int) {
		t.Helper()
		require.InDelta(t, wanted0, got[0], 2)
		require.InDelta(t, wanted1, got[1], 2)
	}
	requireNear(1000, 1000, applied(t))
	requireNear(1000, 250, applied(t, slow("db[1]", 4)))
	requireNear(500, 125, applied(t, slow("db[1]", 4), slow("db", 2)))
	requireNear(100, 100, applied(t, slow("db", 2), slow("db", 5)))
	requireNear(1000, 0, applied(t, &protocol.Disturbance{Kind: protocol.FaultStall, Targets: [2]string{"db[1]"}}))
}

func TestThrowThatNobodyReachesIsCounted(t *testing.T) {
	s := started(t, sim.New(sim.Options{}), smallest(protocol.Aligned))
	for _, record := range []int64{2, 600} {
		_, err := s.Target().Apply(&protocol.Disturbance{Kind: protocol.FaultThrow, Targets: [2]string{"db"}, Record: record})
		require.NoError(t, err)
	}
	require.Equal(t, 2, s.Target().UnfiredThrows())
	s.Run(runtime.RunOptions{LimitNanos: 60e9})
	require.Equal(t, 1, s.Target().UnfiredThrows())
	require.Len(t, s.History.Failures, 1)
}
