package plan

import (
	"strings"

	"simrun/protocol"
)

// Forever is the LastsNanos of a fault that never heals, and of a crash without restart.
const Forever int64 = -1

// Fault is one planned fault: what is done to the system under test, and when.
type Fault struct {
	protocol.Disturbance
	When
}

// When says when a fault strikes and for how long.
type When struct {
	// AtNanos is the virtual time at which it strikes, when Step is empty.
	AtNanos int64
	// Step is the named protocol step after which it strikes, or before which, at the
	// Ordinal-th time (from 1) that the run gets there.
	Step    string
	Moment  protocol.Moment
	Ordinal int64
	// Of, if not empty, is the role that must make the step: a subtask, an operator, a
	// process. Checkpoint, if not NoCheckpoint, is the one that the step must be about.
	Of         string
	Checkpoint protocol.CheckpointID
	// LastsNanos is how long it lasts: until the restart of what crashed (0: at once), or
	// until the system heals. Forever: it does not end. A crashed task, and user code that
	// throws, have none.
	LastsNanos int64
}

// Permanent reports whether the fault never ends.
func (w When) Permanent() bool { return w.LastsNanos == Forever }

// Plan is the list of a run's faults, in the order in which they were written.
type Plan []Fault

// String is one fault a line, each in its canonical text.
func (p Plan) String() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].String()
	}
	return strings.Join(lines, "\n")
}

// ParsePlan reads one fault a line; blank lines are skipped. The error is a *LineError.
func ParsePlan(text string) (Plan, error) {
	var p Plan
	for i, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		f, err := Parse(line)
		if err != nil {
			return nil, &LineError{Line: i + 1, Err: err}
		}
		p = append(p, f)
	}
	return p, nil
}

// QuietFromNanos is the virtual time at which the last timed fault has struck and, unless
// it is permanent, has healed: from then on a run must make progress. Faults at steps
// are not known beforehand; their events tell.
func (p Plan) QuietFromNanos() int64 {
	quiet := int64(0)
	for i := range p {
		if f := &p[i]; f.Step == "" {
			quiet = max(quiet, f.AtNanos+max(f.LastsNanos, 0))
		}
	}
	return quiet
}
