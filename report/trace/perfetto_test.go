package trace_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/trace"
)

// traceEvent is one object of the trace-event format.
type traceEvent struct {
	Phase   string         `json:"ph"`
	Name    string         `json:"name"`
	Time    json.Number    `json:"ts"`
	Process int            `json:"pid"`
	Thread  int            `json:"tid"`
	ID      int            `json:"id"`
	Args    map[string]any `json:"args"`
}

func (e *traceEvent) track() string { return fmt.Sprint(e.Process, "/", e.Thread) }

func (e *traceEvent) micros(t *testing.T) float64 {
	t.Helper()
	ts, err := e.Time.Float64()
	require.NoError(t, err)
	return ts
}

func perfetto(t *testing.T) []traceEvent {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, trace.Perfetto(&b, recording(t)))
	var file struct {
		TraceEvents []traceEvent `json:"traceEvents"`
	}
	decoder := json.NewDecoder(&b)
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(&file))
	return file.TraceEvents
}

func TestTimesOfAPerfettoTrackNeverGoBack(t *testing.T) {
	last := map[string]float64{}
	for _, e := range perfetto(t) {
		if e.Phase == "M" || e.Phase == "C" {
			continue
		}
		require.GreaterOrEqual(t, e.micros(t), last[e.track()], "%+v", e)
		last[e.track()] = e.micros(t)
	}
	require.Greater(t, len(last), 10)
}

func TestSlicesOfAPerfettoTrackBeginAndEndInTurn(t *testing.T) {
	open, slices := map[string]int{}, 0
	for _, e := range perfetto(t) {
		switch e.Phase {
		case "B":
			open[e.track()]++
			slices++
			require.Equal(t, 1, open[e.track()], "one span at a time on a track of spans: %+v", e)
		case "E":
			open[e.track()]--
			require.Zero(t, open[e.track()], "%+v", e)
		}
	}
	require.Greater(t, slices, 10)
	for track, n := range open {
		require.Zero(t, n, track)
	}
}

func TestEveryFlowOfAPerfettoTraceBeginsOnceAndEndsOnceLater(t *testing.T) {
	start, end := map[int]float64{}, map[int]float64{}
	for _, e := range perfetto(t) {
		switch e.Phase {
		case "s":
			require.NotContains(t, start, e.ID)
			start[e.ID] = e.micros(t)
		case "f":
			require.NotContains(t, end, e.ID)
			end[e.ID] = e.micros(t)
		}
	}
	require.Greater(t, len(start), 50)
	require.Len(t, end, len(start))
	for id, at := range start {
		require.Contains(t, end, id)
		require.Greater(t, end[id], at, "a message takes time")
	}
}

func TestEveryTrackAndProcessOfAPerfettoTraceHasItsNameFirst(t *testing.T) {
	named := map[string]bool{}
	for _, e := range perfetto(t) {
		switch {
		case e.Phase == "M" && e.Name == "thread_name":
			require.False(t, named[e.track()], "a track has one name: %v", e.Args)
			named[e.track()] = true
		case e.Phase != "M" && e.Phase != "C":
			require.True(t, named[e.track()], "%+v", e)
		}
	}
}

func TestEveryEventIsAPointOfThePerfettoTrace(t *testing.T) {
	points := 0
	for _, e := range perfetto(t) {
		if e.Phase == "X" {
			points++
			_, _, err := protocol.ParseEvent(e.Args["text"].(string))
			require.NoError(t, err)
		}
	}
	require.Len(t, recording(t).Events, points)
}

func TestPerfettoReportsAWriterThatFails(t *testing.T) {
	require.ErrorIs(t, trace.Perfetto(brokenPipe{}, recording(t)), io.ErrClosedPipe)
}
