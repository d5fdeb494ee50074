package acceptance_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/report/theory"
	"simrun/runtime/job"
)

var rewrite = flag.Bool("rewrite", false, "write the table and the figures of docs/theory.md anew")

// documentedSeeds is the number of universes behind the table and the figures.
const documentedSeeds = 20

const (
	document = "../../../docs/theory.md"
	pictures = "../../../docs/pictures"
	begin    = "<!-- found: written by the tests -->\n"
	end      = "<!-- end -->\n"
)

// TestDocumentShowsWhatTheTestsFind compares docs/theory.md and its figures, when the number
// of universes is theirs.
func TestDocumentShowsWhatTheTestsFind(t *testing.T) {
	if n := len(seeds(t, 1)); n != documentedSeeds {
		t.Skipf("it was written with %s=%d", seedsVariable, documentedSeeds)
	}
	text := read(t, document)
	head, rest, found := strings.Cut(text, begin)
	_, tail, closed := strings.Cut(rest, end)
	require.True(t, found && closed, "docs/theory.md has lost the marks around its table")
	compare(t, document, head+begin+tables(t)+end+tail)
	compare(t, filepath.Join(pictures, "theory-drain.svg"), svg(t, drainChart(t)))
	compare(t, filepath.Join(pictures, "theory-policies.svg"), svg(t, policyChart(t)))
	compare(t, filepath.Join(pictures, "theory-fill.svg"), svg(t, fillChart(t)))
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func compare(t *testing.T, path, want string) {
	t.Helper()
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	is, wanted := strings.Split(read(t, path), "\n"), strings.Split(want, "\n")
	for i := range min(len(is), len(wanted)) {
		require.Equal(t, wanted[i], is[i], "%s:%d is not what the tests find: run them with -rewrite", path, i+1)
	}
	require.Len(t, is, len(wanted), "%s: run the tests with -rewrite", path)
}

// TestDocumentNamesEveryTest: each acceptance test stands in docs/theory.md, and no other.
func TestDocumentNamesEveryTest(t *testing.T) {
	text := read(t, document)
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	tests := map[string]bool{}
	for _, file := range files {
		for _, part := range strings.Split(read(t, file), "\nfunc Test")[1:] {
			name, _, _ := strings.Cut(part, "(")
			tests["Test"+name] = true
			if !strings.HasPrefix(name, "Document") {
				require.Contains(t, text, "`Test"+name+"`")
			}
		}
	}
	for _, quoted := range strings.Split(text, "`Test")[1:] {
		name, _, _ := strings.Cut(quoted, "`")
		require.True(t, tests["Test"+name], "docs/theory.md speaks of Test%s", name)
	}
}

// span is the least and the greatest of a figure.
type span struct {
	low, high float64
	count     int
}

func (s *span) add(x float64) {
	if s.count == 0 {
		s.low, s.high = x, x
	}
	s.low, s.high = min(s.low, x), max(s.high, x)
	s.count++
}

func (s *span) String() string { return fmt.Sprintf("%.3f to %.3f", s.low, s.high) }

// tables are what the tests found, in Markdown.
func tables(t *testing.T) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d universes.\n\n| test | prediction | tolerance | checkpoints | found |\n|---|---|---|---|---|\n",
		documentedSeeds)
	for _, row := range [][]string{
		v1Row(t), v2Row(t), v3Row(t), v4Row(t), v5Row(t), v6Row(t), v8Row(t), v9Row(t), v12Row(t),
	} {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	b.WriteString("\n| keyed k, p, N |")
	for _, name := range policies {
		fmt.Fprintf(&b, " %s |", name)
	}
	b.WriteString(" channel state: hybrid-in, chandy-lamport, unaligned | fill |\n|---|---|---|---|---|---|---|---|\n")
	for i, row := range standings(t) {
		fmt.Fprintf(&b, "| %s |", row.name())
		for policy := range policies {
			fmt.Fprintf(&b, " %.3f (%g) |", row.drain[policy], referencePolicies[i][policy])
		}
		fmt.Fprintf(&b, " %.2f, %.2f, %.2f | %.2f |\n", row.persisted[1], row.persisted[3], row.persisted[0], row.fill)
	}
	return b.String()
}

