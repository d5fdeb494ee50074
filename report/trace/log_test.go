package trace_test

import (
	"bytes"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/report/trace"
)

func lines(t *testing.T) []string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, trace.Log(&b, recording(t)))
	return strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
}

var logLine = regexp.MustCompile(`^ *(\d+) +\d+\.\d{6}  \S`)

func TestLogHasOneLineForEachTransitionThatParsesBack(t *testing.T) {
	r := recording(t)
	due := 0
	for i := range r.Events {
		if !protocol.EventKind(r.Events[i].Kind).Bulky() {
			due++
		}
	}
	found, last := 0, 0
	for _, line := range lines(t) {
		match := logLine.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		found++
		position, err := strconv.Atoi(match[1])
		require.NoError(t, err)
		require.Greater(t, position, last)
		last = position
		_, _, err = protocol.ParseEvent(strings.TrimSpace(line[strings.LastIndex(line, "  "):]))
		require.NoError(t, err, line)
	}
	require.Equal(t, due, found)
}

func TestLogShowsSignsOfAFailureAndItsRecovery(t *testing.T) {
	text := strings.Join(lines(t), "\n")
	for _, sign := range []string{"[i]", "[.]", "[s]", "[x]", "[f]"} {
		require.Contains(t, text, sign)
	}
}

func TestLogReportsAWriterThatFails(t *testing.T) {
	require.ErrorIs(t, trace.Log(brokenPipe{}, recording(t)), io.ErrClosedPipe)
}
