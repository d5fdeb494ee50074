package source

import (
	"fmt"
	"slices"
)

// Table is a recorded file, parsed: what every record of a File source comes from. It is
// never changed, so that runs share it.
type Table struct {
	name string
	rows []tableRow // in the order of arrival
}

// tableRow is one line.
type tableRow struct {
	key          uint64
	timeNanos    int64
	arrivalNanos int64
	a, b, c      int64
	partition    uint64
	sizeBytes    int32
	line         int32
}

// Len is the number of records.
func (t *Table) Len() int { return len(t.rows) }

// Name is the name of the file.
func (t *Table) Name() string { return t.name }

// FormatError is what is wrong with a recorded file, and where. Lines count from 1.
type FormatError struct {
	File    string
	Line    int
	Column  string // name of the column, "" if it is the line
	Message string
}

// Error reads "flights.csv:17: column delay_minutes: want a number, got \"x\"".
func (e *FormatError) Error() string {
	at := fmt.Sprintf("%s:%d: ", e.File, e.Line)
	if e.Column != "" {
		at += "column " + e.Column + ": "
	}
	return at + e.Message
}

// Format is how a recorded file is written.
type Format uint8

const (
	// CSV has a header line with the names of its columns.
	CSV Format = iota
	// NDJSON has one flat JSON object a line.
	NDJSON
)

var formatNames = [...]string{"csv", "ndjson"}

// FormatNames lists the words of all formats.
func FormatNames() []string { return append([]string(nil), formatNames[:]...) }

// String is the format's word in a scenario.
func (f Format) String() string { return formatNames[f] }

// TableOptions say what a record takes from which column; "" takes nothing (0).
type TableOptions struct {
	Format Format
	// Key, A, B and C are columns. A whole number is itself; a decimal one is kept to
	// DecimalPlaces and has no point; a time is nanoseconds; any other text stands for
	// itself by PackText.
	Key, A, B, C  string
	DecimalPlaces int
	// Time are the columns whose sum is the event time, Arrival those whose sum is the
	// order of arrival (none: the order of the file). A column that holds numbers, not
	// times, is multiplied by UnitNanos.
	Time, Arrival []string
	UnitNanos     int64
	// Partition is the column by which the file is split; "" deals records out in turn.
	Partition string
	// SizeBytes is the size of a record; 0 is that of its line, plus length, tag,
	// timestamp and key.
	SizeBytes int32
}

// ParseTable reads a recorded file. An error is a *FormatError.
func ParseTable(name string, data []byte, o TableOptions) (*Table, error) {
	lines, err := readLines(name, data, o.Format)
	if err != nil {
		return nil, err
	}
	t := &Table{name: name, rows: make([]tableRow, 0, len(lines))}
	for i := range lines {
		row, err := o.row(name, &lines[i])
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, row)
	}
	if len(t.rows) == 0 {
		return nil, &FormatError{File: name, Line: 1, Message: "the file holds no record"}
	}
	if len(o.Arrival) > 0 {
		slices.SortStableFunc(t.rows, byArrival)
	}
	return t, nil
}

func byArrival(a, b tableRow) int {
	switch {
	case a.arrivalNanos < b.arrivalNanos:
		return -1
	case a.arrivalNanos > b.arrivalNanos:
		return 1
	}
	return 0
}

// row makes a record of a line.
func (o *TableOptions) row(name string, l *line) (row tableRow, err error) {
	parse := lineParser{file: name, line: l, places: o.DecimalPlaces, unitNanos: o.UnitNanos}
	row.key = uint64(parse.value(o.Key))
	row.a, row.b, row.c = parse.value(o.A), parse.value(o.B), parse.value(o.C)
	row.timeNanos = parse.sum(o.Time)
	row.arrivalNanos = parse.sum(o.Arrival)
	row.partition = uint64(parse.value(o.Partition))
	row.sizeBytes = o.SizeBytes
	if row.sizeBytes == 0 {
		row.sizeBytes = int32(l.sizeBytes) + HeaderBytes - 4
	}
	row.line = int32(l.number)
	return row, parse.err
}
