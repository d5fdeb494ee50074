package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func drawBarrier(t *rapid.T) Barrier {
	return Barrier{
		ID:           CheckpointID(rapid.Int64().Draw(t, "id")),
		Alignment:    Alignment(rapid.IntRange(0, len(alignmentNames)-1).Draw(t, "alignment")),
		TriggerNanos: rapid.Int64().Draw(t, "trigger"),
		TimeoutNanos: rapid.Int64Range(NoTimeout, 1<<40).Draw(t, "timeout"),
		Savepoint:    rapid.Bool().Draw(t, "savepoint"),
	}
}

// keep zeroes the fields that do not matter to a kind, as machines leave them.
func (s textSpec) keeps(field textField) bool {
	for _, f := range s.fields {
		if f == field {
			return true
		}
	}
	return false
}

func TestInputTextParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Kind: InputKind(rapid.IntRange(0, int(inputKindCount)-1).Draw(t, "kind"))}
		in.NowNanos = rapid.Int64().Draw(t, "now")
		spec := inputSpecs[in.Kind]
		if spec.keeps(fieldChannel) {
			in.Channel = ChannelIndex(rapid.Int32().Draw(t, "channel"))
		}
		if spec.keeps(fieldCheckpoint) {
			in.Checkpoint = CheckpointID(rapid.Int64().Draw(t, "checkpoint"))
		}
		if spec.keeps(fieldSequence) {
			in.Sequence = rapid.Int64().Draw(t, "sequence")
		}
		if spec.keeps(fieldBarrier) {
			in.Barrier = drawBarrier(t)
		}
		parsed, err := ParseInput(in.String())
		require.NoError(t, err)
		require.Equal(t, in, parsed)
	})
}

func drawEffect(t *rapid.T) Effect {
	e := Effect{Kind: EffectKind(rapid.IntRange(0, int(effectKindCount)-1).Draw(t, "kind"))}
	spec := effectSpecs[e.Kind]
	if spec.keeps(fieldChannel) {
		e.Channel = ChannelIndex(rapid.Int32().Draw(t, "channel"))
	}
	if spec.keeps(fieldCheckpoint) {
		e.Checkpoint = CheckpointID(rapid.Int64().Draw(t, "checkpoint"))
	}
	if spec.keeps(fieldSequence) {
		e.Sequence = rapid.Int64().Draw(t, "sequence")
	}
	if spec.keeps(fieldReason) {
		e.Reason = FailureReason(rapid.IntRange(0, int(reasonCount)-1).Draw(t, "reason"))
	}
	if spec.keeps(fieldAtNanos) {
		e.AtNanos = rapid.Int64().Draw(t, "at")
	}
	if spec.keeps(fieldBarrier) {
		e.Barrier = drawBarrier(t)
		e.Checkpoint = e.Barrier.ID
	}
	return e
}

func TestEffectsTextParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		effects := Effects{List: rapid.SliceOfN(rapid.Custom(drawEffect), 0, 5).Draw(t, "effects")}
		parsed, err := ParseEffects(effects.String())
		require.NoError(t, err)
		require.Equal(t, effects.String(), parsed.String())
		require.ElementsMatch(t, effects.List, parsed.List)
	})
}

func TestBarrierTextParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawBarrier(t)
		parsed, err := ParseBarrier(b.String())
		require.NoError(t, err)
		require.Equal(t, b, parsed)
	})
}

func TestEventTextParsesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := EventKind(rapid.IntRange(0, EventKinds-1).Draw(t, "kind"))
		var args EventArgs
		for i := range kind.ArgNames() {
			args[i] = rapid.OneOf(rapid.Int64Range(-1, 30), rapid.Int64()).Draw(t, "arg")
		}
		parsedKind, parsedArgs, err := ParseEvent(EventText(kind, args))
		require.NoError(t, err)
		require.Equal(t, kind, parsedKind)
		require.Equal(t, args, parsedArgs)
	})
}

func TestEventTextNamesKindAndArguments(t *testing.T) {
	require.Equal(t, "checkpoint-triggered checkpoint=3 attempt=0 savepoint=0",
		EventText(CheckpointTriggered, EventArgs{3, 0, 0}))
	require.Equal(t, "checkpoint-aborted checkpoint=3 reason=CHECKPOINT_EXPIRED",
		EventText(CheckpointAborted, EventArgs{3, int64(CheckpointExpired)}))
	require.Equal(t, "job-status-changed status=RUNNING attempt=1",
		EventText(JobStatusChanged, EventArgs{int64(JobRunning), 1}))
}

func TestEveryKindHasItsOwnWordAndArgumentsThatFit(t *testing.T) {
	words := map[string]bool{}
	add := func(word string) {
		require.NotEmpty(t, word)
		require.False(t, words[word], "%q twice", word)
		words[word] = true
	}
	for kind := range EventKinds {
		add(EventKind(kind).String())
		require.LessOrEqual(t, len(EventKind(kind).ArgNames()), MaxEventArgs)
	}
	words = map[string]bool{}
	for _, spec := range inputSpecs {
		add(spec.word)
	}
	words = map[string]bool{}
	for _, spec := range effectSpecs {
		add(spec.word)
	}
}

func TestForeignTextIsRefusedWithTheReason(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"barier channel=0", `"barier" is not an input`},
		{"barrier chanel=0 id=1", `expected channel= before "chanel=0 id=1"`},
		{"barrier channel=0 id=1 alignment=diagonal", `"diagonal" is not an alignment`},
		{"barrier channel=x id=1 alignment=aligned", "channel=x is not a number of 32 bits"},
		{"timer checkpoint=1 later=2", `did not expect "later=2"`},
		{"end-of-partition channel=99999999999", "channel=99999999999 is not a number of 32 bits"},
	} {
		_, err := ParseInput(c.text)
		require.EqualError(t, err, c.want, "%s", c.text)
	}
	_, err := ParseEffects("block channel=0 checkpoint=1\nsnap id=1\n")
	require.EqualError(t, err, `line 2: "snap" is not an effect`)
	_, err = ParseEffect("decline checkpoint=1 reason=BECAUSE")
	require.EqualError(t, err, `"BECAUSE" is not a failure reason`)
	_, _, err = ParseEvent("checkpoint-lost checkpoint=1")
	require.EqualError(t, err, `"checkpoint-lost" is not an event`)
	_, _, err = ParseEvent("checkpoint-aborted checkpoint=1 reason=WHY")
	require.EqualError(t, err, "reason=WHY is not a number of 64 bits")
}

func TestAppendEventDoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 256)
	args := &EventArgs{3, int64(CheckpointExpired)}
	require.Zero(t, testing.AllocsPerRun(100, func() { dst = AppendEvent(dst[:0], CheckpointAborted, args) }))
}
