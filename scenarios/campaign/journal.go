package campaign

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"time"

	"simrun/scenarios/config"
	"simrun/scenarios/result/tally"
)

// formatVersion is the form of journals and tallies.
const formatVersion = 1

// What a kill -9 may cost is a twentieth of the time that the campaign has taken, within
// these bounds. (What failed is written at once.) So a journal of an hour has a thousand
// lines.
const (
	flushLeast = 100 * time.Millisecond
	flushMost  = 5 * time.Second
	flushShare = 20
)

// Plan is what a campaign sets out to do.
type Plan struct {
	Identity
	Part
	Request Request `json:"request"`
}

// Request is how the user asked for it, so that a resumed campaign can ask for the same.
type Request struct {
	Scenarios  []string `json:"scenarios"`
	Sets       []string `json:"sets"`
	Profile    string   `json:"profile"`
	Bug        string   `json:"planted_bug"`
	MaxCases   int      `json:"max_cases"`
	NoMinimize bool     `json:"no_minimize"`
	// Seeds are those that a list of runs is made under; Explore is the way of exploring, if
	// it is not by plans drawn at random.
	Seeds   string `json:"seeds,omitempty"`
	Explore string `json:"explore,omitempty"`
}

// journalLine is the first line, with a plan, or one with what was done since the line
// before. Each stands behind a checksum: a line that a crash cut short is passed over, and
// its seeds are run again.
type journalLine struct {
	Format int          `json:"format,omitempty"`
	Plan   *Plan        `json:"plan,omitempty"`
	Done   Spans        `json:"done,omitempty"`
	Tally  *tally.Tally `json:"tally,omitempty"`
}

func (l *journalLine) bytes() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(text), text), nil
}

// parseLine reads a line; ok is false for one that is not whole.
func parseLine(text []byte) (l journalLine, ok bool) {
	sum, rest, found := bytes.Cut(text, []byte(" "))
	if !found || string(sum) != fmt.Sprintf("%08x", crc32.ChecksumIEEE(rest)) {
		return l, false
	}
	return l, json.Unmarshal(rest, &l) == nil
}

// Progress is how far a campaign has come.
type Progress struct {
	Plan  Plan
	Done  Spans
	Tally tally.Tally
}

// ReadJournal reads how far the campaign in a folder has come. The error is fs.ErrNotExist
// where there is no journal, or a *config.Error.
func ReadJournal(f Folder) (*Progress, error) {
	text, err := os.ReadFile(f.path(JournalFile))
	if err != nil {
		return nil, err
	}
	p := &Progress{}
	planned := false
	for line := range bytes.Lines(text) {
		l, ok := parseLine(bytes.TrimSuffix(line, []byte("\n")))
		switch {
		case !ok:
			continue
		case l.Plan != nil && l.Format != formatVersion:
			return nil, foreign(f.path(JournalFile))
		case l.Plan != nil:
			p.Plan, planned = *l.Plan, true
		case l.Tally != nil:
			for _, span := range l.Done {
				p.Done = p.Done.plus(span)
			}
			p.Tally.Plus(l.Tally)
		}
	}
	if !planned {
		return nil, &config.Error{File: f.path(JournalFile), Message: "this is no journal of a campaign"}
	}
	return p, nil
}

// journal is the one of a campaign under way.
type journal struct {
	disk    Disk
	pending journalLine
	begun   time.Time
	flushed time.Time
}

// open begins a journal, or goes on with one. The line break ends what a crash left.
func (j *journal) open(plan *Plan, goesOn bool) error {
	j.begun = time.Now()
	j.flushed = j.begun
	if goesOn {
		return j.disk.Append(JournalFile, []byte("\n"))
	}
	line := journalLine{Format: formatVersion, Plan: plan}
	text, err := line.bytes()
	return errors.Join(err, j.disk.Append(JournalFile, text))
}

// add notes what was done, and writes now and then.
func (j *journal) add(done Span, sum *tally.Tally) error {
	if j.pending.Tally == nil {
		j.pending.Tally = &tally.Tally{}
	}
	j.pending.Tally.Plus(sum)
	j.pending.Done = j.pending.Done.plus(done)
	wait := min(max(time.Since(j.begun)/flushShare, flushLeast), flushMost)
	if time.Since(j.flushed) < wait {
		return nil
	}
	return j.flush()
}

func (j *journal) flush() error {
	if j.pending.Tally == nil {
		return nil
	}
	text, err := j.pending.bytes()
	if err != nil {
		return err
	}
	if err := j.disk.Append(JournalFile, text); err != nil {
		return err
	}
	j.pending, j.flushed = journalLine{}, time.Now()
	return nil
}

// isMissing reports whether a file is not there.
func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
