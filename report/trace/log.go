package trace

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/result"
	"simrun/sim"
)

// Signs of a subtask's state in a Log. The sign of the subtask that acts is in brackets.
const (
	signNone      = ' '
	signRestoring = 'i'
	signRunning   = '.'
	signAligning  = 'a'
	signSnapshot  = 's'
	signSoft      = 'b'
	signHard      = 'B'
	signFinished  = 'f'
	signFailed    = 'x'
)

// Log writes a line for each event of a recording that is not one of single buffers or
// records: its number in the run, time, who, a sign for the state of each subtask, the
// checkpoints in progress, and what happened. A legend comes first.
func Log(w io.Writer, r *result.Recording) error {
	l := &transitions{out: bufio.NewWriter(w), recording: r}
	for range r.Tasks {
		l.subtasks = append(l.subtasks, subtaskSigns{sign: signNone})
	}
	l.width = l.actorWidth()
	l.legend()
	for i := range r.Events {
		l.event(i)
	}
	return l.out.Flush()
}

type transitions struct {
	out       *bufio.Writer
	recording *result.Recording
	subtasks  []subtaskSigns
	pending   []int64
	width     int // of names of actors
}

// subtaskSigns is what a subtask is in, at the same time.
type subtaskSigns struct {
	sign            rune // of its life: none, restoring, running, finished, failed
	aligning        bool
	snapshots       int // under way
	pressured, hard bool
}

func (s *subtaskSigns) rune() rune {
	switch {
	case s.sign != signRunning:
		return s.sign
	case s.hard:
		return signHard
	case s.aligning:
		return signAligning
	case s.snapshots > 0:
		return signSnapshot
	case s.pressured:
		return signSoft
	}
	return signRunning
}

func (l *transitions) legend() {
	fmt.Fprintln(l.out, "subtasks:")
	for task, name := range l.recording.Tasks {
		fmt.Fprintf(l.out, "  %2d %s\n", task, name)
	}
	fmt.Fprintln(l.out, "signs: i restores  . runs  a aligns  s snapshots  b, B soft, hard backpressure  "+
		"f has finished  x has failed  [ ] acts")
	fmt.Fprintf(l.out, "%7s %12s  %-*s  %-*s  %-9s %s\n", "event", "seconds", l.width, "who",
		2*len(l.subtasks)+1, l.ruler(), "pending", "what")
}

// ruler numbers the columns of subtasks, by the last digit.
func (l *transitions) ruler() string {
	var b strings.Builder
	for task := range l.subtasks {
		fmt.Fprintf(&b, " %d", task%10)
	}
	return b.String()
}

func (l *transitions) actorWidth() int {
	width := len("who")
	for i := range l.recording.Events {
		if e := &l.recording.Events[i]; !protocol.EventKind(e.Kind).Bulky() {
			width = max(width, len([]rune(l.recording.Actors[e.Actor])))
		}
	}
	return width
}

func (l *transitions) event(i int) {
	e := &l.recording.Events[i]
	kind := protocol.EventKind(e.Kind)
	l.follow(kind, e)
	if kind.Bulky() {
		return
	}
	fmt.Fprintf(l.out, "%7d %12s  %-*s  %s  %-9s %s\n", l.recording.Positions[i], seconds(e.TimeNanos),
		l.width, l.recording.Actors[e.Actor], l.signs(l.acting(e)), l.pendingWord(),
		protocol.EventText(kind, e.Args))
}

// seconds is a time in seconds, to the microsecond.
func seconds(nanos int64) string { return fmt.Sprintf("%d.%06d", nanos/1e9, nanos%1e9/1000) }

// acting is the subtask that an event is of; -1: none.
func (l *transitions) acting(e *sim.Event) int {
	names := protocol.EventKind(e.Kind).ArgNames()
	if len(names) == 0 || names[0] != "task" || e.Args[0] < 0 || e.Args[0] >= int64(len(l.subtasks)) {
		return -1
	}
	return int(e.Args[0])
}

// signs are those of all subtasks, that of the acting one in brackets.
func (l *transitions) signs(acting int) string {
	line := []rune(strings.Repeat(" ", 2*len(l.subtasks)+1))
	for task := range l.subtasks {
		line[2*task+1] = l.subtasks[task].rune()
		if task == acting {
			line[2*task], line[2*task+2] = '[', ']'
		}
	}
	return string(line)
}

func (l *transitions) pendingWord() string {
	words := make([]string, len(l.pending))
	for i, id := range l.pending {
		words[i] = fmt.Sprint(id)
	}
	return strings.Join(words, ",")
}

// follow takes what an event changes in the signs.
func (l *transitions) follow(kind protocol.EventKind, e *sim.Event) {
	switch kind {
	case protocol.CheckpointTriggered:
		l.pending = append(l.pending, e.Args[0])
	case protocol.CheckpointCompleted, protocol.CheckpointAborted:
		l.pending = slices.DeleteFunc(l.pending, func(id int64) bool { return id == e.Args[0] })
	case protocol.JobRestored:
		l.pending = l.pending[:0]
	}
	acting := l.acting(e)
	if acting < 0 {
		return
	}
	switch s := &l.subtasks[acting]; kind {
	case protocol.TaskInitializing:
		*s = subtaskSigns{sign: signRestoring}
	case protocol.TaskRunning:
		s.sign = signRunning
	case protocol.TaskFinished:
		s.sign = signFinished
	case protocol.TaskFailed, protocol.TaskCanceled:
		*s = subtaskSigns{sign: signFailed}
	case protocol.AlignmentStarted, protocol.AlignmentEnded:
		s.aligning = kind == protocol.AlignmentStarted
	case protocol.SnapshotStarted:
		s.snapshots++
	case protocol.SnapshotDone:
		s.snapshots = max(s.snapshots-1, 0)
	case protocol.BackpressureStarted, protocol.BackpressureEnded:
		s.press(e.Args[1] != 0, kind == protocol.BackpressureStarted)
	}
}

func (s *subtaskSigns) press(hard, on bool) {
	if hard {
		s.hard = on
		return
	}
	s.pressured = on
}
