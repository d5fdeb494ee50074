package main

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
)

func TestProgressIsOneLineOnATerminalAndPlainLinesElsewhere(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		var b bytes.Buffer
		c := &console{err: &b, terminal: terminal}
		p := c.startProgress("comparing")
		p.started = time.Now().Add(-3 * time.Second)
		p.update(5, 20)
		p.draw()
		p.relabel("drawing")
		p.draw()
		p.stop()
		if terminal {
			require.Equal(t, clearLine+"comparing: 5 of 20 (25 %), 3 s"+clearLine+"drawing, 3 s"+clearLine, b.String())
		} else {
			require.Equal(t, "comparing: 5 of 20 (25 %), 3 s\ndrawing, 3 s\n", b.String())
		}
	}
}

func TestQuickWorkShowsNoProgress(t *testing.T) {
	var b bytes.Buffer
	c := &console{err: &b, terminal: true}
	c.startProgress("running").stop()
	require.Empty(t, b.String())
}

func TestErrorsBecomeExitCodes(t *testing.T) {
	var b bytes.Buffer
	c := &console{err: &b}
	require.Equal(t, exitOK, c.exitCode(nil))
	require.Equal(t, exitFailed, c.exitCode(fmt.Errorf("wrapped: %w", exit(exitFailed))))
	require.Empty(t, b.String(), "what carries its own code has been told already")
	require.Equal(t, exitBadInput, c.exitCode(&config.Error{Message: "wrong"}))
	require.Equal(t, exitBadInput, c.exitCode(errors.New("disk full")))
	require.Equal(t, "simrun: wrong\nsimrun: disk full\n", b.String())
}

func TestCommandLinesCanBePasted(t *testing.T) {
	require.Equal(t, `simrun run a --set 'x=1 s' --set 'q='\''' ''`,
		commandLine("run", "a", "--set", "x=1 s", "--set", "q='", ""))
	require.Equal(t, "simrun compare --seeds 3 job.protocol=aligned,x", commandLine("compare", "--seeds", "3", "job.protocol=aligned,x"))
}
