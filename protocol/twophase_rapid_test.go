package protocol

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestCommittedOutputIsExactlyOnce draws crashes, lost and repeated notifications, lost
// commits and answers, aborted checkpoints and zombies, and holds I1 to I6 (without
// timeouts, as I4 demands) at every step.
func TestCommittedOutputIsExactlyOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logOptions := TransactionLogOptions{Tasks: 2, LastStableOffset: rapid.Bool().Draw(t, "lso")}
		m := &twoPhaseModel{t: t, host: newTwoPhaseHost(DefaultTwoPhaseOptions(), logOptions)}
		m.open("")
		t.Repeat(map[string]func(*rapid.T){
			"append":   m.actAppend,
			"snapshot": m.actSnapshot,
			"complete": m.actComplete,
			"notify":   m.actNotify,
			"aborted":  m.actAborted,
			"crash":    m.actCrash,
			"zombie":   m.actZombie,
			"":         m.check,
		})
		m.settle()
	})
}

type twoPhaseModel struct {
	t       require.TestingT
	host    *twoPhaseHost
	lastID  CheckpointID
	attempt Attempt
	zombie  *TwoPhaseCommit
}

func (m *twoPhaseModel) open(lose string) {
	m.host.lose = lose
	m.host.open(m.attempt)
	m.attempt++
	m.host.lose = ""
}

// ready reports whether records may come; a recovery whose commit was lost waits, and
// only a restart helps.
func (m *twoPhaseModel) ready() bool { return m.host.sink.Current() != noTransaction }

func drawLoss(t *rapid.T) string {
	return rapid.SampledFrom([]string{"", "", "commit", "answer"}).Draw(t, "lose")
}

func (m *twoPhaseModel) actAppend(t *rapid.T) {
	if !m.ready() {
		t.Skip()
	}
	m.host.append(m.t, int64(rapid.IntRange(0, 3).Draw(t, "records")))
}

func (m *twoPhaseModel) actSnapshot(t *rapid.T) {
	if !m.ready() {
		t.Skip()
	}
	m.lastID += CheckpointID(rapid.IntRange(1, 2).Draw(t, "skip"))
	m.host.snapshot(m.lastID)
}

// actComplete makes one of this attempt's checkpoints complete; the sink may not hear.
func (m *twoPhaseModel) actComplete(t *rapid.T) {
	c := m.drawCheckpoint(t)
	if c.attempt != m.host.attempt || c.id <= m.host.completed {
		t.Skip()
	}
	m.host.completed = c.id
	if rapid.Bool().Draw(t, "notified") {
		m.notify(c.id, drawLoss(t))
	}
}

// actNotify notifies again, late, or out of order.
func (m *twoPhaseModel) actNotify(t *rapid.T) {
	c := m.drawCheckpoint(t)
	if c.id > m.host.completed || !m.ready() {
		t.Skip()
	}
	m.notify(c.id, drawLoss(t))
}

func (m *twoPhaseModel) notify(id CheckpointID, lose string) {
	m.host.lose = lose
	m.host.step(TwoPhaseInput{Kind: SinkCompleted, Checkpoint: id})
	m.host.lose = ""
}

func (m *twoPhaseModel) actAborted(t *rapid.T) {
	c := m.drawCheckpoint(t)
	if c.id <= m.host.completed {
		t.Skip()
	}
	live := m.host.log.Live()
	m.host.step(TwoPhaseInput{Kind: SinkAborted, Checkpoint: c.id})
	require.Equal(t, live, m.host.log.Live(), "I6: the transaction of an aborted checkpoint is kept")
}

func (m *twoPhaseModel) drawCheckpoint(t *rapid.T) hostCheckpoint {
	if len(m.host.checkpoints) == 0 {
		t.Skip()
	}
	recent := max(0, len(m.host.checkpoints)-4)
	return m.host.checkpoints[rapid.IntRange(recent, len(m.host.checkpoints)-1).Draw(t, "checkpoint")]
}

func (m *twoPhaseModel) actCrash(t *rapid.T) {
	m.zombie = m.host.sink
	m.open(drawLoss(t))
}

// actZombie lets the former attempt go on: what it writes is fenced, and what it commits
// late is complete.
func (m *twoPhaseModel) actZombie(t *rapid.T) {
	if m.zombie == nil || m.zombie.Current() == noTransaction || !m.ready() {
		t.Skip()
	}
	require.Equal(t, LogFenced, m.host.log.Append(m.zombie.Current(), Tally{Count: 1}))
	var out TwoPhaseEffects
	m.zombie.Step(TwoPhaseInput{Kind: SinkCompleted, Checkpoint: m.host.completed}, &out)
	for _, effect := range out.List {
		if effect.Kind == CommitTransaction {
			m.host.log.Commit(effect.Transaction)
		}
	}
}

// check holds I1, and that what readers see is at all times a prefix of the input.
func (m *twoPhaseModel) check(*rapid.T) {
	for _, id := range m.host.log.Visible() {
		require.LessOrEqual(m.t, m.commitsWith(id), m.host.completed, "I1: %s", id)
	}
	require.False(m.t, m.host.failed, "no commit is refused without timeouts")
	require.Equal(m.t, prefixTally(m.host.log.Content().Count), m.host.log.Content())
	m.checkLive()
}

// commitsWith is the first checkpoint that pre-committed the transaction.
func (m *twoPhaseModel) commitsWith(id TransactionID) CheckpointID {
	for _, c := range m.host.checkpoints {
		for _, p := range c.state.Pending {
			if p.Transaction == id {
				return p.Checkpoint
			}
		}
	}
	require.FailNow(m.t, "visible but in no checkpoint", "%s", id)
	return NoCheckpoint
}

// checkLive holds I3: a running sink has no relics of former attempts beside it.
func (m *twoPhaseModel) checkLive() {
	if !m.ready() {
		return
	}
	for _, i := range m.host.log.live {
		require.Equal(m.t, m.host.attempt, m.host.log.table[i].id.Attempt(), "I3")
	}
}

func prefixTally(count int64) (want Tally) {
	for offset := int64(1); offset <= count; offset++ {
		want.Add(uint64(offset))
	}
	return want
}

// settle restarts once more, ends the input, takes the final checkpoint: all that was
// ever read is visible, once (I2), and no transaction is left.
func (m *twoPhaseModel) settle() {
	m.open("")
	const total = 200
	m.host.append(m.t, total-m.host.offset)
	m.host.step(TwoPhaseInput{Kind: SinkFinished})
	m.lastID++
	m.host.snapshot(m.lastID)
	m.host.completed = m.lastID
	m.notify(m.lastID, "")
	require.True(m.t, m.host.sink.Drained())
	m.host.step(TwoPhaseInput{Kind: SinkClosed})
	require.Zero(m.t, m.host.log.Live())
	require.Equal(m.t, prefixTally(total), m.host.log.Content())
}
