package source

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the flight data
	"fmt"
	"io"
)

//go:embed data/us-flights-2001q1.csv.gz
var flightsFile string

// DataSetNames lists the recorded files that are built in.
func DataSetNames() []string { return []string{"us-flights"} }

const minuteNanos = 60 * nanosPerSecond

// FlightOptions say how the columns of the flight data become records: the origin is
// the key, A the delay in minutes, B the destination, C the distance in miles. Event
// time is the scheduled departure; flights arrive in the order of departure plus delay,
// so that event time is out of order. Partitions are by destination.
func FlightOptions() TableOptions {
	return TableOptions{
		Key: "origin", A: "delay_minutes", B: "destination", C: "distance_miles",
		Time:      []string{"scheduled_departure"},
		Arrival:   []string{"scheduled_departure", "delay_minutes"},
		UnitNanos: minuteNanos, Partition: "destination",
	}
}

// DataSet is the text of a built-in recorded file, and how it becomes records.
func DataSet(name string) (data []byte, o TableOptions, err error) {
	if name != "us-flights" {
		return nil, o, fmt.Errorf("unknown data set %q, expected one of %v", name, DataSetNames())
	}
	unpacked, err := gzip.NewReader(bytes.NewReader([]byte(flightsFile)))
	if err != nil {
		return nil, o, fmt.Errorf("data set %q: %w", name, err)
	}
	data, err = io.ReadAll(unpacked)
	if err != nil {
		return nil, o, fmt.Errorf("data set %q: %w", name, err)
	}
	return data, FlightOptions(), nil
}

// Flights are 20,000 US domestic flights of January to March 2001 (data/README.md).
// Parsing takes some milliseconds: keep the table.
func Flights() (*Table, error) {
	data, o, err := DataSet("us-flights")
	if err != nil {
		return nil, err
	}
	return ParseTable("us-flights-2001q1.csv", data, o)
}
