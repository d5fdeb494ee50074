package faults_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults"
	"simrun/faults/plan"
	"simrun/protocol"
	"simrun/sim"
)

const second = int64(1e9)

// patient is a system under test that only writes down what is done to it.
type patient struct {
	now    func() int64
	log    []string
	steps  map[string]map[int64]*protocol.StepWatch
	refuse string
}

func (p *patient) Apply(d *protocol.Disturbance) (int64, error) {
	if d.Targets[0] == p.refuse {
		return 0, errors.New("no such role: " + d.Targets[0])
	}
	p.note("apply", d)
	return 7, nil
}

func (p *patient) Revert(d *protocol.Disturbance) error {
	p.note("revert", d)
	return nil
}

func (p *patient) note(verb string, d *protocol.Disturbance) {
	p.log = append(p.log, fmt.Sprintf("%s %s %s at %s", verb, d.Kind, d.Targets[0], sim.FormatNanos(p.now())))
}

func (p *patient) Steps() []string {
	return []string{"sync-snapshot", "snapshot-started", "snapshot-done"}
}

func (p *patient) OnStep(w *protocol.StepWatch) error {
	if p.steps[w.Step] == nil {
		p.steps[w.Step] = map[int64]*protocol.StepWatch{}
	}
	p.steps[w.Step][w.Ordinal] = w
	return nil
}

// treat runs a plan against a patient on a real kernel for a minute.
func treat(t *testing.T, text string, prepare func(*patient, *sim.Kernel)) (*patient, *faults.Injection,
	[]sim.Event) {
	t.Helper()
	p, err := plan.ParsePlan(text)
	require.NoError(t, err)
	var events []sim.Event
	k := sim.New(sim.Options{Observer: func(e *sim.Event) { events = append(events, *e) }})
	sick := &patient{now: k.NowNanos, steps: map[string]map[int64]*protocol.StepWatch{}}
	if prepare != nil {
		prepare(sick, k)
	}
	in, err := faults.Inject(p, k, sick)
	require.NoError(t, err)
	k.RunUntil(60 * second)
	return sick, in, events
}

func TestFaultsStrikeAndHealAtTheirTimes(t *testing.T) {
	sick, in, events := treat(t, "slow db factor 5 from 4 s to 9 s\n"+
		"crash task-manager-1 at 5 s restart-after 500 ms\n"+
		"crash task-manager-2 at 6 s\n"+
		"crash job-manager-0 at 7 s restart-after never\n"+
		"throw delays at-record 100", nil)
	require.Equal(t, []string{
		"apply throw delays at 0s",
		"apply slow db at 4s",
		"apply crash task-manager-1 at 5s",
		"revert crash task-manager-1 at 5500ms",
		"apply crash task-manager-2 at 6s",
		"revert crash task-manager-2 at 6s",
		"apply crash job-manager-0 at 7s",
		"revert slow db at 9s",
	}, sick.log)
	require.Equal(t, 5, in.Fired())
	require.Empty(t, in.NotFired())
	slow := in.Firings()[0]
	require.True(t, slow.Fired && slow.Healed)
	require.Equal(t, 4*second, slow.FiredNanos)
	require.Equal(t, 9*second, slow.HealedNanos)
	require.False(t, in.Firings()[3].Healed)
	requireEvents(t, events)
}

func requireEvents(t *testing.T, events []sim.Event) {
	t.Helper()
	injected, healed := 0, 0
	for _, e := range events {
		switch protocol.EventKind(e.Kind) {
		case protocol.FaultInjected:
			injected++
		case protocol.FaultHealed:
			healed++
		}
		require.Equal(t, sim.Outside, e.Actor)
		if e.Args[0] == 0 {
			require.Equal(t, int64(protocol.FaultSlow), e.Args[1])
			require.Equal(t, int64(7), e.Args[2])
		}
	}
	require.Equal(t, 5, injected)
	require.Equal(t, 3, healed)
}

func TestAFaultAtAStepStrikesWhenTheRunGetsThere(t *testing.T) {
	sick, in, _ := treat(t,
		"stall db step snapshot-done ordinal 2 for 3 s\ncrash a step snapshot-done ordinal 9",
		func(p *patient, k *sim.Kernel) {
			k.At(20*second, func() { p.steps["snapshot-done"][2].Act(protocol.StepPlace{}) })
			k.At(30*second, func() { p.steps["snapshot-done"][9].Reached = 4 })
		})
	require.Equal(t, []string{"apply stall db at 20s", "revert stall db at 23s"}, sick.log)
	require.Equal(t, []int{1}, in.NotFired())
	require.Equal(t, 1, in.Fired())
	require.Equal(t, int64(4), in.Firings()[1].StepReached, "it says how near the run came")
}

func TestAFaultHereStrikesAndHealsWhoMakesTheStep(t *testing.T) {
	sick, _, _ := treat(t, "stall here step sync-snapshot before of a checkpoint 7 ordinal 1 for 3 s\n"+
		"partition here-node here-process step sync-snapshot ordinal 2 for 1 s",
		func(p *patient, k *sim.Kernel) {
			place := protocol.StepPlace{Role: "a[1]", Process: "task-manager-0", Node: "node-0"}
			k.At(20*second, func() {
				w := p.steps["sync-snapshot"][1]
				require.Equal(t, protocol.StepWatch{
					Step: "sync-snapshot", Moment: protocol.Before, Of: "a", Checkpoint: 7, Ordinal: 1,
				}, protocol.StepWatch{
					Step: w.Step, Moment: w.Moment, Of: w.Of, Checkpoint: w.Checkpoint, Ordinal: w.Ordinal,
				})
				w.Act(place)
				p.steps["sync-snapshot"][2].Act(place)
			})
		})
	require.Equal(t, []string{
		"apply stall a[1] at 20s", "apply partition node-0 at 20s", "revert partition node-0 at 21s",
		"revert stall a[1] at 23s",
	}, sick.log)
}

func TestNothingStrikesBeforeAnEvent(t *testing.T) {
	p, err := plan.ParsePlan("crash a step snapshot-done before ordinal 1")
	require.NoError(t, err)
	_, err = faults.Inject(p, sim.New(sim.Options{}), &patient{})
	require.EqualError(t, err, `fault 0: "snapshot-done" is an event: nothing can strike before it`)
}

func TestAFaultThatTheTargetRefusesHasNotFired(t *testing.T) {
	_, in, events := treat(t, "crash nobody at 1 s", func(p *patient, _ *sim.Kernel) { p.refuse = "nobody" })
	require.Equal(t, []int{0}, in.NotFired())
	require.EqualError(t, in.Firings()[0].Err, "no such role: nobody")
	require.Empty(t, events)
}

func TestAFaultAfterTheEndOfTheRunHasNotFired(t *testing.T) {
	_, in, _ := treat(t, "crash a at 2 min", nil)
	require.Equal(t, []int{0}, in.NotFired())
}

func TestAnUnknownStepIsRefusedBeforeTheRun(t *testing.T) {
	p, err := plan.ParsePlan("crash a at 1 s\ncrash b step snapshot-doen ordinal 1")
	require.NoError(t, err)
	k := sim.New(sim.Options{})
	_, err = faults.Inject(p, k, &patient{now: k.NowNanos})
	var step *faults.StepError
	require.ErrorAs(t, err, &step)
	require.Equal(t, faults.StepError{Fault: 1, Step: "snapshot-doen", Problem: "is no protocol step", Nearest: "snapshot-done"}, *step)
	require.EqualError(t, err, `fault 1: "snapshot-doen" is no protocol step; did you mean "snapshot-done"?`)
}
