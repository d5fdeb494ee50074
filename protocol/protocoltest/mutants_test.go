package protocoltest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
)

type (
	newMachine func(protocol.TaskShape) protocol.Machine
	step       func(protocol.Input, protocol.Machine, *protocol.Effects)
	rewrite    func(protocol.Input, []protocol.Effect) []protocol.Effect
)

// mutant is a healthy machine with one thing wrong.
type mutant struct {
	inner protocol.Machine
	wrong step
}

func (m *mutant) Step(in protocol.Input, out *protocol.Effects) { m.wrong(in, m.inner, out) }

func (m *mutant) String() string { return fmt.Sprint(m.inner) }

// wrongMachine makes machines of a protocol that go wrong in newWrong's way; newWrong is
// called once for every machine, so that it can remember things.
func wrongMachine(name protocol.Name, newWrong func() step) newMachine {
	return func(shape protocol.TaskShape) protocol.Machine {
		return &mutant{protocol.NewMachine(name, shape), newWrong()}
	}
}

// forgetting drops the effects that match.
func forgetting(name protocol.Name, match func(protocol.Effect) bool) newMachine {
	return rewriting(name, func(_ protocol.Input, effects []protocol.Effect) []protocol.Effect {
		var kept []protocol.Effect
		for _, effect := range effects {
			if !match(effect) {
				kept = append(kept, effect)
			}
		}
		return kept
	})
}

// rewriting replaces the effects of every step.
func rewriting(name protocol.Name, change rewrite) newMachine {
	return wrongMachine(name, func() step {
		return func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
			var effects protocol.Effects
			inner.Step(in, &effects)
			out.List = append(out.List, change(in, effects.List)...)
		}
	})
}

func kind(kinds ...protocol.EffectKind) func(protocol.Effect) bool {
	return func(effect protocol.Effect) bool {
		for _, k := range kinds {
			if effect.Kind == k {
				return true
			}
		}
		return false
	}
}

func has(effects []protocol.Effect, k protocol.EffectKind) bool {
	for _, effect := range effects {
		if effect.Kind == k {
			return true
		}
	}
	return false
}

// ignoring feeds the inner machine only the inputs that do not match.
func ignoring(name protocol.Name, match func(protocol.Input) bool) newMachine {
	return wrongMachine(name, func() step {
		return func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
			if !match(in) {
				inner.Step(in, out)
			}
		}
	})
}

// releasesAtOnce resumes a channel right after it blocked it.
func releasesAtOnce(_ protocol.Input, effects []protocol.Effect) []protocol.Effect {
	var changed []protocol.Effect
	for _, effect := range effects {
		switch effect.Kind {
		case protocol.EffectBlock:
			changed = append(changed, effect,
				protocol.Effect{Kind: protocol.EffectResume, Channel: effect.Channel})
		case protocol.EffectResume:
		default:
			changed = append(changed, effect)
		}
	}
	return changed
}

// resumesBeforeSnapshot moves the snapshot behind the resumes of its step.
func resumesBeforeSnapshot(_ protocol.Input, effects []protocol.Effect) []protocol.Effect {
	var first, last []protocol.Effect
	for _, effect := range effects {
		if effect.Kind == protocol.EffectSnapshot {
			last = append(last, effect)
			continue
		}
		first = append(first, effect)
	}
	return append(first, last...)
}

// snapshotsOneStepLate hands every snapshot over with the next input, when records from
// behind the barrier may have been applied.
func snapshotsOneStepLate() step {
	var held []protocol.Effect
	return func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
		out.List = append(out.List, held...)
		held = held[:0]
		var effects protocol.Effects
		inner.Step(in, &effects)
		for _, effect := range effects.List {
			if effect.Kind == protocol.EffectSnapshot {
				held = append(held, effect)
				continue
			}
			out.Add(effect)
		}
	}
}

// snapshotsOnFirstBarrier is aligned, except that it does not wait with the snapshot.
func snapshotsOnFirstBarrier() step {
	last := protocol.NoCheckpoint
	return func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
		var effects protocol.Effects
		if in.Kind == protocol.InputBarrier && in.Barrier.ID > last {
			last = in.Barrier.ID
			out.Add(protocol.Effect{Kind: protocol.EffectAlignmentEnded, Checkpoint: last})
			out.Add(protocol.Effect{Kind: protocol.EffectSnapshot, Checkpoint: last, Barrier: in.Barrier})
		}
		inner.Step(in, &effects)
		for _, effect := range effects.List {
			if effect.Kind != protocol.EffectSnapshot || effect.Checkpoint > last {
				out.Add(effect)
			}
		}
	}
}

