package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
	"simrun/runtime/record"
	"simrun/runtime/source"
	"simrun/runtime/state"
	"simrun/sim"
)

// read yields the records of a split, at most limit.
func read(r source.Reader, split int32, limit int64) (records []record.Record, arrivals []int64) {
	for offset := range limit {
		var got record.Record
		arrival, ok := r.Next(split, offset, &got)
		if !ok {
			break
		}
		records, arrivals = append(records, got), append(arrivals, arrival)
	}
	return records, arrivals
}

func flights(t *testing.T) *source.Table {
	table, err := source.Flights()
	require.NoError(t, err)
	return table
}

// behindMaximum is the percentage of records whose event time is behind an earlier one's.
func behindMaximum(records []record.Record) int {
	behind, latest := 0, int64(0)
	for _, r := range records {
		if r.TimeNanos < latest {
			behind++
		}
		latest = max(latest, r.TimeNanos)
	}
	return behind * 100 / len(records)
}

// The numbers are those of the data's README.
func TestFlightsAreTheTwentyThousandOfTheirREADME(t *testing.T) {
	table := flights(t)
	require.Equal(t, 20_000, table.Len())
	spec := source.File("flights", table, source.FileOptions{Laps: 1})
	records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 30_000)
	require.Len(t, records, 20_000)
	origins := map[uint64]int{}
	for _, r := range records {
		origins[r.Key]++
	}
	require.Len(t, origins, 220)
	require.Equal(t, 57, behindMaximum(records))
	require.Equal(t, 55, origins[source.PackText("DFW")]*1000/len(records), "per mille from DFW")
	first, ok := source.ParseTimestamp("2001-01-01 00:47")
	require.True(t, ok)
	require.EqualValues(t, 978_310_020e9, first)
}

func TestEventTimeAndOrderOfArrivalComeFromAnyColumns(t *testing.T) {
	data, o, err := source.DataSet("us-flights")
	require.NoError(t, err)
	o.Time, o.Arrival = o.Arrival, nil
	table, err := source.ParseTable("flights", data, o)
	require.NoError(t, err)
	spec := source.File("flights", table, source.FileOptions{Laps: 1})
	records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 30_000)
	require.Equal(t, 77, behindMaximum(records), "the README rounds up")
}

func TestFlightRecordsHoldTheirColumns(t *testing.T) {
	spec := source.File("flights", flights(t), source.FileOptions{Laps: 1})
	records, _ := read(spec.Open(source.Instance{Splits: 1, Vertex: 3}), 0, 30_000)
	scheduled, _ := source.ParseTimestamp("2001-01-01 01:24")
	for offset, r := range records {
		if r.TimeNanos == scheduled {
			require.Equal(t, "LAS", state.KeyText(r.Key))
			require.Equal(t, "OAK", state.KeyText(uint64(r.B)))
			require.Equal(t, []int64{-5, 407}, []int64{r.A, r.C})
			require.Equal(t, protocol.SourceLineage(3, 0, int64(offset)), r.Lineage)
			require.EqualValues(t, len("2001-01-01 01:24,LAS,OAK,-5,407\n")+21, r.SizeBytes)
			return
		}
	}
	require.Fail(t, "the flight is missing")
}

func TestLapsRunOffsetsAndEventTimeOn(t *testing.T) {
	spec := source.File("flights", flights(t), source.FileOptions{Laps: 2})
	require.True(t, spec.Bounded)
	records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 50_000)
	require.Len(t, records, 40_000)
	first, second := records[:20_000], records[20_000:]
	shift := second[0].TimeNanos - first[0].TimeNanos
	earliest, latest := first[0].TimeNanos, first[0].TimeNanos
	for i := range first {
		require.Equal(t, first[i].TimeNanos+shift, second[i].TimeNanos)
		require.Equal(t, first[i].Key, second[i].Key)
		require.NotEqual(t, first[i].Lineage, second[i].Lineage)
		earliest, latest = min(earliest, first[i].TimeNanos), max(latest, first[i].TimeNanos)
	}
	require.Equal(t, int64(60e9), earliest+shift-latest, "a minute lies between two laps")
}

func TestSplitsPartitionTheFile(t *testing.T) {
	table := flights(t)
	for _, byPartition := range []bool{false, true} {
		spec := source.File("flights", table, source.FileOptions{Laps: 1, ByPartition: byPartition})
		reader := spec.Open(source.Instance{Splits: 3})
		require.Equal(t, 3, reader.Splits())
		split, total := map[int64]int32{}, 0
		for s := range int32(3) {
			records, _ := read(reader, s, 30_000)
			total += len(records)
			for _, r := range records {
				if of, known := split[r.B]; known && byPartition {
					require.Equal(t, of, s, "a destination lies in one partition")
				}
				split[r.B] = s
			}
		}
		require.Equal(t, 20_000, total)
	}
}

