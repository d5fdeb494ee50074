package source

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"simrun/protocol"
	"simrun/runtime/state"
)

// lineParser reads the fields of one line; after an error it reads zeros.
type lineParser struct {
	file      string
	line      *line
	places    int
	unitNanos int64
	err       error
}

// field is the text of a column.
func (p *lineParser) field(column string) string {
	at := slices.Index(p.line.names, column)
	if at < 0 {
		names := strings.Join(p.line.names, ", ")
		p.fail(p.line.header, "", fmt.Sprintf("there is no column %q, only %s", column, names))
		return ""
	}
	return strings.TrimSpace(p.line.fields[at])
}

func (p *lineParser) fail(line int, column, message string) {
	if p.err == nil {
		p.err = &FormatError{File: p.file, Line: line, Column: column, Message: message}
	}
}

// value is a column as a record holds it.
func (p *lineParser) value(column string) int64 {
	if column == "" || p.err != nil {
		return 0
	}
	text := p.field(column)
	if number, ok := parseDecimal(text, p.places); ok {
		return number
	}
	if nanos, ok := ParseTimestamp(text); ok {
		return nanos
	}
	return int64(PackText(text))
}

// sum is the sum of times and numbers of units.
func (p *lineParser) sum(columns []string) (nanos int64) {
	for _, column := range columns {
		if p.err != nil {
			return 0
		}
		text := p.field(column)
		if at, ok := ParseTimestamp(text); ok {
			nanos += at
		} else if units, ok := parseDecimal(text, 0); ok {
			nanos += units * max(p.unitNanos, 1)
		} else {
			want := "want a time like 2001-01-31 23:59 or a whole number, got %q"
			p.fail(p.line.number, column, fmt.Sprintf(want, text))
		}
	}
	return nanos
}

// parseDecimal reads a decimal number exactly, as a multiple of 10^-places; a number
// with more places than that is none.
func parseDecimal(text string, places int) (number int64, ok bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	if len(fraction) > places || strings.ContainsAny(fraction, "+-_") {
		return 0, false
	}
	digits := whole + fraction + strings.Repeat("0", places-len(fraction))
	number, err := strconv.ParseInt(digits, 10, 64)
	return number, err == nil && whole != "" && whole != "-"
}

// PackText stands for a text of up to eight bytes as a number that sorts the same way;
// for a longer one it is a hash.
func PackText(text string) uint64 {
	packed, ok := state.PackText(text)
	if ok {
		return packed
	}
	for i := range len(text) {
		packed = protocol.MixLineage(packed ^ uint64(text[i]))
	}
	return packed
}

// ParseTimestamp reads "2006-01-02 15:04[:05[.000000000]]", with "T" for the blank and a
// final "Z" allowed, as nanoseconds since 1970.
func ParseTimestamp(text string) (nanos int64, ok bool) {
	text = strings.TrimSuffix(text, "Z")
	if len(text) < 16 || text[10] != ' ' && text[10] != 'T' {
		return 0, false
	}
	if text[4] != '-' || text[7] != '-' || text[13] != ':' {
		return 0, false
	}
	numbers := [...]string{text[0:4], text[5:7], text[8:10], text[11:13], text[14:16], "0"}
	fraction := ""
	if len(text) > 16 {
		if text[16] != ':' {
			return 0, false
		}
		numbers[5], fraction, _ = strings.Cut(text[17:], ".")
	}
	var part [6]int64
	for i, digits := range numbers {
		value, err := strconv.ParseUint(digits, 10, 16)
		if err != nil {
			return 0, false
		}
		part[i] = int64(value)
	}
	below, ok := parseDecimal("0."+fraction, 9)
	if !ok || !isTime(part) {
		return 0, false
	}
	seconds := daysSince1970(part[0], part[1], part[2])*86400 + part[3]*3600 + part[4]*60 + part[5]
	return seconds*nanosPerSecond + below, true
}

func isTime(part [6]int64) bool {
	return part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= 31 &&
		part[3] < 24 && part[4] < 60 && part[5] < 61
}

// daysSince1970 counts days in the Gregorian calendar (Hinnant, days_from_civil).
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year--
	}
	era := year / 400
	yearOfEra := year - era*400
	dayOfYear := (153*((month+9)%12)+2)/5 + day - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146097 + dayOfEra - 719468
}
