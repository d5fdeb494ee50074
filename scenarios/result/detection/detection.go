package detection

import "simrun/scenarios/result"

// Record is a hunt for planted bugs.
type Record struct {
	// Profile says which faults were drawn, Model with which model it was run.
	Profile string `json:"profile"`
	Model   int    `json:"model"`
	// Explorers are what looked for each bug. The first one's streams are the Bug's, those of
	// the others its Others.
	Explorers []string `json:"explorers,omitempty"`
	// Streams is how many seed streams each bug was looked for in, Limit the most seeds of
	// one. An explorer that enumerates has a single stream.
	Streams int    `json:"streams"`
	Limit   uint64 `json:"limit"`
	Bugs    []Bug  `json:"bugs"`
}

// Bug is what came of one planted bug.
type Bug struct {
	Word    string   `json:"bug"`
	Streams []Stream `json:"streams"`
	// FalseAlarms are seeds that fail without the bug too: what is reported there is no
	// detection.
	FalseAlarms []Alarm `json:"false_alarms,omitempty"`
	// Case is one detection, made small; nil if there is none.
	Case *Case `json:"case,omitempty"`
	// Others are what further explorers came to, for comparison.
	Others []Search `json:"others,omitempty"`
}

// Search is what an explorer came to in looking for a bug.
type Search struct {
	Explorer    string   `json:"explorer"`
	Streams     []Stream `json:"streams"`
	FalseAlarms []Alarm  `json:"false_alarms,omitempty"`
}

// Stream is an independent sequence of runs, until the bug was detected.
type Stream struct {
	// First is its first seed, if a run is made of a seed; Seeds were run, of which the last
	// one detected the bug.
	First    uint64 `json:"first"`
	Seeds    uint64 `json:"seeds"`
	Detected bool   `json:"detected"`
	// Checker and Class are those of the first report.
	Checker   string `json:"checker,omitempty"`
	Class     string `json:"class,omitempty"`
	Signature string `json:"signature,omitempty"`
	// Events is the size of the detecting run.
	Events int64 `json:"events,omitempty"`
	// Nanos of wall time on one core until the detection, drawing of seeds included.
	Nanos int64 `json:"nanos"`
}

// Last is the seed that detected the bug.
func (s *Stream) Last() uint64 { return s.First + s.Seeds - 1 }

// Alarm is a healthy run that is reported.
type Alarm struct {
	Seed      uint64 `json:"seed"`
	Signature string `json:"signature"`
}

// Case is one detection as a case file.
type Case struct {
	Seed uint64 `json:"seed"`
	// File is the case file, relative to the folder of the hunt.
	File      string         `json:"file"`
	Verdict   result.Verdict `json:"verdict"`
	Signature string         `json:"signature"`
	// Minimized: it was made small, in Runs, and Complete: nothing is left to try.
	Minimized bool `json:"minimized"`
	Runs      int  `json:"runs"`
	Complete  bool `json:"complete"`
	// Faults of its plan; Widest is the parallelism of the widest vertex of Tasks in all.
	Faults  int   `json:"faults"`
	Tasks   int   `json:"tasks"`
	Widest  int   `json:"widest"`
	Records int64 `json:"records"`
	// StoryLines is how long the part of its explanation is that says what happened.
	StoryLines int `json:"story_lines"`
	// GreenWithout: the case passes without the bug.
	GreenWithout bool `json:"green_without"`
}

// Detections are the streams in which the bug was detected.
func (b *Bug) Detections() []Stream {
	var found []Stream
	for _, s := range b.Streams {
		if s.Detected {
			found = append(found, s)
		}
	}
	return found
}

// Caught reports whether the bug was detected and nothing that was reported on the way is
// reported without the bug too: a testbed that cries wolf has proven nothing.
func (b *Bug) Caught() bool {
	return len(b.Detections()) > 0 && len(b.FalseAlarms) == 0 && (b.Case == nil || b.Case.GreenWithout)
}

// First is who reported the bug first in most streams, and as what; of those with the same
// number, the first in the alphabet.
func (b *Bug) First() (checker, class string) {
	counts, most := map[[2]string]int{}, 0
	for _, s := range b.Detections() {
		pair := [2]string{s.Checker, s.Class}
		counts[pair]++
		n := counts[pair]
		earlier := pair[0] < checker || pair[0] == checker && pair[1] < class
		if n > most || n == most && earlier {
			most, checker, class = n, pair[0], pair[1]
		}
	}
	return checker, class
}

// Missed are the words of the bugs that were not caught.
func (r *Record) Missed() []string {
	var missed []string
	for i := range r.Bugs {
		if !r.Bugs[i].Caught() {
			missed = append(missed, r.Bugs[i].Word)
		}
	}
	return missed
}