func decimal(n int) string { return strconv.Itoa(n) }

func v1Row(t *testing.T) []string {
	var ratio, used span
	for _, o := range drains(t) {
		drain, slack := o.workConservation()
		ratio.add(float64(o.drainNanos) / float64(drain))
		used.add(math.Abs(float64(o.drainNanos-drain)) / slack)
	}
	return []string{"V1", "T = s max n (A1)", "1 %, a record, (p-1) buffers", decimal(ratio.count),
		fmt.Sprintf("T / predicted %v; at most %.0f %% of the tolerance", &ratio, 100*used.high)}
}

func v2Row(t *testing.T) []string {
	var ratio span
	for _, o := range drains(t) {
		if o.exchange == job.Rebalance {
			ratio.add(o.nominalRatio())
		}
	}
	return []string{"V2", "T = k p N s (A3)", "-10 %, +2 %", decimal(ratio.count), "T / predicted " + ratio.String()}
}

func v3Row(t *testing.T) []string {
	var low, high span
	for _, o := range keyedDrains(t) {
		least, most := o.sandwich()
		low.add(float64(o.drainNanos) / float64(least))
		high.add(float64(o.drainNanos) / float64(most))
	}
	return []string{"V3", "(max n - 1) s <= T <= (k p N + slack) s (A4)", "none", decimal(low.count),
		fmt.Sprintf("T / lower %v; T / upper %v", &low, &high)}
}

func v4Row(t *testing.T) []string {
	var rate, drain span
	for _, o := range stragglers(t) {
		rate.add(o.recordsPerSecond / theory.StragglerRate(int64(o.parallelism), o.slowNanos()))
		drain.add(float64(o.drainNanos) / float64(stragglerFactor*nominalNanos(&o.pipeline)))
	}
	return []string{"V4", "Θ = p/s' of the slowest (A5)", "5 %", decimal(rate.count),
		fmt.Sprintf("Θ / predicted %v; T / (k p N s') %v", &rate, &drain)}
}

func v5Row(t *testing.T) []string {
	var ratio span
	for _, o := range overtakings(t) {
		ratio.add(float64(o.stats.PersistedBytes) / float64(o.stats.InFlightRecords*recordBytes))
	}
	return []string{"V5", "V = L r", "1 %", decimal(ratio.count), "V / predicted " + ratio.String()}
}

func v6Row(t *testing.T) []string {
	var share span
	for _, o := range travels(t) {
		share.add(o.share())
	}
	return []string{"V6", "T <= k (l + s_mid) + s", "none", decimal(share.count), "T / bound " + share.String()}
}

func v8Row(t *testing.T) []string {
	var off span
	for _, o := range lateHybrids(t) {
		off.add(100 * o.leftOver(o.timeoutNanos))
	}
	return []string{"V8", "V(τ) = V (1 - τ/T), hybrid-out", "3 % of L", decimal(off.count),
		fmt.Sprintf("%.1f to %.1f %% of L", off.low, off.high)}
}

func v9Row(t *testing.T) []string {
	var used span
	for _, q := range countedQueues(t) {
		used.add(math.Abs(float64(q.duplicates-q.shortOfLongest())) / q.slack())
	}
	return []string{"V9", "duplicates = sum (max n - n); the order below", "(p-1) buffers; strict", decimal(used.count),
		fmt.Sprintf("at most %.0f %% of the tolerance", 100*used.high)}
}

func v12Row(t *testing.T) []string {
	var mean, longest span
	for _, c := range commitments(t) {
		mean.add(c.meanNanos / c.predictedNanos)
		longest.add(c.longestNanos / c.atMostNanos)
	}
	return []string{"V12", "I/2 + T + d; at most I + T + d", "5 %; none", decimal(mean.count * commitPeriods),
		fmt.Sprintf("mean / predicted %v; longest / bound %v", &mean, &longest)}
}
