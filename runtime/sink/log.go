package sink

import (
	"simrun/protocol"
	"simrun/runtime/record"
)

// Log is the content of an external system that appends: a topic.
type Log struct {
	// Records are what a reader sees, in order. They are kept only if Keep is set; the
	// tally is always.
	Records []record.Record
	Keep    bool

	content protocol.Tally
	bytes   int64
}

// Append makes a record visible.
func (l *Log) Append(r *record.Record) {
	l.content.Add(r.Lineage)
	l.bytes += int64(r.SizeBytes)
	if l.Keep {
		l.Records = append(l.Records, *r)
	}
}

// Content tallies the lineages that are visible.
func (l *Log) Content() protocol.Tally { return l.content }

// SizeBytes is the size of what was appended.
func (l *Log) SizeBytes() int64 { return l.bytes }

// Reset empties the log and keeps its memory.
func (l *Log) Reset() {
	l.Records, l.content, l.bytes = l.Records[:0], protocol.Tally{}, 0
}
