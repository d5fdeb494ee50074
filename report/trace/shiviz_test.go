package trace_test

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/trace"
	"simrun/scenarios/result"
	"simrun/sim"
)

// logged is one event of a ShiViz log.
type logged struct {
	host  string
	clock map[string]int
	text  string
}

// readShiViz reads a log as ShiViz does: with the regular expression in its first line.
func readShiViz(t *testing.T, r *result.Recording, keep func(*sim.Event) bool) []logged {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, trace.ShiViz(&b, r, keep))
	head, log, separated := strings.Cut(b.String(), "\n\n")
	require.True(t, separated)
	pattern, err := regexp.Compile("(?m)^" + strings.ReplaceAll(head, "(?<", "(?P<") + "$")
	require.NoError(t, err)
	var events []logged
	for _, match := range pattern.FindAllStringSubmatch(log, -1) {
		clock := map[string]int{}
		require.NoError(t, json.Unmarshal([]byte(match[pattern.SubexpIndex("clock")]), &clock))
		events = append(events,
			logged{match[pattern.SubexpIndex("host")], clock, match[pattern.SubexpIndex("event")]})
	}
	require.Len(t, events, strings.Count(log, "\n")/2, "every pair of lines is an event")
	return events
}

func quiet(e *sim.Event) bool { return !protocol.EventKind(e.Kind).Bulky() }

func TestOwnComponentOfAShiVizClockCountsTheHostsEvents(t *testing.T) {
	for _, keep := range []func(*sim.Event) bool{nil, quiet} {
		counts := map[string]int{}
		for _, e := range readShiViz(t, recording(t), keep) {
			counts[e.host]++
			require.Equal(t, counts[e.host], e.clock[e.host], e.text)
		}
	}
}

// TestShiVizClocksOrderEventsExactlyAsTheirCausesDo: an event happened before another one
// if and only if a chain of causes and of events of one actor leads from it to the other.
func TestShiVizClocksOrderEventsExactlyAsTheirCausesDo(t *testing.T) {
	r := recording(t)
	past := pasts(r)
	for _, keep := range []func(*sim.Event) bool{nil, quiet} {
		var kept []int
		for i := range r.Events {
			if keep == nil || keep(&r.Events[i]) {
				kept = append(kept, i)
			}
		}
		events := readShiViz(t, r, keep)
		require.Len(t, events, len(kept))
		before := 0
		for b := range events {
			for a := range events[:b] {
				happened := events[a].clock[events[a].host] <= events[b].clock[events[a].host]
				if happened != past[kept[b]][kept[a]] {
					require.Equal(t, past[kept[b]][kept[a]], happened, "%s before %s", events[a].text, events[b].text)
				}
				if happened {
					before++
				}
			}
		}
		require.Positive(t, before)
		require.Less(t, before, len(events)*(len(events)-1)/2, "some are concurrent")
	}
}

// pasts are, by event, all that happened before it: the transitive closure, the plain way.
func pasts(r *result.Recording) [][]bool {
	past := make([][]bool, len(r.Events))
	named := map[sim.Cause]int{}
	last := map[sim.ActorID]int{}
	for i := range r.Events {
		e := &r.Events[i]
		past[i] = make([]bool, len(r.Events))
		include := func(other int) {
			past[i][other] = true
			for j, is := range past[other] {
				past[i][j] = past[i][j] || is
			}
		}
		if own, known := last[e.Actor]; known {
			include(own)
		}
		if cause, known := named[e.Cause]; known {
			include(cause)
		}
		last[e.Actor], named[sim.Cause{Actor: e.Actor, Ordinal: e.Ordinal}] = i, i
	}
	return past
}

func TestShiVizReportsAWriterThatFails(t *testing.T) {
	require.ErrorIs(t, trace.ShiViz(brokenPipe{}, recording(t), nil), io.ErrClosedPipe)
}
