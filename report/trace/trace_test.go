package trace_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/trace"
	"simrun/sim"
)

func names(id sim.ActorID) string { return []string{"coordinator", `sink "0"`}[id] }

func event(kind protocol.EventKind, args ...int64) sim.Event {
	e := sim.Event{TimeNanos: 12, Ordinal: 3, Kind: uint16(kind), Cause: sim.Cause{Actor: sim.NoActor}}
	copy(e.Args[:], args)
	return e
}

func write(t *testing.T, events ...sim.Event) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, trace.Write(&b, events, names))
	return b.String()
}

func TestLineHasTheKeysOfTheContract(t *testing.T) {
	e := event(protocol.CheckpointAborted, 3, int64(protocol.CheckpointExpired))
	e.Cause = sim.Cause{Actor: 1, Ordinal: 9}
	require.Equal(t, `{"time_nanos":12,"actor":"coordinator","incarnation":0,"ordinal":3,`+
		`"event":"checkpoint-aborted","text":"checkpoint-aborted checkpoint=3 reason=CHECKPOINT_EXPIRED",`+
		`"args":{"checkpoint":3,"reason":9},"cause":{"actor":"sink \"0\"","ordinal":9}}`+"\n", write(t, e))
}

func TestEventWithoutCauseHasNone(t *testing.T) {
	require.NotContains(t, write(t, event(protocol.JobRestored, 1, 2)), "cause")
}

// TestEveryKindIsValidJSONAndItsTextParsesBack over all kinds there are.
func TestEveryKindIsValidJSONAndItsTextParsesBack(t *testing.T) {
	for kind := range protocol.EventKind(protocol.EventKinds) {
		var line struct {
			Text string
			Args map[string]int64
		}
		given := event(kind)
		for i := range kind.ArgNames() {
			given.Args[i] = int64(i)
		}
		require.NoError(t, json.Unmarshal([]byte(write(t, given)), &line))
		parsed, args, err := protocol.ParseEvent(line.Text)
		require.NoError(t, err)
		require.Equal(t, kind, parsed)
		require.Equal(t, given.Args, args)
		require.Len(t, line.Args, len(kind.ArgNames()))
	}
}

func TestErrorOfTheWriterComesOutOfFlush(t *testing.T) {
	lines := trace.NewJSONLines(brokenPipe{}, names)
	e := event(protocol.JobRestored, 1, 2)
	for range 1000 {
		lines.Observe(&e)
	}
	require.ErrorIs(t, lines.Flush(), io.ErrClosedPipe)
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
