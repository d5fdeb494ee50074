package protocol

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
)

// TestEngineScripts runs the interaction scripts of the barrier machines, one file a
// behaviour. `go test -run TestEngineScripts ./protocol -rewrite` writes what is.
func TestEngineScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/engine", func(t *testing.T, path string) {
		var script engineScript
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			return script.run(t, d)
		})
	})
}

// engineScript holds what a script talks about: one machine, one input channel's
// persister, one output channel's barrier.
type engineScript struct {
	protocol     Name
	timeoutNanos int64
	machine      Machine
	persister    ChannelStatePersister
	subpartition SubpartitionBarrier
	out          Effects
}

func (s *engineScript) run(t *testing.T, d *datadriven.TestData) (text string) {
	defer func() {
		if failure := recover(); failure != nil {
			text = fmt.Sprintf("panic: %v\n", failure)
		}
	}()
	switch {
	case d.Cmd == "engine":
		return s.newMachine(t, d)
	case d.Cmd == "reset":
		s.machine.(Resetter).Reset()
		return s.state()
	case strings.HasPrefix(d.Cmd, "input-channel-"):
		return s.inputChannel(t, d)
	case strings.HasPrefix(d.Cmd, "output-channel-"):
		return s.outputChannel(t, d)
	}
	s.out.Reset()
	s.machine.Step(s.input(t, d), &s.out)
	return s.out.String() + s.state()
}

func (s *engineScript) newMachine(t *testing.T, d *datadriven.TestData) string {
	s.protocol = Name(argText(t, d, "protocol", ""))
	s.timeoutNanos = argInt(t, d, "timeout", 0)
	s.machine = NewMachine(s.protocol, TaskShape{
		Task:                    7,
		Channels:                int(argInt(t, d, "channels", 0)),
		DeclineAtEndOfPartition: d.HasArg("decline-at-end-of-partition"),
	})
	return s.state()
}

func (s *engineScript) state() string {
	return "=> " + s.machine.(fmt.Stringer).String() + "\n"
}

func (s *engineScript) input(t *testing.T, d *datadriven.TestData) Input {
	in := Input{NowNanos: argInt(t, d, "now", 0)}
	id := CheckpointID(argInt(t, d, "id", 0))
	in.Channel = ChannelIndex(argInt(t, d, "ch", 0))
	switch d.Cmd {
	case "trigger", "barrier", "announce":
		in.Kind = map[string]InputKind{
			"trigger": InputTrigger, "barrier": InputBarrier, "announce": InputAnnouncement,
		}[d.Cmd]
		in.Barrier = s.barrier(t, d)
		in.Sequence = argInt(t, d, "sequence", 0)
		return in
	case "cancel":
		in.Kind = InputCancelMarker
	case "eop":
		in.Kind = InputEndOfPartition
	case "timer":
		in.Kind = InputTimer
	case "aborted":
		in.Kind = InputAborted
	case "completed":
		in.Kind = InputCompleted
	case "subsumed":
		in.Kind = InputSubsumed
	default:
		d.Fatalf(t, "unknown verb %q", d.Cmd)
	}
	in.Checkpoint = id
	return in
}

// barrier is stamped as the protocol's coordinator would, unless the script says how it
// has changed on the way.
func (s *engineScript) barrier(t *testing.T, d *datadriven.TestData) Barrier {
	b := Options(s.protocol, CheckpointRequest{
		ID:                  CheckpointID(argInt(t, d, "id", 0)),
		TriggerNanos:        argInt(t, d, "triggered", 0),
		AlignedTimeoutNanos: s.timeoutNanos,
		Savepoint:           d.HasArg("savepoint"),
	})
	if text := argText(t, d, "alignment", ""); text != "" {
		alignment, err := ParseAlignment(text)
		require.NoError(t, err)
		b.Alignment = alignment
	}
	return b
}

func (s *engineScript) inputChannel(t *testing.T, d *datadriven.TestData) string {
	id := CheckpointID(argInt(t, d, "id", 0))
	var answer string
	switch d.Cmd {
	case "input-channel-barrier":
		s.persister.OnBarrier(id, argInt(t, d, "sequence", 0))
	case "input-channel-start":
		queued, ok := s.persister.Start(id)
		answer = startText(queued, ok)
	case "input-channel-data":
		checkpoint, persist := s.persister.ShouldPersist()
		answer = "process only\n"
		if persist {
			answer = fmt.Sprintf("persist for checkpoint=%d\n", checkpoint)
		}
	case "input-channel-stop":
		s.persister.Stop(id)
	default:
		d.Fatalf(t, "unknown verb %q", d.Cmd)
	}
	return answer + "=> " + s.persister.String() + "\n"
}

func startText(queued QueuedData, ok bool) string {
	switch {
	case !ok:
		return "subsumed\n"
	case queued.BeforeSequence == EverySequence:
		return "persist the half-read record and every queued buffer\n"
	}
	return fmt.Sprintf("persist the half-read record and queued buffers before sequence=%d\n",
		queued.BeforeSequence)
}

func (s *engineScript) outputChannel(t *testing.T, d *datadriven.TestData) string {
	id := CheckpointID(argInt(t, d, "id", 0))
	switch d.Cmd {
	case "output-channel-append":
		return decisionText(s.subpartition.Append(s.barrier(t, d), PolicyOf(s.protocol).OutputTimeout))
	case "output-channel-timeout":
		return decisionText(s.subpartition.Timeout(id))
	case "output-channel-polled":
		return decisionText(s.subpartition.Polled(id))
	case "output-channel-abort":
		return decisionText(s.subpartition.Abort(id))
	}
	d.Fatalf(t, "unknown verb %q", d.Cmd)
	return ""
}

func decisionText(d SubpartitionDecision) string {
	var lines []string
	if d.Fails != NoCheckpoint {
		lines = append(lines, fmt.Sprintf("fail output state of checkpoint=%d", d.Fails))
	}
	if d.Capture != CaptureNothing {
		capture := [...]string{"", "capture queued data", "capture data ahead of the barrier"}
		lines = append(lines, capture[d.Capture])
	}
	if d.Place != PlaceUnchanged {
		place := [...]string{"", "last", "first"}[d.Place]
		lines = append(lines, fmt.Sprintf("place %s: %s", place, d.Barrier))
	}
	if d.Completes != NoCheckpoint {
		lines = append(lines, fmt.Sprintf("output state of checkpoint=%d is known", d.Completes))
	}
	if len(lines) == 0 {
		return "nothing\n"
	}
	return strings.Join(lines, "\n") + "\n"
}

func argText(t *testing.T, d *datadriven.TestData, key, usual string) string {
	text := usual
	d.MaybeScanArgs(t, key, &text)
	return text
}

func argInt(t *testing.T, d *datadriven.TestData, key string, usual int64) int64 {
	value := usual
	d.MaybeScanArgs(t, key, &value)
	return value
}
