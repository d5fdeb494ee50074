package measured

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
)

// given is the measurement file that came with the project (data/README.md).
//
//go:embed data/flink-measured.csv.gz
var given []byte

// EmbeddedName is what the given measurements are called.
const EmbeddedName = "flink-measured.csv"

// Embedded are the runs of the given measurements.
func Embedded() ([]*Run, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(given))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", EmbeddedName, err)
	}
	return Parse(EmbeddedName, unpacked)
}
