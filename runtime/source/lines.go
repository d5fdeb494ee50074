package source

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// line is one record of a file: its fields as text, by column name.
type line struct {
	names     []string
	fields    []string
	number    int // from 1
	header    int // number of the line that holds the names
	sizeBytes int
}

func readLines(file string, data []byte, format Format) ([]line, error) {
	if format == NDJSON {
		return readNDJSON(file, data)
	}
	return readCSV(file, data)
}

func readCSV(file string, data []byte) (lines []line, err error) {
	reader := csv.NewReader(bytes.NewReader(data))
	names, err := reader.Read()
	if err != nil {
		return nil, csvError(file, err)
	}
	start := reader.InputOffset()
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, csvError(file, err)
		}
		number, _ := reader.FieldPos(0)
		end := reader.InputOffset()
		lines = append(lines, line{names, fields, number, 1, int(end - start)})
		start = end
	}
}

func csvError(file string, err error) error {
	if errors.Is(err, io.EOF) {
		return &FormatError{File: file, Line: 1, Message: "the file is empty, want a header line"}
	}
	parse, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return &FormatError{File: file, Line: 1, Message: err.Error()}
	}
	return &FormatError{File: file, Line: parse.Line, Message: parse.Err.Error()}
}

func readNDJSON(file string, data []byte) (lines []line, err error) {
	for number := 1; len(data) > 0; number++ {
		text, rest, _ := bytes.Cut(data, []byte("\n"))
		size := len(text) + 1
		data, text = rest, bytes.TrimSpace(text)
		if len(text) == 0 {
			continue
		}
		parsed, err := readObject(text)
		if err != nil {
			return nil, &FormatError{File: file, Line: number, Message: err.Error()}
		}
		parsed.number, parsed.header, parsed.sizeBytes = number, number, size
		lines = append(lines, parsed)
	}
	return lines, nil
}

// readObject reads one flat JSON object, token by token; numbers keep their text.
func readObject(text []byte) (l line, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return l, fmt.Errorf("want a JSON object, got %q", shortened(string(text)))
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return l, fmt.Errorf("malformed JSON: %w", err)
		}
		value, err := decoder.Token()
		if err != nil {
			return l, fmt.Errorf("malformed JSON: %w", err)
		}
		if _, nested := value.(json.Delim); nested {
			return l, fmt.Errorf("field %q holds an object or a list, want a flat object", name)
		}
		if slices.Contains(l.names, name.(string)) {
			return l, fmt.Errorf("field %q comes twice", name)
		}
		l.names, l.fields = append(l.names, name.(string)), append(l.fields, fieldText(value))
	}
	if _, err := decoder.Token(); err != nil {
		return l, fmt.Errorf("malformed JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return l, errors.New("text follows the JSON object")
	}
	return l, nil
}

func fieldText(value json.Token) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func shortened(text string) string {
	if len(text) > 40 {
		return text[:40] + "…"
	}
	return strings.TrimSpace(text)
}
