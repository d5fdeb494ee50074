package protocol

import (
	"fmt"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
)

// Commands: `strategy none|fixed-delay|failure-rate|exponential-delay [option=value]...`,
// then `run` with lines `fail at=10s [draw=low|middle|high]`.
func TestRestartScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/restart", func(t *testing.T, path string) {
		var strategy RestartStrategy
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "strategy" {
				strategy = scriptStrategy(t, d)
				return ""
			}
			return scriptLines(t, d.Input, func(t *testing.T, line scriptLine) []string {
				delay, ok := strategy.OnFailure(scriptNanos(t, line.args["at"]), scriptDraw(line.args["draw"]))
				if !ok {
					return []string{"fail for good"}
				}
				return []string{fmt.Sprintf("restart after %s", time.Duration(delay))}
			})
		})
	})
}

// scriptDraw is a draw that gives the lowest, no, or the highest jitter for delays whose
// jitter range is 100 ms.
func scriptDraw(name string) uint64 {
	const rangeNanos = uint64(100 * time.Millisecond)
	switch name {
	case "low":
		return 0
	case "high":
		return 2 * rangeNanos
	}
	return rangeNanos
}

func scriptStrategy(t *testing.T, d *datadriven.TestData) RestartStrategy {
	switch d.CmdArgs[0].Key {
	case "none":
		return NoRestart{}
	case "default":
		return DefaultRestartStrategy(!d.HasArg("no-checkpointing"))
	case "fixed-delay":
		options := DefaultFixedDelayOptions()
		d.MaybeScanArgs(t, "attempts", &options.Attempts)
		return NewFixedDelay(options)
	case "failure-rate":
		options := DefaultFailureRateOptions()
		d.MaybeScanArgs(t, "max-failures", &options.MaxFailures)
		return NewFailureRate(options)
	case "exponential-delay":
		options := DefaultExponentialDelayOptions()
		d.MaybeScanArgs(t, "attempts", &options.Attempts)
		if d.HasArg("no-jitter") {
			options.Jitter.Numerator = 0
		}
		return NewExponentialDelay(options)
	}
	t.Fatalf("unknown strategy %s", d.CmdArgs[0].Key)
	return nil
}

func TestExponentialDelayStaysWithinJitterAndMaximum(t *testing.T) {
	for _, draw := range []uint64{0, 1, 1 << 20, 1 << 63, ^uint64(0)} {
		strategy := NewExponentialDelay(DefaultExponentialDelayOptions())
		now, backoff := int64(0), nanosPerSecond
		for range 30 {
			delay, ok := strategy.OnFailure(now, draw)
			require.True(t, ok)
			require.GreaterOrEqual(t, delay, backoff-backoff/10)
			require.LessOrEqual(t, delay, min(backoff+backoff/10, nanosPerMinute))
			now += delay + nanosPerSecond
			backoff = min(backoff*3/2, nanosPerMinute)
		}
	}
}
