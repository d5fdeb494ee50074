package measured

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/scenarios/config"
)

// Parse reads a measurement file; name is what errors call it. Columns may come in any
// order, but all of Columns must be there, once, and no other. Every error is a
// *config.Error with the line.
func Parse(name string, in io.Reader) ([]*Run, error) {
	p := &parser{file: name, reader: csv.NewReader(in), fields: fields(), figures: figureColumns()}
	p.reader.ReuseRecord = true
	p.reader.FieldsPerRecord = -1
	if err := p.header(); err != nil {
		return nil, err
	}
	for {
		more, err := p.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
	}
	if len(p.runs) == 0 {
		return nil, p.errorf(2, 1, "at least one line of measurements", "no measurements after the header")
	}
	return p.runs, nil
}

// parser is a measurement file being read.
type parser struct {
	file    string
	reader  *csv.Reader
	line    int
	cells   []string
	fields  []field
	figures []string
	columns []string       // of the file
	at      map[string]int // column by name
	runs    []*Run
	byName  map[string]*Run
	seen    map[sampleKey]int // line
}

type sampleKey struct {
	run        *Run
	checkpoint int
	vertex     string
}

func (p *parser) errorf(line, column int, expected, format string, args ...any) *config.Error {
	return &config.Error{
		File: p.file, Line: line, Column: column, Message: fmt.Sprintf(format, args...), Expected: expected,
	}
}

// read takes the next line. False: there is none.
func (p *parser) read() (bool, error) {
	cells, err := p.reader.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	var malformed *csv.ParseError
	if errors.As(err, &malformed) {
		return false, p.errorf(malformed.Line, malformed.Column, "comma-separated values (RFC 4180)",
			"%v", malformed.Err)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", p.file, err)
	}
	p.cells = cells
	p.line, _ = p.reader.FieldPos(0)
	return true, nil
}

