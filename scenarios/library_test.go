package scenarios_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios"
	"simrun/scenarios/config"
	"simrun/scenarios/library"
)

var rewrite = flag.Bool("rewrite", false, "write golden files anew")

const digestFile = "testdata/digests.txt"

func load(t testing.TB, name string, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load(name, sets...)
	require.NoError(t, err)
	return s
}

// TestLibraryRunsAsExpectedTwiceAlike runs every scenario twice: it must come to what its
// file says, twice in the same way, and with the digest that is committed.
func TestLibraryRunsAsExpectedTwiceAlike(t *testing.T) {
	golden := readDigests(t)
	var written bytes.Buffer
	for _, name := range library.Names() {
		t.Run(name, func(t *testing.T) {
			s := load(t, name)
			o, err := s.Run(s.DefaultSeed())
			require.NoError(t, err)
			again, err := s.Run(s.DefaultSeed())
			require.NoError(t, err)
			if o.Digest != again.Digest {
				explanation, err := scenarios.Divergence(s.Config(), s.DefaultSeed())
				require.NoError(t, err)
				t.Fatalf("two runs differ: %s", explanation)
			}
			require.True(t, s.Expected(o), "verdict %s, missing %v, violations %v, stuck %s",
				o.Verdict, o.Missing, o.Violations, o.StuckReason)
			digest := config.FormatDigest(o.Digest)
			fmt.Fprintf(&written, "%s %s\n", name, digest)
			if !*rewrite {
				require.Equal(t, golden[name], digest, "the run is another one than committed: if that is wanted, "+
					"raise config.ModelVersion and run go test ./scenarios -run Library -rewrite")
			}
		})
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(digestFile, written.Bytes(), 0o644))
	}
}

func readDigests(t *testing.T) map[string]string {
	t.Helper()
	digests := map[string]string{}
	text, err := os.ReadFile(digestFile)
	if *rewrite && err != nil {
		return digests
	}
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		name, digest, _ := strings.Cut(strings.TrimSpace(line), " ")
		digests[name] = digest
	}
	return digests
}

func TestSeedsMakeDifferentUniverses(t *testing.T) {
	s := load(t, "colour-count")
	one, err := s.Run(1)
	require.NoError(t, err)
	two, err := s.Run(2)
	require.NoError(t, err)
	require.NotEqual(t, one.Digest, two.Digest)
}
