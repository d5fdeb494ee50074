package library_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"simrun/scenarios/config"
	"simrun/scenarios/library"
)

func TestEveryScenarioLoadsAndBuilds(t *testing.T) {
	for _, name := range library.Names() {
		t.Run(name, func(t *testing.T) {
			text, err := library.Read(name)
			require.NoError(t, err)
			s, err := config.Load(name+".yaml", text, config.NoFiles{})
			require.NoError(t, err)
			require.Equal(t, name, s.Name, "a scenario is called as its file")
			_, err = s.Build()
			require.NoError(t, err)
		})
	}
}

func TestEveryScenarioSaysWhatItTeachesAndReaches(t *testing.T) {
	for _, name := range library.Names() {
		text, err := library.Read(name)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "# "), "%s opens with what it teaches", name)
		s, err := config.Load(name, text, config.NoFiles{})
		require.NoError(t, err)
		require.Greater(t, len(s.Summary()), 20, name)
		require.LessOrEqual(t, len(s.Summary()), 110, "%s: the first sentence is for lists", name)
		if s.Compare == nil {
			require.NotEmpty(t, s.Expect.Reached, "%s must say what it reaches, or its green is empty", name)
		}
	}
}

func TestResolvedScenariosLoadBackToTheSame(t *testing.T) {
	for _, name := range library.Names() {
		text, err := library.Read(name)
		require.NoError(t, err)
		s, err := config.Load(name, text, config.NoFiles{})
		require.NoError(t, err)
		again, err := config.Load("resolved "+name, s.YAML(), config.NoFiles{})
		require.NoError(t, err, "%s", s.YAML())
		require.Equal(t, string(s.YAML()), string(again.YAML()))
	}
}

func TestUnknownNameIsAnsweredWithTheNearest(t *testing.T) {
	_, err := library.Read("nexmark-q11")
	require.EqualError(t, err, `there is no scenario "nexmark-q11"; did you mean "nexmark-q1"?`)
	_, err = library.Read("../config/doc")
	require.Error(t, err)
}