func TestReplayRateAndSpeedGiveTheTimeOfArrival(t *testing.T) {
	table := flights(t)
	rate := source.File("f", table, source.FileOptions{Laps: 2, Rate: perSecond(2000)})
	_, arrivals := read(rate.Open(source.Instance{Splits: 2}), 1, 20_000)
	require.Equal(t, []int64{500_000, 1_500_000}, arrivals[:2])
	require.EqualValues(t, 39_999*500_000, arrivals[19_999])
	speed := source.File("f", table, source.FileOptions{Laps: 2, Speed: sim.Ratio{Num: 60, Den: 1}})
	_, arrivals = read(speed.Open(source.Instance{Splits: 1}), 0, 50_000)
	require.Zero(t, arrivals[0])
	require.IsNonDecreasing(t, arrivals)
	require.Equal(t, int64(1e9), arrivals[20_000]-arrivals[19_999], "a minute between laps, 60 times as fast")
}

func TestMalformedFilesAreNamedWithLineAndColumn(t *testing.T) {
	o := source.TableOptions{Key: "k", A: "a", Time: []string{"t"}, DecimalPlaces: 2}
	const header = "t,k,a\n"
	for _, bad := range []struct{ text, message string }{
		{"", "f.csv:1: the file is empty, want a header line"},
		{header, "f.csv:1: the file holds no record"},
		{"t,k\n5,x\n", `f.csv:1: there is no column "a", only t, k`},
		{header + "5,x,1\n6,y\n", "f.csv:3: wrong number of fields"},
		{header + "5,x,1\nsoon,y,2\n",
			`f.csv:3: column t: want a time like 2001-01-31 23:59 or a whole number, got "soon"`},
		{header + "5,\"x,1\n", `f.csv:2: extraneous or missing " in quoted-field`},
	} {
		_, err := source.ParseTable("f.csv", []byte(bad.text), o)
		require.EqualError(t, err, bad.message)
		require.IsType(t, new(source.FormatError), err)
	}
	o.Format = source.NDJSON
	for _, bad := range []struct{ text, message string }{
		{"{\"t\":1,\"k\":2}", `f:1: there is no column "a", only t, k`},
		{"\n[1]\n", `f:2: want a JSON object, got "[1]"`},
		{`{"t":{}}`, `f:1: field "t" holds an object or a list, want a flat object`},
		{`{"t":1,"t":2}`, `f:1: field "t" comes twice`},
		{`{"t":1} x`, "f:1: text follows the JSON object"},
		{`{"t":1`, "f:1: malformed JSON: EOF"},
	} {
		_, err := source.ParseTable("f", []byte(bad.text), o)
		require.ErrorContains(t, err, bad.message)
	}
}

func TestFieldsAreReadExactly(t *testing.T) {
	o := source.TableOptions{
		Format: source.NDJSON, Key: "k", A: "a", B: "b", C: "c", DecimalPlaces: 3,
		Time: []string{"t", "d"}, UnitNanos: 1000,
	}
	line := `{"t":"2024-02-29T12:00:01.5Z","d":-2,"k":"DE","a":0.1,"b":-12.345,"c":null}`
	table, err := source.ParseTable("f", []byte(line), o)
	require.NoError(t, err)
	spec := source.File("f", table, source.FileOptions{})
	require.False(t, spec.Bounded)
	records, _ := read(spec.Open(source.Instance{Splits: 1}), 0, 1)
	at, _ := source.ParseTimestamp("2024-02-29 12:00:01.499998")
	require.Equal(t, at, records[0].TimeNanos)
	require.Equal(t, source.PackText("DE"), records[0].Key)
	require.Equal(t, []int64{100, -12345, 0}, []int64{records[0].A, records[0].B, records[0].C})
}

func TestTimestampsCountSecondsSince1970(t *testing.T) {
	for text, seconds := range map[string]int64{
		"1970-01-01 00:00": 0, "1969-12-31 23:59:59": -1,
		"2000-02-29 12:00": 951825600, "2026-11-21T08:30:00Z": 1795249800,
	} {
		nanos, ok := source.ParseTimestamp(text)
		require.True(t, ok, text)
		require.Equal(t, seconds*1_000_000_000, nanos, text)
	}
	for _, text := range []string{
		"", "2001-13-01 00:00", "2001-01-01", "2001-01-01 24:00", "2001-01-01 0a:00", "2001-01-01 00:00x",
	} {
		_, ok := source.ParseTimestamp(text)
		require.False(t, ok, text)
	}
}

func TestPackedTextSortsAndUnpacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		short := rapid.StringMatching("[ -~]{1,8}")
		a, b := short.Draw(t, "a"), short.Draw(t, "b")
		require.Equal(t, a < b, source.PackText(a) < source.PackText(b))
		require.Equal(t, a, state.KeyText(source.PackText(a)))
	})
	require.NotEqual(t, source.PackText("a long text"), source.PackText("a long test"))
}

func TestUnknownDataSetIsRefused(t *testing.T) {
	_, _, err := source.DataSet("us-flight")
	require.EqualError(t, err, `unknown data set "us-flight", expected one of [us-flights]`)
}
