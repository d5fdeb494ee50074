package orders_test

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/config"
	"simrun/scenarios/explore/orders"
	"simrun/scenarios/trial"
	"simrun/sim"
)

// small is the tiny job with a record a source, so that every order can be walked in a moment.
func small(t testing.TB, name protocol.Name, bug protocol.Bug) *config.Scenario {
	s := tiny(t, name, bug)
	s.Job.Graph[0].Does.Source.Records, s.Job.Graph[1].Does.Source.Records = 1, 1
	s.Run.Budget = 20_000
	return s
}

// An order that is left because another one is its twin shows nothing that no other shows: what
// every actor does, in its order, is in the reduced walk whatever it is in the full one. Left out
// of the comparison is only what the promise leaves out: times, and in which order the coordinator
// hears of one checkpoint.
func TestOrdersThatAreLeftShowNothingNew(t *testing.T) {
	for _, name := range []protocol.Name{
		protocol.Aligned, protocol.Unaligned, protocol.ChandyLamport, protocol.AtLeastOnce,
	} {
		s := small(t, name, protocol.NoBug)
		full, all := histories(t, s, orders.Options{Full: true})
		reduced, some := histories(t, s, orders.Options{})
		require.Equal(t, full, reduced, name)
		require.Less(t, 3*some, 2*all, "%s: of %d orders %d were walked", name, all, some)
	}
}

// What a planted bug can come to is found in the reduced walk, too.
func TestBugsComeToTheSameInTheReducedWalk(t *testing.T) {
	for _, bug := range []protocol.Bug{
		protocol.BugReleaseOnFirstBarrier, protocol.BugFirstGateOnly, protocol.BugCommitAtSnapshot,
		protocol.BugNoFlushAtPreCommit, protocol.BugFinalCommitSkipped, protocol.BugPreparedVisible,
	} {
		s := small(t, protocol.Unaligned, bug)
		found := signatures(walk(t, s, orders.Options{Full: true}))
		require.NotEmpty(t, found)
		require.Equal(t, found, signatures(walk(t, s, orders.Options{})), bug)
	}
}

// A coordinator for which acknowledgements do not commute, since it takes the last but one for
// the last, is caught: which one is missing does not matter.
func TestACoordinatorThatMindsWhoAcknowledgesIsCaught(t *testing.T) {
	r := walk(t, small(t, protocol.Aligned, protocol.BugCompletesOneShort), orders.Options{MostRuns: 20})
	require.Equal(t, []string{"coordinator-rule/coordinator/all-acknowledged"}, signatures(r))
}

func signatures(r *orders.Result) []string {
	var all []string
	for i := range r.Failures {
		all = append(all, r.Failures[i].Outcome.Signature())
	}
	slices.Sort(all)
	return all
}

// histories are the different runs of a walk, each by what its actors do, and the number of
// orders that were run.
func histories(t testing.TB, s *config.Scenario, o orders.Options) ([]string, int) {
	seen, runs := map[string]bool{}, 0
	c, err := trial.NewCase(s, 1)
	require.NoError(t, err)
	run := trial.New()
	o.Ran = func(choices []int) {
		var h history
		c.Options.Deliveries, c.Observe = choices, h.observe
		_, err := run.Run(c)
		require.NoError(t, err)
		seen[h.String()] = true
		runs++
	}
	require.True(t, walk(t, s, o).Exhausted)
	return slices.Sorted(maps.Keys(seen)), runs
}

// history is what each actor of a run does.
type history struct{ lines [][]string }

var durations = regexp.MustCompile(`nanos=\d+`)

func (h *history) observe(e *sim.Event) {
	for len(h.lines) <= int(e.Actor)+1 {
		h.lines = append(h.lines, nil)
	}
	line := protocol.EventText(protocol.EventKind(e.Kind), e.Args)
	h.lines[e.Actor+1] = append(h.lines[e.Actor+1], durations.ReplaceAllString(line, ""))
}

// String has the acknowledgements of a checkpoint that follow on each other in one order.
func (h *history) String() string {
	const acknowledged = "checkpoint-acknowledged "
	var b strings.Builder
	for actor, lines := range h.lines {
		b.WriteString(strconv.Itoa(actor) + "\n")
		for i := 0; i < len(lines); {
			end := i + 1
			for strings.HasPrefix(lines[i], acknowledged) && end < len(lines) &&
				strings.HasPrefix(lines[end], strings.Join(strings.Fields(lines[i])[:2], " ")+" ") {
				end++
			}
			slices.Sort(lines[i:end])
			b.WriteString(strings.Join(lines[i:end], "\n") + "\n")
			i = end
		}
	}
	return b.String()
}
