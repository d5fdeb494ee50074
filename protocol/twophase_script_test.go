package protocol

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"
)

// Scripts run a transactional sink of one task against a transaction log, with a source
// that rewinds to the restored checkpoint. Commands:
//
//	sink [timeout=1m] [ignore-lost] [no-abort-lingering] [last-stable-offset]
//	    a new sink and log.
//	run
//	    one input a line: open [attempt=N], append n=N, snapshot checkpoint=N,
//	    durable checkpoint=N (complete, but the sink is not told), complete checkpoint=N,
//	    aborted checkpoint=N, finish, close, crash, expire, log. `at=10s` sets the clock;
//	    `lose=commit` or `lose=answer` on complete or open loses that message.
func TestTwoPhaseScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/twophase", func(t *testing.T, path string) {
		host := &twoPhaseHost{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "sink" {
				host = newTwoPhaseHost(scriptSinkOptions(t, d))
				return ""
			}
			return scriptLines(t, d.Input, host.script)
		})
	})
}

func scriptSinkOptions(t *testing.T, d *datadriven.TestData) (TwoPhaseOptions, TransactionLogOptions) {
	options, logOptions := DefaultTwoPhaseOptions(), TransactionLogOptions{Tasks: 2}
	timeout := ""
	if d.MaybeScanArgs(t, "timeout", &timeout) {
		options.TimeoutNanos = scriptNanos(t, timeout)
	}
	options.IgnoreFailuresAfterTimeout = d.HasArg("ignore-lost")
	options.AbortLingering = !d.HasArg("no-abort-lingering")
	logOptions.LastStableOffset = d.HasArg("last-stable-offset")
	return options, logOptions
}

// twoPhaseHost is a task with a replayable source, a transactional sink, and what
// survives its crashes.
type twoPhaseHost struct {
	options TwoPhaseOptions

	// Durable.
	log         *TransactionLog
	checkpoints []hostCheckpoint // that the task acknowledged
	completed   CheckpointID

	// Volatile.
	sink    *TwoPhaseCommit
	attempt Attempt
	offset  int64
	now     int64
	out     TwoPhaseEffects
	failed  bool
	lose    string
}

type hostCheckpoint struct {
	id      CheckpointID
	attempt Attempt
	state   TransactionState
	offset  int64
}

func newTwoPhaseHost(options TwoPhaseOptions, logOptions TransactionLogOptions) *twoPhaseHost {
	return &twoPhaseHost{options: options, log: NewTransactionLog(logOptions)}
}

func (h *twoPhaseHost) script(t *testing.T, line scriptLine) []string {
	if at, ok := line.args["at"]; ok {
		h.now = scriptNanos(t, at)
	}
	h.lose = line.args["lose"]
	id := CheckpointID(line.number("checkpoint"))
	switch line.verb {
	case "open":
		return h.open(Attempt(line.number("attempt")))
	case "append":
		h.append(t, line.number("n"))
		return nil
	case "snapshot":
		return h.snapshot(id)
	case "durable":
		h.completed = max(h.completed, id)
		return nil
	case "complete":
		h.completed = max(h.completed, id)
		return h.step(TwoPhaseInput{Kind: SinkCompleted, Checkpoint: id})
	case "aborted":
		return h.step(TwoPhaseInput{Kind: SinkAborted, Checkpoint: id})
	case "finish":
		return h.step(TwoPhaseInput{Kind: SinkFinished})
	case "close":
		return h.step(TwoPhaseInput{Kind: SinkClosed})
	case "crash":
		h.sink = nil
		return nil
	case "expire":
		return []string{fmt.Sprintf("expired %v", h.log.Expire(h.now, nil))}
	case "log":
		return h.show()
	}
	t.Fatalf("unknown input %s", line.verb)
	return nil
}

// open restores from the newest complete checkpoint.
func (h *twoPhaseHost) open(attempt Attempt) []string {
	h.sink, h.attempt, h.offset, h.failed = NewTwoPhaseCommit(1, h.options), attempt, 0, false
	in := TwoPhaseInput{Kind: SinkOpened, Attempt: attempt}
	for i := range h.checkpoints {
		if c := &h.checkpoints[i]; c.id <= h.completed && c.id > in.Checkpoint {
			in.Checkpoint, in.State, h.offset = c.id, &c.state, c.offset
		}
	}
	return h.step(in)
}

func (h *twoPhaseHost) append(t require.TestingT, n int64) {
	for range n {
		h.offset++
		var content Tally
		content.Add(uint64(h.offset))
		require.Equal(t, LogOK, h.log.Append(h.sink.Current(), content))
	}
}

func (h *twoPhaseHost) snapshot(id CheckpointID) []string {
	shown := h.step(TwoPhaseInput{Kind: SinkSnapshot, Checkpoint: id})
	c := hostCheckpoint{id: id, attempt: h.attempt, offset: h.offset}
	h.sink.StateInto(&c.state)
	h.checkpoints = append(h.checkpoints, c)
	return shown
}

// step feeds one input, carries out the effects against the log, and feeds the answers of
// commits unless a message is lost.
func (h *twoPhaseHost) step(in TwoPhaseInput) (shown []string) {
	in.NowNanos = h.now
	h.out.Reset()
	h.sink.Step(in, &h.out)
	effects := append([]TwoPhaseEffect(nil), h.out.List...)
	for _, effect := range effects {
		outcome, answer := h.carryOut(effect)
		shown = append(shown, effect.String()+outcome)
		for _, line := range h.answer(answer) {
			shown = append(shown, "  "+line)
		}
	}
	return shown
}

func (h *twoPhaseHost) answer(answer *TwoPhaseInput) []string {
	if answer == nil {
		return nil
	}
	return h.step(*answer)
}

func (h *twoPhaseHost) carryOut(e TwoPhaseEffect) (outcome string, answer *TwoPhaseInput) {
	switch e.Kind {
	case BeginTransaction:
		return " -> " + h.log.Begin(e.Transaction, h.now, h.options.TimeoutNanos).String(), nil
	case PreCommitTransaction:
		return " -> " + h.log.Prepare(e.Transaction).String(), nil
	case AbortTransaction:
		return " -> " + h.log.Abort(e.Transaction).String(), nil
	case AbortLingering:
		aborted := h.log.AbortLingering(e.Task, e.Attempt, nil)
		return fmt.Sprintf(" -> %v", aborted), nil
	case CommitTransaction:
		return h.commit(e.Transaction)
	case FailSink:
		h.failed = true
	}
	return "", nil
}

func (h *twoPhaseHost) commit(id TransactionID) (outcome string, answer *TwoPhaseInput) {
	if h.lose == "commit" {
		return " -> lost", nil
	}
	done := h.log.Commit(id)
	if h.lose == "answer" {
		return fmt.Sprintf(" -> %s, answer lost", done), nil
	}
	kind := SinkCommitFailed
	if done.Done() {
		kind = SinkCommitted
	}
	return " -> " + done.String(), &TwoPhaseInput{Kind: kind, Transaction: id}
}

func (h *twoPhaseHost) show() (shown []string) {
	for _, t := range h.log.table {
		shown = append(shown, fmt.Sprintf("%s %s records=%d", t.id, t.status, t.content.Count))
	}
	visible := make([]string, 0, len(h.log.Visible()))
	for _, id := range h.log.Visible() {
		visible = append(visible, id.String())
	}
	return append(shown, fmt.Sprintf("visible records=%d [%s]",
		h.log.Content().Count, strings.Join(visible, " ")))
}
