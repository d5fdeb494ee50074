package story

import (
	"reflect"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBreakpointHasTheNameThatThePageGives(t *testing.T) {
	name := runtime.FuncForPC(reflect.ValueOf(stopHere).Pointer()).Name()
	require.Equal(t, "simrun/scenarios/story.stopHere", name) // docs/reproducing.md
}
