package explore_test

import (
	"flag"
	"fmt"
	"go/format"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/protocol"
	"simrun/scenarios/explore"
	"simrun/scenarios/result"
	"simrun/scenarios/trial"
)

var rewrite = flag.Bool("rewrite", false, "measure where faults strike and write the table of it anew")

// strikes counts the faults that struck at named steps.
type strikes struct {
	counts [protocol.Steps][protocol.FaultKinds]uint64
	// reached are the steps that some run made.
	reached protocol.StepSet
}

func (s *strikes) add(o *result.Outcome) {
	s.reached = s.reached.Plus(o.Steps)
	for i := range o.Faults {
		f := &o.Faults[i]
		if step, ok := protocol.ParseStep(f.Step); ok && f.Fired {
			s.counts[step][f.Kind]++
		}
	}
}

// pairs is the number of different (step, kind).
func (s *strikes) pairs() int {
	pairs := 0
	for step := range s.counts {
		for _, count := range s.counts[step] {
			if count > 0 {
				pairs++
			}
		}
	}
	return pairs
}

func measure(t testing.TB, profile string, seeds uint64) *strikes {
	bases, err := explore.Recovery()
	require.NoError(t, err)
	s, err := explore.New(explore.Options{Scenarios: bases, Profile: profile, Universes: true})
	require.NoError(t, err)
	in, sum := trial.New(), &strikes{}
	for seed := range seeds {
		sum.add(run(t, in, s, seed))
	}
	return sum
}

// measuredSeeds are those of the campaign behind the table.
const measuredSeeds = 8000

// TestMeasuredStrikes writes the table of weights: it runs without a planted bug, and draws
// each step as likely as any other, so that the table does not depend on itself.
func TestMeasuredStrikes(t *testing.T) {
	if !*rewrite {
		t.Skip("run with -rewrite")
	}
	text, err := format.Source([]byte(measure(t, "even", measuredSeeds).table()))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile("../../faults/generate/struck_table.go", text, 0o644))
}

func (s *strikes) table() string {
	var b, total strings.Builder
	inAll, all, steps := [protocol.FaultKinds]uint64{}, uint64(0), 0
	for step := range s.counts {
		sum := uint64(0)
		for kind, count := range s.counts[step] {
			sum += count
			inAll[kind] += count
		}
		if all += sum; sum > 0 {
			steps++
		}
		row(&b, protocol.Step(step).String(), sum, s.counts[step])
	}
	row(&total, "", all, inAll)
	return fmt.Sprintf(`package generate

import "simrun/protocol"

// Written by go test ./scenarios/explore -run MeasuredStrikes -rewrite, which ran %d seeds of the
// profile even: by step, how many faults struck there in all, then of each kind in the order of
// protocol.FaultKind.

// struckSteps is the number of steps where any struck, struckInAll the sum over all.
const struckSteps = %d

var struckInAll = struckRow%s
var struck = [protocol.Steps]struckRow{
%s}
`, measuredSeeds, steps, strings.TrimSuffix(total.String(), ",\n"), b.String())
}

func row(b *strings.Builder, step string, all uint64, counts [protocol.FaultKinds]uint64) {
	fmt.Fprintf(b, "{%q, %d, [protocol.FaultKinds]uint64{", step, all)
	for kind, count := range counts {
		if kind%12 == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "%d, ", count)
	}
	b.WriteString("\n}},\n")
}

// TestWhereFaultsStrike is a tool: with -detection, it says how evenly a profile's faults strike.
func TestWhereFaultsStrike(t *testing.T) {
	if !*detection {
		t.Skip("run with -detection")
	}
	sum := measure(t, *profile, *seeds)
	struck, reached, few := 0, 0, []string{}
	for s := range sum.counts {
		step, all := protocol.Step(s), uint64(0)
		for _, count := range sum.counts[s] {
			all += count
		}
		if all > 0 {
			struck++
		}
		if !sum.reached.Has(step, protocol.Before) && !sum.reached.Has(step, protocol.After) {
			continue
		}
		if reached++; all < *seeds/200 {
			few = append(few, fmt.Sprint(step, " ", all))
		}
	}
	fmt.Printf("%d seeds: %d pairs of a step and a kind, %d of %d steps; less than one seed in 200: %s\n",
		*seeds, sum.pairs(), struck, reached, strings.Join(few, ", "))
}
