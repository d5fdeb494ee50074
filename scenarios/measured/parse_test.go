package measured_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/runtime/job"
	"simrun/scenarios/config"
	"simrun/scenarios/measured"
)

// sheet is a measurement file being made: a header and lines, by column.
type sheet struct {
	columns []string
	lines   []map[string]string
}

func newSheet() *sheet { return &sheet{columns: measured.Columns()} }

// add adds a line that is right but for what is changed in it.
func (s *sheet) add(changes ...string) *sheet {
	line := map[string]string{}
	for _, column := range s.columns {
		line[column] = "0"
	}
	for _, set := range append([]string{
		"run=r1", "topology=chain", "protocol=aligned", "parallelism=2", "depth=3", "exchange=keyed",
		"sink_nanos_per_record=1000000", "payload_bytes=1000", "keys=1000", "segment_bytes=32768",
		"buffer_timeout_ms=100", "buffer_debloat=false", "buffer_debloat_target_ms=1000", "layout=remote",
		"checkpoint_interval_ms=2000", "run_s=20", "checkpoint=2", "vertex=sink",
	}, changes...) {
		column, value, _ := strings.Cut(set, "=")
		line[column] = value
	}
	s.lines = append(s.lines, line)
	return s
}

func (s *sheet) String() string {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(s.columns)
	for _, line := range s.lines {
		var cells []string
		for _, column := range s.columns {
			cells = append(cells, line[column])
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.String()
}

func TestEmbeddedMeasurementsAreTheGivenOnes(t *testing.T) {
	runs, err := measured.Embedded()
	require.NoError(t, err)
	require.Len(t, runs, 64)
	checkpoints := 0
	for _, r := range runs {
		checkpoints += len(r.Samples) / len(r.Vertices())
	}
	require.Equal(t, 844, checkpoints)
	r := runs[7]
	require.Equal(t, "r08", r.Name)
	require.Equal(t, protocol.HybridOut, r.Protocol)
	require.EqualValues(t, 1e9, r.AlignedTimeoutNanos)
	require.Equal(t, job.Keyed, r.Exchange)
	require.Equal(t, []string{"source", "op1", "sink"}, r.Vertices())
	require.EqualValues(t, 1981, r.RecordsPerSecond)
	require.EqualValues(t, 1008, r.Samples[0].Values[0], "e2e_ms of the first checkpoint")
}

func TestColumnsMayComeInAnyOrder(t *testing.T) {
	s := newSheet().add("depth=5", "vertex=op3", "e2e_ms=12.5")
	n := len(s.columns)
	for i := range n / 2 {
		s.columns[i], s.columns[n-1-i] = s.columns[n-1-i], s.columns[i]
	}
	text := "\ufeff" + strings.ReplaceAll(s.String(), "\n", "\r\n")
	runs, err := measured.Parse("mine.csv", strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, 5, runs[0].Depth)
	require.Equal(t, "op3", runs[0].Samples[0].Vertex)
	require.InDelta(t, 12.5, runs[0].Samples[0].Values[0], 0)
}

func TestTenThousandLinesAreRead(t *testing.T) {
	s := newSheet()
	for i := range 10_000 {
		s.add(fmt.Sprintf("run=r%d", i/10), fmt.Sprintf("checkpoint=%d", i%10+1))
	}
	runs, err := measured.Parse("long.csv", strings.NewReader(s.String()))
	require.NoError(t, err)
	require.Len(t, runs, 1000)
}

func TestBadMeasurementsAreRefusedWithTheirPlace(t *testing.T) {
	header := strings.Join(measured.Columns(), ",") + "\n"
	one := func(changes ...string) string { return newSheet().add(changes...).String() }
	for _, test := range []struct {
		name, file string
		line       int
		says       []string
	}{
		{"empty", "", 1, []string{"empty"}},
		{"header only", header, 2, []string{"no measurements"}},
		{"unknown column", "e2e_s," + header, 1, []string{`unknown column "e2e_s"`, "e2e_ms"}},
		{"column twice", "run," + header, 1, []string{"run is there twice"}},
		{"missing columns", strings.Replace(header, ",keys,", ",", 1), 1, []string{"missing column keys"}},
		{"short line", header + "r1,chain\n", 2, []string{"2 values for 52 columns"}},
		{"broken quotes", header + "\"r1\n", 2, []string{"quote"}},
		{"no name", one("run= "), 2, []string{"run: is empty"}},
		{"number with a unit", one("e2e_ms=161ms"), 2, []string{`e2e_ms: "161ms" is no number`, "without a unit"}},
		{"size with a unit", one("segment_bytes=32kb"), 2, []string{`segment_bytes: "32kb"`, "without a unit"}},
		{"not whole", one("parallelism=1.5"), 2, []string{"parallelism"}},
		{"too small", one("parallelism=0"), 2, []string{"parallelism: 0 is out of range", "from 1 to 128"}},
		{"too large", one("depth=65"), 2, []string{"depth: 65 is out of range"}},
		{"far too large", one("keys=99999999999999999999"), 2, []string{"keys", "out of range"}},
		{"negative figure", one("sync_ms_avg=-1"), 2, []string{"sync_ms_avg: -1 is out of range"}},
		{"no figure", one("sync_ms_avg="), 2, []string{`sync_ms_avg: "" is no number`}},
		{"infinite figure", one("e2e_ms=Inf"), 2, []string{"e2e_ms: Inf is out of range"}},
		{"unknown protocol", one("protocol=unalinged"), 2, []string{"protocol", `did you mean "unaligned"`}},
		{"unknown layout", one("layout=local"), 2, []string{"layout", "onetm, spread, remote"}},
		{"unknown vertex", one("vertex=op2"), 2, []string{`no vertex "op2"`, "source, op1, sink"}},
		{"no checkpoint", one("checkpoint=0"), 2, []string{`checkpoint: "0"`}},
		{"deep union", one("topology=union", "depth=4"), 2, []string{"depth: a union has depth 3"}},
		{"timeout of unaligned", one("protocol=unaligned", "aligned_timeout_ms=100"), 2, []string{"hybrid-out"}},
		{"interval above the run", one("checkpoint_interval_ms=30000"), 2, []string{"no checkpoint within"}},
		{"line twice", newSheet().add().add().String(), 3, []string{"is in line 2 too"}},
		{"another configuration", newSheet().add().add("checkpoint=3", "keys=10").String(), 3,
			[]string{"keys: run r1 has 10 here and 1000 in line 2"}},
		{"another throughput", newSheet().add().add("checkpoint=3", "throughput_records_per_s=1").String(), 3,
			[]string{"throughput_records_per_s: run r1 has 1 here and 0 in line 2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			runs, err := measured.Parse("mine.csv", strings.NewReader(test.file))
			require.Nil(t, runs)
			var e *config.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "mine.csv", e.File)
			require.Equal(t, test.line, e.Line, err)
			require.Positive(t, e.Column)
			for _, words := range test.says {
				require.ErrorContains(t, err, words)
			}
		})
	}
}