// missesLastChannel aligns all channels but the last.
func missesLastChannel(shape protocol.TaskShape) protocol.Machine {
	if shape.Channels < 2 {
		return protocol.NewMachine(protocol.Aligned, shape)
	}
	last := protocol.ChannelIndex(shape.Channels - 1)
	shape.Channels--
	inner := protocol.NewMachine(protocol.Aligned, shape)
	return &mutant{inner, func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
		about := in.Kind == protocol.InputBarrier || in.Kind == protocol.InputCancelMarker ||
			in.Kind == protocol.InputEndOfPartition
		switch {
		case about && in.Channel == last && in.Kind == protocol.InputBarrier:
			out.Add(protocol.Effect{Kind: protocol.EffectResume, Channel: last, Checkpoint: in.Barrier.ID})
		case about && in.Channel == last:
		default:
			inner.Step(in, out)
		}
	}}
}

// staleTimerActsForTheNext gives a timer of any checkpoint to the newest one announced.
func staleTimerActsForTheNext() step {
	newest := protocol.NoCheckpoint
	return func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
		switch in.Kind {
		case protocol.InputBarrier, protocol.InputAnnouncement:
			newest = max(newest, in.Barrier.ID)
		case protocol.InputTimer:
			in.Checkpoint = newest
		}
		inner.Step(in, out)
	}
}

// doubled repeats the effects of a kind.
func doubled(k protocol.EffectKind) rewrite {
	return func(_ protocol.Input, effects []protocol.Effect) []protocol.Effect {
		var changed []protocol.Effect
		for _, effect := range effects {
			changed = append(changed, effect)
			if effect.Kind == k {
				changed = append(changed, effect)
			}
		}
		return changed
	}
}

// closesInputsAtSnapshot says at the snapshot already that nothing more is in flight.
func closesInputsAtSnapshot() step {
	closed := protocol.NoCheckpoint
	return func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
		var effects protocol.Effects
		inner.Step(in, &effects)
		for _, effect := range effects.List {
			if effect.Kind == protocol.EffectInputsDone {
				if effect.Checkpoint == closed {
					continue
				}
				closed = effect.Checkpoint
			}
			out.Add(effect)
			if effect.Kind == protocol.EffectSnapshot && effect.Checkpoint != closed {
				closed = effect.Checkpoint
				out.Add(protocol.Effect{Kind: protocol.EffectInputsDone, Checkpoint: closed})
			}
		}
	}
}

// declinesEverything is safe and useless.
func declinesEverything(_ protocol.Input, effects []protocol.Effect) []protocol.Effect {
	changed := append([]protocol.Effect(nil), effects...)
	for i, effect := range changed {
		if effect.Kind == protocol.EffectSnapshot {
			changed[i] = protocol.Effect{Kind: protocol.EffectDecline, Checkpoint: effect.Checkpoint,
				Reason: protocol.CheckpointDeclined}
		}
	}
	return changed
}

// resumesRPC resumes every channel after an RPC barrier (FLINK-23938).
func resumesRPC(in protocol.Input, effects []protocol.Effect) []protocol.Effect {
	if in.Kind != protocol.InputTrigger || !has(effects, protocol.EffectAlignmentEnded) {
		return effects
	}
	return append(append([]protocol.Effect(nil), effects...), protocol.Effect{Kind: protocol.EffectResume})
}

func afterDecline(match protocol.EffectKind) rewrite {
	return func(_ protocol.Input, effects []protocol.Effect) []protocol.Effect {
		if !has(effects, protocol.EffectDecline) {
			return effects
		}
		var kept []protocol.Effect
		for _, effect := range effects {
			if effect.Kind != match {
				kept = append(kept, effect)
			}
		}
		return kept
	}
}

// obsoleteWithoutResume answers late barriers with silence.
func obsoleteWithoutResume(in protocol.Input, effects []protocol.Effect) []protocol.Effect {
	if in.Kind == protocol.InputBarrier && len(effects) == 1 && effects[0].Kind == protocol.EffectResume {
		return nil
	}
	return effects
}

