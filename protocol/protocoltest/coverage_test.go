package protocoltest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"simrun/protocol"
)

// covered sums what the default seeds of a protocol meet.
func covered(t *testing.T, name protocol.Name) Coverage {
	var total Coverage
	for _, topology := range Topologies() {
		for seed := range uint64(100) {
			w := explore(Seeded(seed), topology, machineOf(name), Spec{Protocol: name}, usualLimits())
			require.Nil(t, w.failure)
			total.add(w.coverage)
		}
	}
	return total
}

func TestRunsMeetWhatTheyAreFor(t *testing.T) {
	aligned := covered(t, protocol.Aligned)
	require.Greater(t, aligned.Completed, 400)
	require.Greater(t, aligned.Declined, 50)
	require.Greater(t, aligned.ForwardedCancels, 50)
	require.Zero(t, aligned.InputElements+aligned.OutputElements+aligned.Switched)

	unaligned := covered(t, protocol.Unaligned)
	require.Greater(t, unaligned.InputElements, 100)
	require.Greater(t, unaligned.OutputElements, 100)
	require.Greater(t, unaligned.HalfRead, 50)
	require.Positive(t, unaligned.Refused)

	out := covered(t, protocol.HybridOut)
	require.Greater(t, out.Switched, 50)
	require.Greater(t, out.SwitchedOutputs, 50)
	require.Greater(t, out.InputElements, 50)
	require.Greater(t, out.OutputElements, 50)

	in := covered(t, protocol.HybridIn)
	require.Greater(t, in.Switched, 50)
	require.Greater(t, in.Prioritized, 20)
	require.Positive(t, out.Prioritized)
	require.Zero(t, in.SwitchedOutputs)

	chandyLamport := covered(t, protocol.ChandyLamport)
	require.Greater(t, chandyLamport.InputElements, 100)
	require.Zero(t, chandyLamport.OutputElements)
}

func TestTinyJobIsEnumeratedToTheEnd(t *testing.T) {
	for _, name := range protocol.Names() {
		enumeration, runs, completed := new(Exhaustive), 0, 0
		for more := true; more; more = enumeration.Next() {
			w := explore(enumeration, tiny(), machineOf(name), Spec{Protocol: name}, smallLimits())
			require.Nil(t, w.failure)
			runs++
			completed += w.coverage.Completed
		}
		require.LessOrEqual(t, runs, DefaultExhaustiveRuns, "%s", name)
		if name != protocol.None {
			require.Equal(t, runs, completed, "%s", name)
		}
	}
}

// rapidChoice lets rapid drive the runs, so that it can shrink them.
type rapidChoice struct{ t *rapid.T }

func (r rapidChoice) Choose(n uint64) uint64 { return rapid.Uint64Range(0, n-1).Draw(r.t, "choice") }

func TestProtocolsConformUnderRapid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(protocol.Names()).Draw(t, "protocol")
		topology := rapid.SampledFrom(Topologies()).Draw(t, "topology")
		failure := Explore(rapidChoice{t}, topology, machineOf(name), Spec{Protocol: name})
		if failure != nil {
			t.Fatalf("%s\n%s", failure, describe([]Failure{*failure}))
		}
	})
}