// header reads the names of the columns.
func (p *parser) header() error {
	more, err := p.read()
	if err != nil {
		return err
	}
	if !more {
		return p.errorf(1, 1, "a header with the columns of flink-measured.csv", "the file is empty")
	}
	p.columns = slices.Clone(p.cells)
	p.columns[0] = strings.TrimPrefix(p.columns[0], "\ufeff")
	p.at = make(map[string]int, len(p.columns))
	p.byName, p.seen = map[string]*Run{}, map[sampleKey]int{}
	known := Columns()
	for i, name := range p.columns {
		_, column := p.reader.FieldPos(i)
		if !slices.Contains(known, name) {
			e := p.errorf(p.line, column, "", "unknown column %q", name)
			e.Nearest = protocol.Nearest(name, known)
			return e
		}
		if _, twice := p.at[name]; twice {
			return p.errorf(p.line, column, "each column once", "column %s is there twice", name)
		}
		p.at[name] = i
	}
	var missing []string
	for _, name := range known {
		if _, found := p.at[name]; !found {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return p.errorf(p.line, 1, "", "missing column %s", strings.Join(missing, ", "))
	}
	return nil
}

// next reads a line of measurements.
func (p *parser) next() (bool, error) {
	more, err := p.read()
	if err != nil || !more {
		return false, err
	}
	if len(p.cells) != len(p.columns) {
		return false, p.errorf(p.line, 1, "", "%d values for %d columns", len(p.cells), len(p.columns))
	}
	r, err := p.run()
	if err != nil {
		return false, err
	}
	return true, p.sample(r)
}

func (p *parser) cell(column string) string { return p.cells[p.at[column]] }

// wrong is an error at a cell of the line.
func (p *parser) wrong(column, expected, format string, args ...any) error {
	_, at := p.reader.FieldPos(p.at[column])
	return p.errorf(p.line, at, expected, "%s: %s", column, fmt.Sprintf(format, args...))
}

// run is the line's run, new or known: then its configuration must be the same.
func (p *parser) run() (*Run, error) {
	name := p.cell(columnRun)
	if strings.TrimSpace(name) == "" {
		return nil, p.wrong(columnRun, "a name", "is empty")
	}
	if r := p.byName[name]; r != nil {
		return r, p.sameConfiguration(r)
	}
	r := &Run{Name: name, line: p.line}
	for i := range p.fields {
		if err := p.set(r, &p.fields[i]); err != nil {
			return nil, err
		}
		r.configuration = append(r.configuration, p.cell(p.fields[i].name))
	}
	throughput, err := p.figure(columnThroughput)
	if err != nil {
		return nil, err
	}
	r.RecordsPerSecond = throughput
	r.configuration = append(r.configuration, p.cell(columnThroughput))
	if err := p.fits(r); err != nil {
		return nil, err
	}
	p.byName[name] = r
	p.runs = append(p.runs, r)
	return r, nil
}

func (p *parser) sameConfiguration(r *Run) error {
	for i, was := range r.configuration {
		column := columnThroughput
		if i < len(p.fields) {
			column = p.fields[i].name
		}
		if is := p.cell(column); is != was {
			return p.wrong(column, was, "run %s has %s here and %s in line %d", r.Name, is, was, r.line)
		}
	}
	return nil
}

// set reads one column of the configuration.
func (p *parser) set(r *Run, f *field) error {
	text := p.cell(f.name)
	if f.words != nil {
		if !slices.Contains(f.words, text) {
			err := p.wrong(f.name, f.expected(), "unknown word %q", text)
			err.(*config.Error).Nearest = protocol.Nearest(text, f.words)
			return err
		}
		f.word(r, text)
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return p.wrong(f.name, f.expected(), "%q is no whole number", text)
	}
	if err != nil || n < f.low || n > f.high {
		return p.wrong(f.name, f.expected(), "%s is out of range", text)
	}
	f.number(r, n)
	return nil
}

// fits checks what several columns say together.
func (p *parser) fits(r *Run) error {
	switch {
	case r.Topology == TopologyUnion && r.Depth != 3:
		return p.wrong("depth", "3", "a union has depth 3, not %d", r.Depth)
	case r.Protocol == protocol.Unaligned && r.AlignedTimeoutNanos > 0:
		return p.wrong("aligned_timeout_ms", "0", "%s with a timeout is called %s", r.Protocol, protocol.HybridOut)
	case r.IntervalNanos > r.RunNanos:
		return p.wrong("checkpoint_interval_ms", "at most run_s", "no checkpoint within the %d s of the run",
			r.RunNanos/billion)
	}
	return nil
}

// sample reads the figures of the line.
func (p *parser) sample(r *Run) error {
	checkpoint, err := strconv.Atoi(p.cell(columnCheckpoint))
	if err != nil || checkpoint < 1 {
		return p.wrong(columnCheckpoint, "a whole number from 1", "%q is no checkpoint",
			p.cell(columnCheckpoint))
	}
	s := Sample{Checkpoint: checkpoint, Vertex: p.cell(columnVertex)}
	if vertices := r.Vertices(); !slices.Contains(vertices, s.Vertex) {
		err := p.wrong(columnVertex, strings.Join(vertices, ", "), "run %s has no vertex %q", r.Name, s.Vertex)
		err.(*config.Error).Nearest = protocol.Nearest(s.Vertex, vertices)
		return err
	}
	key := sampleKey{r, checkpoint, s.Vertex}
	if line, twice := p.seen[key]; twice {
		return p.wrong(columnVertex, "a checkpoint's vertex once",
			"run %s, checkpoint %d, vertex %s is in line %d too", r.Name, checkpoint, s.Vertex, line)
	}
	p.seen[key] = p.line
	for i, column := range p.figures {
		if s.Values[i], err = p.figure(column); err != nil {
			return err
		}
	}
	r.Samples = append(r.Samples, s)
	return nil
}

// figure reads a measured value: in the unit of its column, so without one.
func (p *parser) figure(column string) (float64, error) {
	text := p.cell(column)
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return 0, p.wrong(column, "a number in the column's unit, without a unit", "%q is no number", text)
	case math.IsNaN(v) || math.IsInf(v, 0) || v < 0 || v > 1e18:
		return 0, p.wrong(column, "a number from 0 to 1e18", "%s is out of range", text)
	}
	return v, nil
}
