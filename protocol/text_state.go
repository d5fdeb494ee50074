package protocol

import (
	"fmt"
	"strconv"
)

// stateLine collects the state of a machine for its String.
type stateLine struct{ text []byte }

func (s *stateLine) add(format string, args ...any) {
	if len(s.text) > 0 {
		s.text = append(s.text, ' ')
	}
	s.text = fmt.Appendf(s.text, format, args...)
}

// addSet appends a set of channels, when it has any.
func (s *stateLine) addSet(key string, set *channelSet) {
	if set.count == 0 {
		return
	}
	s.add("%s=", key)
	for ch := set.next(0); ch != NoChannel; ch = set.next(ch + 1) {
		s.text = strconv.AppendInt(s.text, int64(ch), 10)
		s.text = append(s.text, ',')
	}
	s.text = s.text[:len(s.text)-1]
}

// addIDs appends the aborts that are remembered, when there are any.
func (s *stateLine) addIDs(key string, ids []CheckpointID) {
	for i, id := range ids {
		if i == 0 {
			s.add("%s=%d", key, id)
			continue
		}
		s.text = append(s.text, ',')
		s.text = strconv.AppendInt(s.text, int64(id), 10)
	}
}

// String is the engine's state on one line: "B2 current=3 pending aligned=0,2 of 3 ...".
func (e *BarrierEngine) String() string {
	var line stateLine
	line.add("%s current=%d open=%d", e.state, e.current, e.channels.open)
	if e.isPending() {
		line.add("pending target=%d", e.target)
	}
	line.addSet("aligned", &e.aligned)
	line.addSet("blocked", &e.channels.blocked)
	line.addSet("announced", &e.channels.announced)
	line.addSet("ended", &e.channels.ended)
	line.addIDs("aborted", e.snapshots.aborted)
	if e.timerSet {
		line.add("timer")
	}
	if e.inputsOpen {
		line.add("persisting")
	}
	return string(line.text)
}

// String is the tracker's state on one line: "latest=3 open=2 [2 of=3 aligned=0,1] ...".
func (t *BarrierTracker) String() string {
	var line stateLine
	line.add("latest=%d open=%d", t.latest, t.open)
	for i := range t.pending {
		line.add("[%d target=%d", t.pending[i].id, t.pending[i].target)
		line.addSet("aligned", &t.pending[i].aligned)
		if t.pending[i].aborted {
			line.add("aborted")
		}
		line.text = append(line.text, ']')
	}
	line.addSet("ended", &t.ended)
	line.addIDs("aborted", t.snapshots.aborted)
	return string(line.text)
}
