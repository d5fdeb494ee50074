package explore_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/trial"
)

var (
	show     = flag.Int64("show", -1, "the seed to write as a scenario, for simrun run")
	showFile = flag.String("show-file", "", "where to")
)

func TestShow(t *testing.T) {
	if *show < 0 {
		t.Skip("run with -show SEED -show-file FILE")
	}
	bug, _ := protocol.ParseBug(*only)
	s := space(t, bug)
	drawn, err := s.Draw(uint64(*show))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(*showFile, drawn.YAML(), 0o644))
	_, err = config.Load("x.yaml", drawn.YAML(), config.NoFiles{})
	require.NoError(t, err)
	fmt.Println(drawn.Faults)
	o := run(t, trial.New(), s, uint64(*show))
	fmt.Println(o.Verdict, o.Violations, o.StuckReason, o.Digest)
}
