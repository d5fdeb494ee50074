package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/faults/generate"
	"simrun/scenarios/explore"
	"simrun/scenarios/trial"
)

func TestASeedDrawsTheSameEveryTime(t *testing.T) {
	one, other := space(t, 0), space(t, 0)
	for seed := range uint64(50) {
		a, err := one.Draw(seed)
		require.NoError(t, err)
		b, err := other.Draw(seed)
		require.NoError(t, err)
		require.Equal(t, string(a.YAML()), string(b.YAML()))
		_, err = one.Draw(seed + 1000) // what was drawn before makes no difference
		require.NoError(t, err)
	}
}

func TestHealthySeedsPass(t *testing.T) {
	s, in := space(t, 0), trial.New()
	for seed := range uint64(200) {
		o := run(t, in, s, seed)
		require.False(t, found(o), "seed %d: %s %v %s", seed, o.Verdict, o.Violations, o.StuckReason)
	}
}

func TestASpaceOfNothingIsRefused(t *testing.T) {
	_, err := explore.New(explore.Options{})
	require.EqualError(t, err, "there is nothing to explore: no scenario, and no drawn universes")
}

func TestAnUnknownProfileIsRefused(t *testing.T) {
	_, err := explore.New(explore.Options{Profile: "netwrok", Universes: true})
	var unknown *generate.ProfileError
	require.ErrorAs(t, err, &unknown)
	require.EqualError(t, err, `unknown profile "netwrok"; did you mean "network"?`)
}
