package protocol

import (
	"strconv"
	"strings"
)

// The canonical text of the words of this package: a word, then key=value pairs in a
// fixed order, one space between. What has its usual value is left out: a barrier
// without timeout or savepoint, a trigger or clock at 0. Every String below parses back.

// textField is a key of the canonical text.
type textField uint8

const (
	fieldChannel textField = iota
	fieldCheckpoint
	fieldSequence
	fieldReason
	fieldAtNanos
	fieldBarrier // id alignment trigger-nanos timeout-nanos savepoint
)

// textSpec is the text form of one kind: its word and the fields that matter.
type textSpec struct {
	word   string
	fields []textField
}

var inputSpecs = [inputKindCount]textSpec{
	InputTrigger:        {"trigger", []textField{fieldBarrier}},
	InputBarrier:        {"barrier", []textField{fieldChannel, fieldBarrier}},
	InputAnnouncement:   {"announcement", []textField{fieldChannel, fieldSequence, fieldBarrier}},
	InputCancelMarker:   {"cancel-marker", []textField{fieldChannel, fieldCheckpoint}},
	InputEndOfPartition: {"end-of-partition", []textField{fieldChannel}},
	InputTimer:          {"timer", []textField{fieldCheckpoint}},
	InputAborted:        {"aborted", []textField{fieldCheckpoint}},
	InputCompleted:      {"completed", []textField{fieldCheckpoint}},
	InputSubsumed:       {"subsumed", []textField{fieldCheckpoint}},
}

var effectSpecs = [effectKindCount]textSpec{
	EffectBlock:             {"block", []textField{fieldChannel, fieldCheckpoint}},
	EffectResume:            {"resume", []textField{fieldChannel, fieldCheckpoint}},
	EffectPrioritize:        {"prioritize", []textField{fieldChannel, fieldCheckpoint, fieldSequence}},
	EffectStartChannelState: {"start-channel-state", []textField{fieldCheckpoint}},
	EffectPersistInputs:     {"persist-inputs", []textField{fieldCheckpoint}},
	EffectInputsDone:        {"inputs-done", []textField{fieldCheckpoint}},
	EffectSnapshot:          {"snapshot", []textField{fieldBarrier}},
	EffectDecline:           {"decline", []textField{fieldCheckpoint, fieldReason}},
	EffectSetTimer:          {"set-timer", []textField{fieldCheckpoint, fieldAtNanos}},
	EffectClearTimer:        {"clear-timer", []textField{fieldCheckpoint}},
	EffectAlignmentStarted:  {"alignment-started", []textField{fieldCheckpoint}},
	EffectAlignmentEnded:    {"alignment-ended", []textField{fieldCheckpoint}},
	EffectForwardCancel:     {"forward-cancel", []textField{fieldCheckpoint}},
	EffectSwitched:          {"switched", []textField{fieldCheckpoint}},
	EffectForceCheckpoint:   {"force-checkpoint", []textField{fieldChannel}},
}

var alignmentNames = [...]string{"aligned", "at-least-once", "unaligned", "forced-aligned", "inline"}

// String is the alignment's name.
func (a Alignment) String() string { return alignmentNames[a] }

// String is the kind's word.
func (k InputKind) String() string { return inputSpecs[k].word }

// String is the kind's word.
func (k EffectKind) String() string { return effectSpecs[k].word }

// String is "id=3 alignment=unaligned trigger-nanos=5", see ParseBarrier.
func (b Barrier) String() string { return string(appendBarrier(nil, b)[1:]) }

// String is the input in canonical text, see ParseInput.
func (in Input) String() string {
	spec := inputSpecs[in.Kind]
	dst := append([]byte(nil), spec.word...)
	for _, field := range spec.fields {
		switch field {
		case fieldChannel:
			dst = appendInt(dst, "channel", int64(in.Channel))
		case fieldCheckpoint:
			dst = appendInt(dst, "checkpoint", int64(in.Checkpoint))
		case fieldSequence:
			dst = appendInt(dst, "sequence", in.Sequence)
		case fieldBarrier:
			dst = appendBarrier(dst, in.Barrier)
		}
	}
	if in.NowNanos != 0 {
		dst = appendInt(dst, "now-nanos", in.NowNanos)
	}
	return string(dst)
}

// String is the effect in canonical text, see ParseEffect.
func (e Effect) String() string {
	spec := effectSpecs[e.Kind]
	dst := append([]byte(nil), spec.word...)
	for _, field := range spec.fields {
		switch field {
		case fieldChannel:
			dst = appendInt(dst, "channel", int64(e.Channel))
		case fieldCheckpoint:
			dst = appendInt(dst, "checkpoint", int64(e.Checkpoint))
		case fieldSequence:
			dst = appendInt(dst, "sequence", e.Sequence)
		case fieldReason:
			dst = append(append(dst, " reason="...), e.Reason.String()...)
		case fieldAtNanos:
			dst = appendInt(dst, "at-nanos", e.AtNanos)
		case fieldBarrier:
			dst = appendBarrier(dst, e.Barrier)
		}
	}
	return string(dst)
}

// String is one effect a line, see ParseEffects.
func (e *Effects) String() string {
	var text strings.Builder
	for _, effect := range e.List {
		text.WriteString(effect.String())
		text.WriteByte('\n')
	}
	return text.String()
}

func appendInt(dst []byte, key string, value int64) []byte {
	dst = append(dst, ' ')
	dst = append(dst, key...)
	dst = append(dst, '=')
	return strconv.AppendInt(dst, value, 10)
}

func appendBarrier(dst []byte, b Barrier) []byte {
	dst = appendInt(dst, "id", int64(b.ID))
	dst = append(dst, " alignment="...)
	dst = append(dst, b.Alignment.String()...)
	if b.TriggerNanos != 0 {
		dst = appendInt(dst, "trigger-nanos", b.TriggerNanos)
	}
	if b.TimeoutNanos != NoTimeout {
		dst = appendInt(dst, "timeout-nanos", b.TimeoutNanos)
	}
	if b.Savepoint {
		dst = append(dst, " savepoint=1"...)
	}
	return dst
}