// TestKitFailsWrongMachines is the kit's own test: each of these machines must fail, and
// in the class that its mistake leads to.
func TestKitFailsWrongMachines(t *testing.T) {
	on := func(name protocol.Name) Spec { return Spec{Protocol: name, Runs: 100, ExhaustiveRuns: 1000} }
	input := func(k protocol.InputKind) func(protocol.Input) bool {
		return func(in protocol.Input) bool { return in.Kind == k }
	}
	mutants := []struct {
		name    string
		spec    Spec
		machine newMachine
		want    []Class
	}{
		{"forgets to block", on(protocol.Aligned),
			forgetting(protocol.Aligned, kind(protocol.EffectBlock, protocol.EffectResume)),
			[]Class{"blocking"}},
		{"releases a channel at once", on(protocol.Aligned),
			rewriting(protocol.Aligned, releasesAtOnce), []Class{"blocking"}},
		{"resumes before the snapshot", on(protocol.Aligned),
			rewriting(protocol.Aligned, resumesBeforeSnapshot), []Class{"blocking"}},
		{"misses a channel", on(protocol.Aligned), missesLastChannel, []Class{"lost", "orphan"}},
		{"takes the state late", on(protocol.ChandyLamport),
			wrongMachine(protocol.ChandyLamport, snapshotsOneStepLate), []Class{"duplicated", "orphan"}},
		{"takes the aligned state late", on(protocol.Aligned),
			wrongMachine(protocol.Aligned, snapshotsOneStepLate), []Class{"blocking"}},
		{"snapshots on the first barrier while aligned", on(protocol.Aligned),
			wrongMachine(protocol.Aligned, snapshotsOnFirstBarrier), []Class{"lost"}},
		{"ignores ends of partitions", on(protocol.Aligned),
			ignoring(protocol.Aligned, input(protocol.InputEndOfPartition)), []Class{"stuck"}},
		{"ignores cancel markers", on(protocol.Unaligned),
			ignoring(protocol.Unaligned, input(protocol.InputCancelMarker)), []Class{"order"}},
		{"ignores cancel markers while aligned", on(protocol.Aligned),
			ignoring(protocol.Aligned, input(protocol.InputCancelMarker)), []Class{"blocking"}},
		{"ignores aborts before the barrier", on(protocol.Aligned),
			forgetting(protocol.Aligned, kind(protocol.EffectForwardCancel)), []Class{"blocking"}},
		{"ignores RPC triggers", on(protocol.Aligned),
			ignoring(protocol.Aligned, input(protocol.InputTrigger)), []Class{"stuck"}},
		{"triggers twice", on(protocol.Unaligned),
			rewriting(protocol.Unaligned, doubled(protocol.EffectSnapshot)), []Class{"snapshot"}},
		{"does not resume after an abort", on(protocol.Aligned),
			rewriting(protocol.Aligned, afterDecline(protocol.EffectResume)), []Class{"stuck"}},
		{"does not resume late barriers", on(protocol.Aligned),
			rewriting(protocol.Aligned, obsoleteWithoutResume), []Class{"blocking"}},
		{"resumes after an RPC barrier (FLINK-23938)", on(protocol.Aligned),
			rewriting(protocol.Aligned, resumesRPC), []Class{"blocking"}},
		{"lets a stale timer act for the next checkpoint", on(protocol.HybridOut),
			wrongMachine(protocol.HybridOut, staleTimerActsForTheNext), []Class{"switch"}},
		{"closes the inputs at the snapshot", on(protocol.ChandyLamport),
			wrongMachine(protocol.ChandyLamport, closesInputsAtSnapshot), []Class{"lost"}},
		{"never closes the inputs", on(protocol.Unaligned),
			forgetting(protocol.Unaligned, kind(protocol.EffectInputsDone)), []Class{"stuck"}},
		{"records no inputs", on(protocol.ChandyLamport),
			forgetting(protocol.ChandyLamport, kind(protocol.EffectPersistInputs)), []Class{"order"}},
		{"opens no channel state", on(protocol.Unaligned),
			forgetting(protocol.Unaligned, kind(protocol.EffectStartChannelState)), []Class{"order"}},
		{"declines everything", on(protocol.Aligned),
			rewriting(protocol.Aligned, declinesEverything), []Class{"needless-decline"}},
		{"declines twice", on(protocol.Aligned),
			rewriting(protocol.Aligned, doubled(protocol.EffectDecline)), []Class{"snapshot"}},
		{"tracks from the first barrier on", on(protocol.AtLeastOnce),
			wrongMachine(protocol.AtLeastOnce, snapshotsOnFirstBarrier), []Class{"lost"}},
		{"tracks instead of aligning", on(protocol.Aligned), tracksAligned, []Class{"orphan", "order"}},
	}
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			requireCaught(t, Check(m.machine, m.spec), m.want)
		})
	}
}

func requireCaught(t *testing.T, failures []Failure, want []Class) {
	t.Helper()
	require.NotEmpty(t, failures)
	require.Subset(t, classes(failures), want, "%s", describe(failures))
	for _, failure := range failures {
		require.NotEmpty(t, failure.Story)
	}
}

// tracksAligned counts aligned barriers as if they were at-least-once ones, and resumes
// their senders.
func tracksAligned(shape protocol.TaskShape) protocol.Machine {
	inner := protocol.NewMachine(protocol.AtLeastOnce, shape)
	return &mutant{inner, func(in protocol.Input, inner protocol.Machine, out *protocol.Effects) {
		blocking := in.Kind == protocol.InputBarrier && in.Barrier.BlocksUpstream()
		aligned := in.Barrier
		in.Barrier.Alignment = protocol.AlignmentAtLeastOnce
		var effects protocol.Effects
		inner.Step(in, &effects)
		for _, effect := range effects.List {
			if effect.Kind == protocol.EffectSnapshot {
				effect.Barrier.Alignment = protocol.AlignmentAligned
			}
			out.Add(effect)
		}
		if blocking {
			out.Add(protocol.Effect{Kind: protocol.EffectResume, Channel: in.Channel, Checkpoint: aligned.ID})
		}
	}}
}
