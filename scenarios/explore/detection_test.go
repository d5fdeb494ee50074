package explore_test

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/explore"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

var (
	detection = flag.Bool("detection", false, "print how soon each planted bug is detected, and a healthy campaign")
	seeds     = flag.Uint64("seeds", 2000, "with -detection: seeds of the healthy campaign, and at most for a bug")
	streams   = flag.Int("streams", 5, "with -detection: independent streams of seeds for a bug")
	profile   = flag.String("profile", "", "with -detection: the profile")
	only      = flag.String("only", "", "with -detection: healthy, or a bug")
	loud      = flag.Bool("loud", false, "name every seed before it runs")
	bare      = flag.Bool("universes", false, "without the library's scenarios")
	from      = flag.Uint64("from", 0, "with -detection: the first seed")
)

func space(t testing.TB, bug protocol.Bug) *explore.Space {
	bases, err := explore.Recovery()
	require.NoError(t, err)
	if *bare {
		bases = nil
	}
	s, err := explore.New(explore.Options{Scenarios: bases, Profile: *profile, Universes: true, Bug: bug})
	require.NoError(t, err)
	return s
}

// run runs what a seed draws.
func run(t testing.TB, in *trial.Trial, s *explore.Space, seed uint64) *result.Outcome {
	drawn, err := s.Draw(seed)
	require.NoError(t, err, "seed %d", seed)
	c, err := trial.NewCase(drawn, seed)
	require.NoError(t, err, "seed %d", seed)
	o, err := in.Run(c)
	require.NoError(t, err, "seed %d:\n%s", seed, drawn.Faults)
	return o
}

// found: a job that fails although its plan holds no poison is a finding, too.
func found(o *result.Outcome) bool {
	poison := slices.ContainsFunc(o.Faults, func(f result.Fault) bool { return f.Kind == protocol.FaultPoison })
	return o.Verdict == result.Violation || o.Verdict == result.Stuck || o.Verdict == result.Failed && !poison
}

func what(o *result.Outcome) string {
	if len(o.Violations) == 0 {
		return string(o.Verdict)
	}
	return o.Violations[0].Checker + ": " + o.Violations[0].Class
}

// TestDetection is a tool for tuning the ranges of universes: it fails nothing.
func TestDetection(t *testing.T) {
	if !*detection {
		t.Skip("run with -detection")
	}
	if *only == "" || *only == "healthy" {
		healthy(t)
	}
	if *only == "healthy" {
		return
	}
	for _, bug := range protocol.Bugs() {
		if *only == "" || *only == "bugs" || *only == bug.String() {
			detect(t, bug)
		}
	}
}

func healthy(t *testing.T) {
	s, in := space(t, protocol.NoBug), trial.New()
	restored, vacuous, faults, kinds := 0, 0, 0, map[string]int{}
	reached, unfired := map[string]int{}, map[string]int{}
	start, slowest, slowSeed := time.Now(), time.Duration(0), uint64(0)
	for seed := *from; seed < *from+*seeds; seed++ {
		began := time.Now()
		if *loud {
			fmt.Println("seed", seed)
		}
		o := run(t, in, s, seed)
		if took := time.Since(began); took > slowest {
			slowest, slowSeed = took, seed
		}
		if found(o) {
			kinds[what(o)]++
			drawn, _ := s.Draw(seed)
			fmt.Printf("ALARM seed %d %s %s: %s %v %s\n%s\n", seed, drawn.Name, drawn.Job.Config.Protocol, o.Verdict,
				o.Violations, firstLines(o.StuckReason), drawn.Faults)
		}
		if slices.Contains(o.Reached, "fault-injected") {
			faults++
			if slices.Contains(o.Reached, "restored-from-checkpoint") {
				restored++
			}
		}
		if !slices.Contains(o.Reached, "checkpoint-completed") || !o.JobState.Terminal() {
			vacuous++
		}
		for _, mark := range o.Reached {
			reached[mark]++
		}
		for _, text := range o.Missing {
			unfired[unfiredAt(text)]++
		}
	}
	n, took := int(*seeds), time.Since(start)
	fmt.Printf("healthy: %d seeds, %.0f seeds/s, slowest %v (seed %d), fault %.1f%%, fault+restore %.1f%%, vacuous %.1f%%, alarms %v\n",
		n, float64(n)/took.Seconds(), slowest, slowSeed, percent(faults, n), percent(restored, n), percent(vacuous, n), kinds)
	for _, what := range slices.Sorted(maps.Keys(unfired)) {
		if unfired[what] > n/500 {
			fmt.Printf("  unfired %-40s %d\n", what, unfired[what])
		}
	}
	for _, mark := range protocol.MarkWords() {
		fmt.Printf("  %-28s %5.1f%%\n", mark, percent(reached[mark], n))
	}
}

// unfiredAt is the kind of a fault that did not strike, and the step that it waited for.
func unfiredAt(missing string) string {
	words := strings.Fields(missing)
	at := ""
	for i, word := range words {
		if word == "step" {
			at = words[i+1]
		}
	}
	if len(words) < 2 {
		return missing
	}
	return words[1] + " " + at
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }

func firstLines(text string) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[:min(len(lines), 4)], " | ")
}

func detect(t *testing.T, bug protocol.Bug) {
	s, in := space(t, bug), trial.New()
	var firsts []uint64
	by := map[string]int{}
	missed := 0
	start, runs := time.Now(), 0
	for stream := range *streams {
		first := uint64(stream+1) << 32
		seed := first
		for ; seed < first+*seeds; seed++ {
			o := run(t, in, s, seed)
			runs++
			if found(o) {
				by[what(o)]++
				break
			}
		}
		if seed == first+*seeds {
			missed++
		}
		firsts = append(firsts, seed-first+1)
	}
	slices.Sort(firsts)
	flagged := ""
	if firsts[len(firsts)/2] > 200 || missed > 0 {
		flagged = " <=="
	}
	fmt.Printf("%-30s median %5d  %v missed %d  %v  %.1fs%s\n", bug, firsts[len(firsts)/2], firsts, missed, by,
		time.Since(start).Seconds(), flagged)
}
